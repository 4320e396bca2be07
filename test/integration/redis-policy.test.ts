import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHealthServer } from '../../src/http/server.ts';
import { openQueueBackend } from '../../src/queue/backend.ts';
import { createJobQueues } from '../../src/queue/job-queues.ts';
import { openRedis, QueueUnavailableError } from '../../src/queue/redis-connection.ts';
import { assertNoEviction, EvictionPolicyError } from '../../src/queue/redis-policy.ts';
import { createMetrics } from '../../src/runtime/metrics.ts';
import { openHouse } from '../support/house.ts';

// A Redis of this file's own, because its policy is changed and it is stopped; skipped where none is installed.
const installed = spawnSync('redis-server', ['--version']).status === 0;
let server: ChildProcess;
let port: number;
let url: string;

beforeAll(async () => {
  if (!installed) return;
  port = await freePort();
  url = `redis://127.0.0.1:${port}`;
  await start();
});
afterEach(async () => {
  if (installed) await setPolicy('noeviction');
});
afterAll(() => server?.kill('SIGKILL'));

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (typeof address !== 'object' || address === null) throw new Error('no port was given');
  return address.port;
}

/** Resolves when the server says that it takes connections. */
function start(): Promise<void> {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  server = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((ready, failed) => {
    server.once('exit', () => failed(new Error('redis-server did not start')));
    server.stdout?.on('data', (text) => String(text).includes('Ready to accept connections') && ready());
  });
}

async function setPolicy(policy: string): Promise<void> {
  const redis = await openRedis(url, 'producer');
  await redis.config('SET', 'maxmemory-policy', policy);
  redis.disconnect();
}

describe.runIf(installed)('a Redis that may drop jobs', () => {
  it.each(['allkeys-lru', 'volatile-lru', 'volatile-ttl', 'allkeys-random'])('is refused with %s', async (policy) => {
    await setPolicy(policy);
    const failure = await openQueueBackend({ kind: 'redis', url }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EvictionPolicyError);
    const { messageKo, messageEn } = failure as EvictionPolicyError;
    for (const text of [messageKo, messageEn]) {
      expect(text).toContain(policy);
      expect(text).toContain('CONFIG SET maxmemory-policy noeviction');
    }
  });

  it('is found out by INFO where CONFIG is forbidden', async () => {
    const admin = await openRedis(url, 'producer');
    await admin.call('ACL', 'SETUSER', 'shop', 'on', '>pass', '~*', '&*', '+@all', '-config');
    const guest = await openRedis(`redis://shop:pass@127.0.0.1:${port}`, 'producer');
    await expect(guest.config('GET', 'maxmemory-policy')).rejects.toThrow('NOPERM');
    await assertNoEviction(guest);
    await admin.config('SET', 'maxmemory-policy', 'volatile-lru');
    await expect(assertNoEviction(guest)).rejects.toThrow('volatile-lru');
    guest.disconnect();
    admin.disconnect();
  });
});

describe.runIf(installed)('a Redis whose memory is full', () => {
  it('is not ready, although it answers every read; and is again once there is room', async () => {
    const house = await openHouse();
    const backend = await openQueueBackend({ kind: 'redis', url });
    const queues = createJobQueues(backend);
    const { deps, store } = house;
    const server = createHealthServer({ log: deps.log, store, queues, deps, metrics: createMetrics() });
    const admin = await openRedis(url, 'producer');
    const ready = async () => (await server.inject('/readyz')).json();
    expect(await ready()).toEqual({ ready: true, store: true, queue: true });
    await admin.config('SET', 'maxmemory', '1');
    expect(await queues.depth(null)).toMatchObject({ waiting: 0 });
    await expect(queues.add('sweep', {})).rejects.toThrow('OOM');
    expect(await ready()).toEqual({ ready: false, store: true, queue: false });
    await admin.config('SET', 'maxmemory', '0');
    expect(await ready()).toEqual({ ready: true, store: true, queue: true });
    admin.disconnect();
    await server.close();
    await backend.close();
    await house.close();
  });
});

describe('a Redis that cannot be reached', () => {
  it('is told with its place and without the password', async () => {
    const failure = await openQueueBackend({ kind: 'redis', url: 'redis://:hidden@127.0.0.1:1' }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(QueueUnavailableError);
    const { messageKo, messageEn } = failure as QueueUnavailableError;
    for (const text of [messageKo, messageEn]) {
      expect(text).toContain('127.0.0.1:1');
      expect(text).toContain('ECONNREFUSED');
      expect(text).not.toContain('hidden');
    }
  });

  it.each(['http://:hidden@host', 'hidden'])('does not repeat an unreadable url (%#)', async (bad) => {
    const failure = await openRedis(bad, 'worker').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(QueueUnavailableError);
    expect(`${String(failure)}${JSON.stringify(failure)}`).not.toContain('hidden');
  });

  it.runIf(installed)('fails a producer at once, while a worker waits for its return', async () => {
    const warnings: unknown[] = [];
    const queues = await openQueueBackend({ kind: 'redis', url, log: { warn: (fields) => warnings.push(fields) } });
    const queue = queues.createQueue('outage');
    let ran: (name: string) => void = () => undefined;
    const job = new Promise<string>((done) => {
      ran = done;
    });
    await queues.createWorker('outage', async (each) => ran(each.name)).waitUntilReady();
    await queue.waitUntilReady();
    const gone = new Promise((done) => server.once('exit', done));
    server.kill('SIGKILL');
    await gone;
    await expect.poll(() => warnings).not.toEqual([]);
    await expect(queue.add('refused', {})).rejects.toThrow();
    await start();
    await expect.poll(() => queue.add('after', {}).then((added) => added.name)).toBe('after');
    expect(await job).toBe('after');
    await queues.close();
  });
});
