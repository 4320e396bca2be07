import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gmarketEsm } from '../../adapters/gmarket-esm/index.ts';
import { startGmarketSandboxWith } from '../../adapters/gmarket-esm/sandbox/index.ts';
import { settingsSchema } from '../../adapters/gmarket-esm/settings.ts';
import type { ChannelContext, PullPage, PullRequest } from '../../src/channel/contract.ts';
import { isChannelError } from '../../src/channel/errors.ts';
import { createChannelHttp } from '../../src/channel/http.ts';
import type { Limit, Limiter, LimitSlot } from '../../src/channel/limits.ts';
import type { Order } from '../../src/domain/order.ts';
import { type Clock, createManualClock, type MovableClock } from '../../src/runtime/clock.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import type { Database } from '../../src/store/database.ts';
import { createStoreLimiter } from '../../src/store/rate-limits.ts';
import { openTestDatabase } from '../support/database.ts';

const startAt = new Date('2026-12-07T09:00:00+09:00');
const hourMs = 3_600_000;
let store: Database;
let clock: MovableClock;
/** Limiters of two processes that share the store. */
let one: Limiter;
let other: Limiter;

beforeEach(async () => {
  store = await openTestDatabase();
  clock = createManualClock(startAt);
  one = createStoreLimiter(store, clock);
  other = createStoreLimiter(store, clock);
});

afterEach(() => store.close());

const slot = (change: Partial<Limit> = {}, bucket = ''): LimitSlot => ({
  accountId: 'esm',
  bucket,
  limit: {
    family: 'items',
    intervalMs: 1_000,
    burst: 3,
    origin: 'published',
    source: 'this test',
    date: '2026-12-07',
    ...change,
  },
});

const pass = (ms: number) => clock.jumpTo(new Date(clock.now().getTime() + ms));

describe('a limit with a burst', () => {
  it('lets the burst go at once and the rest one by one, whichever process asks', async () => {
    const asked = [one, other, one, other, one, other].map((limiter) => limiter.take(slot(), hourMs));
    const answers = await Promise.all(asked);
    expect(answers.every((answer) => answer.granted)).toBe(true);
    expect(answers.map((answer) => answer.waitMs).sort((a, b) => a - b)).toEqual([0, 0, 0, 1_000, 2_000, 3_000]);
  });

  it('gives no slot twice when many ask at the same moment', async () => {
    const asked = Array.from({ length: 40 }, (_, index) => (index % 2 ? one : other).take(slot({ burst: 1 }), hourMs));
    const waits = (await Promise.all(asked)).map((answer) => answer.waitMs).sort((a, b) => a - b);
    expect(waits).toEqual(Array.from({ length: 40 }, (_, index) => index * 1_000));
  });

  it('books nothing for a caller who would not wait that long', async () => {
    for (let call = 0; call < 3; call += 1) await one.take(slot(), 0);
    expect(await other.take(slot(), 999)).toEqual({ granted: false, waitMs: 1_000 });
    expect(await other.take(slot(), 999)).toEqual({ granted: false, waitMs: 1_000 });
    expect(await one.take(slot(), 1_000)).toEqual({ granted: true, waitMs: 1_000 });
    expect(await other.take(slot(), 1_000)).toEqual({ granted: false, waitMs: 2_000 });
  });

  it('fills up again with time, and never above the burst', async () => {
    for (let call = 0; call < 3; call += 1) await one.take(slot(), 0);
    pass(1_000);
    expect(await other.take(slot(), 0)).toEqual({ granted: true, waitMs: 0 });
    expect(await one.take(slot(), 0)).toMatchObject({ granted: false });
    pass(24 * hourMs);
    const granted = [];
    for (let call = 0; call < 5; call += 1) granted.push((await one.take(slot(), 0)).granted);
    expect(granted).toEqual([true, true, true, false, false]);
  });

  it('counts accounts, families and buckets apart', async () => {
    const slots = [
      slot({ burst: 1 }),
      slot({ burst: 1 }, 'G:seller'),
      slot({ burst: 1, family: 'search' }),
      { ...slot({ burst: 1 }), accountId: 'other' },
    ];
    for (const each of slots) expect(await one.take(each, 0)).toEqual({ granted: true, waitMs: 0 });
    for (const each of slots) expect(await other.take(each, 0)).toMatchObject({ granted: false });
  });
});

describe('a pause', () => {
  it('holds everybody back, even with a burst left', async () => {
    await one.pause(slot(), 30_000);
    expect(await other.take(slot(), 0)).toEqual({ granted: false, waitMs: 30_000 });
    pass(29_999);
    expect(await one.take(slot(), 0)).toEqual({ granted: false, waitMs: 1 });
    pass(1);
    expect(await one.take(slot(), 0)).toEqual({ granted: true, waitMs: 0 });
  });

  it('is not shortened by a later and shorter one', async () => {
    await one.pause(slot(), 30_000);
    await other.pause(slot(), 1_000);
    expect(await one.take(slot(), 0)).toEqual({ granted: false, waitMs: 30_000 });
  });
});

describe('a clock that ran ahead and was put right', () => {
  const strict = slot({ family: 'orders', intervalMs: 5_200, burst: 1, strict: true });

  it.each([
    ['a day', 24],
    ['nine hours, the distance of Seoul,', 9],
    ['two months', 24 * 61],
  ])('holds nobody back who comes after it, when it was ahead by %s', async (_name, hours) => {
    const ahead = createStoreLimiter(store, createManualClock(new Date(startAt.getTime() + hours * hourMs + 120_000)));
    for (let call = 0; call < 3; call += 1) await ahead.take(slot(), 0);
    await ahead.take(strict, 0);
    await ahead.pause(slot({ family: 'search' }), 23 * hourMs + 59 * 60_000);
    const granted = [];
    for (let call = 0; call < 5; call += 1) granted.push((await one.take(slot(), 0)).granted);
    expect(granted).toEqual([true, true, true, false, false]);
    expect(await other.take(strict, 0)).toEqual({ granted: true, waitMs: 0 });
    await other.answered(strict);
    expect(await one.take(strict, 0)).toEqual({ granted: false, waitMs: 5_200 });
    expect(await one.take(slot({ family: 'search' }), 0)).toEqual({ granted: true, waitMs: 0 });
  });

  it('still keeps a pause of a day, the longest there is', async () => {
    await one.pause(slot(), 24 * hourMs);
    expect(await other.take(slot(), hourMs)).toEqual({ granted: false, waitMs: 24 * hourMs });
    pass(24 * hourMs - 1);
    expect(await other.take(slot(), 0)).toEqual({ granted: false, waitMs: 1 });
    await one.pause(slot(), 10 * 24 * hourMs);
    expect(await other.take(slot(), 0)).toEqual({ granted: false, waitMs: 24 * hourMs });
  });
});

describe('a strict limit', () => {
  const strict = slot({ family: 'orders', intervalMs: 5_200, burst: 1, strict: true });

  it('counts from the answer, and books nothing ahead of it', async () => {
    expect(await one.take(strict, hourMs)).toEqual({ granted: true, waitMs: 0 });
    expect(await other.take(strict, hourMs)).toMatchObject({ granted: false });
    pass(8_000);
    expect(await other.take(strict, hourMs)).toMatchObject({ granted: false });
    await one.answered(strict);
    expect(await other.take(strict, hourMs)).toEqual({ granted: false, waitMs: 5_200 });
    pass(5_199);
    expect(await other.take(strict, hourMs)).toEqual({ granted: false, waitMs: 1 });
    pass(1);
    expect(await other.take(strict, hourMs)).toEqual({ granted: true, waitMs: 0 });
  });

  it('comes free by itself when its process died before the answer', async () => {
    await one.take(strict, 0);
    pass(44_999);
    expect(await other.take(strict, 0)).toMatchObject({ granted: false });
    pass(1);
    expect(await other.take(strict, 0)).toMatchObject({ granted: true });
  });

  it('grants one of many who ask at the same moment', async () => {
    const asked = Array.from({ length: 20 }, (_, index) => (index % 2 ? one : other).take(strict, hourMs));
    expect((await Promise.all(asked)).filter((answer) => answer.granted)).toHaveLength(1);
  });

  it('obeys a pause too', async () => {
    await other.pause(strict, 60_000);
    expect(await one.take(strict, hourMs)).toEqual({ granted: false, waitMs: 60_000 });
  });
});

/** Time that only passes while no strict call is out: with a clock moved by hand, a wait costs a call under way nothing. */
function createPatientClock(): { clock: Clock; limiterOf: () => Limiter } {
  let out = 0;
  let waiting: (() => void)[] = [];
  return {
    clock: {
      ...clock,
      sleep: async (ms, signal) => {
        while (out > 0) await new Promise<void>((resolve) => void waiting.push(resolve));
        await clock.sleep(ms, signal);
      },
    },
    limiterOf: () => {
      const limiter = createStoreLimiter(store, clock);
      return {
        ...limiter,
        take: async (wanted, maxWaitMs) => {
          out += 1;
          const answer = await limiter.take(wanted, maxWaitMs);
          if (!answer.granted || !wanted.limit.strict) out -= 1;
          return answer;
        },
        answered: async (given) => {
          await limiter.answered(given);
          out -= 1;
          const woken = waiting;
          waiting = [];
          for (const wake of woken) wake();
        },
      };
    },
  };
}

it('keeps two processes that read the orders of one account five seconds apart at the channel’s door', async () => {
  const sandbox = await startGmarketSandboxWith({ now: () => clock.now().getTime() });
  const patient = createPatientClock();
  const { settings, credentials } = sandbox.accountConfig();
  const log = createLogger({ level: 'silent' });
  const { signal } = new AbortController();
  const readAll = async (): Promise<number> => {
    const parsed = settingsSchema.parse(settings);
    const http = createChannelHttp({
      accountId: 'esm',
      baseUrl: parsed.baseUrl,
      limits: gmarketEsm.limits,
      limiter: patient.limiterOf(),
      clock: patient.clock,
      log,
      signal,
    });
    const account = { id: 'esm', settings: parsed };
    const context: ChannelContext = { account, credentials, http, clock: patient.clock, log, signal };
    let cursor: string | null = null;
    let pages = 0;
    do {
      const request: PullRequest = { from: new Date(startAt.getTime() - hourMs), to: startAt, cursor };
      try {
        const page: PullPage<Order> | undefined = await gmarketEsm.orders?.pull(context, request);
        cursor = page?.next ?? null;
        pages += 1;
      } catch (error) {
        // As a worker does: it comes back after the time it was told.
        if (!isChannelError(error) || error.code !== 'OWN_LIMIT') throw error;
        await patient.clock.sleep(error.retryAfterMs ?? 0, signal);
      }
    } while (cursor !== null || pages === 0);
    return pages;
  };
  try {
    expect(await Promise.all([readAll(), readAll()])).toEqual([10, 10]);
    const { traffic } = sandbox.ledger();
    expect(traffic.rateErrors).toBe(0);
    expect(traffic.smallestOrderQueryGapMs).toBeGreaterThanOrEqual(5_000);
    // Ten queries per site and two sites side by side: slower than this would leave the channel idle.
    expect(clock.now().getTime() - startAt.getTime()).toBeLessThan(25 * 5_200);
  } finally {
    await sandbox.close();
  }
});
