import { readFileSync } from 'node:fs';
import { load } from 'cheerio';
import { parse } from 'csv-parse/sync';
import ExcelJS from 'exceljs';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
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

async function workbook(rows: readonly (readonly ExcelJS.CellValue[])[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  book.addWorksheet('notes').state = 'hidden';
  const sheet = book.addWorksheet('inquiries');
  for (const [index, row] of rows.entries())
    for (const [at, value] of row.entries()) sheet.getCell(index + 1, at + 1).value = value;
  return Buffer.from(await book.xlsx.writeBuffer());
}

const listText = fixture('buykorea-inquiries.csv').toString('utf8');
const listRows: string[][] = parse(listText, { relax_column_count: true });

function page(rows: readonly (readonly string[])[], charset: string): string {
  const $ = load(`<html><head><meta charset="${charset}"></head><body><table></table></body></html>`);
  for (const row of rows) {
    const line = $('<tr></tr>');
    for (const text of row) line.append($('<td></td>').text(text));
    $('table').append(line);
  }
  return $.html().replaceAll('\n', '<br>');
}

describe('the same list in every form', () => {
  it('gives the inquiries that are in it', async () => {
    const { inquiries, faults } = await read('list.csv', listText);
    expect(faults).toEqual([]);
    expect(inquiries.map(({ value }) => inquirySchema.safeParse(value).success)).toEqual([true, true, true]);
    expect(inquiries[0]).toEqual({
      externalId: '7100231',
      row: 4,
      value: {
        channelNumber: '7100231',
        kind: 'inquiry',
        receivedAt: new Date('2026-10-31T15:00:00Z'),
        productWords: 'NR-EC120 친환경 컵',
        buyerCompany: 'Example Trading GmbH',
        buyerCountry: 'DE',
        quantity: 1000,
        unit: 'pcs',
        targetPrice: { minor: 125, currency: 'USD' },
        incoterm: null,
        port: null,
        message: 'We need 1,000 pcs of NR-EC120 (HS 4823.69-0000) by 2026-12-20. Mail [e-mail] or [phone].',
        expiresAt: new Date('2026-11-30T15:00:00Z'),
      },
      contact: null,
      sender: null,
      extras: { 홈페이지: 'https://trading.example.com', '현재 수입국가': '중국, 베트남' },
    });
    expect(inquiries[1]?.value).toMatchObject({ buyerCountry: 'VN', quantity: 500, unit: '개' });
    expect(inquiries[1]?.value.message).toBe('샘플을 먼저 받고 싶습니다.\n견적을 보내 주십시오.');
    expect(inquiries[2]?.value).toMatchObject({ quantity: 20_000, targetPrice: { minor: 15_000, currency: 'KRW' } });
    expect(inquiries[2]?.externalId).toMatch(/^[0-9a-f]{64}$/);
  });

  const forms: [string, string, () => Promise<Uint8Array> | Uint8Array][] = [
    ['CSV with a byte order mark', 'a.csv', () => Buffer.from(`\ufeff${listText}`)],
    ['CSV in CP949', 'a.csv', () => iconv.encode(listText, 'cp949')],
    ['CSV in UTF-16', 'a.csv', () => iconv.encode(listText, 'utf-16', { addBOM: true })],
    ['CSV with CRLF', 'a.csv', () => Buffer.from(listText.replaceAll('\n', '\r\n'))],
    [
      'semicolons',
      'a.txt',
      () => Buffer.from(listRows.map((row) => row.map((cell) => `"${cell}"`).join(';')).join('\n')),
    ],
    ['tabs', 'a.xls', () => Buffer.from(listRows.map((row) => row.map((cell) => `"${cell}"`).join('\t')).join('\n'))],
    ['a workbook', 'a.xlsx', () => workbook(listRows)],
    ['a workbook with the wrong name', 'a.csv', () => workbook(listRows)],
    ['a page in UTF-8', 'a.xls', () => Buffer.from(page(listRows, 'utf-8'))],
    ['a page in EUC-KR', 'a.xls', () => iconv.encode(page(listRows, 'euc-kr'), 'euc-kr')],
    ['a page that names the wrong encoding', 'a.xls', () => Buffer.from(page(listRows, 'euc-kr'))],
    ['a page with the wrong name', 'a.xlsx', () => Buffer.from(page(listRows, 'utf-8'))],
  ];
  it.each(forms)('reads %s alike', async (_form, name, bytes) => {
    expect(await read(name, await bytes())).toEqual(await read('list.csv', listText));
  });

  it('takes typed cells of a workbook for what they show', async () => {
    const rows: ExcelJS.CellValue[][] = [
      ['Product', 'Quantity', 'Date', 'Lead no', 'Message'],
      ['Cup', 1000, new Date(Date.UTC(2026, 10, 22)), 24460771, { richText: [{ text: 'Two ' }, { text: 'parts' }] }],
    ];
    const { inquiries } = await read('a.xlsx', await workbook(rows));
    expect(inquiries[0]?.externalId).toBe('24460771');
    expect(inquiries[0]?.value).toMatchObject({
      kind: 'buying-lead',
      quantity: 1000,
      message: 'Two parts',
      receivedAt: new Date('2026-11-21T15:00:00Z'),
    });
  });
});

describe('lists of the portals', () => {
  it('knows buying leads by their number', async () => {
    const { inquiries } = await read('leads.csv', fixture('ec21-buying-leads.csv'));
    expect(inquiries.map(({ externalId, value }) => [externalId, value.kind, value.buyerCountry])).toEqual([
      ['24460771', 'buying-lead', 'DE'],
      ['24460772', 'buying-lead', 'VN'],
    ]);
    expect(inquiries[0]?.extras).toMatchObject({ category: 'Packaging' });
  });

  it('finds the right table of a page, counts the days left and hides whom members only see', async () => {
    const { inquiries, faults } = await read('offers.xls', fixture('tradekorea-buying-offers.html'));
    expect(faults).toEqual([]);
    expect(inquiries[0]).toMatchObject({
      row: 3,
      value: {
        kind: 'buying-lead',
        productWords: 'LED panel & drivers',
        buyerCountry: 'AE',
        quantity: 1200,
        unit: 'sets',
      },
      contact: { name: 'Purchasing Team', email: null, phone: null },
    });
    expect(inquiries[0]?.value.expiresAt).toEqual(new Date('2026-12-05T15:00:00Z'));
    expect(inquiries[1]).toMatchObject({
      value: { buyerCountry: 'Atlantis', quantity: null },
      contact: null,
      extras: { 'Quantity Required': 'negotiable' },
    });
  });

  it('takes a mixed contact apart, and none that is masked', async () => {
    const { inquiries } = await read('g.csv', fixture('gobizkorea-inquiries.csv'));
    expect(inquiries.map(({ contact }) => contact)).toEqual([
      { name: 'Purchasing Team', email: 'buy@example.com', phone: '+31 20 123 4567' },
      null,
    ]);
    expect(inquiries[0]?.value.receivedAt).toEqual(new Date('2026-11-18T05:30:00Z'));
  });

  it('keeps amounts of other currencies as extras', async () => {
    const text = 'Product,Target price,Currency,Message\nCup,4.50,EUR,hello\nLid,4.50,USD,hello';
    const { inquiries } = await read('a.csv', text);
    expect(inquiries[0]).toMatchObject({
      value: { targetPrice: null },
      extras: { 'Target price': '4.50', Currency: 'EUR' },
    });
    expect(inquiries[1]).toMatchObject({ value: { targetPrice: { minor: 450, currency: 'USD' } }, extras: {} });
  });

  it('lets no personal data into the extras', async () => {
    const text =
      'Product,Message,Contact person,Fax,Remark,Second contact name,__proto__\n' +
      'Cup,hi,Purchasing Team,+49 30 1234567,"Purchasing Team, buy@example.com, 010-1234-5678",Sales Team,x';
    const { inquiries } = await read('a.csv', text);
    expect(Object.entries(inquiries[0]?.extras ?? {})).toEqual([
      ['Remark', '[name], [e-mail], [phone]'],
      ['__proto__', 'x'],
    ]);
  });
});

describe('keys', () => {
  it('are the same each time, whatever blanks and case', async () => {
    const text = (company: string, message: string) =>
      `Company,Product,Message,Date\n${company},Cup,${message},2026-11-20`;
    const key = async (source: string) => (await read('a.csv', source)).inquiries[0]?.externalId;
    const first = await key(text('Example Ltd.', `Hello ${'x'.repeat(300)}`));
    expect(await key(text('EXAMPLE  Ltd.', `hello   ${'x'.repeat(200)} and more`))).toBe(first);
    expect(await key(text('Example GmbH', `Hello ${'x'.repeat(300)}`))).not.toBe(first);
    const later = await readInquiryFile(
      { name: 'a.csv', bytes: Buffer.from('Product,Message\nCup,hi') },
      {},
      new Date(0),
    );
    expect(later.inquiries[0]?.externalId).toBe(await key('Product,Message\nCup,hi'));
  });

  it('that stand twice in a file count once, and a row that says something else is told', async () => {
    const rows = ['leadId,Product,Message,Quantity', '1,Cup,hi,10', '2,Lid,x,5', '1,Cup,hi,10', '1,Cup,hi,99'];
    const { inquiries, faults } = await read('a.csv', rows.join('\n'));
    expect(inquiries.map(({ externalId, row, value }) => [externalId, row, value.quantity])).toEqual([
      ['1', 2, 10],
      ['2', 3, 5],
    ]);
    expect(faults).toEqual([expect.objectContaining({ row: 5, code: 'inquiry_twice', field: '' })]);
    expect(faults[0]?.messageKo).toMatch(/^5행: .*주십시오\.$/);
  });
});

describe('rows that cannot be used', () => {
  it.each([
    ['inquiry_empty', '', 'Example Ltd.,,,,'],
    ['date_unreadable', 'Date', 'Example Ltd.,Cup,hi,soon,'],
    ['date_ambiguous', 'Date', 'Example Ltd.,Cup,hi,03/05/2026,'],
    ['control_characters', 'Message', 'Example Ltd.,Cup,h\u0007i,2026-11-20,5'],
    ['letters_lost', 'Message', 'Example Ltd.,Cup,h\ufffdi,2026-11-20,5'],
  ])('are refused for %s, and the others count', async (code, field, line) => {
    const { inquiries, faults } = await read(
      'a.csv',
      `Company,Product,Message,Date,Quantity\n${line}\nOther,Lid,hi,2026-11-20,5`,
    );
    expect(inquiries.map(({ row }) => row)).toEqual([3]);
    expect(faults).toEqual([expect.objectContaining({ row: 2, code, field })]);
    expect(faults[0]?.messageKo).toMatch(/^2행.*주십시오\.$/);
    expect(faults[0]?.messageEn).toMatch(/^Row 2.*\.$/);
  });

  it.each(['trial order', 'MOQ', '한 컨테이너', '20ft x 1', '-5', '99999999999999999999'])(
    'are no rows whose quantity is %s: the lead counts, and the words are kept',
    async (quantity) => {
      const { inquiries, faults } = await read('a.csv', `Product,Message,Date,Quantity\nCup,hi,2026-11-20,${quantity}`);
      expect(faults).toEqual([]);
      expect(inquiries[0]).toMatchObject({ value: { quantity: null }, extras: { Quantity: quantity } });
    },
  );

  it('are refused for formulas and errors, except where nobody reads the column', async () => {
    const rows: ExcelJS.CellValue[][] = [
      ['Product', 'Message', 'Link'],
      ['Cup', { formula: 'A1', result: 'x' }, ''],
      [{ error: '#N/A' }, 'hi', ''],
      ['Lid', 'hi', { formula: 'HYPERLINK("x")', result: 'x' }],
    ];
    const { inquiries, faults } = await read('a.xlsx', await workbook(rows));
    expect(faults.map(({ row, code, field }) => [row, code, field])).toEqual([
      [2, 'formula_cell', 'Message'],
      [3, 'cell_error', 'Product'],
    ]);
    expect(inquiries.map(({ row, extras }) => [row, extras])).toEqual([[4, {}]]);
  });
});

describe('mails', () => {
  const plain = fixture('inquiry-plain.eml').toString('utf8');

  it('is one inquiry, with its product from the line that names it', async () => {
    const { inquiries, faults } = await read('mail.eml', plain);
    expect(faults).toEqual([]);
    expect(inquiries).toHaveLength(1);
    expect(inquiries[0]).toMatchObject({
      row: 1,
      value: {
        kind: 'inquiry',
        receivedAt: new Date('2026-11-20T00:15:00Z'),
        productWords: 'NR-EC120',
        buyerCompany: 'Example Trading GmbH',
        buyerCountry: 'DE',
        quantity: 1000,
        targetPrice: { minor: 125, currency: 'USD' },
        incoterm: 'FOB',
        port: 'Busan',
      },
      contact: { name: 'Purchasing Team', email: 'buying@example.com', phone: '+49 30 1234567' },
      extras: { Subject: 'Re: [Example Portal] Inquiry about NR-EC120 컵' },
    });
    expect(inquiries[0]?.value.message).toMatch(/Tel: \[phone\][\s\S]*2026-12-01\. You reach us at \[e-mail\]\.$/);
  });

  it('reads HTML, and the buyer behind a portal', async () => {
    const { inquiries } = await read('mail.eml', fixture('inquiry-html.eml'));
    expect(inquiries[0]).toMatchObject({
      value: { kind: 'rfq', productWords: 'compost bins', buyerCountry: 'NL', quantity: 300, unit: 'sets' },
      contact: { name: 'Purchasing Team', email: 'buying@example.com', phone: null },
    });
    expect(inquiries[0]?.value.message).toContain('We need compost bins <80 litres>.\nCall us: [phone]');
    expect(inquiries[0]?.value.message).not.toContain('color');
  });

  it.each(['euc-kr', 'ks_c_5601-1987'])('reads bodies and subjects in %s', async (charset) => {
    const word = iconv.encode('재생 봉투 견적 요청드립니다', 'euc-kr').toString('base64');
    const head = `From: <buying@example.com>\r\nSubject: =?${charset}?B?${word}?=\r\nDate: Fri, 20 Nov 2026 09:15:00 +0900\r\n`;
    const body = iconv.encode('국가: 베트남\r\n수량: 500개\r\n견적을 보내 주십시오.', 'euc-kr');
    const type = `MIME-Version: 1.0\r\nContent-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`;
    const { inquiries } = await read('a.eml', Buffer.concat([Buffer.from(head + type), body]));
    expect(inquiries[0]?.value).toMatchObject({
      kind: 'rfq',
      productWords: '재생 봉투',
      buyerCountry: 'VN',
      quantity: 500,
      unit: '개',
      message: '국가: 베트남\n수량: 500개\n견적을 보내 주십시오.',
    });
  });

  it('is known by its heads, not by its name', async () => {
    expect(await read('mail.txt', plain)).toEqual(await read('mail.eml', plain));
    expect(await codeOf(read('a.eml', 'just some words'))).toBe('inquiry_headings_missing');
  });

  it('says that its date cannot be read', async () => {
    const { faults } = await read('a.eml', 'From: a@example.com\nSubject: cups\nDate: yesterday\n\nhi');
    expect(faults).toEqual([expect.objectContaining({ row: 1, code: 'date_unreadable', field: 'Date' })]);
  });
});
