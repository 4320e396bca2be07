import type { Limiter, LimitSlot } from '../../src/channel/limits.ts';
import type { Clock } from '../../src/runtime/clock.ts';

interface Pace {
  /** The instant up to which the slots are spoken for (GCRA's theoretical arrival time). */
  takenUntil: number;
  notBefore: number;
  isBusy: boolean;
}

/** A limiter for one process, on the suite's clock: granted waits move that clock, so nothing really waits. */
export function createMemoryLimiter(clock: Clock): Limiter {
  const paces = new Map<string, Pace>();
  const paceOf = (slot: LimitSlot): Pace => {
    const key = JSON.stringify([slot.accountId, slot.limit.family, slot.bucket]);
    const pace = paces.get(key) ?? { takenUntil: 0, notBefore: 0, isBusy: false };
    paces.set(key, pace);
    return pace;
  };
  return {
    take: async (slot, maxWaitMs) => {
      const { intervalMs, burst, strict } = slot.limit;
      const pace = paceOf(slot);
      const now = clock.now().getTime();
      if (strict && pace.isBusy) return { granted: false, waitMs: intervalMs };
      const allowedAt = strict ? pace.takenUntil : pace.takenUntil - (burst - 1) * intervalMs;
      const waitMs = Math.max(0, allowedAt - now, pace.notBefore - now);
      if (waitMs > maxWaitMs) return { granted: false, waitMs };
      pace.isBusy = true;
      pace.takenUntil = Math.max(pace.takenUntil, now + waitMs) + intervalMs;
      return { granted: true, waitMs };
    },
    answered: async (slot) => {
      const pace = paceOf(slot);
      pace.isBusy = false;
      pace.takenUntil = clock.now().getTime() + slot.limit.intervalMs;
    },
    pause: async (slot, ms) => {
      const pace = paceOf(slot);
      pace.notBefore = Math.max(pace.notBefore, clock.now().getTime() + ms);
    },
  };
}
