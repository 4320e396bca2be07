import { z } from 'zod';
import { moneySchema } from './money.ts';

/** Any JSON value: what an adapter would send, opaque to the core, which only hashes and keeps it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A period-bound reduction of the sale price, on whole Seoul days, both included. */
export const discountSchema = z.object({ amount: moneySchema, firstDay: z.string(), lastDay: z.string() });
export type Discount = z.infer<typeof discountSchema>;

/** What approval, certificate, campaign, stock and mappings say a listing should be, now. */
export interface DesiredListing {
  onSale: boolean;
  /** Why it is not to be on sale: a rule id; null while `onSale`. */
  offReason: string | null;
  /** The channel's own document without price, stock and discount, made by the adapter's `render`. */
  document: Json;
  contentHash: string;
  price: { minor: number; currency: 'KRW' | 'USD' };
  stock: number;
  discount: Discount | null;
}

export const siteStates = ['pending', 'on-sale', 'stopped', 'blocked', 'sold-out', 'missing'] as const;

/** One site (a storefront of the account) as the channel last told us. `blocked`: stopped by the channel itself. */
export const observedSiteSchema = z.object({
  site: z.string(),
  externalId: z.string().nullable(),
  state: z.enum(siteStates),
  price: moneySchema.nullable(),
  stock: z.int().nullable(),
  /** What the channel said about this site in words, for staff; never a basis for decisions. */
  note: z.string().nullable(),
  /** When the channel ends the sale here by itself; null: never; absent: nobody has asked. Put in by the core. */
  endsAt: z.iso.datetime().nullish(),
  /** It ends soon, or has ended so: a resume carries it on. Put in by the core. */
  ending: z.boolean().optional(),
});
export type ObservedSite = z.infer<typeof observedSiteSchema>;

export const observedListingSchema = z.object({
  sku: z.string(),
  /** All numbers by which the channel knows the listing, by the channel's own names for them. */
  externalIds: z.record(z.string(), z.string()),
  title: z.string().nullable(),
  sites: z.array(observedSiteSchema),
});
export type ObservedListing = z.infer<typeof observedListingSchema>;

/** What a push may do to a listing, most urgent first: stopping something unlawful never waits behind a create. */
export const operations = ['stop', 'remove', 'price', 'stock', 'resume', 'update', 'create'] as const;
export type Operation = (typeof operations)[number];

/** Queue priority of an operation; smaller runs first. Sold out travels as `stop`. */
export function priorityOf(operation: Operation): number {
  return operations.indexOf(operation) + 1;
}

/**
 * Where a listing stands for staff. `accepted`: sent and taken, not yet proven by reading back. `in-doubt`: sent, the
 * answer is unknown. Where a person carries files: `queued` waits for the next batch, `exported` is in a batch without a
 * receipt, `changed` is at the channel or in a batch as it was before its last change.
 */
export const listingStates = [
  'planned',
  'queued',
  'exported',
  'changed',
  'accepted',
  'on-sale',
  'partial',
  'stopped',
  'rejected',
  'in-doubt',
  'removed',
] as const;
export type ListingState = (typeof listingStates)[number];

/** The parts of a listing that the last confirmed write set; the base of the three-way comparison. */
export interface PushedListing {
  onSale: boolean;
  contentHash: string;
  price: { minor: number; currency: 'KRW' | 'USD' };
  stock: number;
  discount: Discount | null;
  sites: string[];
  at: string;
}

/** All sites that matter are on sale. */
export function isOnSaleEverywhere(observed: ObservedListing, sites: readonly string[]): boolean {
  return sites.every((site) => observed.sites.some((seen) => seen.site === site && seen.state === 'on-sale'));
}

/** At least one site sells it, or is about to. */
export function isOnSaleSomewhere(observed: ObservedListing): boolean {
  return observed.sites.some(
    (seen) => seen.state === 'on-sale' || seen.state === 'pending' || seen.state === 'sold-out',
  );
}
