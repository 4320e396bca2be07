import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGmarketSandbox } from '../../adapters/gmarket-esm/sandbox/index.ts';
import type { RunningSandbox } from '../../src/channel/sandbox.ts';
import { createBuyers } from '../../src/cli/demo-story.ts';
import { createOffsetClock } from '../../src/runtime/clock.ts';
import { packageRoot } from '../../src/runtime/package-files.ts';
import { openDoor } from '../support/channel-door.ts';
import { freePort } from '../support/free-port.ts';
import {
  answerOf,
  compileProgram,
  type Ended,
  type Environment,
  type Program,
  type Running,
  told,
} from '../support/program.ts';

const NOW = '2026-11-24T09:00:00+09:00';
const demo = (name: string) => join(packageRoot(), 'demo', 'catalogue', name);

const clock = createOffsetClock(new Date(NOW));
let program: Program;
let sandbox: RunningSandbox;
let files: string;
let env: Environment;

beforeAll(async () => {
  program = await compileProgram();
  sandbox = await startGmarketSandbox({ now: () => clock.now().getTime(), faults: { feedDelayMs: 0 } });
  files = await program.folder();
  env = { NARU_DATA_DIR: join(await program.folder(), 'data'), NARU_NOW: NOW, NARU_PORT: String(await freePort()) };
});

afterAll(async () => {
  await program?.close();
  await sandbox?.close();
});

async function file(name: string, content: unknown): Promise<string> {
  const path = join(files, name);
  await writeFile(path, JSON.stringify(content));
  return path;
}

/** Runs a command with --json, checks its exit code and that stdout is one object, and gives that. */
async function naru<Answer = Record<string, unknown>>(exitCode: number, ...args: string[]): Promise<Answer> {
  const ended = await program.run([...args, '--json'], env);
  expect(ended.exitCode, `${args.join(' ')}: ${told(ended)}`).toBe(exitCode);
  return answerOf<Answer>(ended);
}

function keys(value: unknown): string[] {
  return Object.keys(value as object).sort();
}

/** Starts the service and gives it when it answers. */
async function startService(extra: Environment = {}): Promise<Running> {
  const service = program.start(['start'], { ...env, ...extra });
  await service.shown('naru is running');
  return service;
}

async function stopService(service: Running): Promise<{ ended: Ended; tookMs: number }> {
  const before = performance.now();
  service.process.kill('SIGTERM');
  const ended = await service.ended;
  return { ended, tookMs: performance.now() - before };
}

describe('the table of commands', () => {
  it('every command answers with its keys, through the service as alone', async () => {
    const service = await startService();
    await throughService();
    const questions = [
      ['products', 'list'],
      ['accounts', 'list'],
      ['campaigns', 'list'],
      ['mappings', 'show', '--account', 'shop'],
      ['listings'],
      ['sales', '--by', 'company'],
      ['dead-letters', 'list'],
    ];
    const asked: unknown[] = [];
    for (const question of questions) asked.push(await naru(0, ...question));
    const { ended } = await stopService(service);
    expect(ended.exitCode, told(ended)).toBe(0);
    for (const [index, question] of questions.entries()) expect(await naru(0, ...question)).toEqual(asked[index]);
  });

  /** What the commands do, in the order people use them. */
  async function throughService(): Promise<void> {
    expect(await naru(0, 'products', 'import', demo('products.json'))).toMatchObject({ accepted: 60, refused: [] });
    expect(await naru(0, 'products', 'import', demo('products.xlsx'))).toMatchObject({ accepted: 0, unchanged: 60 });
    const approved = await naru<{ approved: string[] }>(0, 'products', 'approve', '--all-valid', '--by', '김담당');
    expect(keys(approved)).toEqual(['approved', 'refused']);
    expect(approved.approved.length).toBeGreaterThanOrEqual(60);
    const bad = await naru<{ refused: object[] }>(1, 'products', 'import', demo('products-bad.json'));
    expect(keys(bad)).toEqual(['accepted', 'changed', 'refused', 'unchanged']);
    expect(keys(bad.refused[0])).toEqual(['field', 'message_en', 'message_ko', 'result', 'row', 'rule', 'sku']);
    const again = await naru<{ refused: object[] }>(1, 'products', 'approve', 'NO-SUCH', '--by', '김담당');
    expect(keys(again.refused[0])).toEqual(['message_en', 'message_ko', 'rule', 'sku']);
    const why = ['--by', '김담당', '--reason', '반납 예정'];
    const cancelled = { certificate: '99001', kind: 'eco_label', products: ['SG-01-001'] };
    const later = { ...cancelled, withdrawn_on: '2026-12-30' };
    expect(await naru(0, 'certificates', 'cancel', '99001', ...why, '--day', '2026-12-30')).toEqual(later);
    expect(await naru(0, 'certificates', 'restore', '99001', ...why)).toEqual({ ...cancelled, withdrawn_on: null });

    const adapters = await naru<{ adapters: Record<string, unknown>[] }>(0, 'adapters');
    expect(adapters.adapters[0]).toMatchObject({ id: 'gmarket-esm' });
    for (const key of ['capabilities', 'settings_schema', 'credentials_schema']) {
      expect(adapters.adapters[0]).toHaveProperty(key);
    }
    const { settings, credentials } = sandbox.accountConfig();
    const { gmkt } = settings.sellerIds as { gmkt: string };
    // One site: five order queries at a distance of five seconds, not ten.
    const config = await file('account.json', {
      settings: { ...settings, sites: ['gmkt'], sellerIds: { gmkt } },
      credentials,
    });
    await naru(0, 'accounts', 'add', 'shop', '--adapter', 'gmarket-esm', '--config', config);
    expect(await naru(0, 'accounts', 'check', 'shop')).toEqual({ ok: true });
    await naru(0, 'mappings', 'import', await file('mappings.json', { categories: {} }), '--account', 'shop');
    const campaign = await file('campaign.json', {
      id: 'winter',
      name: '겨울 기획전',
      start: '2026-11-23',
      end: '2026-12-06',
      accounts: ['shop'],
      members: approved.approved.slice(0, 60).map((sku) => ({ sku })),
    });
    expect(await naru(0, 'campaigns', 'apply', campaign)).toMatchObject({ campaign: 'winter', unknown_skus: [] });

    const operations = ['create', 'price', 'remove', 'resume', 'stock', 'stop', 'unchanged', 'update'];
    const planned = await naru<{ planned: { create: number } }>(0, 'push', '--campaign', 'winter', '--dry-run');
    expect(keys(planned)).toEqual(['accounts', 'blocked', 'done', 'failed', 'in_doubt', 'planned', 'to_export']);
    expect(keys(planned.planned)).toEqual(operations);
    const pushed = await naru<{ done: { create: number } }>(
      0,
      'push',
      '--campaign',
      'winter',
      '--account',
      'shop',
      '--wait',
    );
    expect(keys(pushed)).toEqual(['accounts', 'blocked', 'done', 'failed', 'in_doubt', 'planned', 'to_export']);
    expect(pushed.done.create).toBe(planned.planned.create);

    const buyers = createBuyers(sandbox);
    await buyers.buy(12, 1, new Date('2026-11-23T10:00:00+09:00'), new Date('2026-11-24T08:00:00+09:00'));
    const pulled = await naru<{ results: object[] }>(0, 'pull', 'orders', '--account', 'shop', '--wait');
    // The service may have pulled by itself a moment before.
    expect(pulled).toMatchObject({ records: 12, changed: 0, failed: [] });
    expect(keys(pulled)).toEqual(['bookmark', 'changed', 'failed', 'new', 'records', 'results', 'unchanged']);
    expect(keys(pulled.results[0])).toEqual([
      'account',
      'bookmark',
      'changed',
      'new',
      'records',
      'stream',
      'unchanged',
    ]);
    await naru(0, 'pull', 'claims', '--from', '2026-11-23', '--to', '2026-11-24', '--wait');
    const books = sandbox.ledger().sales[0];
    for (const by of ['day', 'channel', 'account', 'company', 'product']) {
      const sales = await naru<{ rows: Record<string, unknown>[]; totals: object[] }>(0, 'sales', '--by', by);
      for (const key of [by, 'units', 'gross', 'cancelled', 'returned', 'net'])
        expect(sales.rows[0]).toHaveProperty(key);
      const { units, gross, net } = books ?? {};
      expect(sales.totals[0]).toMatchObject({ units, gross, net });
    }
    const listings = await naru<{ listings: { state: string }[] }>(
      0,
      'listings',
      '--account',
      'shop',
      '--state',
      'on-sale',
    );
    expect(listings.listings.length).toBe(pushed.done.create);
    expect(keys(await naru(0, 'doctor'))).toEqual(['findings', 'mode']);
  }

  it('the demo tells a story that agrees with the books of the sandbox', async () => {
    const told = await naru<Record<string, Record<string, number>>>(0, 'demo');
    for (const key of ['products', 'listings', 'orders', 'sales', 'ledger']) expect(told).toHaveProperty(key);
    expect(told.products).toMatchObject({ companies: 20, on_sale: 60, refused_rows: 12 });
    for (const figure of ['units', 'gross', 'cancelled', 'returned', 'net']) {
      expect(told.sales?.[figure], figure).toBe(told.ledger?.[figure]);
    }
  });

  it('a sandbox prints its address, shows its books and stops when it is told to', async () => {
    const child = program.start(['sandbox', 'gmarket-esm', '--json'], { NARU_NOW: NOW });
    await child.shown('\n');
    const running = program.start(['sandbox', 'gmarket-esm'], { NARU_NOW: NOW });
    await running.shown('_ledger');
    running.process.kill('SIGTERM');
    child.process.kill('SIGTERM');
    const answer = answerOf<{ ledger: string; account: object }>(await child.ended);
    expect(keys(answer)).toEqual(['account', 'ledger', 'url']);
    expect((await running.ended).exitCode).toBe(0);
  });
});

describe('one folder, several processes', () => {
  it('while another command holds the folder the sentence says so; a service stops within 10 s with work under way', async () => {
    const own = { ...env, NARU_DATA_DIR: join(await program.folder(), 'data'), NARU_PORT: String(await freePort()) };
    const slow = await startGmarketSandbox({ now: () => clock.now().getTime(), faults: { feedDelayMs: 0 } });
    const door = await openDoor(slow.url);
    // Every create is done and never answered; gives a promise of the next one.
    const nextCreate = () =>
      new Promise<void>((resolve) => {
        door.watch(({ method, path }) => {
          if (method !== 'POST' || path !== '/item/v1/goods') return {};
          resolve();
          return { after: async () => 'drop' };
        });
      });
    try {
      const run = async (...args: string[]) => {
        const ended = await program.run([...args, '--json'], own);
        expect(ended.exitCode, told(ended)).toBe(0);
      };
      await run('products', 'import', demo('products.json'));
      await run('products', 'approve', '--all-valid', '--by', '김담당');
      const { settings, credentials } = slow.accountConfig();
      const config = await file('slow.json', { settings: { ...settings, baseUrl: door.url }, credentials });
      await run('accounts', 'add', 'slow', '--adapter', 'gmarket-esm', '--config', config);
      const first = nextCreate();
      const holder = program.start(['push', '--wait'], own);
      await first;
      const beside = await program.run(['doctor', '--json'], own);
      expect(beside.exitCode, told(beside)).toBe(2);
      const { error } = answerOf<{ error: { code: string; message_ko: string; message_en: string } }>(beside);
      expect(error.code).toBe('folder_in_use');
      expect(error.message_en).toContain(String(holder.process.pid));
      holder.process.kill('SIGTERM');
      expect((await holder.ended).exitCode, 'a command that was stopped').toBe(130);

      const service = program.start(['start'], own);
      await service.shown('naru is running');
      const second = nextCreate();
      await run('push');
      await second;
      const { ended, tookMs } = await stopService(service);
      expect(ended.exitCode, told(ended)).toBe(0);
      expect(tookMs).toBeLessThan(10_000);
      expect(ended.stderr).toContain('naru has stopped');
      // Nothing is left behind that keeps the next one out.
      await run('listings');
    } finally {
      await door.close();
      await slow.close();
    }
  });
});

describe('help', () => {
  it('shows every command and option of the table, and no sentence names one that is not there', async () => {
    const help = await helpOfAll();
    expect(help.get('products import')).toContain('<file>');
    for (const [command, options] of Object.entries({
      'products approve': ['--all-valid', '--by'],
      'accounts add': ['--adapter', '--config'],
      'mappings import': ['--account'],
      push: ['--account', '--campaign', '--wait', '--dry-run'],
      pull: ['--account', '--from', '--to', '--wait'],
      sales: ['--campaign', '--from', '--to', '--by'],
      listings: ['--account', '--state'],
      sandbox: ['--port', '--faults'],
    })) {
      for (const option of [...options, '--json']) expect(help.get(command), `${command} ${option}`).toContain(option);
    }
    for (const command of [
      'accounts check',
      'campaigns apply',
      'dead-letters list',
      'dead-letters replay',
      'doctor',
      'demo',
    ]) {
      expect(help.has(command), command).toBe(true);
    }
    for (const service of ['start', 'worker', 'scheduler', 'api']) expect(help.has(service), service).toBe(true);
    const named = await namedCommands();
    expect(named.size).toBeGreaterThan(8);
    const unknown = [...named].filter(([command]) => !help.has(command) && !help.has(command.split(' ')[0] ?? ''));
    expect(unknown).toEqual([]);
    for (const [command, places] of named) {
      const [group = '', action] = command.split(' ');
      const isGroup = [...help.keys()].some((known) => known.startsWith(`${group} `));
      if (isGroup && action) expect(help.has(command), `naru ${command} in ${places}`).toBe(true);
    }
  });
});

/** The help of every command by its name, `products import` for instance. */
async function helpOfAll(): Promise<Map<string, string>> {
  const help = new Map<string, string>();
  const read = async (path: string[]): Promise<void> => {
    const ended = await program.run([...path, '--help'], {});
    expect(ended.exitCode, told(ended)).toBe(0);
    if (path.length > 0) help.set(path.join(' '), ended.stdout);
    const [, list = ''] = ended.stdout.split('\nCommands:\n');
    const names = [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help');
    for (const name of names) await read([...path, name]);
  };
  await read([]);
  return help;
}

/** Commands that sentences for people and the documents name as `naru …`, with where; `naru is …` is a log line. */
async function namedCommands(): Promise<Map<string, string>> {
  const named = new Map<string, string>();
  const root = packageRoot();
  const sources = ['src', 'workers', 'adapters'];
  const entries = await Promise.all(sources.map((folder) => readdir(join(root, folder), { recursive: true })));
  const paths = entries.flatMap((names, index) => names.map((name) => join(root, sources[index] ?? '', name)));
  const documents = (await readdir(root)).filter((name) => name.endsWith('.md')).map((name) => join(root, name));
  for (const path of [...paths.filter((name) => name.endsWith('.ts')), ...documents]) {
    const text = await readFile(path, 'utf8');
    for (const [, command = ''] of text.matchAll(/`naru (?!is |has )([a-z][a-z-]*(?: [a-z][a-z-]*)?)/g))
      named.set(command, path);
  }
  return named;
}
