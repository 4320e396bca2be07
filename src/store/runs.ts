import type { Queryable } from './database.ts';

/** Opens a run: one execution of a push or pull, under whose id all log lines and attempts stand. */
export async function openRun(
  store: Queryable,
  run: { runId: string; kind: string; accountId: string | null; now: Date },
): Promise<void> {
  await store.query('insert into naru.run (run_id, kind, account_id, started_at) values ($1, $2, $3, $4)', [
    run.runId,
    run.kind,
    run.accountId,
    run.now,
  ]);
}

/** Closes a run with its result; the result holds ids and counts, never records. */
export async function closeRun(store: Queryable, run: { runId: string; result: unknown; now: Date }): Promise<void> {
  await store.query('update naru.run set finished_at = $2, result = $3 where run_id = $1', [
    run.runId,
    run.now,
    JSON.stringify(run.result),
  ]);
}

/** Drops what only helps to look back: runs, closed attempts, closed dead letters and superseded raw records. */
export async function dropOldTraces(
  store: Queryable,
  before: { runs: Date; attempts: Date; deadLetters: Date; rawRecords: Date },
): Promise<{ runs: number; attempts: number; deadLetters: number; rawRecords: number }> {
  // Started, not finished: a run that a kill cut off never finishes.
  const runs = await store.query('delete from naru.run where started_at < $1', [before.runs]);
  const deadLetters = await store.query('delete from naru.dead_letter where replayed_at < $1', [before.deadLetters]);
  const attempts = await store.query('delete from naru.attempt where finished_at < $1', [before.attempts]);
  // The newest version of a record stays: sales can be rebuilt from it.
  const rawRecords = await store.query(
    `delete from naru.raw_record r where first_seen_at < $1 and not exists (
       select 1 from naru.record_head h where (h.account_id, h.stream, h.external_id, h.content_hash) =
         (r.account_id, r.stream, r.external_id, r.content_hash))`,
    [before.rawRecords],
  );
  return {
    runs: runs.rowCount,
    attempts: attempts.rowCount,
    deadLetters: deadLetters.rowCount,
    rawRecords: rawRecords.rowCount,
  };
}

/** The result of a run; undefined while it goes on. */
export async function runResult(store: Queryable, runId: string): Promise<unknown> {
  const { rows } = await store.query<{ result: unknown }>(
    'select result from naru.run where run_id = $1 and finished_at is not null',
    [runId],
  );
  return rows[0]?.result;
}
