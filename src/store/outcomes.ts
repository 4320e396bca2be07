import {
  type AttemptOutcome,
  heldSql,
  type NewAttempt,
  numbersOf,
  type OpenedAttempt,
  openHeldSql,
} from './attempts.ts';
import type { Queryable } from './database.ts';
import { changeStatement, type ListingChanges } from './listings.ts';

export interface WrittenOutcome {
  /** False when the lease was lost: then nothing was written, and the attempt is in doubt as before. */
  changed: boolean;
  /** Numbers of the next attempts in their order; null for those that were not opened. */
  opened: (number | null)[];
}

/**
 * Writes down how an attempt ended, what that makes of its listing, and the attempts that are made next, in one
 * statement and so together or not at all: at a quick channel the ways to the store are most of what a push costs.
 *
 * When the lease is no longer held, the attempt stays open too. Closed without the listing having learnt of it, nobody
 * would ask the channel any more, and what was created would be created again.
 */
export async function writeOutcome(
  store: Queryable,
  end: { attemptId: number; outcome: AttemptOutcome; listingId: number; leaseToken: string; now: Date },
  changes: ListingChanges,
  next: readonly NewAttempt[],
): Promise<WrittenOutcome> {
  const { text, values } = changeStatement(end, changes);
  const [outcome, attemptId, json] = [1, 2, 3].map((place) => `$${values.length + place}`) as [string, string, string];
  // What this statement changes it cannot lock as well; the changed listing is held by the change itself.
  const { rows } = await store.query<
    { changed: boolean } & { [Key in keyof OpenedAttempt]: OpenedAttempt[Key] | null }
  >(
    `with changed as (${text} returning listing_id),
     ended as (update naru.attempt set finished_at = $2, outcome = ${outcome}
       where attempt_id = ${attemptId} and exists (select from changed)),
     others as (${heldSql(json, '$3')}),
     held as (select listing_id from changed union select listing_id from others),
     opened as (${openHeldSql(json)})
     select exists (select from changed) as changed, attempt_id, listing_id
     from (select) one left join opened on true`,
    [...values, end.outcome, end.attemptId, JSON.stringify(next)],
  );
  const opened = rows.flatMap(({ attempt_id, listing_id }) =>
    attempt_id === null || listing_id === null ? [] : [{ attempt_id, listing_id }],
  );
  return { changed: rows[0]?.changed ?? false, opened: numbersOf(next, opened) };
}
