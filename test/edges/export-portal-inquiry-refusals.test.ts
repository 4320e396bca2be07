import { readFileSync } from 'node:fs';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { readInquiryFile } from '../../adapters/export-portal/inquiries.ts';
import type { InquiryFile } from '../../src/channel/inquiries.ts';
import { inquirySchema } from '../../src/domain/inquiry.ts';
import { PeopleError } from '../../src/domain/people-error.ts';

const now = new Date('2026-11-23T00:00:00Z');
const folder = new URL('../../adapters/export-portal/fixtures/inquiries/', import.meta.url);
const fixture = (name: string): Buffer => readFileSync(new URL(name, folder));
const read = (name: string, bytes: Uint8Array | string): Promise<InquiryFile> =>
  readInquiryFile({ name, bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes }, {}, now);
const codeOf = (reading: Promise<unknown>): Promise<string> =>
  reading.then(
    () => 'read',
    (error: unknown) => (error instanceof PeopleError ? error.code : `not for people: ${String(error)}`),
  );

async function workbook(): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  book.addWorksheet('a').addRows([
    ['Product', 'Company', 'Country', 'Quantity', 'Message'],
    ['Cup', 'Example Trading GmbH', '독일', '1,000 pcs', 'hi'],
  ]);
  return Buffer.from(await book.xlsx.writeBuffer());
}

function zip(parts: Record<string, Buffer>): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [name, bytes] of Object.entries(parts)) archive.addBuffer(bytes, name);
  archive.end();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    archive.outputStream.on('data', (chunk: Buffer) => chunks.push(chunk));
    archive.outputStream.on('end', () => resolve(Buffer.concat(chunks)));
    archive.outputStream.on('error', reject);
  });
}

describe('files that cannot be read', () => {
  const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]);
  it.each<[string, string, () => Promise<Uint8Array> | Uint8Array]>([
    ['inquiry_file_empty', 'a.csv', () => Buffer.alloc(0)],
    ['inquiry_file_empty', 'a.csv', () => Buffer.from('  \n')],
    ['inquiry_old_workbook', 'a.xls', () => ole],
    ['inquiry_outlook_file', 'a.msg', () => ole],
    ['inquiry_file_unknown', 'a.csv', () => Buffer.from('89504e470d0a1a0a0000000d', 'hex')],
    ['inquiry_headings_missing', 'a.csv', () => Buffer.from('a,b\n1,2')],
    ['inquiry_csv_broken', 'a.csv', () => Buffer.from('Product,Message\nCup,"never closed\n')],
    ['inquiry_workbook_broken', 'a.xlsx', async () => (await workbook()).subarray(0, 3000)],
    ['inquiry_file_unknown', 'a.xlsx', () => zip({ 'word/document.xml': Buffer.from('<w/>') })],
    ['inquiry_file_too_large', 'a.csv', () => Buffer.alloc(20 * 1024 * 1024 + 1, 'a')],
    ['inquiry_file_too_large', 'a.csv', () => Buffer.from(`Product,Message\n${'Cup,hi\n'.repeat(20_001)}`)],
    ['inquiry_file_too_large', 'a.xls', () => Buffer.from(`<table>${'<tr><td>x'.repeat(21_000)}</table>`)],
    [
      'inquiry_file_too_large',
      'a.xlsx',
      () => zip({ 'xl/worksheets/sheet1.xml': Buffer.alloc(70 * 1024 * 1024, ' ') }),
    ],
    [
      'inquiry_file_too_large',
      'a.xlsx',
      () => zip({ 'xl/worksheets/sheet1.xml': Buffer.from('<c/>'.repeat(6_000_001)) }),
    ],
    [
      'inquiry_file_too_large',
      'a.xlsx',
      () => zip({ 'xl/workbook.xml': Buffer.from('<definedName name="x">S!$A$1:$XFD$1048576</definedName>') }),
    ],
    ['inquiry_html_broken', 'a.xls', () => Buffer.from(`<table><tr><td>${'<table><tr><td>'.repeat(400_000)}`)],
  ])('%s (%s)', async (code, name, bytes) => {
    const made = await bytes();
    const began = process.cpuUsage();
    expect(await codeOf(read(name, made))).toBe(code);
    expect(process.cpuUsage(began).user / 1_000).toBeLessThan(30_000);
  });

  it('does not believe the sizes in an archive', async () => {
    const honest = await zip({ 'xl/worksheets/sheet1.xml': Buffer.alloc(70 * 1024 * 1024, ' ') });
    const lying = Buffer.from(honest);
    const entry = lying.lastIndexOf(Buffer.from('504b0102', 'hex'));
    lying.writeUInt32LE(1000, entry + 24);
    expect(await codeOf(read('a.xlsx', lying))).toBe('inquiry_workbook_broken');
  });

  it('is not held up by what a page nests beside its tables', async () => {
    const began = process.cpuUsage();
    const deep = `${'<p><td>'.repeat(300_000)}${'<b title="</b>"><div>'.repeat(300_000)}`;
    const { inquiries } = await read('a.xls', `<table><tr><td>Product<td>Message<tr><td>Cup<td>hi</table>${deep}`);
    expect(inquiries).toHaveLength(1);
    expect(process.cpuUsage(began).user / 1_000).toBeLessThan(30_000);
  });

  it('merges over a whole sheet cost no time', async () => {
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet('a');
    sheet.addRows([['List'], ['Product', 'Message'], ['Cup', 'hi']]);
    sheet.mergeCells('A1:B1');
    const { inquiries } = await read('a.xlsx', Buffer.from(await book.xlsx.writeBuffer()));
    expect(inquiries.map(({ row }) => row)).toEqual([3]);
  });
});

describe('any input', () => {
  const settled = (name: string, bytes: Uint8Array) => codeOf(read(name, bytes));
  const name = fc.constantFrom('a.csv', 'a.xls', 'a.xlsx', 'a.eml', 'a');

  it('is read or refused in words for people', async () => {
    await fc.assert(
      fc.asyncProperty(name, fc.uint8Array({ maxLength: 400 }), async (file, bytes) => {
        expect(await settled(file, bytes)).not.toMatch(/^not for people/);
      }),
      { numRuns: 300 },
    );
  });

  it('that is a damaged copy of a good file, too', async () => {
    const good = [
      await workbook(),
      ...['buykorea-inquiries.csv', 'tradekorea-buying-offers.html', 'inquiry-plain.eml', 'inquiry-html.eml'].map(
        fixture,
      ),
    ];
    await fc.assert(
      fc.asyncProperty(
        name,
        fc.constantFrom(...good),
        fc.nat(),
        fc.uint8Array({ maxLength: 12 }),
        async (file, bytes, at, change) => {
          const damaged = Buffer.from(bytes);
          damaged.set(change.subarray(0, Math.max(0, damaged.length - (at % damaged.length))), at % damaged.length);
          expect(await settled(file, damaged)).not.toMatch(/^not for people/);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('with any words under known headings gives whole inquiries or faults', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll('\0', '')),
      fc.constantFrom('1,000 pcs', '2026.11.22', 'USD 5', '독일', '-'),
    );
    const headings = [
      'No',
      'Kind',
      'Date',
      '게시기간',
      'Deadline',
      'Days left',
      'Product',
      'Country',
      'Quantity',
      'Price',
      'Message',
      'x',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { maxLength: 12 }), { maxLength: 6 }), async (rows) => {
        const line = (cells: readonly string[]) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
        const { inquiries, faults } = await read('a.csv', [headings, ...rows].map(line).join('\n'));
        expect(inquiries.length + faults.length).toBeLessThanOrEqual(rows.length);
        for (const { value } of inquiries) expect(inquirySchema.safeParse(value).error).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});
