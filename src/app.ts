import type { Logger } from 'pino';
import type { ChannelRegistry } from './channel/registry.ts';
import type { Config } from './config.ts';
import { PeopleError } from './domain/people-error.ts';
import { openQueueBackend, type QueueBackend } from './queue/backend.ts';
import { createJobQueues, type JobQueues } from './queue/job-queues.ts';
import { type Clock, createOffsetClock, systemClock } from './runtime/clock.ts';
import { createMetrics, type Metrics } from './runtime/metrics.ts';
import { packageVersion } from './runtime/package-files.ts';
import { createSecretBox, keyFromFolder, type SecretBox } from './runtime/secrets.ts';
import { onDataFolder } from './store/data-folder.ts';
import type { Database } from './store/database.ts';
import { type FolderLock, lockFolder } from './store/folder-lock.ts';
import { migrate } from './store/migrate.ts';
import { openPglite } from './store/pglite.ts';
import { openPostgres } from './store/postgres.ts';
import { announceProcess } from './store/process-presence.ts';
import { createStoreLimiter } from './store/rate-limits.ts';
import type { SyncDependencies } from './sync/dependencies.ts';

/** Everything a process of Naru is made of; each thing exists once. */
export interface App {
  mode: 'embedded' | 'postgres' | 'postgres+redis';
  config: Config;
  log: Logger;
  store: Database;
  queueBackend: QueueBackend;
  queues: JobQueues;
  deps: SyncDependencies;
  metrics: Metrics;
  /** Null unless embedded. */
  folderLock: FolderLock | null;
  /** Registers something to be closed before what was opened earlier. */
  onClose(close: () => Promise<void>): void;
  /** Closes everything in reverse order of opening; may be called twice. */
  close(): Promise<void>;
}

interface AppOptions {
  config: Config;
  registry: ChannelRegistry;
  log: Logger;
  /** Overrides the clock of the configuration; for the demo and tests. */
  clock?: Clock;
}

/**
 * Opens the store, the queue and everything above them, in one of three set-ups with the same code.
 * Throws FolderInUseError, StoreUnavailableError, QueueUnavailableError or PeopleError, having closed what it opened.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, log, registry } = options;
  const closers: (() => Promise<void>)[] = [];
  const stopping = new AbortController();
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= closeAll(closers, stopping);
    return closing;
  };
  try {
    const clock = options.clock ?? (config.startAt ? createOffsetClock(config.startAt) : systemClock);
    let folderLock: FolderLock | null = null;
    if (!config.databaseUrl) {
      folderLock = await onDataFolder(config.dataDir, () => lockFolder(config.dataDir));
      closers.push(() => folderLock?.release() ?? Promise.resolve());
    }
    // Under the lock: of two first starts at once only one may make the key.
    const secrets = await onDataFolder(config.dataDir, () => openSecrets(config, log));
    const { store, queueBackend } = await openStoreAndQueue(config, log, closers);
    const presence = await announceProcess(store);
    closers.push(() => presence.release());
    const metrics = createMetrics();
    const deps: SyncDependencies = {
      store,
      registry,
      secrets,
      limiter: createStoreLimiter(store, clock),
      clock,
      log,
      processNumber: presence.number,
      publicUrl: config.publicUrl ?? `http://127.0.0.1:${config.port}`,
      version: packageVersion(),
      onCall: (call) => metrics.countCall(call),
      signal: stopping.signal,
    };
    return {
      mode: config.redisUrl ? 'postgres+redis' : config.databaseUrl ? 'postgres' : 'embedded',
      config,
      log,
      store,
      queueBackend,
      queues: createJobQueues(queueBackend),
      deps,
      metrics,
      folderLock,
      onClose: (closer) => void closers.push(closer),
      close,
    };
  } catch (error) {
    // What stopped the start is told; that the rest could not be closed either is only its consequence.
    await close().catch((reason: unknown) => log.debug({ err: reason }, 'not everything could be closed'));
    throw error;
  }
}

async function openStoreAndQueue(
  config: Config,
  log: Logger,
  closers: (() => Promise<void>)[],
): Promise<{ store: Database; queueBackend: QueueBackend }> {
  if (!config.databaseUrl) {
    const store = await openPglite({ folder: config.dataDir });
    closers.push(() => store.close());
    await migrate(store, { queueTables: true });
    const queueBackend = await openQueueBackend({ kind: 'pglite', database: store, log });
    closers.push(() => queueBackend.close());
    return { store, queueBackend };
  }
  const store = await openPostgres({ url: config.databaseUrl, log });
  closers.push(() => store.close());
  await migrate(store, { queueTables: config.redisUrl === null });
  const queueBackend = config.redisUrl
    ? await openQueueBackend({ kind: 'redis', url: config.redisUrl, log })
    : await openQueueBackend({ kind: 'postgres', url: config.databaseUrl, log });
  closers.push(() => queueBackend.close());
  return { store, queueBackend };
}

/** Half of the ten seconds in which a stop must be over: jobs under way may use them, calls that still run are cut off. */
const graceBeforeAbortMs = 5_000;

/** Closes the newest first; a closer that fails does not keep the others from being closed. */
async function closeAll(closers: (() => Promise<void>)[], stopping: AbortController): Promise<void> {
  const failures: unknown[] = [];
  const abort = () => stopping.abort(new Error('naru is stopping'));
  const timer = setTimeout(abort, graceBeforeAbortMs);
  for (const closer of closers.reverse()) await closer().catch((error: unknown) => failures.push(error));
  clearTimeout(timer);
  abort();
  if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
}

function openSecrets(config: Config, log: Logger): SecretBox {
  if (config.secretKey) return createSecretBox(config.secretKey);
  if (config.databaseUrl) {
    throw new PeopleError(
      'secret_key_missing',
      'NARU_SECRET_KEY가 없습니다. `openssl rand -base64 32`로 만든 값을 모든 프로세스에 똑같이 넣어 주십시오.',
      'NARU_SECRET_KEY is not set. Make one with `openssl rand -base64 32` and give the same to every process.',
    );
  }
  const { key, created, path } = keyFromFolder(config.dataDir);
  if (created) {
    log.warn(
      { path },
      'a secret key was made for this data folder; back it up: without it all credentials must be entered again',
    );
  }
  return createSecretBox(key);
}
