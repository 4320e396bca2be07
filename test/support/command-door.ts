import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gmarketEsm } from '../../adapters/gmarket-esm/index.ts';
import { type App, createApp } from '../../src/app.ts';
import { createRegistry } from '../../src/channel/registry.ts';
import type { Entry } from '../../src/cli/entry.ts';
import { serviceCommands } from '../../src/cli/run-command.ts';
import { loadConfig } from '../../src/config.ts';
import { createServer } from '../../src/http/server.ts';
import { createManualClock } from '../../src/runtime/clock.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { openEmptyDatabase, postgresServer, redisServer, urlOf } from './database.ts';

/** What a command or a report answered, and with which HTTP status. */
export interface Told {
  status: number;
  answer: Record<string, unknown>;
  exitCode: number | undefined;
  error: { code: string; message_ko: string; message_en: string };
}

/** A service's commands and reports as a client meets them: over HTTP, with the real commands behind. */
export interface CommandDoor {
  app: App;
  command(name: string, input: unknown): Promise<Told>;
  get(url: string): Promise<Told>;
  /** Writes a file that a command may be given. */
  file(name: string, content: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens a whole program on a store of its own at `now`; nothing listens and nobody works on the queues. */
export async function openCommandDoor(now: string): Promise<CommandDoor> {
  const token = randomBytes(16).toString('hex');
  const folder = await mkdtemp(join(tmpdir(), 'naru-commands-'));
  const environment: Record<string, string> = { NARU_DATA_DIR: join(folder, 'data') };
  const database = postgresServer ? await openEmptyDatabase() : null;
  if (database) {
    environment.DATABASE_URL = urlOf(database) ?? '';
    environment.NARU_SECRET_KEY = Buffer.alloc(32, 7).toString('base64');
    if (redisServer) environment.REDIS_URL = redisServer;
  }
  const registry = createRegistry([gmarketEsm]);
  const app = await createApp({
    config: loadConfig(environment),
    registry,
    log: createLogger({ level: 'silent' }),
    clock: createManualClock(new Date(now)),
  });
  const idle = { close: () => Promise.resolve() };
  const entry: Entry = {
    registry,
    loadSandbox: () => Promise.resolve(null),
    sandboxIds: [],
    startWorkers: () => Promise.resolve(idle),
    startScheduler: () => Promise.resolve(idle),
  };
  const server = createServer({ app, token, runCommand: serviceCommands(entry, app) });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const told = (response: { statusCode: number; body: string }): Told => {
    const body = JSON.parse(response.body) as Partial<Told> & Record<string, unknown>;
    return {
      status: response.statusCode,
      answer: body.answer ?? body,
      exitCode: body.exitCode,
      error: body.error ?? { code: '', message_ko: '', message_en: '' },
    };
  };
  return {
    app,
    command: async (name, input) =>
      told(
        await server.inject({
          method: 'POST',
          url: `/commands/${encodeURIComponent(name)}`,
          headers,
          payload: JSON.stringify(input),
        }),
      ),
    get: async (url) => told(await server.inject({ method: 'GET', url, headers })),
    file: async (name, content) => {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
    close: async () => {
      await server.close();
      await app.close();
      await database?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
