import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelError } from '../../src/channel/errors.ts';
import { type ChannelCall, type ChannelHttp, createChannelHttp } from '../../src/channel/http.ts';
import type { Limit } from '../../src/channel/limits.ts';
import { createManualClock } from '../../src/runtime/clock.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { createMemoryLimiter } from '../conformance/memory-limiter.ts';
import { host, useNock } from '../support/gmarket-esm-nock.ts';

useNock();

const startAt = new Date('2026-12-07T00:00:00Z');
const secret = 'a-secret-nobody-may-see';
const limit: Limit = {
  family: 'items',
  intervalMs: 1_000,
  burst: 10,
  origin: 'published',
  source: 'this test',
  date: '2026-12-07',
};

let clock: ReturnType<typeof createManualClock>;
let stopping: AbortController;
let lines: string[];
let outcomes: string[];
let http: ChannelHttp;

beforeEach(() => {
  clock = createManualClock(startAt);
  stopping = new AbortController();
  lines = [];
  outcomes = [];
  http = createChannelHttp({
    accountId: 'esm',
    baseUrl: host,
    limits: [limit],
    limiter: createMemoryLimiter(clock),
    clock,
    log: createLogger({ level: 'trace', destination: { write: (line) => void lines.push(line) } }),
    signal: stopping.signal,
    onCall: ({ outcome }) => void outcomes.push(outcome),
  });
});

afterEach(() => expect(lines.join('')).not.toContain(secret));

const call = (change: Partial<ChannelCall> = {}): ChannelCall => ({
  method: 'POST',
  path: '/x',
  family: 'items',
  safe: false,
  headers: { authorization: `Bearer ${secret}` },
  body: { secretKey: secret },
  ...change,
});

/** The error of a call, which must be one for adapters and must not drag the call along. */
async function failureOf(change: Partial<ChannelCall> = {}): Promise<ChannelError> {
  const failure = await http.request(call(change)).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ name: 'ChannelError' });
  const texts = JSON.stringify(failure, Object.getOwnPropertyNames(failure));
  expect(texts).not.toContain(secret);
  expect(failure).not.toHaveProperty('cause');
  return failure as ChannelError;
}

describe('statuses', () => {
  it.each([
    [301, 'protocol'],
    [400, 'rejected'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [408, 'timeout'],
    [409, 'conflict'],
    [418, 'rejected'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('%d is %s', async (status, kind) => {
    nock(host).post('/x').reply(status, '<html>');
    expect(await failureOf()).toMatchObject({ kind, code: `HTTP_${status}`, sent: true });
    expect(outcomes).toEqual([kind]);
  });

  it('hands back a status that the adapter judges itself', async () => {
    nock(host).post('/x').reply(400, { code: 7 });
    await expect(http.request(call({ acceptStatus: [400] }))).resolves.toEqual({ status: 400, body: { code: 7 } });
  });

  it('follows no redirect: it would carry the token to another host', async () => {
    nock(host).post('/x').reply(302, '', { location: 'https://elsewhere.example/x' });
    expect(await failureOf()).toMatchObject({ kind: 'protocol', code: 'HTTP_302' });
  });
});

describe('answers', () => {
  it.each([
    ['<html><body>점검 중입니다</body></html>'],
    ['{"resultCode":0,"data":[{"orderNo":43'],
    ['{"resultCode":0}{"resultCode":0}'],
  ])('%s is no answer we understand', async (body) => {
    nock(host).post('/x').reply(200, body);
    const error = await failureOf();
    expect(error).toMatchObject({ kind: 'protocol', code: 'NOT_JSON', sent: true });
    // It may hold a buyer's data.
    expect(error.message).not.toContain(body.slice(0, 12));
  });

  it('an empty answer is null', async () => {
    nock(host).post('/x').reply(200, '');
    await expect(http.request(call())).resolves.toEqual({ status: 200, body: null });
  });

  it('an answer far beyond a page is refused before it fills the memory', async () => {
    nock(host)
      .post('/x')
      .reply(200, Buffer.alloc(33 * 1024 * 1024, 0x20));
    expect(await failureOf()).toMatchObject({ kind: 'protocol', code: 'ANSWER_TOO_LARGE', sent: true });
  });
});

describe('too many calls', () => {
  it.each([
    ['7', 7_000],
    ['Mon, 07 Dec 2026 00:00:30 GMT', 30_000],
  ])('429 with Retry-After %s makes everybody wait', async (value, waitMs) => {
    nock(host).post('/x').reply(429, '', { 'retry-after': value });
    expect(await failureOf({ safe: true })).toMatchObject({ kind: 'rate-limited', retryAfterMs: waitMs, sent: true });
    expect(outcomes).toEqual(['rate-limited']);
    nock(host).post('/x').reply(200, '{}');
    if (waitMs > 15_000) {
      expect(await failureOf()).toMatchObject({ kind: 'rate-limited', code: 'OWN_LIMIT', sent: false });
      clock.jumpTo(new Date(startAt.getTime() + waitMs));
    }
    await http.request(call());
    expect(clock.now().getTime() - startAt.getTime()).toBe(waitMs);
  });

  it('429 without a time asks for no wait of its own', async () => {
    nock(host).post('/x').reply(429, '');
    expect(await failureOf()).toMatchObject({ kind: 'rate-limited', retryAfterMs: null });
    nock(host).post('/x').reply(200, '{}');
    await http.request(call());
    expect(clock.now()).toEqual(startAt);
  });
});

describe('repeating', () => {
  it.each([502, 503, 504])('a safe call is repeated after %d', async (status) => {
    nock(host).post('/x').times(2).reply(status, '').post('/x').reply(200, '{"ok":true}');
    await expect(http.request(call({ safe: true }))).resolves.toEqual({ status: 200, body: { ok: true } });
    expect(outcomes).toEqual(['unavailable', 'unavailable', 'ok']);
  });

  it('and given up after three times', async () => {
    nock(host).post('/x').times(3).reply(503, '');
    expect(await failureOf({ safe: true })).toMatchObject({ kind: 'unavailable', code: 'HTTP_503' });
    expect(outcomes).toHaveLength(3);
  });

  it('a lost connection is repeated for a safe call', async () => {
    nock(host)
      .post('/x')
      .replyWithError(Object.assign(new Error('x'), { code: 'ECONNRESET' }));
    nock(host).post('/x').reply(200, '{}');
    await http.request(call({ safe: true }));
    expect(outcomes).toEqual(['unavailable', 'ok']);
  });

  it('no other call is ever repeated: a product could be doubled', async () => {
    nock(host).post('/x').reply(503, '');
    expect(await failureOf()).toMatchObject({ kind: 'unavailable', sent: true });
    nock(host)
      .post('/x')
      .replyWithError(Object.assign(new Error('x'), { code: 'ECONNRESET' }));
    expect(await failureOf()).toMatchObject({ kind: 'unavailable', code: 'ECONNRESET', sent: true });
    expect(outcomes).toHaveLength(2);
  });

  it.each([400, 401, 404, 409])('nothing is repeated after %d', async (status) => {
    nock(host).post('/x').reply(status, '');
    await failureOf({ safe: true });
    expect(outcomes).toHaveLength(1);
  });

  it('a refused connection was never sent, and is left to the queue', async () => {
    nock(host)
      .post('/x')
      .replyWithError(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }));
    expect(await failureOf({ safe: true })).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED', sent: false });
    expect(outcomes).toHaveLength(1);
  });
});

it('refuses a family that the adapter did not declare', async () => {
  await expect(http.request(call({ family: 'other' }))).rejects.toThrow(/no limit family other/);
});

describe('a stop of our own', () => {
  const stop = () => stopping.abort(new Error('naru is stopping'));

  it.each([true, false])('keeps a call that has not begun from being sent (safe: %s)', async (safe) => {
    nock(host).post('/x').reply(200, {});
    stop();
    expect(await failureOf({ safe })).toMatchObject({ kind: 'unavailable', code: 'STOPPED', sent: false });
    expect(nock.isDone()).toBe(false);
    nock.cleanAll();
  });

  it('ends the wait for a slot, and nothing was sent', async () => {
    nock(host).post('/x').times(limit.burst).reply(200, {});
    for (let n = 0; n < limit.burst; n += 1) await http.request(call());
    stop();
    expect(await failureOf()).toMatchObject({ kind: 'unavailable', code: 'STOPPED', sent: false });
  });

  it('ends the wait between two tries, of which the first was sent', async () => {
    nock(host)
      .post('/x')
      .reply(503, () => {
        stop();
        return '';
      });
    expect(await failureOf({ safe: true })).toMatchObject({ kind: 'unavailable', sent: true });
    expect(outcomes).toHaveLength(1);
  });
});
