import type { ListingState } from '../domain/listing.ts';
import type { Queryable } from './database.ts';
import type { Refusal } from './listings.ts';

/** What a run needs to know of its listings while it waits. */
export interface ListingProgress {
  listingId: number;
  sku: string;
  state: ListingState;
  refusal: Refusal | null;
  retryAfter: Date | null;
  failures: number;
  /** Since when it waits to be read back. */
  acceptedAt: Date | null;
}

/** Listings by their ids. */
export async function progressOfListings(store: Queryable, listingIds: readonly number[]): Promise<ListingProgress[]> {
  const { rows } = await store.query<{
    listing_id: number;
    sku: string;
    state: ListingState;
    refusal: Refusal | null;
    retry_after: Date | null;
    failures: number;
    accepted_at: Date | null;
  }>(
    'select listing_id, sku, state, refusal, retry_after, failures, accepted_at from naru.listing where listing_id = any($1)',
    [listingIds],
  );
  return rows.map((row) => ({
    listingId: row.listing_id,
    sku: row.sku,
    state: row.state,
    refusal: row.refusal,
    retryAfter: row.retry_after,
    failures: row.failures,
    acceptedAt: row.accepted_at,
  }));
}
