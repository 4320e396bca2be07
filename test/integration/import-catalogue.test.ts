import { PNG } from 'pngjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approvalHistory } from '../../src/store/approvals.ts';
import type { Database } from '../../src/store/database.ts';
import { imageNamesOf } from '../../src/store/images.ts';
import { countProducts, findProducts } from '../../src/store/products.ts';
import { decideProducts } from '../../src/sync/approve-products.ts';
import { goodRow, goodRows, type RawRow, set } from '../support/catalogue-rows.ts';
import { type House, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const notebook = 'SG-01-003';

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const stored = async (sku: string) => (await findProducts(house.store, [sku])).get(sku);
const stateOf = async (sku: string) => (await stored(sku))?.approvalState;
const steps = async (sku: string) => (await approvalHistory(house.store, sku)).map(({ from, to }) => `${from} ${to}`);
/** All rows of the catalogue's tables, to see that nothing was touched. */
const everything = async () => {
  const tables = ['company', 'product', 'certificate', 'approval_event', 'price_history', 'product_image'];
  const rows = tables.map(
    async (table) => (await house.store.query(`select * from naru.${table} order by 1, 2, 3`)).rows,
  );
  return JSON.stringify(await Promise.all(rows));
};

it('the same file again changes nothing at all', async () => {
  expect(await house.importDemo()).toMatchObject({ accepted: goodRows.length, changed: 0, unchanged: 0, refused: [] });
  const before = await everything();
  house.pass(60_000);
  expect(await house.importDemo()).toMatchObject({ accepted: 0, changed: 0, unchanged: goodRows.length, refused: [] });
  expect(await everything()).toBe(before);
});

/** The path of every text in a row, `certificates[0].number` and the like. */
const textPaths = (value: unknown, path = ''): string[] => {
  if (typeof value === 'string') return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => textPaths(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textPaths(item, path === '' ? key : `${path}.${key}`));
};

describe.each([
  ['a NUL', '\u0000'],
  ['half of a pair', '\ud800'],
])('%s in a text', (_name, sign) => {
  it('keeps its own row out, in whichever column it stands, and no other', async () => {
    const paths = textPaths(goodRow(notebook));
    const rows = paths.map((path, index) => {
      const row = { ...goodRow(notebook), sku: `X-${index}` };
      return set(row, path, `${path}${sign}x`);
    });
    const result = await house.importRows([goodRow(paper), ...rows, goodRow(notebook)]);
    expect(result.accepted).toBe(2);
    expect([...new Set(result.refused.map(({ row }) => row))]).toHaveLength(rows.length);
    expect(await stored(paper)).toBeDefined();
    expect(await stored(notebook)).toBeDefined();
  });
});

describe('a changed row of an approved product', () => {
  beforeEach(async () => {
    await house.importDemo([paper, notebook]);
    await house.approveAll();
  });

  it.each<[string, string, unknown]>([
    ['price', 'price_krw', 11_900],
    ['stock', 'stock_qty', 3],
    ['description', 'description_ko', '설명을 새로 썼습니다.'],
    ['certificate that was renewed', 'certificates[0].valid_to', '2029-12-31'],
  ])('keeps its approval with another %s', async (_name, path, value) => {
    const result = await house.importDemo([paper, notebook], (row) => row.sku === paper && set(row, path, value));
    expect(result).toMatchObject({ accepted: 0, changed: 1, unchanged: 1, refused: [] });
    expect(await stateOf(paper)).toBe('approved');
    expect(await steps(paper)).toEqual(['null submitted', 'submitted approved']);
  });

  it.each<[string, (row: RawRow) => void]>([
    ['claims', (row) => void (row.claims as unknown[]).pop()],
    ['certificate number', (row) => void setBoth(row, '99777')],
    ['name', (row) => void set(row, 'name_ko', '재생지 서류봉투 A4 다른 이름')],
  ])('needs its approval again with other %s', async (_name, change) => {
    const result = await house.importRows([changed(change)], { allowRename: true });
    expect(result).toMatchObject({ changed: 1, refused: [] });
    expect(await stateOf(paper)).toBe('submitted');
    expect(await steps(paper)).toEqual(['null submitted', 'submitted approved', 'approved submitted']);
    await house.addAccount();
    await house.push();
    expect(house.books(paper)).toEqual([]);
    expect(await house.approveAll()).toEqual({ approved: [paper], refused: [] });
  });

  it('is not taken off sale by a warning that came with time', async () => {
    await house.addAccount();
    await house.importDemo([paper], (row) => set(row, 'certificates[0].valid_to', '2026-12-31'));
    await house.push();
    expect(house.books(paper)).toHaveLength(2);
    house.clock.jumpTo(new Date('2026-12-10T09:00:00+09:00'));
    const result = await house.importDemo([paper], (row) => {
      set(row, 'certificates[0].valid_to', '2026-12-31');
      set(row, 'stock_qty', 5);
    });
    expect(result.refused).toMatchObject([{ sku: paper, rule: 'cert_expires_soon', result: 'warn' }]);
    expect(await stateOf(paper)).toBe('approved');
    await house.push();
    expect(house.books(paper)).toMatchObject([
      { state: 'on-sale', stock: 5 },
      { state: 'on-sale', stock: 5 },
    ]);
  });

  it('is not approved by a file: rejected means submitted again, suspended stays suspended', async () => {
    const decide = (sku: string, to: 'rejected' | 'suspended') =>
      decideProducts(house.deps, { skus: [sku], to, by: '담당자', reason: '확인 필요' });
    await decide(paper, 'rejected');
    await decide(notebook, 'suspended');
    await house.importDemo([paper, notebook], (row) => set(row, 'price_krw', 11_900));
    expect([await stateOf(paper), await stateOf(notebook)]).toEqual(['submitted', 'suspended']);
  });

  const changed = (change: (row: RawRow) => void): RawRow => {
    const row = goodRow(paper);
    change(row);
    return row;
  };

  /** The number in the certificate and wherever the row refers to it. */
  const setBoth = (row: RawRow, number: string) => {
    const [certificate] = row.certificates as { number: string }[];
    const text = JSON.stringify(row).replaceAll(certificate?.number ?? '', number);
    Object.assign(row, JSON.parse(text));
  };
});

describe('a row with a warning', () => {
  const withoutReport = (row: RawRow) => void set(row, 'mail_order_report_no', '');

  it('is kept as a draft, told once more by every import, and a plain approval leaves it', async () => {
    for (let time = 0; time < 2; time += 1) {
      expect(await house.importDemo([paper], withoutReport)).toMatchObject({
        accepted: 0,
        unchanged: 0,
        refused: [{ rule: 'mail_order_report_missing' }],
      });
      expect(await stateOf(paper)).toBe('draft');
    }
    expect((await house.approveAll()).approved).toEqual([]);
  });

  it('waits for approval like any other once it was corrected', async () => {
    await house.importDemo([paper], withoutReport);
    expect(await house.importDemo([paper])).toMatchObject({ changed: 1, refused: [] });
    expect(await steps(paper)).toEqual(['null draft', 'draft submitted']);
    expect((await house.approveAll()).approved).toEqual([paper]);
  });

  it('that waited for approval becomes a draft', async () => {
    await house.importDemo([paper]);
    await house.importDemo([paper], withoutReport);
    expect(await stateOf(paper)).toBe('draft');
    expect(await steps(paper)).toEqual(['null submitted', 'submitted draft']);
  });
});

describe('pictures', () => {
  const png = (width: number, height = width): Uint8Array => PNG.sync.write(new PNG({ width, height }));
  const real = (file: string): RawRow =>
    set(set(goodRow(paper), 'is_fictional', false), 'images', [{ file, alt_ko: '대표' }]);

  it('of real goods are taken from beside the catalogue and given an address of their own', async () => {
    const result = await house.importRows([real('main.png')], { files: { 'main.png': png(600) } });
    expect(result.refused.filter((one) => one.field.startsWith('images'))).toEqual([]);
    const names = (await imageNamesOf(house.store, [paper])).get(paper);
    expect(names).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.png$/)]);
  });

  it.each<[string, Record<string, number[]>, string]>([
    ['too narrow', { 'main.png': [599, 600] }, 'image_too_small'],
    ['too low', { 'main.png': [600, 599] }, 'image_too_small'],
    ['missing', {}, 'image_missing'],
  ])('that are %s keep the product out', async (_name, sides, rule) => {
    const files = Object.fromEntries(
      Object.entries(sides).map(([name, [width = 0, height]]) => [name, png(width, height)]),
    );
    const result = await house.importRows([real('main.png')], { files });
    expect(result).toMatchObject({ accepted: 0, changed: 0 });
    expect(result.refused).toContainEqual(expect.objectContaining({ row: 1, sku: paper, rule, result: 'block' }));
    expect(await stored(paper)).toBeUndefined();
  });

  it('of demo goods are drawn; one that lies there is used, and refused when it is too small', async () => {
    await house.importDemo([paper]);
    expect((await imageNamesOf(house.store, [paper])).get(paper)).toEqual([expect.stringMatching(/^placeholder-/)]);
    const named = set(goodRow(notebook), 'images', [{ file: 'own.png', alt_ko: '대표' }]);
    const small = await house.importRows([named], { files: { 'own.png': png(100) } });
    expect(small.refused).toMatchObject([{ sku: notebook, rule: 'image_too_small' }]);
    await house.importRows([named], { files: { 'own.png': png(600) } });
    expect((await imageNamesOf(house.store, [notebook])).get(notebook)).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}\.png$/),
    ]);
  });
});

describe('a large file', () => {
  /** Demo rows under new SKUs. */
  const many = (count: number): RawRow[] =>
    Array.from({ length: count }, (_, index) => set(goodRow(paper), 'sku', `BULK-${String(index).padStart(5, '0')}`));

  /** Runs `action` with a store of which every statement is counted, and may be made to fail. */
  async function counting(action: () => Promise<unknown>, failAt = Infinity): Promise<number> {
    let statements = 0;
    const { store } = house;
    const { query, transaction } = store;
    const count = () => {
      statements += 1;
      if (statements >= failAt) throw new Error('the store went away');
    };
    store.query = ((...args: Parameters<typeof query>) => {
      count();
      return query.apply(store, args);
    }) as Database['query'];
    store.transaction = ((run: Parameters<typeof transaction>[0]) =>
      transaction.call(store, (tx) => {
        const inner = tx.query.bind(tx);
        tx.query = ((...args: Parameters<typeof inner>) => {
          count();
          return inner(...args);
        }) as typeof tx.query;
        return run(tx);
      })) as Database['transaction'];
    try {
      await action();
    } finally {
      Object.assign(store, { query, transaction });
    }
    return statements;
  }

  it('costs statements by the batch, not by the row, new or repeated', async () => {
    const rows = many(1_500);
    const first = await counting(() => house.importRows(rows));
    expect(await countProducts(house.store)).toMatchObject({ products: 1_500 });
    expect(first).toBeLessThanOrEqual(3 * 15 + 5);
    expect(await counting(() => house.importRows(rows))).toBeLessThanOrEqual(3 * 3 + 5);
  });

  it('keeps what came before a failure of the store, and the same file again brings the rest', async () => {
    const rows = many(1_200);
    const whole = await counting(() => house.importRows(rows.slice(0, 500)));
    expect(await countProducts(house.store)).toMatchObject({ products: 500 });
    await expect(counting(() => house.importRows(rows), whole + 4)).rejects.toThrow('the store went away');
    const { products } = await countProducts(house.store);
    expect(products % 500).toBe(0);
    expect(products).toBeGreaterThanOrEqual(500);
    expect(products).toBeLessThan(1_200);
    expect(await house.importRows(rows)).toMatchObject({ accepted: 1_200 - products, unchanged: products });
  });
});
