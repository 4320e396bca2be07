import type { Limiter, LimitSlot } from '../channel/limits.ts';
import { longestWaitMs } from '../channel/retry-timing.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Queryable } from './database.ts';

/** How long a strict slot is kept for a process that never came back: longer than any call's time-out. */
const strictHoldMs = 45_000;
/** No call is booked further ahead than this beyond its burst, however long its caller would wait. */
const longestBookingMs = 60_000;

/** When the next call is due: `$4` now, `$5` a burst's lead, `$6` the furthest booking, `$7` the furthest pause. */
const dueSql = `greatest($4::float8, case when r.next_at <= $6::float8 then r.next_at else 0 end,
  case when r.paused_until <= $7::float8 then r.paused_until + $5::float8 else 0 end)`;

/**
 * The limiter of all processes of an account: one GCRA row per account, family and bucket, advanced by one statement.
 * The row holds the time at which the next call would be due if calls came evenly; a burst may run ahead of it.
 *
 * What the row says is believed only as far ahead as this clock could have written it. What lies further was written
 * while a clock ran ahead, and would stop the account until that time comes.
 */
export function createStoreLimiter(store: Queryable, clock: Clock): Limiter {
  const key = (slot: LimitSlot) => [slot.accountId, slot.limit.family, slot.bucket];
  const aheadMs = (slot: LimitSlot) => (slot.limit.strict ? 0 : (slot.limit.burst - 1) * slot.limit.intervalMs);
  const furthestBooking = (slot: LimitSlot) =>
    clock.now().getTime() + aheadMs(slot) + longestBookingMs + slot.limit.intervalMs;
  /** `$1` to `$7` of the statements that ask when the next call is due. */
  const bounds = (slot: LimitSlot, now: number) => [
    ...key(slot),
    now,
    aheadMs(slot),
    furthestBooking(slot),
    now + longestWaitMs,
  ];
  return {
    take: async (slot, maxWaitMs) => {
      const now = clock.now().getTime();
      const { strict, intervalMs } = slot.limit;
      // A strict slot is never booked ahead: its distance counts from an answer that is not there yet.
      const tolerance = strict ? 0 : aheadMs(slot) + Math.min(maxWaitMs, longestBookingMs);
      const taken = await store.query<{ next_at: number }>(
        `insert into naru.rate_limit as r (account_id, family, bucket, next_at, held_until)
         values ($1, $2, $3, $4::float8 + $8::float8, $9::float8)
         on conflict (account_id, family, bucket) do update set next_at = ${dueSql} + $8::float8, held_until = $9::float8
           where ${dueSql} - $4::float8 <= $10::float8
             and (r.held_until <= $4::float8 or r.held_until > $4::float8 + ${strictHoldMs})
         returning next_at`,
        [...bounds(slot, now), intervalMs, strict ? now + strictHoldMs : 0, tolerance],
      );
      const row = taken.rows[0];
      if (row) return { granted: true, waitMs: Math.max(0, row.next_at - intervalMs - now - aheadMs(slot)) };
      const current = await store.query<{ due: number; held_until: number }>(
        `select ${dueSql} as due, held_until from naru.rate_limit r
         where account_id = $1 and family = $2 and bucket = $3`,
        bounds(slot, now),
      );
      const { due = now, held_until: heldUntil = 0 } = current.rows[0] ?? {};
      const dueMs = Math.max(1, due - now - aheadMs(slot));
      // While a strict call is out, look again after one interval at the latest: its answer frees the slot early.
      return { granted: false, waitMs: heldUntil > now ? Math.min(intervalMs, Math.max(1, heldUntil - now)) : dueMs };
    },
    answered: async (slot) => {
      await store.query(
        `update naru.rate_limit r set held_until = 0,
           next_at = greatest(case when r.next_at <= $5::float8 then r.next_at else 0 end, $4::float8)
         where account_id = $1 and family = $2 and bucket = $3`,
        [...key(slot), clock.now().getTime() + slot.limit.intervalMs, furthestBooking(slot)],
      );
    },
    pause: async (slot, ms) => {
      const now = clock.now().getTime();
      await store.query(
        `insert into naru.rate_limit as r (account_id, family, bucket, next_at, paused_until)
         values ($1, $2, $3, $4::float8, $5::float8)
         on conflict (account_id, family, bucket) do update set paused_until = greatest($5::float8,
           case when r.paused_until <= $6::float8 then r.paused_until else 0 end)`,
        [...key(slot), now, now + Math.min(ms, longestWaitMs), now + longestWaitMs],
      );
    },
  };
}
