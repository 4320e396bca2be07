import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type App, createApp } from '../app.ts';
import { loadConfig, processEnvironment } from '../config.ts';
import { PeopleError } from '../domain/people-error.ts';
import { createHealthServer, createServer } from '../http/server.ts';
import { createLogger } from '../runtime/logger.ts';
import type { Entry } from './entry.ts';
import { publishService, serviceCommands } from './run-command.ts';

/** The processes of Naru: one with everything, or the parts on their own. */
export type ServiceName = 'start' | 'worker' | 'scheduler' | 'api';

const parts: Record<ServiceName, { api: boolean; worker: boolean; scheduler: boolean }> = {
  start: { api: true, worker: true, scheduler: true },
  worker: { api: false, worker: true, scheduler: false },
  scheduler: { api: false, worker: false, scheduler: true },
  api: { api: true, worker: false, scheduler: false },
};

/** Runs until SIGINT or SIGTERM, then stops within ten seconds: running jobs may finish, the rest is left to others. */
export async function runService(entry: Entry, name: ServiceName): Promise<void> {
  const config = loadConfig(processEnvironment());
  const log = createLogger({ level: config.logLevel, terminal: process.stderr.isTTY === true });
  const loopback = ['127.0.0.1', 'localhost', '::1'].includes(config.host);
  if (parts[name].api && !loopback && !config.apiToken) {
    throw new PeopleError(
      'api_token_missing',
      `NARU_HOST가 ${config.host}이면 다른 컴퓨터에서도 API에 닿습니다. NARU_API_TOKEN에 16자 이상의 값을 넣어 주십시오.`,
      `With NARU_HOST ${config.host} other machines reach the API. Set NARU_API_TOKEN to 16 characters or more.`,
    );
  }
  const app = await createApp({ config, registry: entry.registry, log });
  const stopped = new Promise<void>((resolve, reject) => {
    const stop = (signal: string) => {
      log.info({ signal }, 'stopping');
      app.close().then(resolve, reject);
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
  try {
    await startParts(entry, app, parts[name]);
  } catch (error) {
    await app.close();
    throw error;
  }
  log.info({ mode: app.mode, parts: name }, 'naru is running');
  await stopped;
  log.info('naru has stopped');
}

async function startParts(entry: Entry, app: App, wanted: (typeof parts)[ServiceName]): Promise<void> {
  const token = app.config.apiToken ?? randomBytes(24).toString('base64url');
  if (wanted.api) {
    const server = createServer({ app, token, runCommand: serviceCommands(entry, app) });
    app.onClose(() => server.close());
    const url = await listen(server, app);
    if (!app.config.publicUrl) app.deps.publicUrl = url;
    await publishService(app, url, token);
  }
  if (!wanted.api) await listenForHealth(app);
  if (wanted.worker) await entry.startWorkers(app, { core: true });
  if (wanted.scheduler) await entry.startScheduler(app);
}

/** A worker or scheduler shows its health and figures too; where the port is taken, by the api beside it, it does without. */
async function listenForHealth(app: App): Promise<void> {
  const server = createHealthServer(app);
  app.onClose(() => server.close());
  try {
    await server.listen({ host: app.config.host, port: app.config.port });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    app.log.warn(
      { port: app.config.port },
      'the port is taken: this process shows no health and no metrics of its own',
    );
  }
}

/** Listens as configured and gives where this machine reaches the api: a port may have been chosen, a name resolved. */
async function listen(server: ReturnType<typeof createServer>, app: App): Promise<string> {
  const { host, port } = app.config;
  try {
    await server.listen({ host, port });
    return ownUrl(server.server.address());
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new PeopleError(
      'port_in_use',
      `포트 ${port}을(를) 다른 프로그램이 쓰고 있습니다. 그 프로그램을 멈추거나 NARU_PORT에 다른 번호를 넣어 주십시오.`,
      `Port ${port} is in use by another program. Stop it, or set NARU_PORT to another number.`,
    );
  }
}

function ownUrl(bound: string | AddressInfo | null): string {
  if (bound === null || typeof bound === 'string') throw new Error('the api listens at no port');
  // What listens everywhere is reached at home.
  const home: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
  const address = home[bound.address] ?? bound.address;
  return `http://${address.includes(':') ? `[${address}]` : address}:${bound.port}`;
}
