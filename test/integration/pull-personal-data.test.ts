import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountQueueName } from '../../src/queue/jobs.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { pullStream } from '../../src/sync/pull-stream.ts';
import { redisServer } from '../support/database.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';
import { buyOn, playOn } from '../support/sandbox-buyers.ts';

const sku = 'SG-01-001';
const dayMs = 24 * 3_600_000;
let house: House;
const lines: string[] = [];
const errors: string[] = [];

beforeAll(async () => {
  house = await openHouse();
  await house.addAccount();
  await house.putOnSale([sku]);
});
afterAll(() => house.close());

/** Every place outside the channel where something is kept, as one text each. */
async function everythingKept(): Promise<Map<string, string>> {
  const places = new Map([
    ['log', [...house.logLines, ...lines].join('')],
    ['errors', errors.join('\n')],
  ]);
  const { rows: tables } = await house.store.query<{ place: string }>(
    `select format('%I.%I', table_schema, table_name) as place from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  for (const { place } of tables) {
    const { rows } = await house.store.query<{ row: string }>(`select to_json(t)::text as row from ${place} t`);
    places.set(place, rows.map((row) => row.row).join('\n'));
  }
  if (redisServer) places.set('redis', await everythingInRedis(redisServer));
  return places;
}

async function everythingInRedis(url: string): Promise<string> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  const texts: string[] = [];
  try {
    for (const key of await redis.keys('*')) {
      const type = await redis.type(key);
      const read: Record<string, () => Promise<unknown>> = {
        string: () => redis.get(key),
        hash: () => redis.hgetall(key),
        list: () => redis.lrange(key, 0, -1),
        set: () => redis.smembers(key),
        zset: () => redis.zrange(key, '0', '-1'),
        stream: () => redis.xrange(key, '-', '+'),
      };
      texts.push(key, JSON.stringify(await read[type]?.()));
    }
  } finally {
    redis.disconnect();
  }
  return texts.join('\n');
}

function findIn(places: ReadonlyMap<string, string>, values: readonly string[]): string[] {
  return [...places].flatMap(([place, text]) =>
    values.filter((value) => text.includes(value)).map((value) => `${place}: ${value}`),
  );
}

/** Orders on both sites in every state that a claim can bring, old enough for every field of their buyers to be filled. */
async function playBuyers(): Promise<void> {
  for (const site of ['gmkt', 'iac']) {
    const wish = { sku, site, units: 1, shippingFee: 3_000, addressChanged: true };
    const bought = await buyOn(house.sandbox, [wish, wish, wish, wish]);
    house.pass(600_000);
    for (const [index, kind] of ['cancel', 'return', 'exchange'].entries()) {
      const orderNo = bought[index] ?? '';
      if (kind !== 'cancel') await playOn(house.sandbox, `/_orders/${orderNo}/advance`, { to: 'delivered' });
      for (const state of ['requested', 'processing', 'done']) {
        house.pass(1_000);
        await playOn(house.sandbox, '/_claims', { orderNo, kind, state });
      }
    }
  }
  await playOn(house.sandbox, '/_settle', { all: true });
  house.pass(2 * dayMs);
}

async function pullAll(): Promise<void> {
  const log = createLogger({ level: 'trace', destination: { write: (line) => void lines.push(line) } });
  const deps = { ...house.deps, log };
  const endpoints = {
    orders: 'POST /shipping/v1/Order/RequestOrders',
    claims: 'POST /claim/v1/sa/Returns',
    settlements: 'POST /account/v1/settle/getsettleorder',
  };
  for (const stream of ['claims', 'orders', 'settlements'] as const) {
    const request = { accountId: ACCOUNT, stream, runId: null, window: null };
    // What cannot be read is where a careless error would quote it.
    house.fault({ match: endpoints[stream], fault: 'cut-json', after: 1 });
    const failure: unknown = await pullStream(deps, request).catch((error: unknown) => error);
    if (!(failure instanceof Error)) throw new Error(`${stream}: the answer was not cut`);
    errors.push(JSON.stringify(failure, Object.getOwnPropertyNames(failure)));
    log.error({ err: failure }, 'a pull failed');
    house.fault();
    await pullStream(deps, request);
    // Once more as a job, so that it goes through the queue.
    await house.queues.add('pull', { accountId: ACCOUNT, stream, runId: null, from: null, to: null, sweep: false });
    await house.work();
    await house.queues.add('pull', { accountId: ACCOUNT, stream, runId: null, from: null, to: null, sweep: true });
  }
}

it('keeps nothing by which a buyer could be known: in no table, no log line, no error and no key', async () => {
  await playBuyers();
  await pullAll();
  const { values } = (await (await fetch(`${house.sandbox.url}/_personal`)).json()) as { values: string[] };
  // Eight buyers with seven values each.
  expect(new Set(values).size).toBe(56);

  const places = await everythingKept();
  expect([...places.keys()]).toEqual(expect.arrayContaining(['naru.raw_record', 'naru.order_line', 'naru.claim']));
  expect(places.get('naru.raw_record')?.split('\n').length).toBeGreaterThanOrEqual(8 + 6);
  expect(places.get('log')).toContain('channel call');
  expect(findIn(places, values)).toEqual([]);

  // The search does find what is there: in a table, in a log line, in what waits in the queue.
  const [name = '', phone = '', address = ''] = [values[0], values[2], values[3]];
  await house.store.query(`update naru.raw_record set payload = payload || $1::jsonb`, [JSON.stringify({ name })]);
  lines.push(`{"msg":"${phone}"}`);
  await house.queues.add('check', { accountId: address });
  const found = findIn(await everythingKept(), values);
  await house.backend.createQueue(accountQueueName(address)).obliterate({ force: true });
  const queueOf = found.filter((place) => place.endsWith(`: ${address}`));
  expect(found).toEqual(expect.arrayContaining([`naru.raw_record: ${name}`, `log: ${phone}`]));
  expect(queueOf.some((place) => place.startsWith(redisServer ? 'redis' : 'bullmq.'))).toBe(true);
});
