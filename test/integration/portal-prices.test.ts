import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPortalOperator, type PortalOperator } from '../../adapters/export-portal/sandbox/operator.ts';
import { batchItems } from '../../src/store/batches.ts';
import { applyReceipt } from '../../src/sync/apply-receipt.ts';
import { buildBatch } from '../../src/sync/build-batch.ts';
import { addAccount } from '../../src/sync/manage-accounts.ts';
import { goodRow, type RawRow, set } from '../support/catalogue-rows.ts';
import { type House, openHouse } from '../support/house.ts';

/** A portal whose form has a price in won and a stock. */
const PORTAL = 's2b-seoul';
const paper = 'SG-01-002';

let house: House;
let folder: string;
let operator: PortalOperator;
beforeEach(async () => {
  house = await openHouse();
  folder = await mkdtemp(join(tmpdir(), 'naru-portal-prices-'));
  operator = createPortalOperator({ now: () => house.clock.now().getTime() });
  const categories = { [String(goodRow(paper).product_group_ko)]: { s2b: 'A > B > C' } };
  const terms = { paymentTerms: ['T/T'], portOfLoading: 'Busan, Korea', supplyAbility: '1,000', leadTimeDays: 7 };
  const file = { settings: { profile: 's2b', terms }, credentials: {}, mappings: { categories } };
  await addAccount(house.deps, { accountId: PORTAL, adapterId: 'export-portal', file });
  await house.importDemo([paper]);
  await house.approveAll();
  await carry();
  expect((await house.listing(paper, PORTAL)).state).toBe('on-sale');
});
afterEach(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

/** Builds a batch, has it entered and its receipt read; gives the cells that it told of the product. */
async function carry(): Promise<Record<string, string>> {
  const built = await buildBatch(house.deps, { accountId: PORTAL, folder });
  expect(built.blocked).toEqual([]);
  if (built.batch === null) return {};
  const taken = await operator.takeBatch(built.file ?? '');
  const path = join(folder, `receipt-${built.batch}.xlsx`);
  await writeFile(path, taken.receipt?.bytes ?? '');
  expect(await applyReceipt(house.deps, path)).toMatchObject({ confirmed: 1 });
  const [item] = await batchItems(house.store, { batchId: built.batch });
  if (!item) throw new Error('the batch is empty');
  return (item.document as { values: Record<string, string> }).values;
}

const change = async (how: (row: RawRow) => void) => void (await house.importDemo([paper], how));

it('is told of a new price and of a new stock, and only of those', async () => {
  await change((row) => set(row, 'price_krw', 11_900));
  await house.sweep();
  expect((await house.listing(paper, PORTAL)).state).toBe('changed');
  expect(Object.values(await carry())).toContain('11900');
  await change((row) => {
    set(row, 'price_krw', 11_900);
    set(row, 'stock_qty', 41);
  });
  expect(Object.values(await carry())).toContain('41');
  expect(await carry()).toEqual({});
});

it('is told of the price of a campaign while it is open, and of its own afterwards', async () => {
  await house.campaign({
    id: 'winter',
    name: '겨울 기획전',
    start: '2026-11-23',
    end: '2026-11-30',
    accounts: [PORTAL],
    members: [{ sku: paper, price_krw: 11_800 }],
  });
  expect(Object.values(await carry())).toContain('11800');
  expect(await carry()).toEqual({});
  await house.campaign({
    id: 'winter',
    name: '겨울 기획전',
    start: '2026-11-23',
    end: '2026-11-30',
    accounts: [PORTAL],
    members: [{ sku: paper }],
  });
  expect(Object.values(await carry())).toContain(String(goodRow(paper).price_krw));
});
