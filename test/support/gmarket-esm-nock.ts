import nock from 'nock';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { gmarketEsm } from '../../adapters/gmarket-esm/index.ts';
import { type EsmContext, settingsSchema } from '../../adapters/gmarket-esm/settings.ts';
import { createChannelHttp } from '../../src/channel/http.ts';
import { createManualClock } from '../../src/runtime/clock.ts';
import { createMemoryLimiter } from '../conformance/memory-limiter.ts';

export const host = 'https://sa2.esmplus.com';
export const startAt = new Date('2026-12-07T09:00:30+09:00');
const secretKey = 'a-secret-nobody-may-see';

/** An account for both sites on a clock that stands still, with the channel's own limits. */
export function contextAt(now = startAt): EsmContext {
  const clock = createManualClock(now);
  const settings = settingsSchema.parse({
    masterId: 'master',
    issuer: 'www.example.kr',
    sellerIds: { gmkt: 'g1', iac: 'a1' },
  });
  const log = pino({ level: 'silent' });
  const { signal } = new AbortController();
  const limiter = createMemoryLimiter(clock);
  const http = createChannelHttp({
    accountId: 'a',
    baseUrl: settings.baseUrl,
    limits: gmarketEsm.limits,
    limiter,
    clock,
    log,
    signal,
    maxWaitMs: 3_600_000,
  });
  return { account: { id: 'a', settings }, credentials: { secretKey }, http, clock, log, signal };
}

export type Body = Record<string, unknown>;
/** Answers calls in their order, and keeps what was asked. */
export function serve(
  method: 'get' | 'post' | 'put' | 'delete',
  path: string,
  answers: nock.Body[],
  asked: Body[] = [],
): Body[] {
  for (const answer of answers) {
    nock(host)
      [method](path)
      .query(true)
      .reply(200, async (request: Request) => {
        const text = await request.text();
        asked.push(text === '' ? {} : JSON.parse(text));
        return answer;
      });
  }
  return asked;
}

/** Lets no call leave the machine, and fails a test that did not make every call it prepared. */
export function useNock(): void {
  beforeAll(() => {
    // An earlier file of this worker may have given the real calls back.
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
  });
  afterEach(() => {
    const left = nock.pendingMocks();
    nock.cleanAll();
    expect(left).toEqual([]);
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}
