import { load } from 'cheerio';
import { parse } from 'csv-parse/sync';
import ExcelJS from 'exceljs';
import iconv from 'iconv-lite';
import PostalMime from 'postal-mime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createPortalOperator,
  type InquiryFacts,
  type PortalSandbox,
  sampleInquiries,
  startPortalOperator,
} from '../../adapters/export-portal/sandbox/index.ts';
import { batch, receiptRows } from '../support/export-portal-sandbox-batch.ts';

const now = () => Date.parse('2026-11-23T01:00:00Z');
const operator = createPortalOperator({ now });
const [open, masked] = sampleInquiries as [InquiryFacts, InquiryFacts];

/** Both samples as rows of text, whatever the form. */
const expected = [
  [
    '2048813',
    open.title,
    'GRN-1',
    'Nordlicht Buero GmbH',
    'Germany',
    'https://nordlicht.example',
    'Purchasing Desk',
    'purchasing@nordlicht.example',
    '+49-555-0101',
    '1,200',
    'boxes',
    'China, Poland',
    open.message,
    '2026.11.20~2026.12.20',
  ],
  [
    '2048901',
    '친환경 세제 견적 요청',
    '친환경 주방세제',
    'Mekong Fresh Co., Ltd',
    '베트남',
    '',
    'I**',
    'im****@****',
    '+**-***-****',
    '',
    '',
    '태국',
    masked.message,
    '2026.11.21~2026.12.05',
  ],
];

describe('inquiries are given out', () => {
  test('as a workbook', async () => {
    const { bytes } = await operator.inquiryFile('xlsx', sampleInquiries);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(new Uint8Array(bytes).buffer as unknown as Parameters<typeof book.xlsx.load>[0]);
    const sheet = book.worksheets[0];
    const cells = (number: number) =>
      Array.from({ length: 14 }, (_, index) => sheet?.getRow(number).getCell(index + 1).text);
    expect(cells(1)).toContain('게시기간');
    expect([cells(2), cells(3)]).toEqual(expected);
    expect(sheet?.getCell('A2').type).toBe(ExcelJS.ValueType.Number);
  });

  test('as CSV in the code page of Korean Windows', async () => {
    const { bytes } = await operator.inquiryFile('csv', sampleInquiries);
    expect(bytes.includes(Buffer.from('회사명', 'utf8'))).toBe(false);
    const rows = parse(iconv.decode(bytes, 'cp949'), { record_delimiter: '\r\n' }) as string[][];
    expect(rows[0]?.slice(3, 5)).toEqual(['회사명', '국가']);
    expect(rows.slice(1)).toEqual(expected);
  });

  test('as a page that is called .xls', async () => {
    const { name, bytes } = await operator.inquiryFile('xls', sampleInquiries);
    expect(name).toBe('inquiries.xls');
    const page = load(iconv.decode(bytes, 'euc-kr'));
    const rows = page('tr')
      .toArray()
      .map((tr) =>
        page(tr)
          .children()
          .toArray()
          .map((cell) => page(cell).text()),
      );
    expect(rows[0]).toContain('인콰이어리 상세');
    expect(rows.slice(1)).toEqual(expected);
    expect(bytes.toString('latin1')).toContain('charset=euc-kr');
  });

  test('as mails, one each', async () => {
    const mail = await PostalMime.parse((await operator.inquiryFile('eml', [open])).bytes);
    expect(mail).toMatchObject({
      subject: open.title,
      from: { name: 'Purchasing Desk', address: 'purchasing@nordlicht.example' },
      date: '2026-11-20T00:30:00.000Z',
    });
    expect(mail.text).toContain('Quantity: 1200 boxes');
    const hidden = await PostalMime.parse((await operator.inquiryFile('eml', [masked])).bytes);
    expect(hidden.subject).toBe('친환경 세제 견적 요청');
    expect(JSON.stringify(hidden)).not.toContain(masked.email);
    await expect(operator.inquiryFile('eml', sampleInquiries)).rejects.toThrow(RangeError);
  });
});

describe('behind a server', () => {
  let sandbox: PortalSandbox;

  beforeEach(async () => {
    sandbox = await startPortalOperator({ now });
  });
  afterEach(() => sandbox.close());

  const post = (path: string, body: Buffer | string) => fetch(`${sandbox.url}${path}`, { method: 'POST', body });
  const json = async (path: string) => (await (await fetch(`${sandbox.url}${path}`)).json()) as Record<string, unknown>;

  test('a batch is answered with its receipt, a faulty one with what is wrong', async () => {
    const answer = await post('/_batch', await batch());
    expect(answer.status).toBe(200);
    const rows = await receiptRows(new Uint8Array(await answer.arrayBuffer()));
    expect(rows.map((one) => one[4])).toEqual(['OK', 'OK']);
    expect(await json('/_ledger')).toMatchObject({
      channel: 'export-portal',
      listings: [{ sku: 'GRN-1', externalId: rows[0]?.[2] }, { sku: 'GRN-2' }],
      products: [{ fields: { 'HS code': '048235' } }, {}],
    });
    const refused = await post('/_batch', await batch({ folder: 'EC21_2026-11-23_b0008', receiptTitle: 'x' }));
    expect([refused.status, await refused.json()]).toEqual([
      422,
      { batchId: 'b0008', faults: ['receipt.xlsx does not name its batch'] },
    ]);
    expect((await post('/_batch', 'no zip')).status).toBe(422);
  });

  test('a SKU can be made unwanted', async () => {
    await post('/_refuse', JSON.stringify({ sku: 'GRN-1', reason: 'not green enough' }));
    const rows = await receiptRows(new Uint8Array(await (await post('/_batch', await batch())).arrayBuffer()));
    expect(rows.map((one) => one[5])).toEqual(['not green enough', '']);
  });

  test('inquiries are files to download; what they tell of persons is remembered', async () => {
    expect(await json('/_personal')).toEqual({ values: [] });
    const csv = await fetch(`${sandbox.url}/_inquiries/csv`);
    expect(csv.headers.get('content-disposition')).toContain('inquiries.csv');
    expect(iconv.decode(Buffer.from(await csv.arrayBuffer()), 'cp949')).toContain('Nordlicht');
    expect((await json('/_personal')).values).toContain('purchasing@nordlicht.example');
    const mail = await (await fetch(`${sandbox.url}/_inquiries/eml?n=1`)).text();
    expect(mail).toContain('no-reply@portal.example');
    expect((await fetch(`${sandbox.url}/_inquiries/eml?n=2`)).status).toBe(404);
    expect((await fetch(`${sandbox.url}/_inquiries/pdf`)).status).toBe(404);
    const one = { ...open, number: null, company: 'Another Co' };
    expect((await post('/_inquiries', JSON.stringify({ inquiries: [one] }))).status).toBe(200);
    expect(await (await fetch(`${sandbox.url}/_inquiries/xls`)).text()).toContain('Another Co');
    expect((await post('/_inquiries', JSON.stringify({ inquiries: [{}] }))).status).toBe(400);
  });

  test('it says what account it belongs to, and that nothing on its wire can be spoiled', () => {
    expect(sandbox.accountConfig()).toEqual({
      settings: { profile: 'ec21', delivery: { kind: 'none' } },
      credentials: {},
    });
    const rules = [{ match: 'POST /_batch', fault: 'status' as const }];
    expect(() => sandbox.setFaults({ rules })).toThrow(RangeError);
  });
});
