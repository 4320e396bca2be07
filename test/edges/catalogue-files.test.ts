import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogueFileError } from '../../src/catalogue/catalogue-file-error.ts';
import type { CatalogueRow } from '../../src/catalogue/catalogue-row.ts';
import { MAX_CATALOGUE_BYTES, readCatalogue } from '../../src/catalogue/read-catalogue.ts';
import { checkRow } from '../../src/catalogue/row-schema.ts';
import { flatten, writeWorkbook } from '../../src/catalogue/write-workbook.ts';
import type { Product } from '../../src/domain/product.ts';
import { check, contextOf, goodRow, goodRows, type RawRow } from '../support/catalogue-rows.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'naru-catalogue-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function put(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function read(path: string): Promise<CatalogueRow[]> {
  const rows: CatalogueRow[] = [];
  for await (const row of readCatalogue(path)) rows.push(row);
  return rows;
}

/** `2 SG-01-001` for a row, `3 formula_cell name_ko` for a refusal. */
async function outline(path: string): Promise<string[]> {
  return (await read(path)).map((row) =>
    'value' in row ? `${row.row} ${row.value.sku}` : `${row.row} ${row.refusal.rule} ${row.refusal.field}`.trim(),
  );
}

function toCsv(rows: readonly RawRow[], delimiter = ','): string {
  const flat = rows.map((row) => new Map(flatten(row, '')));
  const headings = [...new Set(flat.flatMap((cells) => [...cells.keys()]))];
  const quote = (cell: unknown) => `"${String(cell ?? '').replaceAll('"', '""')}"`;
  const lines = flat.map((cells) => headings.map((heading) => quote(cells.get(heading))).join(delimiter));
  return [headings.join(delimiter), ...lines].join('\r\n');
}

async function products(path: string): Promise<(Product | null)[]> {
  const seenSkus = new Set<string>();
  return (await read(path)).map((row) =>
    'value' in row ? checkRow(row.value, contextOf({ seenSkus })).product : null,
  );
}

async function failure(path: string): Promise<CatalogueFileError> {
  const error = await read(path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CatalogueFileError)) throw new Error(`no CatalogueFileError but ${String(error)}`);
  expect(error.messageKo).toMatch(/십시오/);
  expect(`${error.messageKo}${error.messageEn}`).not.toContain(folder);
  return error;
}

async function workbook(
  name: string,
  fill: (sheet: ExcelJS.Worksheet, book: ExcelJS.Workbook) => void,
): Promise<string> {
  const book = new ExcelJS.Workbook();
  fill(book.addWorksheet('상품'), book);
  return put(name, Buffer.from(await book.xlsx.writeBuffer()));
}

describe('the same products from every format', () => {
  const expected = goodRows.map((row) => check(row).product);

  it('JSON, with and without byte order mark', async () => {
    expect(expected).not.toContain(null);
    const text = JSON.stringify(goodRows);
    expect(await products(await put('good.json', text))).toEqual(expected);
    expect(await products(await put('bom.json', `\ufeff${text}`))).toEqual(expected);
  });

  it.each([
    ['UTF-8', 'utf-8', ','],
    ['UTF-8 with byte order mark', 'utf-8-bom', ','],
    ['UTF-16 with tabs', 'utf-16le', '\t'],
    ['UTF-8 with semicolons', 'utf-8', ';'],
  ])('CSV in %s', async (_name, encoding, delimiter) => {
    const text = toCsv(goodRows, delimiter);
    const bytes =
      encoding === 'utf-8-bom'
        ? Buffer.from(`\ufeff${text}`)
        : iconv.encode(text, encoding, { addBOM: encoding === 'utf-16le' });
    expect(await products(await put('good.csv', bytes))).toEqual(expected);
  });

  it('CSV in CP949', async () => {
    // "m²" has no place in CP949; all else of the demo data has.
    const rows = goodRows.filter((row) => !JSON.stringify(row).includes('²'));
    expect(rows.length).toBeGreaterThan(50);
    const path = await put('cp949.csv', iconv.encode(toCsv(rows), 'cp949'));
    expect(await products(path)).toEqual(rows.map((row) => check(row).product));
  });

  it('a workbook', async () => {
    expect(await products(await put('good.xlsx', await writeWorkbook(goodRows)))).toEqual(expected);
  });

  it('the workbook shipped beside the JSON, byte for byte', async () => {
    const shipped = await readFile(new URL('../../demo/catalogue/products.xlsx', import.meta.url));
    expect(shipped.equals(await writeWorkbook(goodRows))).toBe(true);
  });
});

describe('headings', () => {
  it('may be Korean, numbered, padded or unknown', async () => {
    const path = await put(
      'messageKo.csv',
      '상품코드,상품명,판매가(원),인증1 번호,인증2_번호,certificates_2_valid_to,notice.size,인증 모델,환경 문구,메모\nA-1,의자,"9,000",99001,99002,2027.1.5,10mm,M1|M2; M3,가벼움,비고\n',
    );
    expect(await read(path)).toEqual([
      {
        row: 2,
        value: {
          sku: 'A-1',
          name_ko: '의자',
          price_krw: '9,000',
          certificates: [
            { number: '99001', covered_models: ['M1', 'M2', 'M3'] },
            { number: '99002', valid_to: '2027.1.5' },
          ],
          notice: { size: '10mm' },
          claims: [{ text_ko: '가벼움' }],
        },
      },
    ]);
  });

  it('may be quoted behind a byte order mark', async () => {
    expect(await outline(await put('quoted.csv', '\ufeff"sku","name_ko"\n"A-1","의자"\n'))).toEqual(['2 A-1']);
  });

  it('keep positions, so that a finding names the column it came from', async () => {
    const path = await put('gap.csv', 'sku,certificates[0].number,certificates[1].number\nA-1,,99002\n');
    expect(await read(path)).toEqual([{ row: 2, value: { sku: 'A-1', certificates: [{}, { number: '99002' }] } }]);
  });
});

describe('one broken row costs one row', () => {
  it('in JSON', async () => {
    const path = await put('rows.json', JSON.stringify([{ sku: 'A-1' }, 7, null, [], { sku: 'A-2' }]));
    expect(await outline(path)).toEqual(['1 A-1', '2 row_not_object', '3 row_not_object', '4 row_not_object', '5 A-2']);
  });

  it('in CSV: an unclosed quote, a stray one, too many cells; blank lines count', async () => {
    const lines = [
      'sku,name_ko,brand_ko',
      'A-1,"의자,x',
      'A-2,"가, ""나""",x',
      '',
      'A-3,"24" 화면",x',
      'A-4,24" 화면,x',
      'A-5,가,나,다',
      '"A-6",가,나',
      'A-7,"두',
      '줄",x',
      'A-8,가,나',
      'A-9,"끝',
    ];
    expect(await outline(await put('broken.csv', lines.join('\n')))).toEqual([
      '2 csv_quote_broken',
      '3 A-2',
      '5 csv_quote_broken',
      '6 A-4',
      '7 csv_column_count',
      '8 A-6',
      '9 A-7',
      '10 A-8',
      '11 csv_quote_broken',
    ]);
  });

  it("in a workbook: formulas and error values, by the sheet's own row numbers", async () => {
    const path = await workbook('cells.xlsx', (sheet) => {
      sheet.getRow(1).values = ['sku', 'name_ko', 'price_krw'];
      sheet.getRow(2).values = ['A-1', '의자', 9000];
      sheet.getRow(5).values = ['A-2', '의자', { formula: 'C2*2', result: 18000 }];
      sheet.getRow(6).values = ['A-3', { error: '#N/A' }, 9000];
      sheet.getRow(8).values = ['A-4', '책상', 9000];
    });
    expect(await outline(path)).toEqual(['2 A-1', '5 formula_cell price_krw', '6 cell_error name_ko', '8 A-4']);
  });
});

describe('cells of a workbook', () => {
  it('dates, shown zeros, rich text, links, truth values', async () => {
    const path = await workbook('kinds.xlsx', (sheet) => {
      const headings = [
        'sku',
        'certificates[0].valid_to',
        'business_no',
        'category_code',
        'name_ko',
        'brand_ko',
        'vat_included',
        'notice.date',
        'hs_code',
      ];
      sheet.addRow(headings);
      const row = sheet.addRow([
        'A-1',
        new Date('2027-02-03T00:00:00Z'),
        101810001,
        1,
        { richText: [{ text: '재생 ' }, { text: '의자', font: { bold: true } }] },
        { text: '온의자', hyperlink: 'https://example.invalid' },
        true,
        new Date('2026-03-01T00:00:00Z'),
        480256,
      ]);
      row.getCell(2).numFmt = 'yyyy-mm-dd';
      row.getCell(3).numFmt = '000-00-00000';
      row.getCell(8).numFmt = 'yyyy-mm';
    });
    expect(await read(path)).toEqual([
      {
        row: 2,
        value: {
          sku: 'A-1',
          certificates: [{ valid_to: '2027-02-03' }],
          business_no: '0101810001',
          category_code: 1,
          name_ko: '재생 의자',
          brand_ko: '온의자',
          vat_included: true,
          notice: { date: '2026-03' },
          hs_code: 480256,
        },
      },
    ]);
  });

  it('come from the first sheet that is shown and filled', async () => {
    const path = await workbook('sheets.xlsx', (sheet, book) => {
      sheet.state = 'hidden';
      sheet.addRow(['sku']);
      sheet.addRow(['hidden']);
      book.addWorksheet('빈 시트');
      book.addWorksheet('목록').addRows([['sku'], ['A-1']]);
      book.addWorksheet('메모').addRows([['sku'], ['A-2']]);
    });
    expect(await outline(path)).toEqual(['2 A-1']);
  });

  it('give the same product whether a fact is typed as number, text or date', () => {
    const row = goodRow('SG-01-001');
    const [certificate] = row.certificates as RawRow[];
    const typed = {
      ...row,
      price_krw: '23,900원',
      business_no: 1018100001,
      category_code: 1,
      hs_code: 480256,
      export_price_usd: 15.8,
      vat_included: '예',
      gtin: 2000000000015,
      stock_qty: '５０',
      certificates: [
        { ...certificate, valid_from: '2024. 1. 1.', valid_to: 46387, number: 99001 },
        (row.certificates as RawRow[])[1],
      ],
    };
    expect(check(typed).product).toEqual(check(row).product);
  });
});

describe('files that cannot be read at all', () => {
  it.each([
    ['not JSON', 'a.json', '[{"sku": "A-1"},\n {"sku": }]', 'json_syntax'],
    ['cut JSON', 'b.json', '[{"sku": "A', 'json_syntax'],
    ['no list', 'c.json', '{"sku": "A-1"}', 'json_not_a_list'],
    ['blank JSON', 'd.json', ' \n', 'file_empty'],
    ['empty', 'e.csv', '', 'file_empty'],
    ['blank lines', 'f.csv', '\n\n', 'file_empty'],
    ['no headings', 'g.csv', 'A-1,의자\n', 'header_missing'],
    ['wrong extension', 'h.txt', 'sku\nA-1', 'file_extension'],
    ['text named xlsx', 'i.xlsx', 'sku\nA-1\n', 'workbook_broken'],
    ['an old workbook', 'j.xlsx', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'workbook_broken'],
  ])('%s', async (_what, name, content, code) => {
    expect((await failure(await put(name, content))).code).toBe(code);
  });

  it('missing, and a folder', async () => {
    expect((await failure(join(folder, 'nothing.json'))).code).toBe('file_missing');
    expect((await failure(join(folder, 'x.json', 'y.json'))).code).toBe('file_missing');
    const inner = await mkdtemp(join(folder, 'inner-'));
    expect((await failure(inner)).code).toBe('file_is_folder');
  });

  it.each(['big.json', 'big.csv', 'big.xlsx'])('too large, without reading it: %s', async (name) => {
    const path = await put(name, '[');
    // A sparse file: no byte of it is on the disk, and reading it would take seconds and 200 MB.
    await truncate(path, 2 * MAX_CATALOGUE_BYTES);
    const before = process.memoryUsage().arrayBuffers;
    expect((await failure(path)).code).toBe('file_too_large');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * 1024 * 1024);
  });

  it('a truncated, a damaged and an empty workbook', async () => {
    const bytes = await writeWorkbook(goodRows);
    expect((await failure(await put('cut.xlsx', bytes.subarray(0, bytes.length - 400)))).code).toBe('workbook_broken');
    const damaged = Buffer.from(bytes);
    const at = damaged.indexOf('xl/worksheets/sheet1.xml') + 400;
    damaged.fill(0xff, at, at + 2000);
    expect((await failure(await put('damaged.xlsx', damaged))).code).toBe('workbook_broken');
    // One wrong bit in a text unpacks well and is seen by the checksum alone; here the checksum itself is the wrong one.
    const altered = Buffer.from(bytes);
    const checksumAt = altered.lastIndexOf('xl/worksheets/sheet1.xml') - 46 + 16;
    altered.writeUInt32LE((altered.readUInt32LE(checksumAt) ^ 1) >>> 0, checksumAt);
    expect((await failure(await put('altered.xlsx', altered))).code).toBe('workbook_broken');
    expect((await failure(await workbook('blank.xlsx', () => {}))).code).toBe('workbook_empty');
  });

  it('names line and column of a JSON fault, and quotes nothing', async () => {
    const error = await failure(await put('place.json', '[\n  {"sku": "A-1", "secret": "900101-1234567",}\n]'));
    expect(error.messageEn).toContain('line 2, column 45');
    expect(error.messageKo).toContain('2번째 줄 45번째');
    expect(JSON.stringify([error.messageEn, error.messageKo, error.stack, error.cause])).not.toContain('1234567');
  });
});

describe('ten thousand rows', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => ({
    ...goodRows[index % goodRows.length],
    sku: `B-${index}`,
  }));

  it.each(['json', 'csv'])('%s are read and checked', async (format) => {
    const path = await put(`many.${format}`, format === 'json' ? JSON.stringify(many) : toCsv(many));
    const checked = await products(path);
    expect(checked.filter((product) => product !== null)).toHaveLength(10_000);
  });

  it('keep every Korean letter in a large workbook', async () => {
    // Reading a workbook in pieces once broke the letters that lay across two of them.
    const rows = many.slice(0, 3000);
    const checked = await products(await put('many.xlsx', await writeWorkbook(rows)));
    expect(checked.filter((product) => product !== null)).toHaveLength(3000);
  });
});
