/** Where the children of an end-to-end test keep their data: a folder, or the servers that the tests were given. */

import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { describe } from 'vitest';
import { postgresServer, redisServer } from './database.ts';
import { onServer, onServerUrl } from './postgres-server.ts';
import type { Environment, Program } from './program.ts';

export interface E2eStore {
  env: Environment;
  close(): Promise<void>;
}

/** The same set-up as the integration tests: PostgreSQL and Redis when they were given, else a folder. */
export async function openE2eStore(program: Program): Promise<E2eStore> {
  if (postgresServer) return openServers();
  return { env: { NARU_DATA_DIR: await program.folder() }, close: async () => undefined };
}

/** Two processes can share a store only on servers; without them such a test is skipped, and says why. */
export const describeWithServers = postgresServer
  ? describe
  : (name: string, body: () => void) => describe.skip(`${name} (needs NARU_TEST_DATABASE_URL)`, body);

/** A database of its own, and with NARU_TEST_REDIS_URL a Redis database of its own. */
export async function openServers(): Promise<E2eStore> {
  if (!postgresServer) throw new Error('NARU_TEST_DATABASE_URL is not set');
  const name = `naru_e2e_${randomBytes(6).toString('hex')}`;
  await onServer(postgresServer, `CREATE DATABASE ${name}`);
  const redis = redisServer ? await claimRedis(redisServer) : null;
  const server = postgresServer;
  return {
    env: {
      DATABASE_URL: onServerUrl(server, name),
      NARU_SECRET_KEY: randomBytes(32).toString('base64'),
      ...(redis && { REDIS_URL: redis.url }),
    },
    close: async () => {
      await redis?.close();
      await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** Children use Naru's own key prefix, so each test needs a numbered database of Redis; only an empty one is taken. */
async function claimRedis(server: string): Promise<{ url: string; close: () => Promise<void> }> {
  for (let number = 1; number <= 15; number += 1) {
    const url = new URL(server);
    url.pathname = `/${number}`;
    const redis = new Redis(url.href);
    const mine =
      (await redis.dbsize()) === 0 && (await redis.set('naru-e2e-owner', process.pid, 'EX', 900, 'NX')) === 'OK';
    if (mine) {
      return {
        url: url.href,
        close: async () => {
          await redis.flushdb();
          await redis.quit();
        },
      };
    }
    await redis.quit();
  }
  throw new Error('no empty Redis database among 1 to 15');
}
