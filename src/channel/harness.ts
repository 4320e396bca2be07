import type { Claim } from '../domain/claim.ts';
import type { Mappings } from '../domain/mapping.ts';
import type { Money } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Product } from '../domain/product.ts';
import type { Settlement } from '../domain/settlement.ts';
import type { MovableClock } from '../runtime/clock.ts';
import type { NamedFile } from './batches.ts';
import type { RunningSandbox, StartSandbox } from './sandbox.ts';

/** What the suite hands to a harness function: the running counterpart, and the clock both sides live by. */
export interface HarnessStage {
  sandbox: RunningSandbox;
  clock: MovableClock;
}

/** What was made to happen, and the half-open window `[from, to)` that holds all of it. */
export interface StagedRecords<Expected> {
  from: Date;
  to: Date;
  expected: Expected[];
}

export interface StreamHarness<Expected> {
  /** The call whose answer holds the records, written as a fault rule matches it. */
  endpoint: string;
  /**
   * Makes at least one record of every status the channel has, and more of them than one page holds. `skus` are on sale.
   * Afterwards the clock stands where all of them can be asked for.
   */
  stage(stage: HarnessStage, skus: string[]): Promise<StagedRecords<Expected>>;
  /** A copy of an answer with a word in an enumerated field that nobody has seen before. */
  withUnknownWord(answer: unknown): unknown;
  /** A copy of an answer in which every record lacks a field that no adapter can do without. */
  withoutRequired(answer: unknown): unknown;
}

export type ExpectedOrder = Pick<Order, 'orderId' | 'site' | 'status'>;
export type ExpectedClaim = Pick<Claim, 'orderId' | 'site' | 'kind' | 'state'>;
export type ExpectedSettlement = Pick<Settlement, 'orderId' | 'site' | 'kind'>;

export interface OrdersHarness extends StreamHarness<ExpectedOrder> {
  /** Places one order at each of these instants, in order; moves the clock there. Gives their numbers. */
  placeAt(stage: HarnessStage, sku: string, instants: Date[]): Promise<string[]>;
}

/** What a document can be made of. */
export interface RenderingHarness {
  /** A product the channel takes, under this SKU; two calls differ in the SKU alone. */
  product(sku: string): Product;
  /** Addresses of images the sandbox takes, main image first. */
  imageUrls: string[];
  /** Adds to the channel's own look-ups what only a person can decide. */
  completeMappings(defaults: Mappings): Mappings;
}

export interface ListingsHarness extends RenderingHarness {
  /** A price the channel takes, and another one. */
  prices: [Money, Money];
  /** Calls as a fault rule matches them and as the sandbox counts them. `find` is null where nobody can be asked. */
  endpoints: { create: string; price: string; find: string | null };
}

export interface BatchesHarness extends RenderingHarness {
  /** What a person does with a batch; gives the receipt as they would bring it. `refuse`: SKUs with the reason. */
  carry(stage: HarnessStage, zip: Uint8Array, refuse: Readonly<Record<string, string>>): Promise<NamedFile>;
}

export interface InquiriesHarness {
  /** The same inquiries, at least two, in every form in which the channel hands them out. */
  files(stage: HarnessStage): Promise<NamedFile[]>;
}

export interface InboundHarness {
  /** Makes the partner send an order of this SKU to our door, or the last one once more; gives the order's number. */
  order(stage: HarnessStage, door: string, sku: string, options: { again: boolean }): Promise<string>;
}

/** A sentence: one word is no reason. */
type Reason = `${string} ${string} ${string}`;

/**
 * A case of the suite that this channel cannot meet. It is still run, and has to fail: a deviation that is no longer
 * needed is an error too, so the list cannot go stale.
 */
export interface Deviation {
  case: string;
  reason: Reason;
}

/**
 * What an adapter brings so that the conformance suite can judge it. Everything in here speaks through the sandbox's
 * control paths; nothing in here may call the adapter, or the judge would be its own witness.
 */
export interface ChannelHarness {
  startSandbox: StartSandbox;
  /** Where the suite's clock starts. */
  startAt: Date;
  /** Credentials of the right shape that the sandbox refuses, made from the good ones. */
  badCredentials(good: Record<string, unknown>): Record<string, unknown>;
  /** The call `check` makes, as a fault rule matches it; null where the channel is never called. */
  checkEndpoint: string | null;
  /** What an account needs besides what the sandbox gives out. */
  settings?: Record<string, unknown>;
  /** Calls whose answer to too many calls is known, as a fault rule matches them; HTTP 429 is known of all. */
  rateAnswers: readonly string[];
  /** Every text about a buyer that the sandbox has ever put into an answer. */
  personalData(sandbox: RunningSandbox): Promise<string[]>;
  /** A group of the adapter without its part here fails the suite. */
  listings?: ListingsHarness;
  orders?: OrdersHarness;
  claims?: StreamHarness<ExpectedClaim>;
  settlements?: StreamHarness<ExpectedSettlement>;
  /** A courier code the channel knows. */
  shipments?: { courierCode: string };
  batches?: BatchesHarness;
  inquiries?: InquiriesHarness;
  inbound?: InboundHarness;
  deviations: readonly Deviation[];
}
