import type { Job } from 'bullmq';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { JOB_RETENTION, type QueueBackend } from '../../src/queue/backend.ts';
import { SharedSessionPool } from '../../src/queue/shared-session-pool.ts';
import { type Database, NestedUseError } from '../../src/store/database.ts';
import { openTestDatabase, openTestQueueBackend, postgresServer, redisServer } from '../support/database.ts';

// The same cases on every queue: PGlite, PostgreSQL (NARU_TEST_DATABASE_URL), Redis (NARU_TEST_REDIS_URL).
let database: Database;
let queues: QueueBackend;
const warnings: string[] = [];
const log = { warn: (fields: Record<string, unknown>) => void warnings.push(String(fields.reason ?? fields.code)) };
const opened: QueueBackend[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  await database.query('CREATE TABLE naru.tally (job text, try int)');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});
afterAll(() => database.close());

async function open(closeGraceMs = 8_000): Promise<QueueBackend> {
  queues = await openTestQueueBackend(database, { closeGraceMs, log });
  opened.push(queues);
  return queues;
}

/** A promise settled from outside, to wait for an event instead of for time. */
function signal<T = void>(): { promise: Promise<T>; done: (value: T) => void } {
  let done: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    done = resolve;
  });
  return { promise, done };
}

it('runs 500 jobs exactly once, eight at a time, while the store is in use', async () => {
  const { createQueue, createWorker } = bound(await open());
  const queue = createQueue<{ n: number }>('exactly-once');
  const finished = signal();
  let count = 0;
  createWorker<{ n: number }>(
    'exactly-once',
    async (job) => {
      // The store's transaction and the queue's own statements share one session on PGlite.
      await database.transaction(async (tx) => {
        await tx.query('INSERT INTO tally VALUES ($1, $2)', [String(job.data.n), job.attemptsStarted]);
        await tx.query('SELECT count(*) FROM tally WHERE job = $1', [String(job.data.n)]);
      });
      count += 1;
      if (count === 500) finished.done();
    },
    { concurrency: 8 },
  );
  const jobs = Array.from({ length: 500 }, (_, n) => ({ name: 'count', data: { n } }));
  const reading = (async () => {
    while (count < 500) await database.query('SELECT count(*) FROM tally');
  })();
  for (let at = 0; at < 500; at += 50) await queue.addBulk(jobs.slice(at, at + 50));
  await finished.promise;
  await reading;
  const { rows } = await database.query(
    'SELECT count(*) AS runs, count(DISTINCT job) AS jobs, max(try) AS tries FROM tally',
  );
  expect(rows).toEqual([{ runs: 500, jobs: 500, tries: 1 }]);
});

it('wakes a waiting worker at once', async () => {
  const { createQueue, createWorker } = bound(await open());
  const queue = createQueue('wake');
  let ran = signal<string>();
  // Asking for work every five minutes only: without the notification this test would not end.
  const worker = createWorker('wake', async (job) => ran.done(job.name), { drainDelay: 300 });
  for (const name of ['first', 'second', 'third']) {
    await expect.poll(() => Reflect.get(worker, 'waiting') instanceof Promise).toBe(true);
    // A worker that begins to wait looks once more by itself; these answers come after that look.
    for (let look = 0; look < 5; look += 1) await queue.getJobCounts();
    ran = signal();
    await queue.add(name, {});
    expect(await ran.promise).toBe(name);
  }
});

it('runs delayed jobs when they are due and the rest by priority', async () => {
  const { createQueue, createWorker } = bound(await open());
  const queue = createQueue('order');
  const order: string[] = [];
  const all = signal();
  await queue.add('delayed', {}, { delay: 400, priority: 1 });
  for (const [name, priority] of [
    ['create', 60],
    ['content', 50],
    ['stop', 10],
    ['price', 30],
  ] as const) {
    await queue.add(name, {}, { priority });
  }
  createWorker('order', async (job) => {
    order.push(job.name);
    if (order.length === 5) all.done();
  });
  await all.promise;
  expect(order).toEqual(['stop', 'price', 'content', 'create', 'delayed']);
});

it('keeps one schedule however often it is upserted', async () => {
  const { createQueue, createWorker } = bound(await open());
  const queue = createQueue('schedule');
  const ran: Job[] = [];
  const twice = signal();
  await queue.upsertJobScheduler('sweep', { every: 3_600_000 }, { name: 'old' });
  await queue.upsertJobScheduler('sweep', { every: 200 }, { name: 'sweep', data: { account: 'a' } });
  await queue.upsertJobScheduler('sweep', { every: 200 }, { name: 'sweep', data: { account: 'b' } });
  expect(await queue.getJobSchedulersCount()).toBe(1);
  createWorker('schedule', async (job) => {
    ran.push(job);
    if (ran.length === 3) twice.done();
  });
  await twice.promise;
  expect(new Set(ran.map((job) => job.id)).size).toBe(ran.length);
  expect(ran.at(-1)?.data).toEqual({ account: 'b' });
  await queue.removeJobScheduler('sweep');
  expect(await queue.getJobSchedulersCount()).toBe(0);
});

it('gives the job of a dead worker to the next one', async () => {
  const { createQueue, createWorker } = bound(await open(0));
  const queue = createQueue('stalled');
  const started = signal();
  const times = { lockDuration: 500, stalledInterval: 200 };
  const first = createWorker('stalled', () => new Promise(() => started.done()), times);
  await queue.add('work', {});
  await started.promise;
  // Forced: the job stays active and its lock is no longer renewed, as after a crash.
  await first.close(true);
  const again = signal<Job>();
  createWorker('stalled', async (job) => again.done(job), times);
  expect((await again.promise).stalledCounter).toBe(1);
});

it.skipIf(postgresServer || redisServer)(
  'gives what a killed process held to the next one at once, in a folder',
  async () => {
    const first = bound(await open(0));
    const queue = first.createQueue('orphaned');
    const started = signal();
    // Longer than this test may take: nobody waits for the lock to end.
    const worker = first.createWorker('orphaned', () => new Promise(() => started.done()), { lockDuration: 600_000 });
    await queue.add('work', {});
    await started.promise;
    await worker.close(true);
    const second = bound(await open());
    const again = signal<Job>();
    second.createWorker('orphaned', async (job) => again.done(job));
    expect((await again.promise).name).toBe('work');
  },
);

describe('closing', () => {
  it('lets a running job finish within the grace and takes no new one', async () => {
    const { createQueue, createWorker, close } = bound(await open());
    const queue = createQueue('grace');
    const started = signal();
    const finish = signal();
    const seen: string[] = [];
    createWorker('grace', async (job) => {
      seen.push(job.name);
      started.done();
      await finish.promise;
      seen.push(`${job.name} finished`);
    });
    await queue.add('first', {});
    await started.promise;
    await queue.add('second', {});
    const closing = close();
    finish.done();
    await closing;
    expect(seen).toEqual(['first', 'first finished']);
    const { createQueue: inspect } = bound(await reopened());
    expect(await inspect('grace').getWaitingCount()).toBe(redisServer ? 0 : 1);
  });

  it('cancels the signal of a job that outlasts the grace', async () => {
    const { createQueue, createWorker, close } = bound(await open(50));
    const started = signal();
    let reason: unknown;
    createWorker('cancel', async (_job, _token, stop) => {
      started.done();
      await new Promise<void>((stopped) => stop?.addEventListener('abort', () => stopped(), { once: true }));
      reason = stop?.reason;
    });
    await createQueue('cancel').add('long', {});
    await started.promise;
    await close();
    expect(String(reason)).toContain('shutting down');
  });

  it('ends in under ten seconds with a job that ignores everything', async () => {
    const { createQueue, createWorker, close } = bound(await open(50));
    const started = signal();
    createWorker('deaf', () => new Promise(() => started.done()));
    await createQueue('deaf').add('endless', {});
    await started.promise;
    await close();
    expect(() => createQueue('deaf')).toThrow('closed');
  });
});

it('bounds what finished jobs leave behind', async () => {
  const { createQueue } = bound(await open());
  const queue = createQueue('retention');
  expect((await queue.add('kept', {})).opts).toMatchObject(JOB_RETENTION);
  expect((await queue.add('own', {}, { removeOnComplete: 5 })).opts.removeOnComplete).toBe(5);
});

describe.skipIf(redisServer)('the queue in the database', () => {
  it('is not disturbed by tables of the store that have its names', async () => {
    await database.query('CREATE TABLE naru.job (id text); CREATE TABLE naru.event (id text)');
    const { createQueue } = bound(await open());
    const queue = createQueue('names');
    const job = await queue.add('work', { a: 1 });
    expect((await queue.getJob(job.id ?? ''))?.data).toEqual({ a: 1 });
    await database.query('DROP TABLE naru.job; DROP TABLE naru.event');
  });

  it('lends a client its session from BEGIN to the end, and rolls back what is left open', async () => {
    const pool = (await open()).connection('producer');
    if (!(pool instanceof SharedSessionPool)) throw new Error('expected the shared pool');
    await database.query('CREATE TABLE IF NOT EXISTS naru.kept (n int)');
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO naru.kept VALUES (1)');
    const read = database.query('SELECT count(*) AS n FROM kept');
    client.release();
    expect((await read).rows).toEqual([{ n: 0 }]);
    const second = await pool.connect();
    await second.query('BEGIN');
    await second.query('INSERT INTO naru.kept VALUES (2)');
    await second.query('COMMIT');
    expect((await database.query('SELECT n FROM kept')).rows).toEqual([{ n: 2 }]);
    second.release();
    await expect(second.query('SELECT 1')).rejects.toThrow('released');
  });

  it.skipIf(postgresServer)('refuses a job added inside a transaction instead of waiting for itself', async () => {
    const { createQueue } = bound(await open());
    const queue = createQueue('nested');
    await queue.waitUntilReady();
    await expect(database.transaction(() => queue.add('work', {}))).rejects.toThrow(NestedUseError);
    await queue.add('work', {});
  });

  it('serves more workers than there are connections', async () => {
    const { createQueue, createWorker } = bound(await open());
    const names = Array.from({ length: 24 }, (_, n) => `account-${n}`);
    const ran = names.map(() => signal());
    for (const [n, name] of names.entries()) createWorker(name, async () => ran[n]?.done());
    await Promise.all(names.map((name) => createQueue(name).add('pull', {})));
    await Promise.all(ran.map((each) => each.promise));
  });

  it.runIf(postgresServer)('wakes workers again after the server ended their connections', async () => {
    const { createQueue, createWorker } = bound(await open());
    const queue = createQueue('lost');
    let ran = signal<string>();
    const worker = createWorker('lost', async (job) => ran.done(job.name), { drainDelay: 300 });
    await queue.add('before', {});
    await ran.promise;
    await new Promise<void>((drained) => worker.once('drained', drained));
    ran = signal();
    warnings.length = 0;
    await database.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await expect.poll(() => warnings).not.toEqual([]);
    await expect.poll(() => queue.add('after', {}).then((job) => job.name)).toBe('after');
    expect(await ran.promise).toBe('after');
  });
});

function bound(backend: QueueBackend) {
  return {
    createQueue: backend.createQueue.bind(backend) as QueueBackend['createQueue'],
    createWorker: backend.createWorker.bind(backend) as QueueBackend['createWorker'],
    close: () => backend.close(),
  };
}

// A second opening sees what the first one left (on Redis each opening has keys of its own, hence an empty queue).
function reopened(): Promise<QueueBackend> {
  return open();
}

it('leaves the store open when it closes', async () => {
  const backend = await open();
  await backend.close();
  await backend.close();
  expect((await database.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});
