import type { ObservedListing } from '../domain/listing.ts';
import { changeListing, type ListingFacts, type ListingRecord } from '../store/listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import type { OpenAccount } from './open-account.ts';
import { lookUpBySku } from './resolve-doubts.ts';

/**
 * How long "the channel does not have it" is believed before a create. Our store may be an old copy that was restored:
 * what was created after the copy was made is unknown to it, and the question it remembers is from before. Long enough
 * that a push of many products, which asks for all at its start, does not ask for most of them again.
 */
const askAgainMs = 30 * 60_000;

/** Not listed as far as we know, and the channel was not asked about it lately. */
export function isUnasked(listing: Pick<ListingRecord, 'externalIds' | 'observedAt'>, now: Date): boolean {
  if (Object.keys(listing.externalIds).length > 0) return false;
  return listing.observedAt === null || now.getTime() - listing.observedAt.getTime() > askAgainMs;
}

/** A listing row about which the channel is to be asked before anything is created. */
export interface UnaskedListing {
  listingId: number;
  sku: string;
}

/**
 * Asks the channel, before a create, whether it holds our SKU already: put there by hand, by another tool,
 * or before our store was restored from an old copy. What is found is adopted instead of doubled.
 *
 * Returns what was found by SKU. Throws ChannelError when the channel could not be asked, and then nothing may be created.
 */
export async function adoptListings(
  deps: SyncDependencies,
  account: OpenAccount,
  unasked: readonly UnaskedListing[],
  leaseToken?: string,
): Promise<Map<string, ObservedListing[]>> {
  if (unasked.length === 0 || !account.adapter.listings?.find) return new Map();
  const found = await lookUpBySku(
    account,
    unasked.map((listing) => listing.sku),
  );
  const now = deps.clock.now();
  for (const { listingId, sku } of unasked) {
    const observed = found.get(sku)?.[0];
    const target = { listingId, now, ...(leaseToken && { leaseToken }) };
    if (!observed) {
      await changeListing(deps.store, target, { observedAt: now });
      continue;
    }
    account.context.log.info({ listing: listingId, sku }, 'an existing listing was adopted');
    await changeListing(deps.store, target, {
      state: 'accepted',
      externalIds: observed.externalIds,
      observed,
      observedAt: now,
      pushed: null,
      acceptedAt: now,
      checks: 0,
      checkAfter: now,
    });
  }
  return found;
}

/** Facts as they are after `adoptListings`. */
export function withAdopted(facts: ListingFacts, found: ReadonlyMap<string, ObservedListing[]>): ListingFacts {
  const observed = found.get(facts.sku)?.[0];
  if (!facts.listing || !observed) return facts;
  return {
    ...facts,
    listing: { ...facts.listing, externalIds: observed.externalIds, observed, pushed: null, state: 'accepted' },
  };
}
