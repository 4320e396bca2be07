import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axios from 'axios';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../src/runtime/package-files.ts';
import { freePort } from '../support/free-port.ts';
import { answerOf, compileProgram, type Program, type Running, told } from '../support/program.ts';

const NOW = '2026-11-24T09:00:00+09:00';
const catalogue = (name: string) => join(packageRoot(), 'demo', 'catalogue', name);

let program: Program;
let env: Record<string, string>;
let sandboxUrl: string;
let accountFile: string;

beforeAll(async () => {
  program = await compileProgram();
  env = { NARU_DATA_DIR: await program.folder(), NARU_PORT: String(await freePort()), NARU_NOW: NOW };
  const sandbox = program.start(['sandbox', 'gmarket-esm', '--json'], { NARU_NOW: NOW });
  const shown = await firstLine(sandbox);
  sandboxUrl = shown.url;
  accountFile = join(await program.folder(), 'account.json');
  const { settings, credentials } = shown.account;
  await writeFile(accountFile, JSON.stringify({ settings, credentials }));
});
afterAll(() => program?.close());

it('goes from a catalogue to sales with the keys and exit codes that scripts rely on', async () => {
  expect(await naru(['adapters'])).toMatchObject({
    adapters: [
      { id: 'gmarket-esm', capabilities: expect.arrayContaining(['listings', 'orders', 'claims', 'settlements']) },
      { id: 'export-portal', capabilities: expect.arrayContaining(['batches', 'inquiries']) },
      { id: 'b2b-cxml', capabilities: expect.arrayContaining(['listings', 'inbound', 'catalogue']) },
    ],
  });
  expect(await naru(['accounts', 'add', 'shop', '--adapter', 'gmarket-esm', '--config', accountFile])).toMatchObject({
    result: 'added',
  });
  expect(await naru(['accounts', 'check', 'shop'])).toEqual({ ok: true });
  expect(await naru(['products', 'import', catalogue('products.json')])).toEqual({
    accepted: 60,
    changed: 0,
    unchanged: 0,
    refused: [],
  });
  const bad = await naru(['products', 'import', catalogue('products-bad.json')], 1);
  const refused = bad.refused as Record<string, unknown>[];
  expect(bad).toMatchObject({ accepted: 0, changed: 0, unchanged: 0 });
  expect(new Set(refused.map(({ row }) => row)).size).toBe(12);
  for (const row of refused) {
    expect(Object.keys(row)).toEqual(['row', 'sku', 'field', 'rule', 'result', 'message_ko', 'message_en']);
  }
  expect(await naru(['products', 'import', catalogue('products.xlsx')])).toMatchObject({
    accepted: 0,
    unchanged: 60,
  });
  const approval = await naru(['products', 'approve', '--all-valid', '--by', '담당자'], 1);
  expect(approval.approved).toHaveLength(60);
  expect(new Set((approval.refused as { sku: string }[]).map(({ sku }) => sku))).toEqual(
    new Set(['SGB-010', 'SGB-011']),
  );
  await naru(['products', 'reject', 'SGB-010', 'SGB-011', '--by', '담당자', '--reason', '인증 확인']);

  const push = await naru(['push', '--wait']);
  expect(push).toMatchObject({
    planned: { create: 60 },
    done: { create: 60 },
    failed: [],
    in_doubt: [],
    blocked: [],
  });
  const calls = (await ledger()).traffic.calls;
  expect(await naru(['push', '--wait'])).toMatchObject({ planned: { create: 0, unchanged: 60 }, failed: [] });
  expect(await naru(['push', '--dry-run'])).toMatchObject({ planned: { unchanged: 60 } });
  expect((await ledger()).traffic.calls).toBe(calls);
  expect((await naru(['listings', '--state', 'on-sale'])).listings).toHaveLength(60);

  await axios.post(`${sandboxUrl}/_buy`, { count: 12, seed: 5 });
  // Every command starts its clock at NARU_NOW, and the sandbox's has run on since the first.
  env = { ...env, NARU_NOW: '2026-11-24T12:00:00+09:00' };
  const pulled = await naru(['pull', 'orders', '--wait']);
  expect(pulled).toMatchObject({ records: 12, new: 12, changed: 0, unchanged: 0, failed: [] });
  expect(Date.parse(String(pulled.bookmark))).not.toBeNaN();
  const sales = await naru(['sales', '--by', 'product']);
  const books = (await ledger()).sales.find((row) => row.currency === 'KRW');
  const { units, gross, cancelled, returned, net } = (sales.totals as Record<string, number>[])[0] ?? {};
  expect({ units, gross, cancelled, returned, net }).toEqual({
    units: books?.units,
    gross: books?.gross,
    cancelled: books?.cancelled,
    returned: books?.returned,
    net: books?.net,
  });
  expect(await naru(['dead-letters', 'list'])).toEqual({ dead_letters: [] });
  expect((await naru(['doctor'])).findings).toEqual(
    expect.not.arrayContaining([expect.objectContaining({ severity: 'problem' })]),
  );
});

it('talks to the service that holds the data folder, and the service stops within ten seconds', async () => {
  const before = await naru(['sales']);
  const service = program.start(['start'], env);
  await service.shown('naru is running');
  expect(await naru(['sales'])).toEqual(before);
  expect(await naru(['push', '--wait'])).toMatchObject({ planned: { unchanged: 60 } });
  const health = await axios.get(`http://127.0.0.1:${env.NARU_PORT}/readyz`);
  expect(health.data).toEqual({ ready: true, store: true, queue: true });
  const second = await program.run(['start'], { ...env, NARU_PORT: String(await freePort()) });
  expect(second.exitCode, told(second)).toBe(2);
  expect(second.stderr).not.toMatch(/\n\s+at /);
  const askedAt = performance.now();
  service.process.kill('SIGTERM');
  const ended = await service.ended;
  expect(ended.exitCode, told(ended)).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(10_000);
});

async function naru(args: string[], exitCode = 0): Promise<Record<string, unknown>> {
  const ended = await program.run([...args, '--json'], env);
  expect(ended.exitCode, told(ended)).toBe(exitCode);
  return answerOf(ended);
}

async function ledger(): Promise<{ traffic: { calls: number }; sales: Record<string, number | string>[] }> {
  return (await axios.get(`${sandboxUrl}/_ledger`)).data;
}

async function firstLine(running: Running): Promise<{ url: string; account: Record<string, unknown> }> {
  let text = '';
  running.process.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await running.shown('credentials');
  return JSON.parse(text.split('\n')[0] ?? '');
}
