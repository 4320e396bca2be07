import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axios from 'axios';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGmarketSandbox } from '../../adapters/gmarket-esm/sandbox/index.ts';
import type { RunningSandbox } from '../../src/channel/sandbox.ts';
import { packageRoot } from '../../src/runtime/package-files.ts';
import { describeWithServers, type E2eStore, openServers } from '../support/e2e-store.ts';
import { freePort } from '../support/free-port.ts';
import { answerOf, compileProgram, type Program, type Running, told } from '../support/program.ts';

const ACCOUNT = 'shop';
const orderQuery = 'POST /shipping/v1/Order/RequestOrders';

describeWithServers('two worker processes on one account', () => {
  let program: Program;
  let store: E2eStore;
  let sandbox: RunningSandbox;
  let env: Record<string, string>;

  beforeAll(async () => {
    program = await compileProgram();
    store = await openServers();
    sandbox = await startGmarketSandbox({ now: () => Date.now(), faults: { feedDelayMs: 0 } });
    // Nobody fetches pictures from here, so no process needs to serve them.
    env = { ...store.env, NARU_PUBLIC_URL: 'https://images.example', NARU_NOW: new Date().toISOString() };
    const { settings, credentials } = sandbox.accountConfig();
    const { sellerIds } = settings as { sellerIds: { gmkt: string } };
    const file = join(await program.folder(), 'account.json');
    // One site: five order queries a pull instead of ten, and all of them under one guard.
    const oneSite = { ...settings, sites: ['gmkt'], sellerIds: { gmkt: sellerIds.gmkt } };
    await writeFile(file, JSON.stringify({ settings: oneSite, credentials }));
    await done(['products', 'import', join(packageRoot(), 'demo', 'catalogue', 'products.json')]);
    await done(['products', 'approve', '--all-valid', '--by', '담당자']);
    await done(['accounts', 'add', ACCOUNT, '--adapter', 'gmarket-esm', '--config', file]);
  });

  afterAll(async () => {
    await program?.close();
    await sandbox?.close();
    await store?.close();
  });

  it('share the work, keep the order guard, and take over from one that is killed', async () => {
    const first = await startWorker();
    const second = await startWorker();
    await done(['push']);
    await expect.poll(() => onSale(), { interval: 200 }).toBe(60);
    // Both took part; a queue that only one of them could read would prove nothing about the guard.
    for (const worker of [first, second]) expect(await jobsDone(worker.port, 'push')).toBeGreaterThan(0);

    await axios.post(`${sandbox.url}/_buy`, { count: 20, seed: 1 });
    await done(['pull', 'orders']);
    await done(['pull', 'orders', '--sweep']);
    await done(['pull', 'orders']);
    await expect.poll(() => orderQueries(), { interval: 200 }).toBeGreaterThanOrEqual(2);
    first.running.process.kill('SIGKILL');
    await first.running.ended;
    // Three pulls of five queries each, whoever held them when one process died.
    await expect.poll(() => orderQueries(), { interval: 500 }).toBeGreaterThanOrEqual(15);
    await expect.poll(() => soldUnits(), { interval: 1_000 }).toBe(booked());

    const { traffic } = sandbox.ledger();
    expect(traffic.rateErrors).toBe(0);
    expect(traffic.smallestOrderQueryGapMs).toBeGreaterThanOrEqual(5_000);
    second.running.process.kill('SIGTERM');
    expect((await second.running.ended).exitCode, told(await second.running.ended)).toBe(0);
  });

  async function startWorker(): Promise<{ running: Running; port: number }> {
    const port = await freePort();
    const running = program.start(['worker'], { ...env, NARU_PORT: String(port) });
    await running.shown('naru is running');
    return { running, port };
  }

  async function done(args: string[]): Promise<Record<string, unknown>> {
    const ended = await program.run([...args, '--json'], { ...env, NARU_PORT: String(await freePort()) });
    expect(ended.exitCode, told(ended)).toBe(0);
    return answerOf(ended);
  }

  const onSale = () => sandbox.ledger().listings.filter((listing) => listing.state === 'on-sale').length;
  const orderQueries = () => sandbox.ledger().traffic.byEndpoint[orderQuery] ?? 0;
  const booked = () => sandbox.ledger().sales.reduce((sum, row) => sum + row.units, 0);

  async function soldUnits(): Promise<number> {
    const { totals } = (await done(['sales'])) as { totals: { units: number }[] };
    return totals.reduce((sum, row) => sum + row.units, 0);
  }

  async function jobsDone(port: number, name: string): Promise<number> {
    const { data } = await axios.get<string>(`http://127.0.0.1:${port}/metrics`);
    const line = data.split('\n').find((text) => text.startsWith(`naru_jobs_total{name="${name}",outcome="done"}`));
    return Number(line?.split(' ').at(-1) ?? 0);
  }
});
