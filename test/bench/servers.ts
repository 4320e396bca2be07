import { freePort } from '../support/free-port.ts';
/** PostgreSQL and Redis for the measurements: those of DATABASE_URL and REDIS_URL, or throw-away ones of our own. */

import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import pg from 'pg';

export interface Servers {
  /** In a few words, for the table. */
  description: string;
  /** A PostgreSQL database that did not exist before. */
  newDatabase(): Promise<string>;
  /** An empty Redis database. */
  redisUrl: string;
  /** Drops what was made and stops what was started. */
  close(): Promise<void>;
}

/** Null when one of the two is neither given nor found on this machine; `missing` then says which. */
export async function openServers(): Promise<{ servers: Servers | null; missing: string }> {
  const { DATABASE_URL: givenPostgres, REDIS_URL: givenRedis } = process.env;
  const postgresFolder = givenPostgres ? null : await findPostgres();
  if (!givenPostgres && postgresFolder === null) return { servers: null, missing: 'PostgreSQL' };
  if (!givenRedis && spawnSync('redis-server', ['--version']).status !== 0) return { servers: null, missing: 'Redis' };
  const stops: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const stop of stops.reverse()) await stop();
  };
  try {
    const server = givenPostgres ?? (await startPostgres(postgresFolder ?? '', stops));
    const redisUrl = await emptyRedis(givenRedis ?? (await startRedis(stops)), stops);
    const newDatabase = async () => {
      const name = `naru_bench_${randomBytes(6).toString('hex')}`;
      await onServer(server, `CREATE DATABASE ${name}`);
      stops.push(async () => void (await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`)));
      const url = new URL(server);
      url.pathname = `/${name}`;
      return url.href;
    };
    const version = await onServer(server, 'SHOW server_version');
    const description = `PostgreSQL ${version.split(' ')[0]} + Redis`;
    return { servers: { description, newDatabase, redisUrl, close }, missing: '' };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The folder of the newest installed binaries; '' when they are on PATH; null when there are none. */
async function findPostgres(): Promise<string | null> {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch(() => []);
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (newest) return join(root, newest, 'bin');
  return spawnSync('initdb', ['--version']).status === 0 ? '' : null;
}

/** PostgreSQL refuses to run as root, so root lends it the account that its package made. */
function asOwner(program: string, options: readonly string[]): [string, string[]] {
  return process.getuid?.() === 0
    ? ['runuser', ['-u', 'postgres', '--', program, ...options]]
    : [program, [...options]];
}

async function startPostgres(folder: string, stops: (() => Promise<void>)[]): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'naru-bench-pg-'));
  stops.push(() => rm(data, { recursive: true, force: true }));
  if (process.getuid?.() === 0) {
    const { stdout } = await promisify(execFile)('id', ['-u', 'postgres']);
    await chown(data, Number(stdout), -1);
  }
  const program = (name: string) => (folder ? join(folder, name) : name);
  const [init, initOptions] = asOwner(program('initdb'), ['-D', data, '-U', 'naru', '-A', 'trust', '-E', 'UTF8']);
  await promisify(execFile)(init, initOptions, { cwd: tmpdir() });
  const port = await freePort();
  const [run, options] = asOwner(program('postgres'), [
    ...['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
  ]);
  const child = spawn(run, options, { cwd: tmpdir(), stdio: 'ignore', detached: true });
  // SIGINT to the whole group: runuser does not hand signals on, and PostgreSQL takes it as a fast shutdown.
  stops.push(() => stop(child, () => process.kill(-(child.pid ?? 0), 'SIGINT')));
  const url = `postgres://naru@127.0.0.1:${port}/postgres`;
  await answering(async () => {
    await onServer(url, 'SELECT 1');
  });
  return url;
}

async function startRedis(stops: (() => Promise<void>)[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'naru-bench-redis-'));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const child = spawn('redis-server', [...options, '--maxmemory-policy', 'noeviction'], { stdio: 'ignore' });
  stops.push(() => stop(child, () => child.kill()));
  return `redis://127.0.0.1:${port}`;
}

/** The first numbered database without a key: what somebody else keeps there is not ours to mix with. */
async function emptyRedis(server: string, stops: (() => Promise<void>)[]): Promise<string> {
  for (let number = 0; number < 16; number += 1) {
    const url = new URL(server);
    url.pathname = `/${number}`;
    const redis = new Redis(url.href, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => undefined);
    if (number === 0) await answering(() => redis.connect());
    else await redis.connect();
    if ((await redis.dbsize()) === 0) {
      stops.push(async () => {
        await redis.flushdb();
        await redis.quit();
      });
      return url.href;
    }
    await redis.quit();
  }
  throw new Error('REDIS_URL has no empty database among 0 to 15');
}

/** Tries until a server that was just started answers; half a minute is ten times what it takes. */
async function answering(ask: () => Promise<void>): Promise<void> {
  const until = performance.now() + 30_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > until) throw error;
      await pause(100);
    }
  }
}

async function stop(child: ChildProcess, ask: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  ask();
  await ended;
}

/** Runs one statement and gives the first value of its answer as text. */
async function onServer(server: string, text: string): Promise<string> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return String(Object.values(rows[0] ?? {})[0] ?? '');
  } finally {
    await client.end();
  }
}
