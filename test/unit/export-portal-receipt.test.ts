import type ExcelJS from 'exceljs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readFilledReceipt } from '../../adapters/export-portal/read-receipt.ts';
import { packSmall, unpackZip } from '../../adapters/export-portal/zip.ts';
import { PeopleError } from '../../src/domain/people-error.ts';
import type { Product } from '../../src/domain/product.ts';
import {
  batchId,
  batchOf,
  buildBytes,
  builtAt,
  demoProduct,
  fileOf,
  itemOf,
  openWorkbook,
  pictureOf,
  settingsFor,
  sheetOf,
  unzip,
} from '../support/export-portal.ts';

const settings = settingsFor('ec21');
const skus = ['=NEW-1', '007', 'OLD-3', 'GONE-4'];
const column = { batch: 1, action: 2, sku: 4, portalId: 6, url: 7, result: 8, note: 9 };
let base: Product;
let blank: Buffer;

beforeAll(async () => {
  base = await demoProduct();
  const items = skus.map((sku, index) => {
    const action = index < 2 ? 'add' : index === 2 ? 'update' : 'delete';
    const externalIds: Record<string, string> = index < 2 ? {} : { portalId: `00${index}` };
    return itemOf({ ...base, sku }, settings, { action, externalIds, images: [] });
  });
  blank = fileOf(await unzip(await buildBytes(batchOf(settings, items))), 'receipt.xlsx');
});

type Fill = (sheet: ExcelJS.Worksheet, workbook: ExcelJS.Workbook) => void;
async function read(fill: Fill) {
  const workbook = await openWorkbook(blank);
  fill(sheetOf(workbook, 'Receipt'), workbook);
  const bytes = new Uint8Array(await workbook.xlsx.writeBuffer());
  return readFilledReceipt({ name: 'receipt.xlsx', bytes });
}
const put = (
  sheet: ExcelJS.Worksheet,
  row: number,
  values: Partial<Record<keyof typeof column, ExcelJS.CellValue>>,
) => {
  for (const [name, value] of Object.entries(values)) {
    sheet.getRow(row).getCell(column[name as keyof typeof column]).value = value;
  }
};
const faultsOf = async (fill: Fill) => (await read(fill)).faults.map(({ row, code, field }) => ({ row, code, field }));

describe('a receipt that comes back', () => {
  it('is read under the heading that forms of former versions have', async () => {
    const { batchId: found, faults } = await read((sheet) => {
      sheet.getRow(1).getCell(1).value = '묶음 번호 Batch';
      put(sheet, 2, { portalId: 'A1', result: 'OK' });
    });
    expect([found, faults]).toEqual([batchId, []]);
  });

  it('is open in every row as long as nobody filled it in', async () => {
    expect(await readFilledReceipt({ name: 'receipt.xlsx', bytes: blank })).toEqual({
      batchId,
      faults: [],
      rows: skus.map((sku, index) => ({
        row: index + 2,
        sku,
        action: ['add', 'add', 'update', 'delete'][index],
        outcome: 'open',
        externalIds: index < 2 ? {} : { portalId: `00${index}` },
        url: null,
        note: null,
      })),
    });
  });

  it('gives what the operator wrote', async () => {
    const { rows, faults } = await read((sheet) => {
      put(sheet, 2, { portalId: 'GC0012', url: 'https://www.example.com/p/1', result: 'OK', note: '메인 노출' });
      put(sheet, 3, { result: 'REFUSED', note: '이미지가 작음' });
      put(sheet, 4, { result: 'OK' });
      put(sheet, 5, { result: 'OK', portalId: null });
    });
    expect(faults).toEqual([]);
    expect(rows.map(({ row: _row, ...rest }) => rest)).toEqual([
      {
        sku: '=NEW-1',
        action: 'add',
        outcome: 'confirmed',
        externalIds: { portalId: 'GC0012' },
        url: 'https://www.example.com/p/1',
        note: '메인 노출',
      },
      { sku: '007', action: 'add', outcome: 'refused', externalIds: {}, url: null, note: '이미지가 작음' },
      { sku: 'OLD-3', action: 'update', outcome: 'confirmed', externalIds: { portalId: '002' }, url: null, note: null },
      { sku: 'GONE-4', action: 'delete', outcome: 'confirmed', externalIds: {}, url: null, note: null },
    ]);
  });

  it.each([
    ['ok', 'confirmed'],
    ['완료', 'confirmed'],
    [' 등록 완료 ', 'confirmed'],
    ['ＯＫ', 'confirmed'],
    ['refused', 'refused'],
    ['거절', 'refused'],
    ['반려', 'refused'],
    ['', 'open'],
  ])('understands %s as a result', async (word, outcome) => {
    const { rows } = await read((sheet) => put(sheet, 4, { result: word, note: '사유' }));
    expect(rows[2]?.outcome).toBe(outcome);
  });

  it('takes a portal id that became a number, a link or a rich text', async () => {
    const { rows, faults } = await read((sheet) => {
      put(sheet, 2, {
        result: 'OK',
        portalId: 24460771,
        url: { text: 'shop.example.com/p', hyperlink: 'https://x.example' },
      });
      put(sheet, 3, { result: 'OK', portalId: { richText: [{ text: 'P-' }, { text: '77' }] } });
    });
    expect(faults).toEqual([]);
    expect(rows.slice(0, 2).map(({ externalIds, url }) => [externalIds.portalId, url])).toEqual([
      ['24460771', 'https://shop.example.com/p'],
      ['P-77', null],
    ]);
  });

  it.each(['-123', '+82', '@7', '=9', '＝9', '007'])('gives the portal id %s back as it was', async (portalId) => {
    const item = itemOf(base, settings, { action: 'update', externalIds: { portalId }, images: [] });
    const bytes = fileOf(await unzip(await buildBytes(batchOf(settings, [item]))), 'receipt.xlsx');
    const { rows } = await readFilledReceipt({ name: 'receipt.xlsx', bytes });
    expect(rows.map((row) => row.externalIds)).toEqual([{ portalId }]);
  });

  it('is read with its columns in another order, a title above, blank rows between, and columns of their own', async () => {
    const {
      rows,
      faults,
      batchId: id,
    } = await read((sheet, workbook) => {
      const cells = sheet.getSheetValues().slice(1) as ExcelJS.CellValue[][];
      workbook.removeWorksheet(sheet.id);
      const other = workbook.addWorksheet('정리본');
      other.addRow(['11월 등록 결과']);
      for (const [index, row] of cells.entries()) {
        if (index === 2) other.addRow([]);
        const reversed = Array.from({ length: 9 }, (_, at) => row[9 - at] ?? null);
        other.addRow(index === 0 ? [...reversed, '담당자'] : [...reversed, '기록']);
      }
      other.getRow(3).getCell(2).value = 'OK';
      other.getRow(3).getCell(4).value = 'A-1';
    });
    expect(faults).toEqual([]);
    expect(id).toBe(batchId);
    expect(rows.map(({ row, sku, outcome }) => [row, sku, outcome])).toEqual([
      [3, '=NEW-1', 'confirmed'],
      [5, '007', 'open'],
      [6, 'OLD-3', 'open'],
      [7, 'GONE-4', 'open'],
    ]);
  });

  it('keeps a row that nobody asked about: the caller knows the batch', async () => {
    const { rows } = await read((sheet) =>
      put(sheet, 6, { batch: batchId, sku: 'OTHER', result: 'OK', portalId: 'x' }),
    );
    expect(rows.at(-1)).toMatchObject({ row: 6, sku: 'OTHER', outcome: 'confirmed' });
  });
});

describe('a row of a receipt that cannot be used', () => {
  const cases: [string, Fill, { row: number; code: string; field: string }][] = [
    [
      'OK without a portal id',
      (sheet) => put(sheet, 2, { result: 'OK' }),
      { row: 2, code: 'portal_id_missing', field: '포털 상품번호 Portal ID' },
    ],
    [
      'a portal id that is no id',
      (sheet) => put(sheet, 2, { result: 'OK', portalId: '9'.repeat(400) }),
      { row: 2, code: 'portal_id_too_long', field: '포털 상품번호 Portal ID' },
    ],
    [
      'a refusal without a reason',
      (sheet) => put(sheet, 3, { result: 'REFUSED' }),
      { row: 3, code: 'reason_missing', field: '비고 Note' },
    ],
    [
      'an action that nobody asked for',
      (sheet) => put(sheet, 2, { action: 'KEEP', result: 'OK', portalId: 'A1' }),
      { row: 2, code: 'action_unknown', field: '작업 Action' },
    ],
    [
      'a portal id without a result',
      (sheet) => put(sheet, 2, { portalId: 'A1' }),
      { row: 2, code: 'result_missing', field: '결과 Result' },
    ],
    [
      'a result of its own',
      (sheet) => put(sheet, 2, { result: 'maybe' }),
      { row: 2, code: 'result_unknown', field: '결과 Result' },
    ],
    [
      'a formula',
      (sheet) => put(sheet, 2, { result: 'OK', portalId: { formula: '1+1', result: 2 } }),
      { row: 2, code: 'cell_formula', field: '포털 상품번호 Portal ID' },
    ],
    [
      'a formula in the note',
      (sheet) => put(sheet, 3, { note: { formula: 'NOW()', result: 'x' } }),
      { row: 3, code: 'cell_formula', field: '비고 Note' },
    ],
    [
      'a number that lost digits',
      (sheet) => put(sheet, 2, { result: 'OK', portalId: 1234567890123456 }),
      { row: 2, code: 'cell_number', field: '포털 상품번호 Portal ID' },
    ],
    [
      'a portal id that became a date',
      (sheet) => {
        put(sheet, 2, { result: 'OK', portalId: new Date('2026-01-02T00:00:00Z') });
        sheet.getRow(2).getCell(column.portalId).numFmt = 'yyyy-mm-dd';
      },
      { row: 2, code: 'cell_date', field: '포털 상품번호 Portal ID' },
    ],
    [
      'an error value',
      (sheet) => put(sheet, 2, { result: 'OK', portalId: { error: '#N/A' } }),
      { row: 2, code: 'cell_error', field: '포털 상품번호 Portal ID' },
    ],
    [
      'an address that is none',
      (sheet) => put(sheet, 2, { result: 'OK', portalId: 'A1', url: 'javascript:alert(1)' }),
      { row: 2, code: 'url_unreadable', field: '상품 주소 URL' },
    ],
    [
      'no SKU',
      (sheet) => put(sheet, 2, { sku: null, result: 'OK', portalId: 'A1' }),
      { row: 2, code: 'sku_missing', field: '상품코드 SKU' },
    ],
    ['a SKU twice', (sheet) => put(sheet, 3, { sku: "'=NEW-1" }), { row: 3, code: 'sku_twice', field: '상품코드 SKU' }],
    [
      'a row of another batch',
      (sheet) => put(sheet, 4, { batch: 'demo-b0001' }),
      { row: 4, code: 'other_batch', field: '배치 번호 Batch' },
    ],
  ];
  it.each(cases)('%s', async (_what, fill, fault) => {
    const { rows, faults } = await read(fill);
    expect(faults.map(({ row, code, field }) => ({ row, code, field }))).toEqual([fault]);
    // The others count.
    expect(rows).toHaveLength(3);
    for (const { messageKo, messageEn } of faults) {
      expect(messageKo).toMatch(/주십시오\.$/);
      expect(messageEn).toMatch(/\.$/);
    }
  });

  it('names the batch even where every row is at fault', async () => {
    const receipt = await read((sheet) => {
      for (const row of [2, 3, 4, 5]) put(sheet, row, { result: 'perhaps' });
    });
    expect(receipt).toMatchObject({ batchId, rows: [] });
    expect(await faultsOf((sheet) => put(sheet, 2, { result: 'perhaps' }))).toHaveLength(1);
    expect(receipt.faults).toHaveLength(4);
  });
});

describe('a file that is no receipt', () => {
  const refused = async (name: string, bytes: Uint8Array) => {
    const error = await readFilledReceipt({ name, bytes }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PeopleError);
    expect(error).toMatchObject({ code: 'receipt_unreadable' });
    expect((error as PeopleError).messageKo).toContain(name);
  };

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('sku,result\r\nA,OK\r\n')],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
  ])('%s', async (_what, bytes) => {
    await refused('other.xlsx', bytes);
  });

  it('the workbook of listings, half a receipt, and one with a damaged part', async () => {
    const files = await unzip(await buildBytes(batchOf(settings, [itemOf(base, settings)])));
    await refused('listings.xlsx', fileOf(files, 'listings.xlsx'));
    await refused('half.xlsx', blank.subarray(0, blank.length / 2));
    const damaged = Buffer.from(blank);
    damaged.writeUInt8(damaged.readUInt8(200) ^ 0xff, 200);
    await refused('damaged.xlsx', damaged);
  });

  it('an archive of which one byte was changed on its way', async () => {
    const archive = await buildBytes(batchOf(settings, [itemOf(base, settings)]));
    await expect(unpackZip(archive, 10_000_000)).resolves.toHaveLength(6);
    // Pictures lie in the archive as they are, so only the checksum can tell.
    const at = archive.indexOf(Buffer.from(pictureOf('SG-01-001 https://images.example/aa.png')));
    archive.writeUInt8(archive.readUInt8(at + 10) ^ 1, at + 10);
    await expect(unpackZip(archive, 10_000_000)).rejects.toThrow('PP01-01_01.png is damaged');
  });

  it('a receipt without the number of its batch', async () => {
    const workbook = await openWorkbook(blank);
    for (const row of [2, 3, 4, 5]) put(sheetOf(workbook, 'Receipt'), row, { batch: null });
    await refused('unnumbered.xlsx', new Uint8Array(await workbook.xlsx.writeBuffer()));
  });

  it('an archive that unpacks to more than any receipt', async () => {
    const bomb = await packSmall([{ name: 'xl/workbook.xml', bytes: Buffer.alloc(101 * 1024 * 1024) }], builtAt);
    expect(bomb.length).toBeLessThan(1024 * 1024);
    await refused('bomb.xlsx', bomb);
    await expect(unpackZip(bomb, 1_000)).rejects.toThrow('more than is allowed');
  });
});
