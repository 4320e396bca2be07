import type { AttemptOutcome } from './attempts.ts';
import type { Queryable } from './database.ts';
import { changeStatement, type ListingChanges } from './listings.ts';

/**
 * Writes down how an attempt ended and what that makes of its listing, in one statement and so together or not at all.
 * As with `changeListing`, the listing is left alone when the lease is no longer held; how the attempt ended is told all
 * the same, since it is known.
 */
export async function writeOutcome(
  store: Queryable,
  end: { attemptId: number; outcome: AttemptOutcome; listingId: number; leaseToken: string; now: Date },
  changes: ListingChanges,
): Promise<void> {
  const { text, values } = changeStatement(end, changes);
  const place = values.length;
  await store.query(
    `with ended as (
       update naru.attempt set finished_at = $2, outcome = $${place + 1} where attempt_id = $${place + 2})
     ${text}`,
    [...values, end.outcome, end.attemptId],
  );
}
