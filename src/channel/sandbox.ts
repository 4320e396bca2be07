/**
 * What every adapter's sandbox looks like from outside.
 *
 * A sandbox is a counterpart that speaks the channel's own wire protocol on loopback, keeps its own books and makes
 * trouble on request. It shares no code with the adapter it is used against: two readings of the same notes are the
 * check.
 */

export type SandboxSaleState = 'pending' | 'on-sale' | 'stopped' | 'sold-out' | 'deleted';

/** One product on one site, as the channel holds it. */
export interface SandboxListing {
  sku: string;
  site: string;
  externalId: string;
  state: SandboxSaleState;
  name: string;
  /** Minor units of `currency`; for KRW the won itself. */
  price: number;
  currency: string;
  stock: number;
}

/** One order line with what became of it. Amounts are minor units of `currency`. */
export interface SandboxOrderLine {
  orderId: string;
  site: string;
  sku: string;
  units: number;
  unitPrice: number;
  gross: number;
  shipping: number;
  sellerDiscount: number;
  currency: string;
  /** ISO instant with offset. */
  orderedAt: string;
  status: string;
  /** Units and money of claims that are done; a requested or withdrawn claim counts nothing. */
  cancelledUnits: number;
  cancelled: number;
  returnedUnits: number;
  returned: number;
}

export interface SandboxSales {
  currency: string;
  units: number;
  gross: number;
  cancelled: number;
  returned: number;
  net: number;
  shipping: number;
}

export interface SandboxTraffic {
  calls: number;
  /** `"POST /item/v1/goods" -> count`, path parameters written as `{name}`. */
  byEndpoint: Record<string, number>;
  /** Calls answered with the channel's rate error. */
  rateErrors: number;
  /** Smallest distance between two order queries of one guard bucket, in ms of the sandbox's clock. */
  smallestOrderQueryGapMs: number | null;
}

/** The books of the sandbox: the answer of `GET /_ledger`. */
export interface SandboxLedger {
  channel: string;
  listings: SandboxListing[];
  orders: SandboxOrderLine[];
  sales: SandboxSales[];
  traffic: SandboxTraffic;
}

/** Trouble to make, in the order of the rules; the first rule that matches a call and has turns left applies. */
export interface SandboxFaultRule {
  /** `"METHOD /path"`; `{name}` stands for one path segment, a trailing `*` for any rest. */
  match: string;
  fault:
    | 'status' //                answer with `status` and an HTML body, do nothing
    | 'business-error' //        answer with the channel's own error envelope, do nothing
    | 'rate-limited' //          answer the channel's rate error, do nothing
    | 'timeout-before-commit' // never answer, do nothing
    | 'timeout-after-commit' //  do it, never answer
    | 'reset-before-commit' //   drop the connection, do nothing
    | 'reset-after-commit' //    do it, then drop the connection
    | 'cut-json' //              do it, answer half of the JSON
    | 'ignore-silently' //       do nothing, answer success
    | 'one-site-fails'; //       do it on the first site only, answer as the channel answers a partial success
  status?: number;
  /** How many calls to spoil; default 1. */
  times?: number;
  /** How many matching calls to let through first; default 0. */
  after?: number;
  /** With `seed`: the share of matching calls to spoil, 0 to 1. */
  probability?: number;
  seed?: number;
}

export interface SandboxFaults {
  /** How long the channel takes to feed a new product to its sites before edits are accepted. */
  feedDelayMs?: number;
  /** How long buyers' phone numbers stay empty after an order. */
  phoneDelayMs?: number;
  rules?: SandboxFaultRule[];
}

export interface SandboxOptions {
  /** The sandbox's clock, in ms since 1970. */
  now: () => number;
  /** 0 picks a free port. */
  port?: number;
  faults?: SandboxFaults;
  seed?: number;
}

/**
 * A running sandbox. Where the channel brings orders it also offers these control paths, which need no credentials:
 * `POST /_buy {count, seed, from?, to?}` places orders on what is on sale; `POST /_orders/{orderNo}/advance {to}` moves
 * one on; `POST /_claims {orderNo, kind, state, at?}` opens a claim or moves it on; `POST /_settle {all: true, at?}` makes
 * the money statement; `GET /_personal` lists the buyers' data it invented.
 */
export interface RunningSandbox {
  url: string;
  /** What a seller would have been given: settings and credentials that this sandbox accepts. */
  accountConfig(): { settings: Record<string, unknown>; credentials: Record<string, unknown> };
  ledger(): SandboxLedger;
  setFaults(faults: SandboxFaults): void;
  close(): Promise<void>;
}

export type StartSandbox = (options: SandboxOptions) => Promise<RunningSandbox>;
