import { execFile } from 'node:child_process';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ExcelJS from 'exceljs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGmarketSandbox } from '../../adapters/gmarket-esm/sandbox/index.ts';
import type { RunningSandbox } from '../../src/channel/sandbox.ts';
import { packageRoot } from '../../src/runtime/package-files.ts';
import { goodRow } from '../support/catalogue-rows.ts';
import { freePort } from '../support/free-port.ts';
import { answerOf, compileProgram, type Ended, type Environment, type Program, told } from '../support/program.ts';

const NOW = '2026-11-23T09:00:00+09:00';
const SECRET = 'hunter2-must-never-be-shown';
const catalogue = join(packageRoot(), 'demo', 'catalogue', 'products.json');

let program: Program;
let sandbox: RunningSandbox;
let files: string;
let port: number;
/** A data folder with the demo catalogue, approved, that a service holds; tests that change it make their own. */
let filled: Environment;
/** Everything any child printed, checked after each test. */
const printed: Ended[] = [];

beforeAll(async () => {
  program = await compileProgram();
  files = await program.folder();
  port = await freePort();
  sandbox = await startGmarketSandbox({ now: () => Date.parse(NOW), faults: { feedDelayMs: 0 } });
  filled = await newFolder();
  await ok(['products', 'import', catalogue], filled);
  await ok(['products', 'approve', '--all-valid', '--by', '담당자'], filled);
  // Commands on this folder go through the service from here on: the same sentences, and no engine to start each time.
  const service = program.start(['start'], { ...filled, NARU_PORT: String(await freePort()) });
  await service.shown('naru is running');
});

afterEach(() => {
  for (const ended of printed.splice(0)) {
    // The line of a stack trace; a sentence never has four blanks before "at".
    expect(ended.stdout + ended.stderr, told(ended)).not.toMatch(/(^|\n|\\n) {4}at /);
    expect(ended.stdout + ended.stderr, told(ended)).not.toContain(SECRET);
  }
});

afterAll(async () => {
  await program?.close();
  await sandbox?.close();
});

interface Sentences {
  code: string;
  message_ko: string;
  message_en: string;
}

async function newFolder(): Promise<Environment> {
  return { NARU_DATA_DIR: await program.dataFolder(), NARU_NOW: NOW, NARU_PORT: String(port) };
}

async function naru(args: readonly string[], env: Environment): Promise<Ended> {
  const ended = await program.run([...args, '--json'], env);
  printed.push(ended);
  return ended;
}

async function ok(args: readonly string[], env: Environment): Promise<Ended> {
  const ended = await naru(args, env);
  expect(ended.exitCode, told(ended)).toBe(0);
  return ended;
}

/** Exit 2, the same sentence on stdout for machines and on stderr for people, in both languages. */
async function refused(args: readonly string[], env: Environment): Promise<Sentences> {
  const ended = await naru(args, env);
  expect(ended.exitCode, told(ended)).toBe(2);
  const { error } = answerOf<{ error: Sentences }>(ended);
  expect(error.code, told(ended)).not.toBe('fault');
  expect(error.message_ko).toMatch(/[가-힣]/);
  expect(error.message_en).toMatch(/^[\x20-\x7e’–—…가-힣]+$/);
  expect(ended.stderr).toContain(error.message_ko);
  expect(ended.stderr).toContain(error.message_en);
  return error;
}

async function file(name: string, content: string): Promise<string> {
  const path = join(files, name);
  await writeFile(path, content);
  return path;
}

function productsOf(answer: Record<string, unknown> | undefined): string[] {
  return ((answer?.products ?? []) as { sku: string }[]).map((product) => product.sku);
}

/** Names of the products that the folder holds. */
async function skus(env: Environment): Promise<string[]> {
  return productsOf(answerOf(await ok(['products', 'list'], env)));
}

describe('files', () => {
  it.each([
    ['products import', ['products', 'import']],
    ['campaigns apply', ['campaigns', 'apply']],
    ['mappings import', ['mappings', 'import', '--account', 'shop']],
    ['accounts add', ['accounts', 'add', 'shop', '--adapter', 'gmarket-esm', '--config']],
  ])('%s: broken JSON is told with its place, a missing file with its name', async (_name, args) => {
    const broken = await file('broken.json', `{"credentials": {"secretKey": "${SECRET}"},, }`);
    const syntax = await refused([...args, broken], filled);
    expect(syntax.code).toBe('json_syntax');
    expect(syntax.message_en).toContain('broken.json');
    const missing = await refused([...args, join(files, 'nowhere.json')], filled);
    expect(missing.code).toBe('file_missing');
    expect(missing.message_ko).toContain('nowhere.json');
  });

  it('JSON of another shape is told by the names of its fields', async () => {
    const list = await file('list.json', '[1, 2]');
    expect((await refused(['campaigns', 'apply', list], filled)).code).toBe('campaign_invalid');
    const account = ['accounts', 'add', 'shop', '--adapter', 'gmarket-esm', '--config'];
    expect((await refused([...account, list], filled)).code).toBe('account_file_invalid');
    const partial = await file(
      'partial.json',
      JSON.stringify({ settings: {}, credentials: { secretKey: 7, extra: SECRET } }),
    );
    const error = await refused([...account, partial], filled);
    expect(error.message_en).toContain('settings.masterId');
    expect(error.message_en).toContain('credentials.secretKey');
  });

  it('a catalogue of 200 MB is refused without being read', async () => {
    const path = join(files, 'huge.json');
    const handle = await open(path, 'w');
    await handle.truncate(200 * 1024 * 1024);
    await handle.close();
    expect((await refused(['products', 'import', path], filled)).code).toBe('file_too_large');
    expect((await refused(['campaigns', 'apply', path], filled)).code).toBe('file_too_large');
    const workbook = join(files, 'huge.xlsx');
    const other = await open(workbook, 'w');
    await other.truncate(200 * 1024 * 1024);
    await other.close();
    expect((await refused(['products', 'import', workbook], filled)).code).toBe('file_too_large');
    expect(await skus(filled)).toHaveLength(60);
  });

  it('a formula cell keeps its row out and lets the others in', async () => {
    const env = await newFolder();
    const source = join(packageRoot(), 'demo', 'catalogue', 'products.xlsx');
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(source);
    const sheet = book.worksheets[0];
    const head = sheet?.getRow(1);
    let column = 0;
    head?.eachCell((cell, number) => {
      if (/price|가격|판매가/.test(cell.text)) column ||= number;
    });
    expect(column).toBeGreaterThan(0);
    const cell = sheet?.getRow(4).getCell(column);
    if (cell) cell.value = { formula: 'A1*2', result: 10_000 };
    const path = join(files, 'formula.xlsx');
    await book.xlsx.writeFile(path);
    const ended = await naru(['products', 'import', path], env);
    expect(ended.exitCode, told(ended)).toBe(1);
    const answer = answerOf<{ accepted: number; refused: { row: number; rule: string; message_ko: string }[] }>(ended);
    expect(answer.accepted).toBe(59);
    expect(answer.refused).toHaveLength(1);
    expect(answer.refused[0]).toMatchObject({ rule: 'formula_cell' });
    expect(answer.refused[0]?.message_ko).toMatch(/[가-힣]/);
  });
});

describe('names and settings', () => {
  it('unknown accounts, adapters, campaigns and commands', async () => {
    const config = await file('fine.json', JSON.stringify(sandbox.accountConfig()));
    expect((await refused(['accounts', 'check', 'nobody'], filled)).code).toBe('account_unknown');
    expect((await refused(['push', '--account', 'nobody'], filled)).code).toBe('account_unknown');
    expect((await refused(['pull', 'orders', '--account', 'nobody'], filled)).code).toBe('account_unknown');
    expect((await refused(['push', '--campaign', 'never'], filled)).code).toBe('campaign_unknown');
    const adapter = await refused(['accounts', 'add', 'shop', '--adapter', 'amazon', '--config', config], filled);
    expect(adapter.code).toBe('adapter_unknown');
    expect(adapter.message_en).toContain('gmarket-esm');
    expect((await refused(['sandbox', 'amazon'], filled)).code).toBe('sandbox_unknown');
    expect((await refused(['products', 'show', 'NO-SUCH'], filled)).code).toBe('product_unknown');
    expect((await refused(['dead-letters', 'replay', '999'], filled)).code).toBe('dead_letter_unknown');
    expect((await refused(['dead-letters', 'replay', 'first'], filled)).code).toBe('input_invalid');
    expect((await refused(['pull', 'orders', '--from', 'yesterday'], filled)).code).toBe('window_invalid');
    expect((await refused(['sales', '--from', '2026-13-01'], filled)).code).toBe('date_invalid');
    expect((await refused(['nonsense'], filled)).code).toBe('usage');
    for (const args of [[], ['products']]) {
      expect(await refused(args, filled)).toMatchObject({
        code: 'usage',
        message_en: expect.stringContaining('missing'),
      });
    }
    expect((await refused(['products', 'approve', 'SG-20-002'], filled)).code).toBe('usage');
  });

  it.each([
    ['NARU_PORT', 'http', 'config_invalid'],
    ['NARU_NOW', 'tomorrow', 'config_invalid'],
    ['NARU_LOG_LEVEL', 'loud', 'config_invalid'],
    ['NARU_PUBLIC_URL', 'ftp://naru', 'config_invalid'],
    ['NARU_API_TOKEN', 'short', 'config_invalid'],
    ['REDIS_URL', `redis://:${SECRET}@127.0.0.1:1`, 'config_redis_alone'],
    ['DATABASE_URL', `nonsense ${SECRET}`, 'secret_key_missing'],
  ])('%s=%s', async (name, value, code) => {
    const error = await refused(['doctor'], { ...filled, [name]: value });
    expect(error.code).toBe(code);
    expect(error.message_en).toContain(name === 'DATABASE_URL' ? 'NARU_SECRET_KEY' : name);
  });

  it('a secret key of the wrong length', async () => {
    const error = await refused(['doctor'], { ...(await newFolder()), NARU_SECRET_KEY: 'aHVudGVy' });
    expect(error.code).toBe('secret_key_invalid');
  });

  it('servers that cannot be reached are named without their passwords', async () => {
    const key = { NARU_SECRET_KEY: Buffer.alloc(32, 7).toString('base64') };
    const closed = await freePort();
    const database = await refused(['doctor'], {
      ...key,
      DATABASE_URL: `postgres://me:${SECRET}@127.0.0.1:${closed}/naru`,
    });
    expect(database.message_en).toContain(`127.0.0.1:${closed}`);
    const unreadable = await refused(['doctor'], { ...key, DATABASE_URL: `nonsense ${SECRET}` });
    expect(unreadable.message_en).toContain('DATABASE_URL');
  });

  it('another secret key than the credentials were saved under', async () => {
    const env = await newFolder();
    const config = await file('sealed.json', JSON.stringify(sandbox.accountConfig()));
    const first = { ...env, NARU_SECRET_KEY: Buffer.alloc(32, 1).toString('base64') };
    const second = { ...env, NARU_SECRET_KEY: Buffer.alloc(32, 2).toString('base64') };
    await ok(['accounts', 'add', 'shop', '--adapter', 'gmarket-esm', '--config', config], first);
    for (const args of [
      ['accounts', 'check', 'shop'],
      ['push', '--wait'],
      ['pull', 'orders', '--wait'],
    ]) {
      expect((await naruWith(args, second)).code, args.join(' ')).toBe('secret_key_wrong');
    }
    await ok(['accounts', 'check', 'shop'], first);
  });
});

/** As `refused`, or an answer that names the failure with exit 1. */
async function naruWith(args: readonly string[], env: Environment): Promise<{ code: string }> {
  const ended = await naru(args, env);
  expect([1, 2], told(ended)).toContain(ended.exitCode);
  const answer = answerOf<{ error?: Sentences; failed?: Sentences[] }>(ended);
  const told_ = answer.error ?? answer.failed?.[0];
  if (!told_) throw new Error(`nothing was told\n${told(ended)}`);
  expect(told_.message_ko).toMatch(/[가-힣]/);
  return told_;
}

describe('channels', () => {
  async function account(env: Environment, change: { secretKey?: string; baseUrl?: string }): Promise<void> {
    const { settings, credentials } = sandbox.accountConfig();
    const config = await file(
      'account.json',
      JSON.stringify({
        settings: { ...settings, ...(change.baseUrl && { baseUrl: change.baseUrl }) },
        credentials: { ...credentials, ...(change.secretKey && { secretKey: change.secretKey }) },
      }),
    );
    await ok(['accounts', 'add', 'shop', '--adapter', 'gmarket-esm', '--config', config], env);
  }

  async function prepared(change: { secretKey?: string; baseUrl?: string }): Promise<Environment> {
    const env = await newFolder();
    await ok(['products', 'import', catalogue], env);
    await ok(['products', 'approve', '--all-valid', '--by', '담당자'], env);
    await account(env, change);
    return env;
  }

  it('a wrong key: the check says so, a push pauses the account and stops asking', async () => {
    const env = await prepared({ secretKey: `${SECRET}-and-long-enough-for-a-key` });
    const check = await naru(['accounts', 'check', 'shop'], env);
    expect(check.exitCode, told(check)).toBe(1);
    expect(answerOf(check)).toMatchObject({ ok: false, kind: 'unauthorized' });
    const push = await naru(['push', '--wait'], env);
    expect(push.exitCode, told(push)).toBe(1);
    expect(answerOf<{ failed: Sentences[] }>(push).failed[0]?.message_en).toContain('accounts add');
    const accounts = answerOf<{ accounts: { state: string }[] }>(await ok(['accounts', 'list'], env)).accounts;
    expect(accounts[0]?.state).toBe('paused');
    const calls = sandbox.ledger().traffic.calls;
    expect((await naru(['push', '--wait'], env)).exitCode).toBe(1);
    expect((await naru(['pull', 'all', '--wait'], env)).exitCode).toBe(1);
    expect(sandbox.ledger().traffic.calls, 'a paused account calls nobody').toBe(calls);
    // With the right key everything goes on as if nothing had been.
    await account(env, {});
    await ok(['accounts', 'resume', 'shop'], env);
    await ok(['push', '--wait'], env);
    expect(new Set(sandbox.ledger().listings.map((one) => one.sku)).size).toBe(60);
  });

  it('a wrong base address and a channel that is away', async () => {
    const closed = await freePort();
    const env = await prepared({ baseUrl: `http://127.0.0.1:${closed}` });
    const check = await naru(['accounts', 'check', 'shop'], env);
    expect(check.exitCode, told(check)).toBe(1);
    expect(answerOf(check)).toMatchObject({ ok: false, kind: 'unavailable' });
    expect(answerOf<Sentences>(check).message_en).toContain('baseUrl');
    const push = await naru(['push', '--wait'], env);
    expect(push.exitCode, told(push)).toBe(1);
    expect(answerOf<{ failed: Sentences[] }>(push).failed[0]).toMatchObject({ code: 'ECONNREFUSED' });
    const pull = await naru(['pull', 'orders', '--wait'], env);
    expect(pull.exitCode, told(pull)).toBe(1);
    expect(await skus(env)).toHaveLength(60);

    await account(env, { baseUrl: `${sandbox.url}/no-such-api` });
    const wrong = await naru(['accounts', 'check', 'shop'], env);
    expect(wrong.exitCode, told(wrong)).toBe(1);
    expect(answerOf<Sentences>(wrong).message_en).toContain('baseUrl');
    expect(answerOf<{ failed: Sentences[] }>(await naru(['push', '--wait'], env)).failed[0]?.message_ko).toContain(
      'baseUrl',
    );
  });
});

const canMount = await promisify(execFile)('unshare', ['-Urm', 'sh', '-c', 'mount -t tmpfs naru /mnt']).then(
  () => true,
  () => false,
);
/** Small and read-only disks are made in a mount space of their own; where that is forbidden the tests are skipped. */
const itWithMounts = canMount ? it : it.skip;

describe('data folders', () => {
  it('a path where no folder can be', async () => {
    const inTheWay = await file('a-file', '');
    const env = { ...filled, NARU_DATA_DIR: inTheWay };
    expect((await refused(['doctor'], env)).message_en).toContain('a-file');
    expect((await refused(['doctor'], { ...filled, NARU_DATA_DIR: join(inTheWay, 'below') })).code).toBe('ENOTDIR');
    expect((await refused(['doctor'], { ...filled, NARU_DATA_DIR: '/proc/naru' })).code).toBe('ENOENT');
  });

  itWithMounts('a read-only disk, and one that is too small to begin with', async () => {
    const [readOnly, small] = await onDisk(
      `mount -t tmpfs -o ro naru /mnt && naru doctor; umount /mnt
       mount -t tmpfs -o size=1m naru /mnt && naru doctor`,
    );
    expect(readOnly).toMatchObject({ exitCode: 2, answer: { error: { code: 'EROFS' } } });
    expect(small).toMatchObject({ exitCode: 2 });
    expect(JSON.stringify(small?.answer)).toContain('ENOSPC');
  });

  itWithMounts(
    'a disk that fills up: the work stops with a sentence, and nothing that was stored is lost',
    async () => {
      const rows = Array.from({ length: 3_000 }, (_, index) => ({ ...goodRow('SG-20-002'), sku: `BIG-${index}` }));
      const big = await file('big.json', JSON.stringify(rows));
      const [, first, second, third, last] = await onDisk(
        // Some hundred kilobytes are left: enough to start, too few for 3,000 products.
        `mount -t tmpfs -o size=64m naru /mnt && naru products list && naru products import ${catalogue}
       dd if=/dev/zero of=/mnt/fill bs=64k 2>/dev/null; truncate -s -400k /mnt/fill
       naru products import ${big}; naru doctor
       rm /mnt/fill; naru products list`,
      );
      expect(first).toMatchObject({ exitCode: 0, answer: { accepted: 60 } });
      for (const full of [second, third]) {
        expect(full).toMatchObject({ exitCode: 2 });
        expect(JSON.stringify(full?.answer)).toMatch(/디스크가 꽉 찼습니다.*The disk is full/);
      }
      expect(last).toMatchObject({ exitCode: 0 });
      const kept = productsOf(last?.answer);
      expect(kept.filter((sku) => sku.startsWith('SG-'))).toHaveLength(60);
    },
  );
});

/** Runs a shell script that may mount at /mnt, where `naru` keeps its data; gives what each `naru` in it ended with. */
async function onDisk(script: string): Promise<{ exitCode: number; answer: Record<string, unknown> }[]> {
  const define = `naru() { "$NODE" "$NARU" "$@" --json; echo "exit $?"; }`;
  const env = {
    ...process.env,
    NODE: process.execPath,
    NARU: program.script,
    NARU_NOW: NOW,
    NARU_DATA_DIR: '/mnt/data',
  };
  const { stdout, stderr } = await promisify(execFile)('unshare', ['-Urm', 'sh', '-c', `${define}\n${script}`], {
    env,
  });
  printed.push({ exitCode: null, signal: null, stdout, stderr });
  const lines = stdout.split('\n').filter((line) => line !== '');
  const runs: { exitCode: number; answer: Record<string, unknown> }[] = [];
  for (let at = 0; at < lines.length; at += 2) {
    const [answer = '', code = ''] = lines.slice(at, at + 2);
    runs.push({ exitCode: Number(code.replace('exit ', '')), answer: JSON.parse(answer) });
  }
  return runs;
}
