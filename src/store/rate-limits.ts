import type { Limiter, LimitSlot } from '../channel/limits.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Queryable } from './database.ts';

/** How long a strict slot is kept for a process that never came back: longer than any call's time-out. */
const strictHoldMs = 45_000;

/**
 * The limiter of all processes of an account: one GCRA row per account, family and bucket, advanced by one statement.
 * The row holds the time at which the next call would be due if calls came evenly; a burst may run ahead of it.
 */
export function createStoreLimiter(store: Queryable, clock: Clock): Limiter {
  const key = (slot: LimitSlot) => [slot.accountId, slot.limit.family, slot.bucket];
  const aheadMs = (slot: LimitSlot) => (slot.limit.strict ? 0 : (slot.limit.burst - 1) * slot.limit.intervalMs);
  return {
    take: async (slot, maxWaitMs) => {
      const now = clock.now().getTime();
      const { strict, intervalMs } = slot.limit;
      // A strict slot is never booked ahead: its distance counts from an answer that is not there yet.
      const tolerance = strict ? 0 : aheadMs(slot) + maxWaitMs;
      const taken = await store.query<{ next_at: number }>(
        `insert into naru.rate_limit as r (account_id, family, bucket, next_at, held_until)
         values ($1, $2, $3, $4::float8 + $5::float8, $6::float8)
         on conflict (account_id, family, bucket) do update
           set next_at = greatest(r.next_at, $4::float8) + $5::float8, held_until = $6::float8
           where greatest(r.next_at, $4::float8) - $4::float8 <= $7::float8 and r.held_until <= $4::float8
         returning next_at`,
        [...key(slot), now, intervalMs, strict ? now + strictHoldMs : 0, tolerance],
      );
      const row = taken.rows[0];
      if (row) return { granted: true, waitMs: Math.max(0, row.next_at - intervalMs - now - aheadMs(slot)) };
      const current = await store.query<{ next_at: number; held_until: number }>(
        'select next_at, held_until from naru.rate_limit where account_id = $1 and family = $2 and bucket = $3',
        key(slot),
      );
      const { next_at: nextAt = now, held_until: heldUntil = 0 } = current.rows[0] ?? {};
      const dueMs = Math.max(1, nextAt - now - aheadMs(slot));
      // While a strict call is out, look again after one interval at the latest: its answer frees the slot early.
      return { granted: false, waitMs: heldUntil > now ? Math.min(intervalMs, Math.max(1, heldUntil - now)) : dueMs };
    },
    answered: async (slot) => {
      await store.query(
        `update naru.rate_limit set held_until = 0, next_at = greatest(next_at, $4::float8)
         where account_id = $1 and family = $2 and bucket = $3`,
        [...key(slot), clock.now().getTime() + slot.limit.intervalMs],
      );
    },
    pause: async (slot, ms) => {
      const until = clock.now().getTime() + ms + aheadMs(slot);
      await store.query(
        `insert into naru.rate_limit as r (account_id, family, bucket, next_at) values ($1, $2, $3, $4::float8)
         on conflict (account_id, family, bucket) do update set next_at = greatest(r.next_at, excluded.next_at)`,
        [...key(slot), until],
      );
    },
  };
}
