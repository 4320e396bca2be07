import {
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  type DefaultJobOptions,
  type IQueueBackend,
  type PgPool,
  type Processor,
  Queue,
  type QueueOptions,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import type { Redis } from 'ioredis';
import type { PgliteDatabase } from '../store/pglite.ts';
import type { ConnectionLog } from '../store/postgres-connection.ts';
import { createPglitePool, releaseOrphans } from './pglite-pool.ts';
import { createPostgresPool } from './postgres-pool.ts';
import { openRedis } from './redis-connection.ts';
import { assertNoEviction } from './redis-policy.ts';

type QueueConnection = PgPool | Redis;
export type JobQueue<Data = unknown> = Queue<
  Data,
  unknown,
  string,
  Data,
  unknown,
  string,
  IQueueBackend,
  QueueConnection
>;
export type JobWorker<Data = unknown, Result = unknown> = Worker<
  Data,
  Result,
  string,
  IQueueBackend,
  JobProgressData,
  QueueConnection
>;
type JobProgressData = string | boolean | number | object;

export type QueueBackendOptions = {
  log?: ConnectionLog;
  /** How long close() lets running jobs go on before it asks them to stop; ms, default 8000. */
  closeGraceMs?: number;
} & (
  | { kind: 'pglite'; database: PgliteDatabase }
  | { kind: 'postgres'; url: string; poolSize?: number }
  /** `prefix` stands before every key, default `naru`. */
  | { kind: 'redis'; url: string; prefix?: string }
);

/** The queue, whatever it stands on. Close it before the store. */
export interface QueueBackend {
  readonly kind: 'pglite' | 'postgres' | 'redis';
  /** The shared connection: producers fail fast where the server is away, workers wait for it. */
  connection(role: 'producer' | 'worker'): QueueConnection;
  /** For BullMQ classes that are not made here; it uses the shared connections whatever its options say. */
  readonly backendFactory: BackendFactory<IQueueBackend, QueueConnection>;
  createQueue<Data>(name: string, options?: Omit<QueueOptions, 'connection' | 'prefix'>): JobQueue<Data>;
  createWorker<Data, Result = unknown>(
    name: string,
    processor: Processor<Data, Result, string>,
    options?: Omit<WorkerOptions, 'connection' | 'prefix'>,
  ): JobWorker<Data, Result>;
  /**
   * Throws when the queue cannot take a job now. A read would not tell: a Redis whose memory is full answers every read
   * and refuses every write, which is what `noeviction` asks of it.
   */
  assertWritable(): Promise<void>;
  /**
   * Stops taking jobs, lets running ones finish within the grace, then cancels their signals and leaves what still runs
   * to be picked up as stalled by the next worker. Takes under 10 s; may be called twice.
   */
  close(): Promise<void>;
}

// Finished jobs are kept only to be looked at; what happened is told by the store's rows. Bounded by age and by count,
// because a queue that fills with finished jobs ends in a Redis that refuses every write. Ages in seconds.
export const JOB_RETENTION: DefaultJobOptions = {
  removeOnComplete: true,
  removeOnFail: { age: 86_400, count: 1_000 },
};

const CLOSE_GRACE_MS = 8_000;
const CANCEL_GRACE_MS = 1_000;

/**
 * Opens the queue. The tables of `pglite` and `postgres` must exist (migrate with `queueTables`).
 * @throws QueueUnavailableError when Redis cannot be reached, EvictionPolicyError when it may drop jobs,
 * StoreUnavailableError when the PostgreSQL url cannot be read.
 */
export async function openQueueBackend(options: QueueBackendOptions): Promise<QueueBackend> {
  switch (options.kind) {
    case 'pglite': {
      await releaseOrphans(options.database.session);
      const pool = createPglitePool(options.database.session);
      return new SharedQueueBackend(
        options,
        overPool(pool),
        { producer: pool, worker: pool },
        async () => undefined,
        () => pool.end(),
      );
    }
    case 'postgres': {
      const { pool, close } = createPostgresPool(options);
      return new SharedQueueBackend(
        options,
        overPool(pool),
        { producer: pool, worker: pool },
        async () => undefined,
        close,
      );
    }
    case 'redis':
      return openOverRedis(options);
  }
}

function overPool(pool: PgPool): BackendFactory<IQueueBackend, QueueConnection> {
  return (name, options, more) => createPostgresBackend(name, { ...options, connection: pool }, more);
}

async function openOverRedis(options: QueueBackendOptions & { kind: 'redis' }): Promise<QueueBackend> {
  const producer = await openRedis(options.url, 'producer', options.log);
  let worker: Redis;
  try {
    await assertNoEviction(producer);
    worker = await openRedis(options.url, 'worker', options.log);
  } catch (error) {
    producer.disconnect();
    throw error;
  }
  const factory: BackendFactory<IQueueBackend, QueueConnection> = (name, given, more) => {
    const waits = more?.withBlockingConnection || more?.blocking;
    return createRedisBackend(name, { ...given, connection: waits ? worker : producer }, more);
  };
  const assertWritable = async () => {
    await producer.set(`${options.prefix ?? 'naru'}:writable`, '1', 'EX', 60);
  };
  return new SharedQueueBackend(options, factory, { producer, worker }, assertWritable, async () => {
    producer.disconnect();
    worker.disconnect();
  });
}

class SharedQueueBackend implements QueueBackend {
  readonly kind: QueueBackend['kind'];
  readonly backendFactory: BackendFactory<IQueueBackend, QueueConnection>;
  readonly #options: QueueBackendOptions;
  readonly #prefix: { prefix?: string };
  readonly #connections: Record<'producer' | 'worker', QueueConnection>;
  readonly #assertWritable: () => Promise<void>;
  readonly #disconnect: () => Promise<void>;
  readonly #queues = new Set<{ close(): Promise<void> }>();
  readonly #workers = new Set<StoppableWorker>();
  #closing: Promise<void> | undefined;

  constructor(
    options: QueueBackendOptions,
    factory: BackendFactory<IQueueBackend, QueueConnection>,
    connections: Record<'producer' | 'worker', QueueConnection>,
    assertWritable: () => Promise<void>,
    disconnect: () => Promise<void>,
  ) {
    this.kind = options.kind;
    this.backendFactory = factory;
    this.#options = options;
    this.#prefix = options.kind === 'redis' ? { prefix: options.prefix ?? 'naru' } : {};
    this.#connections = connections;
    this.#assertWritable = assertWritable;
    this.#disconnect = disconnect;
  }

  assertWritable(): Promise<void> {
    return this.#assertWritable();
  }

  connection(role: 'producer' | 'worker'): QueueConnection {
    return this.#connections[role];
  }

  createQueue<Data>(name: string, options: Omit<QueueOptions, 'connection' | 'prefix'> = {}): JobQueue<Data> {
    this.#refuseClosed();
    const defaultJobOptions = { ...JOB_RETENTION, ...options.defaultJobOptions };
    const queue: JobQueue<Data> = new Queue(
      name,
      { ...options, ...this.#prefix, defaultJobOptions, connection: this.#connections.producer },
      this.backendFactory,
    );
    queue.on('error', (error) => this.#warn(error, name));
    this.#queues.add(queue);
    return queue;
  }

  createWorker<Data, Result>(
    name: string,
    processor: Processor<Data, Result, string>,
    options: Omit<WorkerOptions, 'connection' | 'prefix'> = {},
  ): JobWorker<Data, Result> {
    this.#refuseClosed();
    const worker: JobWorker<Data, Result> = new Worker(
      name,
      processor,
      { ...options, ...this.#prefix, connection: this.#connections.worker },
      this.backendFactory,
    );
    // Without a listener an 'error' event would end the process; the worker itself tries again.
    worker.on('error', (error) => this.#warn(error, name));
    worker.once('closed', () => this.#workers.delete(worker));
    this.#workers.add(worker);
    return worker;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const grace = this.#options.closeGraceMs ?? CLOSE_GRACE_MS;
    await Promise.all([...this.#workers].map((worker) => stopWorker(worker, grace)));
    await Promise.all([...this.#queues].map((queue) => queue.close()));
    await this.#disconnect();
  }

  #refuseClosed(): void {
    if (this.#closing) throw new Error('the queue is closed');
  }

  #warn(error: Error, queue: string): void {
    // A job's data never travels in these errors; they are the connection's.
    this.#options.log?.warn({ queue, reason: error.message }, 'the queue reported an error');
  }
}

interface StoppableWorker {
  pause(): Promise<void>;
  cancelAllJobs(reason?: string): void;
  close(force?: boolean): Promise<void>;
}

/** Pauses, waits, cancels, waits a little, closes. Only the last step may leave a job unfinished. */
async function stopWorker(worker: StoppableWorker, graceMs: number): Promise<void> {
  const idle = worker.pause().then(() => true as const);
  let finished = await within(idle, graceMs);
  if (!finished) {
    worker.cancelAllJobs('shutting down');
    finished = await within(idle, CANCEL_GRACE_MS);
  }
  await worker.close(!finished);
}

async function within(promise: Promise<true>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((done) => {
    timer = setTimeout(() => done(false), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
