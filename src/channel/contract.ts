import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Claim } from '../domain/claim.ts';
import type { Finding } from '../domain/finding.ts';
import type { DesiredListing, Json, ObservedListing, Operation } from '../domain/listing.ts';
import type { Mappings } from '../domain/mapping.ts';
import type { Money } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { Product } from '../domain/product.ts';
import type { Settlement } from '../domain/settlement.ts';
import type { Clock } from '../runtime/clock.ts';
import type { BaseSettings } from './base-settings.ts';
import type { BatchesGroup } from './batches.ts';
import type { CatalogueFilesGroup } from './catalogue-files.ts';
import type { ChannelError } from './errors.ts';
import type { ChannelHttp } from './http.ts';
import type { InboundGroup } from './inbound.ts';
import type { InquiriesGroup } from './inquiries.ts';
import type { Limit } from './limits.ts';

/**
 * What an adapter is given with every call. There is nothing else: no store, no queue, no environment.
 * `signal` ends the call when the process stops; `http` already holds the limiter, retries, time-outs and redaction.
 */
export interface ChannelContext<Settings = BaseSettings, Credentials = unknown> {
  account: { id: string; settings: Settings };
  credentials: Credentials;
  http: ChannelHttp;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
}

export type { BaseSettings };

/** One wanted change of one listing. */
export interface ListingChange {
  operation: Operation;
  sku: string;
  /** As the channel named it at the last write or read; empty for a create. */
  externalIds: Record<string, string>;
  desired: DesiredListing;
  observed: ObservedListing | null;
}

/** What the channel said about one site of a change. */
export interface SiteRefusal {
  site: string;
  code: string;
  message: string;
}

/**
 * The answer to one change; there is exactly one for every change, in the same order.
 * `accepted` is the channel's word, not proof: the core reads back before it says "on sale".
 * `failed` carries a ChannelError about this item alone; its `sent` decides whether the item is in doubt.
 */
export type ListingOutcome =
  | { sku: string; status: 'accepted'; externalIds: Record<string, string>; refusals: SiteRefusal[] }
  | { sku: string; status: 'rejected'; code: string; message: string; field: string | null }
  | { sku: string; status: 'failed'; error: ChannelError };

export interface RenderInput<Settings> {
  /** With those certificates and claims that buyers may be shown today; there may be none. */
  product: Product;
  mappings: Mappings;
  settings: Settings;
  /** Public addresses of the checked images, main image first. */
  imageUrls: string[];
}

/** A channel document, or what is missing for one. `document` is null exactly when a finding blocks. */
export interface RenderedListing {
  document: Json | null;
  /** The name buyers will see, compared with what is read back: some channels keep an old name without an error. */
  title: string | null;
  findings: Finding[];
}

/** What of an offer a channel holds apart from the document. What is not named here is never compared. */
export const offerParts = ['price', 'stock', 'discount'] as const;
export type OfferPart = (typeof offerParts)[number];

/** How a channel's listing is made, however it travels there. */
export interface Rendering<Settings> {
  /** Storefronts one listing appears on with these settings; at least one. */
  sites(settings: Settings): string[];
  /** A channel without `stock` keeps a product that is sold out for now: there is nothing to count down there. */
  parts: readonly OfferPart[];
  /** Pure: same input, same document. It checks the channel's own rules and says what is missing. */
  render(input: RenderInput<Settings>): RenderedListing;
}

export interface ListingsGroup<Settings, Credentials> extends Rendering<Settings> {
  /** Most changes in one `push`. */
  maxBatch: number;
  /** When to read back after an accepted write, how often, and when to call it stuck and tell people. */
  settle: {
    firstMs: number;
    everyMs: number;
    giveUpMs: number;
    /** How long after an unanswered create its absence proves that it never happened: longer than any call takes. */
    absenceMs: number;
  };
  /**
   * The channel keeps its listings under our SKU, so that the same create again replaces and can never double. Says where
   * that is written. Only then is a create without an answer simply sent again; else it is in doubt.
   */
  keyedBySku?: string;
  push(context: ChannelContext<Settings, Credentials>, changes: ListingChange[]): Promise<ListingOutcome[]>;
  /**
   * What the channel holds under these SKUs; several entries for one SKU mean that it was doubled. Absent when the
   * channel cannot be asked: then "accepted" is all that will ever be known, and a person decides what became of a write
   * without an answer.
   */
  find?: {
    /** Most SKUs in one call. */
    maxBatch: number;
    bySku(context: ChannelContext<Settings, Credentials>, skus: string[]): Promise<ObservedListing[]>;
    /** Where the channel ends every sale by itself after a time; absent where a listing sells until it is stopped. */
    saleEnds?: {
      /** A `resume` carries on a sale that ends within this time or has ended, and leaves every other end as it is. */
      renewBeforeMs: number;
      /** The earliest instant at which it may end, by site; sites without an end are left out. May cost a call. */
      of(
        context: ChannelContext<Settings, Credentials>,
        externalIds: Record<string, string>,
      ): Promise<{ [site: string]: Date }>;
    };
  };
}

/** A record with its key at the channel, and what the channel said, without personal data. */
export interface PulledRecord<Value> {
  externalId: string;
  raw: Json;
  value: Value;
  /** The channel's own count of the record's changes: an older one that comes late is kept and changes nothing. */
  version?: number;
}

export interface PullRequest {
  /** Half-open window `[from, to)`. */
  from: Date;
  to: Date;
  /** Opaque to the core; null for the first page of the window. */
  cursor: string | null;
}

export interface PullPage<Value> {
  records: PulledRecord<Value>[];
  /** The next page of this window, or null at its end. */
  next: string | null;
}

export interface StreamGroup<Settings, Credentials, Value> {
  /** Longest window the channel allows. */
  maxWindowMs: number;
  /** How far a run reaches back behind the bookmark, because channels show late what happened early. */
  overlapMs: number;
  /** How far the daily sweep reaches back: a change feed is a hint, the sweep is what proves completeness. */
  sweepMs: number;
  /** The youngest instant that can be asked for, measured from now backwards; 0 where the present may be asked. */
  settledAfterMs: number;
  pull(context: ChannelContext<Settings, Credentials>, request: PullRequest): Promise<PullPage<Value>>;
}

export interface OrdersGroup<Settings, Credentials> extends StreamGroup<Settings, Credentials, Order> {
  /** Orders by their numbers at one site, whatever their status; unknown numbers are left out. */
  lookUp?(
    context: ChannelContext<Settings, Credentials>,
    request: { site: string; orderIds: string[] },
  ): Promise<PulledRecord<Order>[]>;
}

/** An order as we know it, for what is told to the channel about it. */
export interface KnownOrder {
  site: string;
  orderId: string;
  lines: { lineId: string; sku: string | null; units: number; unitPrice: Money }[];
  /** What the channel last said of it, as it was kept. */
  raw: Json;
}

export interface Shipment {
  /** The channel's courier code. */
  courierCode: string;
  invoiceNo: string;
  /** When it was told for the first time; a repeat has the same. */
  shippedAt: Date;
}

/**
 * What the seller tells the channel about an order. Telling the same twice is no error: a repeat comes with the instant of
 * the first time, so that a channel that keeps documents apart by their content sees one.
 */
export interface ShipmentsGroup<Settings, Credentials> {
  /** The seller has seen the order and will deliver it. `toldAt`: when that was told for the first time. */
  acknowledge?(context: ChannelContext<Settings, Credentials>, order: KnownOrder, toldAt: Date): Promise<void>;
  /** Doing it again with another invoice number corrects it. */
  ship(context: ChannelContext<Settings, Credentials>, order: KnownOrder, shipment: Shipment): Promise<void>;
}

/**
 * A channel as the core sees it: a plain frozen object. A group that is absent is not supported; there are no flags that
 * could contradict it. Obligations of an adapter: parse every answer, throw only ChannelError, obey the signal, give one
 * outcome per item, never sleep, never log a body.
 */
export interface ChannelAdapter<Settings extends BaseSettings = BaseSettings, Credentials = unknown> {
  /** Permanent; stored in rows. */
  id: string;
  kind: 'open-market' | 'export' | 'b2b';
  name: { ko: string; en: string };
  apiVersion: string;
  documentation: string;
  settings: z.ZodType<Settings>;
  /** Everything in here is secret: sealed at rest, never shown, never logged. */
  credentials: z.ZodType<Credentials>;
  limits: readonly Limit[];
  /** One cheap authenticated call. Resolves when the account works, throws ChannelError otherwise. */
  check(context: ChannelContext<Settings, Credentials>): Promise<void>;
  mappings?: {
    /** What the channel's own look-ups give for these words; words without a certain match are left out. */
    defaults(
      context: ChannelContext<Settings, Credentials>,
      words: { productGroups: string[]; noticeTypes: string[] },
    ): Promise<Mappings>;
  };
  listings?: ListingsGroup<Settings, Credentials>;
  orders?: OrdersGroup<Settings, Credentials>;
  claims?: StreamGroup<Settings, Credentials, Claim>;
  settlements?: StreamGroup<Settings, Credentials, Settlement>;
  shipments?: ShipmentsGroup<Settings, Credentials>;
  /** Instead of `listings`, where a person carries files. */
  batches?: BatchesGroup<Settings, Credentials>;
  inquiries?: InquiriesGroup<Settings>;
  inbound?: InboundGroup<Settings, Credentials>;
  catalogue?: CatalogueFilesGroup<Settings>;
}

/** How an adapter's listings are made, whether it sends them itself or a person carries them; absent: it lists nothing. */
export function renderingOf(adapter: AnyChannel): Rendering<BaseSettings> | undefined {
  return adapter.listings ?? adapter.batches;
}

/** What the registry holds: settings and credentials have been erased to what their own schema parsed. */
export type AnyChannel = ChannelAdapter<BaseSettings, unknown>;

/**
 * Declares an adapter. The types of settings and credentials are checked here, inside the adapter; the core only ever
 * passes values that the adapter's own schemas parsed, which is what makes the erasure of the types sound.
 */
export function defineChannel<Settings extends BaseSettings, Credentials>(
  adapter: ChannelAdapter<Settings, Credentials>,
): AnyChannel {
  for (const part of Object.values(adapter)) if (typeof part === 'object' && part !== null) freezePlain(part);
  return Object.freeze(adapter) as unknown as AnyChannel;
}

function freezePlain(part: object): void {
  if (Object.getPrototypeOf(part) === Object.prototype || Array.isArray(part)) Object.freeze(part);
}
