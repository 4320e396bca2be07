import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openQueueBackend, type QueueBackend, type QueueBackendOptions } from '../../src/queue/backend.ts';
import { packageRoot } from '../../src/runtime/package-files.ts';
import { type Database, errorCode } from '../../src/store/database.ts';
import { migrate, readMigrations } from '../../src/store/migrate.ts';
import { openPglite, PgliteDatabase } from '../../src/store/pglite.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { onServer, onServerUrl } from './postgres-server.ts';

/** Set to a server's url (with the right to create databases) to run the same tests on PostgreSQL. */
export const postgresServer = process.env.NARU_TEST_DATABASE_URL;
/** Set to run the same tests with the queue on Redis. */
export const redisServer = process.env.NARU_TEST_REDIS_URL;

const urls = new WeakMap<Database, string>();
let migrated: Promise<Blob> | undefined;
let empty: Promise<Blob> | undefined;

/** A database of its own with every migration applied; close() also removes it. */
export async function openTestDatabase(): Promise<Database> {
  if (postgresServer) {
    const template = inject('templateDatabase');
    if (template === null) throw new Error('no migrated database was prepared on the server');
    return openPostgresCopy(postgresServer, template);
  }
  migrated ??= migratedSnapshot();
  return openPglite({ memory: true, snapshot: await migrated });
}

/** A database of its own without any table. */
export async function openEmptyDatabase(): Promise<Database> {
  if (postgresServer) return openPostgresCopy(postgresServer, 'template1');
  empty ??= snapshotOf(async () => undefined);
  return openPglite({ memory: true, snapshot: await empty });
}

/** The url of a PostgreSQL test database; undefined on PGlite. */
export function urlOf(database: Database): string | undefined {
  return urls.get(database);
}

/** A queue for the database, on Redis with keys of its own when NARU_TEST_REDIS_URL is set. */
export async function openTestQueueBackend(
  database: Database,
  options: Pick<QueueBackendOptions, 'log' | 'closeGraceMs'> = {},
): Promise<QueueBackend> {
  if (redisServer) {
    const prefix = `naru-test-${randomBytes(6).toString('hex')}`;
    return openQueueBackend({ ...options, kind: 'redis', url: redisServer, prefix });
  }
  if (database instanceof PgliteDatabase) return openQueueBackend({ ...options, kind: 'pglite', database });
  const url = urls.get(database);
  if (!url) throw new Error('this database was not opened by openTestDatabase');
  return openQueueBackend({ ...options, kind: 'postgres', url });
}

/**
 * A migrated database as one file. A new engine with all migrations takes about four seconds, a copy half of one, so the
 * file is kept under a name made of everything it depends on and shared by all test files and runs.
 */
async function migratedSnapshot(): Promise<Blob> {
  const migrations = await readMigrations(join(packageRoot(), 'src', 'store', 'migrations'));
  const lock = await readFile(join(packageRoot(), 'package-lock.json'));
  const key = createHash('sha256').update(lock);
  for (const each of migrations) key.update(each.sha256);
  const folder = join(packageRoot(), 'node_modules', '.cache', 'naru-test');
  const file = join(folder, `${key.digest('hex').slice(0, 24)}.tar`);
  const kept = await readFile(file).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (kept) return new Blob([kept]);
  const snapshot = await snapshotOf((database) => migrate(database, { queueTables: true }));
  await mkdir(folder, { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, Buffer.from(await snapshot.arrayBuffer()));
  await rename(draft, file);
  // About 40 MB each: copies of former migrations go.
  const former = (await readdir(folder)).filter((name) => name.endsWith('.tar') && join(folder, name) !== file);
  await Promise.all(former.map((name) => rm(join(folder, name), { force: true })));
  return snapshot;
}

async function snapshotOf(prepare: (database: Database) => Promise<unknown>): Promise<Blob> {
  const database = await openPglite({ memory: true });
  await prepare(database);
  const snapshot = await database.snapshot();
  await database.close();
  return snapshot;
}

async function openPostgresCopy(server: string, template: string): Promise<Database> {
  const name = `naru_test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = onServerUrl(server, name);
  const database = await openPostgres({ url, poolSize: 5 });
  urls.set(database, url);
  const close = database.close.bind(database);
  let closing: Promise<void> | undefined;
  database.close = () => {
    closing ??= close().then(() => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`));
    return closing;
  };
  return database;
}
