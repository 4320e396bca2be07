import { type AttemptOutcome, type NewAttempt, numbersOf, type OpenedAttempt, openAttemptsSql } from './attempts.ts';
import type { Queryable } from './database.ts';
import { changeStatement, type ListingChanges } from './listings.ts';

/**
 * Writes down how an attempt ended, what that makes of its listing, and the attempts that are made next, in one
 * statement and so together or not at all: at a quick channel the ways to the store are most of what a push costs. As
 * with `changeListing`, the listing is left alone when the lease is no longer held; how the attempt ended is told all the
 * same, since it is known. Gives the numbers of the next attempts in their order.
 */
export async function writeOutcome(
  store: Queryable,
  end: { attemptId: number; outcome: AttemptOutcome; listingId: number; leaseToken: string; now: Date },
  changes: ListingChanges,
  next: readonly NewAttempt[],
): Promise<number[]> {
  const { text, values } = changeStatement(end, changes);
  const place = values.length;
  const { rows } = await store.query<OpenedAttempt>(
    `with ended as (
       update naru.attempt set finished_at = $2, outcome = $${place + 1} where attempt_id = $${place + 2}),
     changed as (${text}),
     opened as (${openAttemptsSql(`$${place + 3}`)})
     select attempt_id, listing_id from opened`,
    [...values, end.outcome, end.attemptId, JSON.stringify(next)],
  );
  return numbersOf(next, rows);
}
