import type { Queryable } from './database.ts';
import { leaseIsFreeSql } from './process-presence.ts';

/** Far above the pauses that adapters ask for between two looks at a listing. */
const longestCheckPauseMs = 2 * 3_600_000;

/** A listing to be read back. */
export interface DueListing {
  listingId: number;
  sku: string;
  /** Names the row as it is now: what is written after the channel was asked must not undo what was done meanwhile. */
  version: string;
}

/**
 * Listings of an account that are due to be read back by `due`, the longest waiting first. Those that a worker has under
 * its hands are left out: what it does will be checked after it.
 */
export async function listingsToCheck(
  store: Queryable,
  accountId: string,
  when: { now: Date; due: Date; limit: number },
): Promise<DueListing[]> {
  const { rows } = await store.query<{ listing_id: number; sku: string; version: string }>(
    `select l.listing_id, l.sku, l.xmin::text as version from naru.listing l
     where l.account_id = $1 and (l.check_after <= $2 or l.check_after > $5)
       and ${leaseIsFreeSql('l', '$4::timestamptz')}
     order by l.check_after, l.listing_id limit $3`,
    // No channel is looked at so seldom: a later time was written while the clock ran ahead, and is due now.
    [accountId, when.due, when.limit, when.now, new Date(when.now.getTime() + longestCheckPauseMs)],
  );
  return rows.map((row) => ({ listingId: row.listing_id, sku: row.sku, version: row.version }));
}

/** When the next read-back of an account is due; null when none is. */
export async function nextCheckAt(store: Queryable, accountId: string): Promise<Date | null> {
  const { rows } = await store.query<{ due: Date | null }>(
    'select min(check_after) as due from naru.listing where account_id = $1 and check_after is not null',
    [accountId],
  );
  return rows[0]?.due ?? null;
}

/** Marks every listing of an account that the channel should hold to be read back now. */
export async function requestChecks(store: Queryable, accountId: string, now: Date): Promise<void> {
  await store.query(
    `update naru.listing set check_after = $2 where account_id = $1 and external_ids <> '{}' and check_after is null
       and state <> 'removed'`,
    [accountId, now],
  );
}

/**
 * Lets what was refused be sent again, because a person asked for it. What the channel ignored without saying so counts
 * as sent; it is forgotten, so that everything is set once more. What the channel holds is read back first of all.
 */
export async function forgetRefusals(store: Queryable, listingIds: readonly number[], now: Date): Promise<void> {
  await store.query(
    `update naru.listing set refused_hash = null, refusal = null, retry_after = null, failures = 0,
       pushed = case when refusal ->> 'code' = 'SILENTLY_REFUSED' then null else pushed end,
       check_after = case when external_ids <> '{}' then $2 else check_after end,
       state = case when state = 'rejected' then 'planned' else state end where listing_id = any($1)`,
    [listingIds, now],
  );
}
