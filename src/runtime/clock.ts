import { setTimeout as delay } from 'node:timers/promises';

/**
 * The only place that knows what time it is. Everyone else is handed a Clock, so a test can stand still, a rehearsal can
 * start at another date, and a demo can let three weeks pass in a minute.
 */
export interface Clock {
  now(): Date;
  /** Resolves after `ms` of this clock; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** How many real milliseconds `ms` of this clock take: for timers that live outside, such as a queue's delays. */
  realMs(ms: number): number;
}

/** The real time. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => delay(Math.max(0, ms), undefined, { signal }),
  realMs: (ms) => ms,
};

export interface MovableClock extends Clock {
  /** Jumps to `instant`; only forward, as time does. */
  jumpTo(instant: Date): void;
}

/**
 * A clock that starts at `start` and runs on, `speed` times as fast as real time.
 * With speed 1 it serves `NARU_NOW`; the demo uses more.
 */
export function createOffsetClock(start: Date, speed = 1): MovableClock {
  let origin = start.getTime();
  let realOrigin = performance.now();
  const nowMs = () => origin + (performance.now() - realOrigin) * speed;
  return {
    now: () => new Date(nowMs()),
    sleep: (ms, signal) => delay(Math.max(0, ms / speed), undefined, { signal }),
    realMs: (ms) => ms / speed,
    jumpTo: (instant) => {
      if (instant.getTime() < nowMs()) throw new RangeError('time does not go back');
      origin = instant.getTime();
      realOrigin = performance.now();
    },
  };
}

/** A clock that stands still until it is moved; a sleep moves it. For tests: nothing waits. */
export function createManualClock(start: Date): MovableClock {
  let ms = start.getTime();
  return {
    now: () => new Date(ms),
    sleep: async (duration, signal) => {
      signal?.throwIfAborted();
      ms += Math.max(0, duration);
    },
    realMs: () => 0,
    jumpTo: (instant) => {
      if (instant.getTime() < ms) throw new RangeError('time does not go back');
      ms = instant.getTime();
    },
  };
}

/** The real time in ms, for timers outside our clock, such as a queue's; never for a decision of the domain. */
export function realNowMs(): number {
  return Date.now();
}
