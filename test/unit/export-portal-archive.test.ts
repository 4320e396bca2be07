import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { load } from 'cheerio';
import { parse } from 'csv-parse/sync';
import readSheets from 'read-excel-file/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildArchive } from '../../adapters/export-portal/build.ts';
import type { PortalDocument } from '../../adapters/export-portal/document.ts';
import { profileIds, profiles } from '../../adapters/export-portal/profiles/index.ts';
import type { BatchItem } from '../../src/channel/batches.ts';
import type { Product } from '../../src/domain/product.ts';
import {
  batchId,
  batchOf,
  buildBytes,
  demoProduct,
  demoProducts,
  fileOf,
  itemOf,
  openWorkbook,
  pictureOf,
  settingsFor,
  sheetOf,
  unzip,
} from '../support/export-portal.ts';

const settings = settingsFor('ec21');
let base: Product;
beforeAll(async () => {
  base = await demoProduct();
});

const build = async (items: BatchItem[]) => unzip(await buildBytes(batchOf(settings, items)));
/** An item whose row holds other values than the product would give. */
const itemWith = (values: Record<string, string>, change: Partial<BatchItem> = {}): BatchItem => {
  const item = itemOf(base, settings, change);
  const document = item.document as PortalDocument;
  return { ...item, document: { ...document, values: { ...document.values, ...values } } };
};
const headings = profiles.ec21.columns.map(({ heading }) => heading);
const columnOf = (key: string) => profiles.ec21.columns.findIndex((column) => column.key === key) + 1;

/** The cells of a sheet as its XML holds them: a second reader, which shares nothing with the one that wrote it. */
async function rawCells(
  workbook: Buffer,
  sheet = 1,
): Promise<{ ref: string; type: string; format: string; text: string }[]> {
  const parts = await unzip(workbook);
  const xml = (name: string) => load(parts.get(name)?.toString('utf8') ?? '', { xml: true });
  const strings = xml('xl/sharedStrings.xml');
  const texts = strings('si')
    .toArray()
    .map((si) => strings(si).text());
  const styles = xml('xl/styles.xml');
  const formats = styles('cellXfs xf')
    .toArray()
    .map((xf) => styles(xf).attr('numFmtId') ?? '');
  const cells = xml(`xl/worksheets/sheet${sheet}.xml`);
  return cells('c')
    .toArray()
    .map((c) => ({
      ref: cells(c).attr('r') ?? '',
      type: cells(c).attr('t') ?? '',
      format: formats[Number(cells(c).attr('s') ?? 0)] ?? '',
      text: cells(c).attr('t') === 's' ? (texts[Number(cells(c).find('v').text())] ?? '') : cells(c).text(),
    }));
}

describe('a batch as an archive', () => {
  it('holds the agreed files in one folder named by portal, Seoul day and batch', async () => {
    const files = await build([itemOf(base, settings)]);
    expect(buildArchive(batchOf(settings, [])).name).toBe(`EC21_2026-11-23_${batchId}.zip`);
    expect([...files.keys()]).toEqual(
      [
        'listings.xlsx',
        'listings.csv',
        'receipt.xlsx',
        'images/PP01-01_01.png',
        'images/PP01-01_02.jpg',
        'manifest.json',
      ].map((name) => `EC21_2026-11-23_${batchId}/${name}`),
    );
  });

  it('says in its manifest what it holds, with the checksum of every file', async () => {
    const files = await build([
      itemOf(base, settings),
      itemOf({ ...base, sku: 'GONE' }, settings, { action: 'delete', images: [] }),
    ]);
    const manifest = JSON.parse(fileOf(files, 'manifest.json').toString()) as Record<string, unknown>;
    const sums = Object.fromEntries(
      [...files]
        .map(([path, bytes]) => [path.slice(path.indexOf('/') + 1), createHash('sha256').update(bytes).digest('hex')])
        .filter(([name]) => name !== 'manifest.json'),
    );
    expect(manifest).toEqual({
      batchId,
      builtOn: '2026-11-23',
      portal: 'ec21',
      portalName: { ko: 'EC21', en: 'EC21' },
      templateVersion: profiles.ec21.version,
      rowCount: 1,
      actions: { add: 1, update: 0, delete: 1 },
      sha256: sums,
    });
  });

  it('gives the same bytes for the same batch, at any time and however often it is read', async () => {
    const batch = batchOf(settings, [itemOf(base, settings)]);
    const file = buildArchive(batch);
    const read = async () => {
      const pieces: Uint8Array[] = [];
      for await (const piece of file.content) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    const first = await read();
    // The stamps of a zip have two seconds; without a fixed one the second reading would differ only sometimes.
    const stamps = new Set<number>();
    for (let at = first.indexOf('PK\u0003\u0004'); at >= 0; at = first.indexOf('PK\u0003\u0004', at + 4)) {
      stamps.add(first.readUInt32LE(at + 10));
    }
    expect([...stamps]).toEqual([(((2026 - 1980) << 25) | (11 << 21) | (23 << 16) | (12 << 11)) >>> 0]);
    expect((await read()).equals(first)).toBe(true);
    expect((await buildBytes(batchOf(settings, [itemOf(base, settings)]))).equals(first)).toBe(true);
    const later = { ...batch, builtAt: new Date(batch.builtAt.getTime() + 3_600_123) };
    expect((await buildBytes(later)).equals(first)).toBe(true);
    expect((await buildBytes({ ...batch, batchId: 'demo-b0008' })).equals(first)).toBe(false);
  });

  it('carries the pictures as they are, and asks for each only when its turn comes', async () => {
    const order: string[] = [];
    const images = ['one', 'two', 'three'].map((seed) => ({
      contentType: 'image/jpeg',
      bytes: async () => {
        order.push(seed);
        return pictureOf(seed, 200_000);
      },
    }));
    const content = buildArchive(batchOf(settings, [itemOf(base, settings, { images })])).content[
      Symbol.asyncIterator
    ]();
    expect(order).toEqual([]);
    await content.next();
    expect(order.length).toBeLessThan(3);
    await content.return?.();
    const files = await build([itemOf(base, settings, { images })]);
    expect(fileOf(files, 'images/PP01-01_03.jpg').equals(pictureOf('three', 200_000))).toBe(true);
  });

  it('holds no picture longer than it takes to pass it on', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const given: WeakRef<ArrayBufferLike>[] = [];
    let leftOfFirst: number | null = null;
    const images = Array.from({ length: 20 }, (_, index) => ({
      contentType: 'image/jpeg',
      bytes: async () => {
        if (index === 15) {
          await setImmediate();
          collect();
          leftOfFirst = given.slice(0, 5).filter((picture) => picture.deref() !== undefined).length;
        }
        const picture = new Uint8Array(100_000).fill(index);
        // Its memory, which other views of it would keep.
        given.push(new WeakRef(picture.buffer));
        return picture;
      },
    }));
    for await (const piece of buildArchive(batchOf(settings, [itemOf(base, settings, { images })])).content) {
      expect(piece.length).toBeGreaterThan(0);
    }
    expect(given).toHaveLength(20);
    expect(leftOfFirst).toBe(0);
  });

  it('passes on that a picture cannot be read, and ends', async () => {
    const images = [{ contentType: 'image/png', bytes: () => Promise.reject(new Error('the picture is gone')) }];
    await expect(build([itemOf(base, settings, { images })])).rejects.toThrow('the picture is gone');
  });

  it('gives pictures ASCII names that differ even where model numbers do not', async () => {
    const models = ['A/1', 'a 1', '모델', '../up', 'CON'];
    const items = models.map((modelNo, index) => {
      const item = itemOf({ ...base, sku: `SKU-${index}` }, settings);
      return { ...item, document: { ...(item.document as PortalDocument), modelNo }, images: item.images.slice(0, 1) };
    });
    const files = await build(items);
    const names = [...files.keys()].filter((name) => name.includes('/images/')).map((name) => name.split('/').at(-1));
    expect(names).toEqual(['A-1_01.png', 'a-1-2_01.png', 'SKU-2_01.png', 'up_01.png', 'CON_01.png']);
    const sheet = sheetOf(await openWorkbook(fileOf(files, 'listings.xlsx')), 'Products');
    expect(items.map((_, index) => sheet.getRow(index + 2).getCell(columnOf('mainImage')).value)).toEqual(names);
  });
});

describe('the workbook of a batch', () => {
  it('holds every cell as text, under frozen headings, without formulas and merged cells', async () => {
    const files = await build([itemWith({ hsCode: '010121', moq: '0200' })]);
    const workbook = fileOf(files, 'listings.xlsx');
    for (const sheet of [1, 2, 3]) {
      const cells = await rawCells(workbook, sheet);
      expect(cells.length).toBeGreaterThan(10);
      // 49 is the built-in format @, text; an empty cell has it too, or a number typed there would lose its zeros.
      for (const cell of cells) expect(cell.format, cell.ref).toBe('49');
      for (const cell of cells.filter(({ text }) => text !== '')) expect(cell.type, cell.ref).toBe('s');
    }
    const parts = await unzip(workbook);
    for (const [name, bytes] of parts) {
      if (!name.startsWith('xl/worksheets/')) continue;
      const xml = load(bytes.toString('utf8'), { xml: true });
      expect(xml('f').length + xml('mergeCell').length, name).toBe(0);
      expect(xml('pane').attr('state'), name).toBe('frozen');
      expect(xml('pane').attr('ySplit'), name).toBe('1');
    }
    const texts = (await rawCells(workbook)).map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(['010121', '0200', '15.80']));
  });

  it.each(profileIds)('opens in a reader that nobody here wrote, and equals the CSV: %s', async (profile) => {
    const own = settingsFor(profile);
    const items = (await demoProducts()).map((product) => itemOf(product, own));
    // Cells that a reader may take for something else: zeros in front, a formula, a line feed, a quote, an escape.
    const [first] = items;
    const document = first?.document as PortalDocument;
    const [one = '', two = '', three = ''] = profiles[profile].columns
      .filter(({ source }) => !source?.startsWith('image'))
      .map(({ key }) => key);
    document.values = { ...document.values, [one]: '007', [two]: '=1+1', [three]: 'a "b", c\nd _x0041_' };
    const files = await unzip(await buildBytes(batchOf(own, items)));
    const [sheet] = await readSheets(fileOf(files, 'listings.xlsx'));
    expect(sheet?.sheet).toBe('Products');
    const rows = (sheet?.data ?? []) as unknown[][];
    expect(rows[0]).toEqual(profiles[profile].columns.map(({ heading }) => heading));
    expect(rows).toHaveLength(items.length + 1);
    // Empty cells are null to it; all others must be texts: a number here is a leading zero lost.
    const kinds = new Set(rows.flat().flatMap((cell) => (cell === null ? [] : [typeof cell])));
    expect([...kinds]).toEqual(['string']);
    expect(rows[1]).toEqual(expect.arrayContaining(['007', "'=1+1"]));
    const csv = parse(fileOf(files, 'listings.csv'), { bom: true }) as string[][];
    expect(rows.map((row) => row.map((cell) => cell ?? ''))).toEqual(csv);
  });

  it('holds in its cells what render made, read by both readers', async () => {
    const item = itemOf(base, settings);
    const workbook = fileOf(await build([item]), 'listings.xlsx');
    const expected = profiles.ec21.columns.map(({ key, source }) =>
      source === 'image1'
        ? 'PP01-01_01.png'
        : source === 'images'
          ? 'PP01-01_01.png, PP01-01_02.jpg'
          : ((item.document as PortalDocument).values[key] ?? ''),
    );
    const sheet = sheetOf(await openWorkbook(workbook), 'Products');
    const read = (row: number) => headings.map((_, index) => sheet.getRow(row).getCell(index + 1).value ?? '');
    expect(read(1)).toEqual(headings);
    expect(read(2)).toEqual(expected);
    expect(sheet.rowCount).toBe(2);
    expect((await rawCells(workbook)).map(({ text }) => text)).toEqual([...headings, ...expected]);
  });

  it('has a sheet with the rule of every column and all that is assumed, and one with the codes', async () => {
    const workbook = await openWorkbook(fileOf(await build([itemOf(base, settings)]), 'listings.xlsx'));
    const guide = sheetOf(workbook, 'Guide').getSheetValues().flat();
    for (const text of [...headings, ...profiles.ec21.assumed]) expect(guide).toContain(text);
    const codes = sheetOf(workbook, 'Codes');
    expect(codes.getRow(2).values).toEqual([undefined, '주문 단위 MOQ Unit', 'pc', 'Piece(s)']);
  });

  it.each(['=1+1', '+82-2-000', '-1', '@SUM(A1)', '＝1+1'])('lets no cell run: %s', async (text) => {
    const files = await build([itemWith({ productName: text })]);
    const cell = sheetOf(await openWorkbook(fileOf(files, 'listings.xlsx')), 'Products')
      .getRow(2)
      .getCell(2);
    expect(cell.value).toBe(`'${text}`);
    expect(fileOf(files, 'listings.csv').toString()).toContain(`'${text}`);
  });

  it('strips what no sheet can hold, and keeps line feeds and what only looks like an escape', async () => {
    const files = await build([
      itemWith({ productName: '\t=a\u0000b\u0007c\ud800d\ufffee', description: 'one\r\ntwo', brand: 'A_x0041_B' }),
    ]);
    const row = sheetOf(await openWorkbook(fileOf(files, 'listings.xlsx')), 'Products').getRow(2);
    expect(row.getCell(columnOf('productName')).value).toBe("'=abcde");
    expect(row.getCell(columnOf('description')).value).toBe('one\ntwo');
    expect(row.getCell(columnOf('brand')).value).toBe('A_x0041_B');
  });

  it('never writes more than a cell can hold', async () => {
    const files = await build([itemWith({ description: `=${'x'.repeat(40_000)}` })]);
    const cell = sheetOf(await openWorkbook(fileOf(files, 'listings.xlsx')), 'Products')
      .getRow(2)
      .getCell(columnOf('description'));
    expect(String(cell.value)).toHaveLength(32_767);
  });
});

describe('the other files of a batch', () => {
  it('holds the same rows as CSV with the mark of UTF-8 and CRLF', async () => {
    const csv = fileOf(await build([itemWith({ description: 'a "b", c\nd' }), itemOf(base, settings)]), 'listings.csv');
    expect(csv.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    const text = csv.toString();
    expect(text.endsWith('\r\n')).toBe(true);
    const rows = parse(csv, { bom: true, record_delimiter: '\r\n' }) as string[][];
    expect(rows).toHaveLength(3);
    expect(rows[0]).toEqual(headings);
    expect(rows[1]?.[columnOf('description') - 1]).toBe('a "b", c\nd');
    expect(rows[2]?.[columnOf('hsCode') - 1]).toBe('480256');
  });

  it('asks in the receipt about every product, those to take down included, with a choice of results', async () => {
    const gone = itemOf({ ...base, sku: 'GONE' }, settings, {
      action: 'delete',
      externalIds: { portalId: '0012' },
      images: [],
    });
    const lost = itemOf({ ...base, sku: 'LOST' }, settings, { action: 'delete', document: null, images: [] });
    const files = await build([itemOf(base, settings), gone, lost]);
    const sheet = sheetOf(await openWorkbook(fileOf(files, 'receipt.xlsx')), 'Receipt');
    const rows = [2, 3, 4].map((row) => [1, 2, 3, 4, 6].map((column) => sheet.getRow(row).getCell(column).value));
    expect(rows).toEqual([
      [batchId, 'ADD', 'PP01-01', 'SG-01-001', null],
      [batchId, 'DELETE', 'PP01-01', 'GONE', '0012'],
      [batchId, 'DELETE', null, 'LOST', null],
    ]);
    expect(sheet.getRow(2).getCell(8).dataValidation).toMatchObject({ type: 'list', formulae: ['"OK,REFUSED"'] });
    expect(sheet.getRow(2).getCell(6).numFmt).toBe('@');
    expect(sheetOf(await openWorkbook(fileOf(files, 'listings.xlsx')), 'Products').rowCount).toBe(2);
  });

  it.each(profileIds)('builds the demonstration catalogue for %s', async (profile) => {
    const products = await demoProducts();
    const own = settingsFor(profile);
    const files = await unzip(
      await buildBytes(
        batchOf(
          own,
          products.map((product) => itemOf(product, own)),
        ),
      ),
    );
    const workbook = await openWorkbook(fileOf(files, 'listings.xlsx'));
    expect(sheetOf(workbook, 'Products').rowCount).toBe(61);
    expect(sheetOf(workbook, 'Products').columnCount).toBe(profiles[profile].columns.length);
    expect([...files.keys()].filter((name) => name.includes('/images/'))).toHaveLength(120);
    expect([...files.keys()].every((name) => name.startsWith(`${profile.toUpperCase()}_2026-11-23_`))).toBe(true);
  });

  it('names the product whose stored row cannot be read', async () => {
    await expect(build([itemOf(base, settings, { document: { row: 1 } })])).rejects.toThrow(
      /^Product SG-01-001: .* cannot be read/,
    );
  });
});
