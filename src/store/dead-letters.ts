import type { Queryable } from './database.ts';

/** Work that was given up, with what people should do about it. */
export interface DeadLetter {
  id: number;
  jobName: string;
  payload: Record<string, unknown>;
  accountId: string | null;
  sku: string | null;
  kind: string;
  code: string;
  messageKo: string;
  messageEn: string;
  attempts: number;
  firstAt: Date;
  lastAt: Date;
  replayedAt: Date | null;
}

interface DeadLetterRow {
  dead_letter_id: number;
  job_name: string;
  payload: Record<string, unknown>;
  account_id: string | null;
  sku: string | null;
  kind: string;
  code: string;
  message_ko: string;
  message_en: string;
  attempts: number;
  first_at: Date;
  last_at: Date;
  replayed_at: Date | null;
}

/** Writes a dead letter; the same work given up again grows the open one instead of making a heap. */
export async function writeDeadLetter(
  store: Queryable,
  letter: Omit<DeadLetter, 'id' | 'firstAt' | 'lastAt' | 'replayedAt'> & { now: Date },
): Promise<number> {
  const { rows } = await store.query<{ dead_letter_id: number }>(
    `insert into naru.dead_letter as d (job_name, payload, account_id, sku, kind, code, message_ko, message_en, attempts,
       first_at, last_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
     on conflict (job_name, payload) where replayed_at is null do update set kind = excluded.kind,
       code = excluded.code, message_ko = excluded.message_ko, message_en = excluded.message_en,
       attempts = d.attempts + excluded.attempts, last_at = excluded.last_at
     returning dead_letter_id`,
    [
      letter.jobName,
      JSON.stringify(letter.payload),
      letter.accountId,
      letter.sku,
      letter.kind,
      letter.code,
      letter.messageKo,
      letter.messageEn,
      letter.attempts,
      letter.now,
    ],
  );
  return rows[0]?.dead_letter_id ?? 0;
}

/** Open dead letters, newest first. */
export async function listDeadLetters(store: Queryable, accountId?: string): Promise<DeadLetter[]> {
  const { rows } = await store.query<DeadLetterRow>(
    `select * from naru.dead_letter where replayed_at is null and ($1::text is null or account_id = $1)
     order by last_at desc, dead_letter_id desc`,
    [accountId ?? null],
  );
  return rows.map(fromRow);
}

/** An open dead letter; null when there is none of this number, or it was replayed or closed already. */
export async function findDeadLetter(store: Queryable, id: number): Promise<DeadLetter | null> {
  const { rows } = await store.query<DeadLetterRow>(
    'select * from naru.dead_letter where dead_letter_id = $1 and replayed_at is null',
    [id],
  );
  return rows[0] ? fromRow(rows[0]) : null;
}

/** Closes a dead letter that was replayed, unless it has grown since it was read: that failure is a new one. */
export async function closeReplayed(store: Queryable, letter: DeadLetter, now: Date): Promise<void> {
  await store.query(
    'update naru.dead_letter set replayed_at = $3 where dead_letter_id = $1 and attempts = $2 and replayed_at is null',
    [letter.id, letter.attempts, now],
  );
}

/** Closes the open dead letters of one job about a listing: what was given up has happened after all. */
export async function closeDeadLetters(
  store: Queryable,
  work: { accountId: string; sku: string; jobName: string; now: Date },
): Promise<void> {
  await store.query(
    `update naru.dead_letter set replayed_at = $4
     where account_id = $1 and sku = $2 and job_name = $3 and replayed_at is null`,
    [work.accountId, work.sku, work.jobName, work.now],
  );
}

/**
 * Closes the open dead letter of a job that ended well, so that a passing failure of scheduled work is over with the
 * next success of the same work. Letters about a listing are not touched: that its push job ended says nothing of it.
 * Neither is one of a paused account, whose jobs end at once and do nothing.
 */
export async function closeDeadLetterOfJob(
  store: Queryable,
  job: { jobName: string; payload: Record<string, unknown>; now: Date },
): Promise<void> {
  await store.query(
    `update naru.dead_letter d set replayed_at = $3
     where d.job_name = $1 and d.payload = $2::jsonb and d.replayed_at is null and d.sku is null
       and not exists (select 1 from naru.account a where a.account_id = d.account_id and a.state = 'paused')`,
    [job.jobName, JSON.stringify(job.payload), job.now],
  );
}

function fromRow(row: DeadLetterRow): DeadLetter {
  return {
    id: row.dead_letter_id,
    jobName: row.job_name,
    payload: row.payload,
    accountId: row.account_id,
    sku: row.sku,
    kind: row.kind,
    code: row.code,
    messageKo: row.message_ko,
    messageEn: row.message_en,
    attempts: row.attempts,
    firstAt: row.first_at,
    lastAt: row.last_at,
    replayedAt: row.replayed_at,
  };
}
