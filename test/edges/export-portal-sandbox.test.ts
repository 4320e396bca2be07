import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createPortalOperator, NotABatch, type PortalOperator } from '../../adapters/export-portal/sandbox/index.ts';
import { type BatchParts, batch, FOLDER, receiptRows, row, zipOf } from '../support/export-portal-sandbox-batch.ts';

const now = () => Date.parse('2026-11-23T01:00:00Z');
let operator: PortalOperator;

beforeEach(() => {
  operator = createPortalOperator({ now });
});

async function filled(parts: BatchParts = {}, by = operator): Promise<string[][]> {
  const taken = await by.takeBatch(await batch(parts));
  expect(taken.faults).toEqual([]);
  return receiptRows(taken.receipt?.bytes ?? Buffer.alloc(0));
}
const shelf = () => operator.ledger().listings.map(({ sku, state, price }) => `${sku} ${state} ${price}`);
const idOf = (sku: string): string => operator.products().find((one) => one.sku === sku)?.portalId ?? '';

describe('an operator', () => {
  test('uploads what is new and brings numbers and addresses back', async () => {
    const rows = await filled();
    expect(rows.map(([sku, action, , , result, note]) => [sku, action, result, note])).toEqual([
      ['GRN-1', 'ADD', 'OK', ''],
      ['GRN-2', 'ADD', 'OK', ''],
    ]);
    const [, , portalId, url] = rows[0] ?? [];
    // A number with zeros in front: kept as text it survives.
    expect(portalId).toMatch(/^0\d{9}$/);
    expect(url).toBe(`https://ec21.example/product/${portalId}`);
    expect(operator.ledger().listings[0]).toEqual({
      sku: 'GRN-1',
      site: 'ec21',
      externalId: portalId,
      state: 'on-sale',
      name: 'Paper "GRN-1", recycled',
      price: 1250,
      currency: 'USD',
      stock: 0,
    });
  });

  test('changes and takes down by the action, and keeps the numbers', async () => {
    await filled();
    const id = idOf('GRN-1');
    const rows = await filled({
      folder: 'EC21_2026-11-23_b0008',
      rows: [row('GRN-1', '14.00')],
      receipt: [
        ['GRN-1', 'UPDATE', id],
        ['GRN-2', 'DELETE', idOf('GRN-2')],
      ],
    });
    expect(rows.map((one) => one[4])).toEqual(['OK', 'OK']);
    expect(rows[0]?.[2]).toBe(id);
    expect(shelf()).toEqual(['GRN-1 on-sale 1400', 'GRN-2 deleted 900']);
    expect(operator.products()[0]?.batchIds).toEqual(['b0007', 'b0008']);
  });

  test('refuses what is not there, or stands under another number', async () => {
    await filled();
    const rows = await filled({
      folder: 'EC21_2026-11-23_b0008',
      rows: [row('GRN-1'), row('GRN-9')],
      receipt: [
        ['GRN-1', 'UPDATE', idOf('GRN-2')],
        ['GRN-9', 'UPDATE'],
      ],
    });
    expect(rows.map((one) => one[4])).toEqual(['REFUSED', 'REFUSED']);
    expect(rows[1]?.[5]).toContain('GRN-9 is not on EC21');
  });

  test('does not list a product twice, in one batch that comes again nor in another', async () => {
    const first = await filled();
    expect(await filled()).toEqual(first);
    const again = await filled({ folder: 'EC21_2026-11-23_b0008' });
    expect(again.map((one) => one[2])).toEqual(first.map((one) => one[2]));
    expect(again[0]?.[5]).toBe('was there already');
    expect(operator.products()).toHaveLength(2);
  });

  test('tells why the portal did not want a product, and leaves lines open', async () => {
    const busy = createPortalOperator({ now, refuse: { 'GRN-1': 'image too small' }, leaveOpen: ['GRN-2'] });
    const rows = await filled({}, busy);
    expect(rows).toEqual([
      ['GRN-1', 'ADD', '', '', 'REFUSED', 'image too small'],
      ['GRN-2', 'ADD', '', '', '', ''],
    ]);
    expect(busy.products()).toEqual([]);
    busy.refuse('GRN-1', null);
    expect((await filled({ folder: 'EC21_2026-11-23_b0008' }, busy))[0]?.[4]).toBe('OK');
  });

  test('finds Korean headings, and reads a batch from a file', async () => {
    const receiptHeadings = ['모델번호', '상품코드', '작업', '포털 상품번호', '상품 주소', '처리 결과', '비고'];
    const rows = await filled({
      receiptHeadings,
      receipt: [
        ['GRN-1', '등록'],
        ['GRN-2', '신규 등록'],
      ],
    });
    expect(rows.map((one) => one[4])).toEqual(['OK', 'OK']);
    const folder = await mkdtemp(join(tmpdir(), 'naru-portal-'));
    try {
      const path = join(folder, 'batch.zip');
      await writeFile(path, await batch({ folder: 'EC21_2026-11-23_b0008' }));
      expect((await operator.takeBatch(path)).batchId).toBe('b0008');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('goes by the model number where Products shows no SKU; two companies may have the same', async () => {
    const withoutSku: BatchParts['workbook'] = (book) => {
      const sheet = book.getWorksheet('Products');
      for (const number of [1, 2, 3]) {
        const cell = sheet?.getCell(number, 2);
        if (cell) cell.value = number === 1 ? 'Origin' : 'KR';
        const model = sheet?.getCell(number, 1);
        if (model && number > 1) model.value = 'M-GRN-1';
      }
    };
    const rows = await filled({
      workbook: withoutSku,
      csv: (text) => text.replace('"SKU"', '"Origin"').replace(/"M-GRN-\d","GRN-\d"/g, '"M-GRN-1","KR"'),
      receiptHeadings: ['Model No.', 'SKU', 'Action', 'ID on the portal', 'URL', 'Result', 'Note'],
      receiptModel: 'M-GRN-1',
    });
    expect(rows.map((one) => one[4])).toEqual(['OK', 'OK']);
    expect(shelf()).toEqual(['GRN-1 on-sale 1250', 'GRN-2 on-sale 900']);
  });

  test('understands a manifest that names files as keys and in the folder', async () => {
    const manifest = (made: Record<string, unknown>) => ({
      batch: 'b0007',
      profile: 'ec21',
      template: { version: 3 },
      rows: 2,
      sha256: Object.fromEntries(
        (made.files as { name: string; sha256: string }[]).map((one) => [`${FOLDER}/${one.name}`, one.sha256]),
      ),
    });
    expect((await filled({ manifest })).map((one) => one[4])).toEqual(['OK', 'OK']);
  });
});

describe('nothing is uploaded from a batch', () => {
  const changed =
    (name: string, bytes: Buffer | null) =>
    (files: Map<string, Buffer>): void => {
      if (bytes === null) files.delete(name);
      else files.set(name, bytes);
    };
  const cell =
    (value: import('exceljs').CellValue, address = 'C2', sheet = 'Products'): NonNullable<BatchParts['workbook']> =>
    (workbook) => {
      const found = workbook.getWorksheet(sheet)?.getCell(address);
      if (found) found.value = value;
    };
  const faulty: [why: string, parts: BatchParts, words: string][] = [
    ['with a file that was changed', { files: changed('images/GRN-1_01.png', Buffer.from('x')) }, 'is not the file'],
    ['with a file nobody lists', { files: changed('docs/more.pdf', Buffer.from('x')) }, 'does not list docs/more.pdf'],
    ['with a listed file missing', { files: changed('images/GRN-1_01.png', null) }, 'is listed but missing'],
    ['with another number of rows', { manifest: (made) => ({ ...made, rowCount: 3 }) }, 'tells of 3 rows'],
    ['with another batch in the manifest', { manifest: (made) => ({ ...made, batchId: 'b1' }) }, 'is of batch b1'],
    ['whose receipt does not name it', { receiptTitle: 'Receipt' }, 'does not name its batch'],
    ['with a number where text belongs', { workbook: cell(48235, 'F2') }, 'Products F2 is no text'],
    ['with a formula', { workbook: cell({ formula: 'A1', result: 1 }) }, 'Products C2 holds a formula'],
    ['with a formula on the guide', { workbook: cell({ formula: 'A1', result: 1 }, 'A1', 'Guide') }, 'Guide A1 holds'],
    ['with text that would become a formula', { workbook: cell('=1+1') }, 'begins like a formula'],
    ['with merged cells', { workbook: (book) => book.getWorksheet('Guide')?.mergeCells('A1:B1') }, 'merged'],
    ['without codes', { workbook: (book) => book.removeWorksheet('Codes') }, 'no sheet Codes'],
    [
      'with headings that scroll away',
      {
        workbook: (book) => {
          const sheet = book.getWorksheet('Products');
          if (sheet) sheet.views = [];
        },
      },
      'not frozen',
    ],
    ['whose CSV says something else', { csv: (text) => text.replace('9.00', '9.01') }, 'row 3 differs'],
    ['whose CSV lacks a row', { csv: (text) => text.slice(0, text.indexOf('"M-GRN-2')) }, 'has 2 rows'],
    ['whose CSV has no byte order mark', { csv: (text) => text.slice(1) }, 'no byte order mark'],
    ['whose CSV has bare line feeds', { csv: (text) => text.replaceAll('\r\n', '\n') }, 'listings.csv'],
    [
      'with an image nobody names',
      { images: ['images/GRN-1_01.png', 'images/GRN-2_01.png', 'images/x.png'] },
      'nowhere',
    ],
    ['without an image that is named', { images: ['images/GRN-1_01.png'] }, 'named in Products but missing'],
    ['with a PNG called JPG', { rows: [row('A', '1', 'images/A_01.jpg')] }, 'is a png'],
    ['with an image that is none', { files: changed('images/GRN-1_01.png', Buffer.from('x')) }, 'is no image'],
    ['with a Korean file name', { rows: [row('A', '1', 'images/사진.png')] }, 'is not ASCII'],
    ['with a product the receipt forgets', { receipt: [['GRN-1', 'ADD']] }, 'Products row 3 is not in receipt.xlsx'],
    [
      'with a receipt line for nothing',
      {
        receipt: [
          ['GRN-1', 'ADD'],
          ['GRN-2', 'ADD'],
          ['Z', 'ADD'],
        ],
      },
      'Z is not in',
    ],
    ['with a product twice', { rows: [row('GRN-1'), row('GRN-1')], images: ['images/GRN-1_01.png'] }, 'twice'],
  ];
  test.each(faulty)('%s', async (_why, parts, words) => {
    const taken = await operator.takeBatch(await batch(parts));
    expect(taken.faults.join('\n')).toContain(words);
    expect(taken.receipt).toBeNull();
    expect(operator.products()).toEqual([]);
  });

  const unreadable: [why: string, zip: () => Promise<Buffer>, words: string][] = [
    ['that is no ZIP', async () => Buffer.from('PK no'), 'cannot be opened'],
    ['that is cut off', async () => (await batch()).subarray(0, -30), 'cannot be opened'],
    ['without a folder', () => zipOf(new Map([['manifest.json', Buffer.from('{}')]])), 'not one folder'],
    ['without a receipt', () => batch({ files: changed('receipt.xlsx', null) }), 'receipt.xlsx is missing'],
    ['with half a manifest', () => batch({ files: changed('manifest.json', Buffer.from('{')) }), 'no JSON'],
    ['whose workbook is none', () => batch({ files: changed('listings.xlsx', Buffer.from('x')) }), 'no workbook'],
    ['whose receipt has no place for a result', () => batch({ receiptHeadings: ['Model', 'SKU', 'Action'] }), 'result'],
    ['with an unknown action', () => batch({ receipt: [['GRN-1', 'MAYBE']] }), 'MAYBE'],
  ];
  test.each(unreadable)('%s', async (_why, zip, words) => {
    const taking = operator.takeBatch(await zip());
    await expect(taking).rejects.toThrow(NotABatch);
    await expect(taking).rejects.toThrow(words);
  });
});
