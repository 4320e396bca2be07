import type { Queryable } from './database.ts';

/** Clocks of several machines differ by seconds; what the store holds later than this was written by a clock that ran ahead. */
export const clockToleranceMs = 5 * 60_000;

/** The latest instant that was written down when something happened; null in an empty store. */
export async function latestInstant(store: Queryable): Promise<Date | null> {
  const { rows } = await store.query<{ latest: Date | null }>(
    `select greatest((select max(updated_at) from naru.product), (select max(updated_at) from naru.bookmark),
       (select max(started_at) from naru.run), (select max(at) from naru.approval_event),
       (select max(created_at) from naru.account)) as latest`,
  );
  return rows[0]?.latest ?? null;
}

/**
 * Stock that seems to be counted in the future counts from `now` on: until that day no order would be taken off it, and
 * the same units would be sold twice.
 */
export async function countStockFromNow(store: Queryable, now: Date): Promise<void> {
  await store.query('update naru.product set stock_declared_at = $1 where stock_declared_at > $2', [
    now,
    new Date(now.getTime() + clockToleranceMs),
  ]);
}
