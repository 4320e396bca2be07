import type { ObservedListing } from '../domain/listing.ts';
import { changeListing, type ListingFacts } from '../store/listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import type { OpenAccount } from './open-account.ts';
import { lookUpBySku } from './resolve-doubts.ts';

/** A listing row about which the channel was never asked. */
export interface UnaskedListing {
  listingId: number;
  sku: string;
}

/**
 * Asks the channel once, before the first create, whether it holds our SKU already: put there by hand, by another tool,
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
