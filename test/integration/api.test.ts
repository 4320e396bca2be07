import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../src/app.ts';
import { createRegistry } from '../../src/channel/registry.ts';
import { loadConfig } from '../../src/config.ts';
import { PeopleError } from '../../src/domain/people-error.ts';
import { createServer } from '../../src/http/server.ts';
import { createManualClock } from '../../src/runtime/clock.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { writeDeadLetter } from '../../src/store/dead-letters.ts';
import { placeholderName, saveProductImages } from '../../src/store/images.ts';
import { importCatalogue } from '../../src/sync/import-catalogue.ts';
import { pullStream } from '../../src/sync/pull-stream.ts';
import { openEmptyDatabase, postgresServer, redisServer, urlOf } from '../support/database.ts';
import { createMemoryChannel, lineOf, orderOf, withMemoryAccount } from '../support/memory-channel.ts';

const token = 'a-token-of-sixteen-or-more';
const sku = 'SG-01-001';
/** One of its own: on Redis the queues of several runs lie side by side. */
const account = `memory-${randomBytes(4).toString('hex')}`;
const lines: string[] = [];
const channel = createMemoryChannel();
let folder: string;
let app: App;
let server: FastifyInstance;
let closeDatabase: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'naru-api-'));
  const environment: Record<string, string> = { NARU_DATA_DIR: join(folder, 'data') };
  if (postgresServer) {
    const database = await openEmptyDatabase();
    closeDatabase = () => database.close();
    environment.DATABASE_URL = urlOf(database) ?? '';
    environment.NARU_SECRET_KEY = Buffer.alloc(32, 7).toString('base64');
    if (redisServer) environment.REDIS_URL = redisServer;
  }
  app = await createApp({
    config: loadConfig(environment),
    registry: createRegistry([channel.adapter]),
    log: createLogger({ level: 'trace', destination: { write: (line) => void lines.push(line) } }),
    clock: createManualClock(new Date('2026-11-23T09:00:00+09:00')),
  });
  await withMemoryAccount(app.deps, channel, account);
  await importCatalogue(app.deps, { path: 'demo/catalogue/products.json', allowRename: false });
  channel.orders.push(
    orderOf('o1', new Date('2026-11-22T10:00:00+09:00'), { lines: [lineOf({ sku, minor: 23_900, units: 2 })] }),
  );
  await pullStream(app.deps, { accountId: account, stream: 'orders', runId: null, window: null });
  server = createServer({
    app,
    token,
    runCommand: async (name) => {
      if (name === 'fault') throw new Error('a fault that nobody outside may read');
      if (name === 'refused') throw new PeopleError('sku_unknown', '없는 상품입니다.', 'There is no such product.');
      return { answer: { done: name }, exitCode: 0 };
    },
  });
});

afterAll(async () => {
  await server.close();
  await app.close();
  await closeDatabase();
  await rm(folder, { recursive: true, force: true });
});

const get = (url: string, authorization: string | null = `Bearer ${token}`) =>
  server.inject({ method: 'GET', url, headers: authorization === null ? {} : { authorization } });
const post = (url: string, payload: string | object) =>
  server.inject({
    method: 'POST',
    url,
    payload,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });

describe('health', () => {
  it('needs no token', async () => {
    const healthy = await get('/healthz', null);
    expect(healthy.statusCode).toBe(200);
    expect(healthy.json()).toEqual({ status: 'ok', service: 'naru', version: app.deps.version });
    const ready = await get('/readyz', null);
    expect(ready.statusCode).toBe(200);
    expect(ready.json()).toEqual({ ready: true, store: true, queue: true });
  });

  it('measures what operators watch, by account and without a word about products or buyers', async () => {
    app.deps.onCall({ account, family: 'items', outcome: 'ok', durationMs: 12 });
    app.deps.onCall({ account, family: 'items', outcome: 'rate-limited', durationMs: 12 });
    await app.queues.add('pull', {
      accountId: account,
      stream: 'orders',
      runId: null,
      from: null,
      to: null,
      sweep: false,
    });
    await writeDeadLetter(app.store, {
      ...{ jobName: 'push', payload: {}, accountId: account, sku: null, kind: 'rejected', code: 'X', attempts: 1 },
      ...{ messageKo: '가', messageEn: 'a', now: app.deps.clock.now() },
    });
    await app.store.query(
      `with l as (insert into naru.listing (account_id, sku, state, updated_at) values ($2, $1, 'planned', now())
         returning listing_id)
       insert into naru.attempt (listing_id, operation, wanted, started_at) select listing_id, 'create', '{}', now() from l`,
      [sku, account],
    );
    await app.store.query(`update naru.account set state = 'paused'`);
    (app.deps.clock as ReturnType<typeof createManualClock>).jumpTo(new Date('2026-11-23T09:02:00+09:00'));

    const answer = await get('/metrics', null);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    for (const line of [
      `naru_channel_calls_total{account="${account}",family="items",outcome="ok"} 1`,
      `naru_channel_calls_total{account="${account}",family="items",outcome="rate-limited"} 1`,
      `naru_queue_jobs{queue="${account}",state="waiting"} 1`,
      `naru_bookmark_lag_seconds{account="${account}",stream="orders"} 120`,
      `naru_listings_in_doubt{account="${account}"} 1`,
      `naru_dead_letters{account="${account}"} 1`,
      `naru_account_paused{account="${account}"} 1`,
    ]) {
      expect(answer.body.split('\n')).toContain(line);
    }
    expect(answer.body).toMatch(/^naru_queue_jobs\{queue="core",state="waiting"\} \d+$/m);
    expect(answer.body).not.toContain(sku);
    await app.store.query(`update naru.account set state = 'active'`);
    expect((await get('/metrics', null)).body).not.toContain('naru_account_paused{');
  });
});

describe('the token', () => {
  it.each([null, '', `Bearer ${token}x`, `Bearer ${token.slice(1)}`, `bearer ${token}`, token, 'Basic abc'])(
    'is wanted for everything that says something: %j is refused',
    async (authorization) => {
      for (const url of ['/sales', '/listings']) {
        const answer = await get(url, authorization);
        expect(answer.statusCode).toBe(401);
        expect(answer.json()).toMatchObject({ error: { code: 'unauthorized', message_ko: expect.any(String) } });
      }
      const command = await server.inject({
        method: 'POST',
        url: '/commands/push',
        headers: authorization === null ? {} : { authorization },
      });
      expect(command.statusCode).toBe(401);
    },
  );
});

describe('reports', () => {
  it('give sales in one grouping, with totals', async () => {
    const answer = await get('/sales?by=day&from=2026-11-22&to=2026-11-22');
    expect(answer.statusCode).toBe(200);
    const nothing = { rows: [], totals: [], won: { gross: 0, net: 0 }, rates: [], leads: [] };
    const figures = { currency: 'KRW', order_lines: 1, units: 2, gross: 47_800, net: 47_800 };
    expect(answer.json()).toMatchObject({ rows: [{ day: '2026-11-22', ...figures }], totals: [figures] });
    expect((await get('/sales?from=2026-11-23')).json()).toEqual(nothing);
    expect((await get('/sales?as_of=2026-11-23T08:59:59%2B09:00')).json()).toEqual(nothing);
    expect((await get('/sales?campaign=none')).json()).toMatchObject({ error: { code: 'campaign_unknown' } });
  });

  it.each([
    '/sales?by=buyer',
    '/sales?from=2026-02-30',
    '/sales?to=yesterday',
    '/sales?as_of=2026-11-23',
    '/sales?campaign=a&campaign=b',
    '/sales?campaign=%00',
    '/listings?state=sold',
    '/listings?account=a&account=b',
    '/listings?account=%00',
  ])('refuse %s with a sentence', async (url) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(400);
    const { error } = answer.json();
    expect(error).toEqual({ code: 'query_invalid', message_ko: expect.any(String), message_en: expect.any(String) });
  });

  it('list listings by account and state', async () => {
    const answer = await get(`/listings?account=${account}&state=planned`);
    expect(answer.json()).toMatchObject({ listings: [{ account, sku, state: 'planned' }] });
    expect((await get(`/listings?account=${account}&state=rejected`)).json()).toEqual({ listings: [] });
    expect((await get('/listings?account=nobody')).json()).toMatchObject({ error: { code: 'account_unknown' } });
  });
});

describe('images', () => {
  const bytes = PNG.sync.write(new PNG({ width: 2, height: 2 }));
  const sha256 = 'ab'.repeat(32);

  beforeAll(async () => {
    const image = { sha256, contentType: 'image/png', width: 2, height: 2, bytes };
    await app.store.transaction((tx) => saveProductImages(tx, [{ sku: 'SG-01-002', images: [image] }]));
  });

  it('are served to whoever knows their address, and may be kept for ever', async () => {
    const answer = await get(`/images/${sha256}.png`, null);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'cache-control': expect.stringMatching(/immutable/),
    });
    expect(answer.rawPayload).toEqual(bytes);
  });

  it('are drawn for a demo product that has none', async () => {
    const answer = await get(`/images/${placeholderName(sku)}`, null);
    // It shows the product's name, which may be corrected: nobody may keep it for a year.
    expect(answer.headers['cache-control']).toBe('public, max-age=300');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('image/png');
    expect(PNG.sync.read(answer.rawPayload).width).toBeGreaterThanOrEqual(500);
  });

  it.each([
    `${'cd'.repeat(32)}.png`,
    `${sha256}.gif`,
    `${sha256.toUpperCase()}.png`,
    sha256,
    placeholderName('NO-SUCH-SKU'),
    placeholderName('\0'),
    'placeholder-.png',
    'placeholder-f.png',
    'placeholder-ff.png',
    '..%2f..%2fpackage.json',
    '..%5c..%5cpackage.json',
    `..%2fimages%2f${sha256}.png`,
    '%00',
  ])('are not found under %s', async (name) => {
    const answer = await get(`/images/${name}`, null);
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ error: { code: 'not_found' } });
  });

  it('lead to no other place', async () => {
    for (const url of [
      '/images/../healthz/../package.json',
      '/images/%2e%2e/package.json',
      '/images//etc/passwd',
      '/images/',
    ]) {
      expect((await get(url, null)).statusCode, url).toBe(404);
    }
  });
});

describe('what goes wrong', () => {
  it('an unknown address is told so', async () => {
    const answer = await get('/nowhere', null);
    expect(answer.statusCode).toBe(404);
    const { error } = answer.json();
    expect(error).toEqual({ code: 'not_found', message_ko: expect.any(String), message_en: expect.any(String) });
  });

  it('a command runs, and what it refuses is a sentence', async () => {
    expect((await post('/commands/push', {})).json()).toEqual({ answer: { done: 'push' }, exitCode: 0 });
    const answer = await post('/commands/refused', {});
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toEqual({
      error: { code: 'sku_unknown', message_ko: '없는 상품입니다.', message_en: 'There is no such product.' },
    });
  });

  it.each(['{"half":', '', 'text'])('a body that cannot be read is refused: %j', async (body) => {
    const answer = await post('/commands/push', body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code: 'bad_request' } });
  });

  it('a fault of ours is in the log under the number that is answered, and nowhere else', async () => {
    lines.length = 0;
    const answer = await post('/commands/fault', {});
    expect(answer.statusCode).toBe(500);
    const { error } = answer.json();
    expect(error).toMatchObject({ code: 'fault', message_en: expect.stringMatching(/request req-\w+ in the log/) });
    expect(answer.body).not.toMatch(/nobody outside|\bat \w+|\.ts:/);
    const [, requestId = ''] = /request (req-\w+)/.exec(error.message_en) ?? [];
    const line = lines.find((each) => each.includes('nobody outside'));
    expect(line).toContain(requestId);
    expect(line).toContain('stack');
    expect(lines.join('')).not.toContain(token);
  });
});

it('is not ready without its store, and says so without a fault', async () => {
  await app.close();
  const answer = await get('/readyz', null);
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toMatchObject({ ready: false, store: false });
  expect((await get('/healthz', null)).statusCode).toBe(200);
  expect((await get('/sales')).statusCode).toBe(500);
});
