import type { DesiredListing, Operation } from '../domain/listing.ts';
import type { Queryable } from './database.ts';
import { leaseIsFreeSql } from './process-presence.ts';

/** What an attempt would set, without the channel document, which can be made again. */
export type WantedState = Omit<DesiredListing, 'document'>;

export interface Attempt {
  attemptId: number;
  listingId: number;
  operation: Operation;
  wanted: WantedState;
  startedAt: Date;
}

/** An attempt that is about to be made. */
export interface NewAttempt {
  listingId: number;
  operation: Operation;
  wanted: WantedState;
  runId: string | null;
  now: Date;
}

/**
 * Writes down, before a write to a channel, that it is about to be sent. When the process dies or the answer is lost,
 * this row is how the next one knows that something may have happened.
 */
export async function openAttempt(store: Queryable, attempt: NewAttempt): Promise<number> {
  const { rows } = await store.query<OpenedAttempt>(
    `insert into naru.attempt (listing_id, operation, wanted, run_id, started_at) select ${attemptColumns}
     from ${attemptsFrom('$1')} returning attempt_id, listing_id`,
    [JSON.stringify([attempt])],
  );
  const [id] = numbersOf([attempt], rows);
  if (!id) throw new Error('the store gave the attempt no number');
  return id;
}

/**
 * The same for several listings, each named once, in one statement, and only for those whose lease is still held with
 * `leaseToken`: whoever lost it must not send, because its successor may be sending. Gives the numbers in their order;
 * null where nothing was opened, and nothing may be sent.
 */
export async function openAttemptsOf(
  store: Queryable,
  attempts: readonly NewAttempt[],
  leaseToken: string,
): Promise<(number | null)[]> {
  const { rows } = await store.query<OpenedAttempt>(
    `with held as (${heldSql('$1', '$2')}), opened as (${openHeldSql('$1')}) select attempt_id, listing_id from opened`,
    [JSON.stringify(attempts), leaseToken],
  );
  return numbersOf(attempts, rows);
}

/** What the statements that open attempts answer. */
export interface OpenedAttempt {
  attempt_id: number;
  listing_id: number;
}

const attemptColumns = `r."listingId", r.operation, r.wanted, r."runId", r.now`;

function attemptsFrom(json: string): string {
  return `jsonb_to_recordset(${json}::jsonb)
    as r("listingId" bigint, operation text, wanted jsonb, "runId" text, now timestamptz)`;
}

/**
 * The listings of the attempts in `json`, a parameter of JSON text, that are held with the token in `leaseToken`. They
 * are locked until the attempts are written, so that nobody can take the lease in between and see no attempt. Rows that
 * are in another's hands at this moment are passed over: waiting for them could end in a deadlock with the planner.
 */
export function heldSql(json: string, leaseToken: string): string {
  return `select l.listing_id from naru.listing l
     where l.listing_id in (select r."listingId" from ${attemptsFrom(json)}) and l.lease_token = ${leaseToken}
     for share skip locked`;
}

/** The statement that opens those of the attempts in `json` whose listings `held`, a common table, names. */
export function openHeldSql(json: string): string {
  return `insert into naru.attempt (listing_id, operation, wanted, run_id, started_at) select ${attemptColumns}
     from ${attemptsFrom(json)} where r."listingId" in (select listing_id from held)
     returning attempt_id, listing_id`;
}

/** The numbers of the attempts in their order; null for those that were not opened. */
export function numbersOf(attempts: readonly NewAttempt[], rows: readonly OpenedAttempt[]): (number | null)[] {
  const ids = new Map(rows.map((row) => [row.listing_id, row.attempt_id]));
  return attempts.map(({ listingId }) => ids.get(listingId) ?? null);
}

export type AttemptOutcome = 'accepted' | 'rejected' | 'failed' | 'found' | 'absent';

/** Writes down how an attempt ended. An attempt that is left open is in doubt. */
export async function closeAttempt(
  tx: Queryable,
  end: { attemptId: number; outcome: AttemptOutcome; code: string | null; message: string | null; now: Date },
): Promise<void> {
  await tx.query(
    'update naru.attempt set finished_at = $2, outcome = $3, code = $4, message = $5 where attempt_id = $1',
    [end.attemptId, end.now, end.outcome, end.code, end.message],
  );
}

/** Attempts of these listings whose answer is not known, oldest first. */
export async function openAttempts(store: Queryable, listingIds: readonly number[]): Promise<Attempt[]> {
  const { rows } = await store.query<{
    attempt_id: number;
    listing_id: number;
    operation: Operation;
    wanted: WantedState;
    started_at: Date;
  }>(
    `select attempt_id, listing_id, operation, wanted, started_at from naru.attempt
     where listing_id = any($1) and finished_at is null order by attempt_id`,
    [listingIds],
  );
  return rows.map((row) => ({
    attemptId: row.attempt_id,
    listingId: row.listing_id,
    operation: row.operation,
    wanted: row.wanted,
    startedAt: row.started_at,
  }));
}

/** Listings of an account that have an attempt without an answer and that nobody is working on. */
export async function listingsInDoubt(
  store: Queryable,
  accountId: string,
  now: Date,
): Promise<{ listingId: number; sku: string }[]> {
  const { rows } = await store.query<{ listing_id: number; sku: string }>(
    `select distinct l.listing_id, l.sku from naru.attempt a join naru.listing l using (listing_id)
     where a.finished_at is null and l.account_id = $1 and ${leaseIsFreeSql('l', '$2::timestamptz')} order by l.sku`,
    [accountId, now],
  );
  return rows.map((row) => ({ listingId: row.listing_id, sku: row.sku }));
}

/** How many writes to these listings the channel took since an instant, by operation, whichever run woke the worker. */
export async function acceptedSince(
  store: Queryable,
  listingIds: readonly number[],
  since: Date,
): Promise<Partial<Record<Operation, number>>> {
  const { rows } = await store.query<{ operation: Operation; accepted: number }>(
    `select operation, count(*) as accepted from naru.attempt
     where listing_id = any($1) and finished_at >= $2 and outcome in ('accepted', 'found') group by operation`,
    [listingIds, since],
  );
  return Object.fromEntries(rows.map((row) => [row.operation, row.accepted]));
}
