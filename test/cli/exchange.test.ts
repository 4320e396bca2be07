import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axios from 'axios';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCxmlBuyer } from '../../adapters/b2b-cxml/sandbox/index.ts';
import { createPortalOperator, sampleInquiries } from '../../adapters/export-portal/sandbox/index.ts';
import { packageRoot } from '../../src/runtime/package-files.ts';
import { freePort } from '../support/free-port.ts';
import { answerOf, compileProgram, type Program, told } from '../support/program.ts';

const NOW = '2026-11-24T09:00:00+09:00';
const demo = (...names: string[]) => join(packageRoot(), 'demo', ...names);

let program: Program;
let files: string;
let env: Record<string, string>;
let port: number;

beforeAll(async () => {
  program = await compileProgram();
  files = await program.folder();
  port = await freePort();
  env = { NARU_DATA_DIR: join(files, 'data'), NARU_PORT: String(port), NARU_NOW: NOW };
  await naru(['products', 'import', demo('catalogue', 'products.json')]);
  await naru(['products', 'approve', '--all-valid', '--by', '담당자']);
});
afterAll(() => program?.close());

async function naru(args: string[], exitCode = 0): Promise<Record<string, unknown>> {
  const ended = await program.run([...args, '--json'], env);
  expect(ended.exitCode, told(ended)).toBe(exitCode);
  return answerOf(ended);
}

it('a portal: from the account file to the batch, the receipt and the inquiries', async () => {
  const add = ['accounts', 'add', 'portal', '--adapter', 'export-portal', '--config'];
  expect(await naru([...add, demo('files', 'account.export-portal.json')])).toMatchObject({ result: 'added' });
  await naru(['mappings', 'import', demo('files', 'mappings.export-portal.json'), '--account', 'portal']);
  expect(await naru(['accounts', 'check', 'portal'])).toEqual({ ok: true });
  expect(await naru(['push', '--account', 'portal'])).toMatchObject({
    planned: { create: 60 },
    to_export: [{ account: 'portal', products: 60, waiting: 0 }],
  });
  const out = join(files, 'out');
  const built = await naru(['export', 'build', 'portal', '--out', out]);
  expect(built).toMatchObject({ batch: 'portal-b0001', add: 60, blocked: [], withdrawn: [] });
  expect((await naru(['listings', '--state', 'on-sale'])).listings).toEqual([]);
  const operator = createPortalOperator({ now: () => Date.parse(NOW) });
  const taken = await operator.takeBatch(String(built.file));
  const receipt = join(files, 'receipt.xlsx');
  await writeFile(receipt, taken.receipt?.bytes ?? '');
  expect(await naru(['export', 'receipt', receipt])).toMatchObject({ confirmed: 60, refused: [], faults: [] });
  expect((await naru(['listings', '--account', 'portal', '--state', 'on-sale'])).listings).toHaveLength(60);
  expect((await naru(['export', 'list', 'portal'])).batches).toMatchObject([{ products: 60, open: 0, confirmed: 60 }]);
  const saved = await operator.inquiryFile('csv', sampleInquiries);
  const inquiries = join(files, 'inquiries.csv');
  await writeFile(inquiries, saved.bytes);
  const brought = await naru(['inquiries', 'import', inquiries, '--account', 'portal']);
  expect(brought).toMatchObject({ same_file: false, faults: [] });
  expect(await naru(['inquiries', 'import', inquiries, '--account', 'portal'])).toMatchObject({
    same_file: true,
    new: 0,
  });
  const listed = (await naru(['inquiries', 'list', '--open', '--by', 'company'])) as {
    leads: { open: number }[];
    inquiries: { id: string; contact: string | null }[];
  };
  expect(listed.inquiries).toHaveLength(Number(brought.new));
  const byKind = await naru(['inquiries', 'list', '--by', 'kind']);
  expect(byKind.leads).toMatchObject([{ key: 'export', inquiries: Number(brought.new) }]);
  const [first] = listed.inquiries;
  await naru(['inquiries', 'answer', first?.id ?? '', '--account', 'portal', '--by', '담당자']);
  expect((await naru(['inquiries', 'list', '--open'])).inquiries).toHaveLength(Number(brought.new) - 1);
});

it('a buyer: orders at the door of the service, one for a hundred, in the sales with their rate', async () => {
  const buyer = await startCxmlBuyer({ now: () => Date.parse(NOW) });
  try {
    const { settings, credentials } = buyer.accountConfig();
    const account = join(files, 'buyer.json');
    await writeFile(account, JSON.stringify({ settings: { ...settings, unspsc: '14111507' }, credentials }));
    await naru(['accounts', 'add', 'buyer', '--adapter', 'b2b-cxml', '--config', account]);
    expect(await naru(['accounts', 'check', 'buyer'])).toEqual({ ok: true });
    expect(await naru(['push', '--account', 'buyer', '--wait'])).toMatchObject({ done: { create: 60 }, failed: [] });
    expect(buyer.ledger().listings.filter((one) => one.state === 'on-sale')).toHaveLength(60);
    const catalogue = join(files, 'catalogue.xml');
    expect(await naru(['catalogue', 'write', 'buyer', '--format', 'index', '--out', catalogue])).toMatchObject({
      items: 60,
    });
    const service = program.start(['start'], env);
    await service.shown('naru is running');
    const url = `http://127.0.0.1:${port}/inbound/buyer`;
    const sent = await buyer.order({
      url,
      lines: [{ sku: 'SG-01-001', quantity: 3, unitPrice: 1_580, currency: 'USD' }],
    });
    expect(sent.code).toBe(200);
    const answers = await Promise.all(Array.from({ length: 100 }, () => buyer.again(sent.payloadId, url)));
    expect(new Set(answers.map((one) => one.code))).toEqual(new Set([200]));
    expect((await naru(['orders', 'list', '--account', 'buyer'])).orders).toMatchObject([
      { order: sent.orderId, units: 3 },
    ]);
    await naru(['orders', 'acknowledge', sent.orderId, '--account', 'buyer', '--by', '담당자']);
    await naru([
      'orders',
      'ship',
      sent.orderId,
      '--account',
      'buyer',
      '--courier',
      'CJ',
      '--invoice',
      '6001',
      '--by',
      '담당자',
    ]);
    expect(buyer.ledger()).toMatchObject({ refused: [], confirmations: [{}], shipNotices: [{}] });
    expect((await naru(['sales', '--by', 'kind'])).totals).toMatchObject([
      { currency: 'USD', net: 4_740, net_krw: null },
    ]);
    await naru(['rates', 'import', demo('files', 'rates.json')]);
    expect(await naru(['sales', '--by', 'kind'])).toMatchObject({
      rows: [{ kind: 'b2b', order_lines: 1, units: 3, net: 4_740, net_krw: 65_957 }],
      won: { net: 65_957 },
    });
    await buyer.order({ url, orderId: sent.orderId, type: 'delete' });
    expect((await naru(['sales', '--by', 'kind'])).totals).toMatchObject([{ gross: 4_740, cancelled: 4_740, net: 0 }]);
    expect((await axios.post(`${url}-none`, '<a/>', { validateStatus: () => true })).status).toBe(404);
    service.process.kill('SIGTERM');
    await service.ended;
  } finally {
    await buyer.close();
  }
});
