import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createPortalOperator, type PortalOperator } from '../../adapters/export-portal/sandbox/operator.ts';
import { applyReceipt, type ReceiptAnswer } from '../../src/sync/apply-receipt.ts';
import { decideProducts } from '../../src/sync/approve-products.ts';
import { type BatchAnswer, buildBatch } from '../../src/sync/build-batch.ts';
import { addAccount } from '../../src/sync/manage-accounts.ts';
import { openWorkbook, portalFile, sheetOf } from '../support/export-portal.ts';
import { type House, openHouse } from '../support/house.ts';

const PORTAL = 'ec21-seoul';
const [first, second, third] = ['SG-01-001', 'SG-01-002', 'SG-02-001'] as const;
const skus = [first, second, third];
const columns = { action: 2, portalId: 6, result: 8, note: 9 };
type Change = Partial<Record<keyof typeof columns, string | null>>;

let house: House;
let folder: string;
let operator: PortalOperator;

beforeEach(async () => {
  house = await openHouse();
  folder = await mkdtemp(join(tmpdir(), 'naru-receipts-'));
  operator = createPortalOperator({ now: () => house.clock.now().getTime() });
  await addAccount(house.deps, { accountId: PORTAL, adapterId: 'export-portal', file: portalFile() });
  await house.importDemo(skus);
  await house.approveAll(skus);
});
afterEach(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

const build = (): Promise<BatchAnswer> => buildBatch(house.deps, { accountId: PORTAL, folder });
const stateOf = async (sku: string) => (await house.listing(sku, PORTAL)).state;

/** What the operator brings back, with cells that somebody changed afterwards. */
async function carry(batch: BatchAnswer, changes: Record<string, Change> = {}): Promise<ReceiptAnswer> {
  const taken = await operator.takeBatch(batch.file ?? '');
  const workbook = await openWorkbook(taken.receipt?.bytes ?? Buffer.alloc(0));
  sheetOf(workbook, 'Receipt').eachRow((row) => {
    const change = changes[String(row.getCell(4).value)] ?? {};
    for (const [name, value] of Object.entries(change))
      row.getCell(columns[name as keyof typeof columns]).value = value;
  });
  const path = join(folder, 'receipt.xlsx');
  await writeFile(path, new Uint8Array(await workbook.xlsx.writeBuffer()));
  return applyReceipt(house.deps, path);
}

const told = ({ faults }: ReceiptAnswer) => faults.map(({ row, code }) => [row, code]);

it('an action that was altered does not decide what a confirmation means', async () => {
  const batch = await build();
  const answer = await carry(batch, { [first]: { action: 'DELETE', portalId: null } });
  expect(answer).toMatchObject({ confirmed: 2, faults: [{ row: 2, code: 'action_differs' }] });
  expect(answer.faults[0]?.messageKo).toContain(first);
  expect(await house.listing(first, PORTAL)).toMatchObject({ state: 'exported', externalIds: {} });
  expect(await build()).toMatchObject({ batch: null, waiting: 1 });
  // Put right, the same receipt counts.
  expect(await carry(batch)).toMatchObject({ confirmed: 1, unchanged: 2, faults: [] });
  await decideProducts(house.deps, { skus: [second], to: 'suspended', by: '담당자', reason: '인증 확인' });
  const takenDown = await carry(await build(), { [second]: { action: 'UPDATE' } });
  expect(told(takenDown)).toEqual([[2, 'action_differs']]);
  expect(await stateOf(second)).toBe('exported');
});

it('nothing is on sale without a number, also where the form lost its action column', async () => {
  const answer = await carry(await build(), { [first]: { action: null, portalId: null } });
  expect(told(answer)).toEqual([[2, 'portal_id_missing']]);
  expect(await Promise.all(skus.map(stateOf))).toEqual(['exported', 'on-sale', 'on-sale']);
});

it('a number that two products claim counts for neither', async () => {
  const batch = await build();
  const answer = await carry(batch, { [first]: { portalId: '00212' }, [third]: { portalId: '00212' } });
  expect(told(answer)).toEqual([
    [2, 'portal_id_twice'],
    [4, 'portal_id_twice'],
  ]);
  expect(answer.faults[0]?.messageEn).toContain(third);
  expect(await Promise.all(skus.map(stateOf))).toEqual(['exported', 'on-sale', 'exported']);
  // The number of a product that was confirmed before is taken as well; its own stays its own.
  const { externalIds } = await house.listing(second, PORTAL);
  const next = await carry(batch, { [first]: { portalId: String(Object.values(externalIds)[0]), action: null } });
  expect(next).toMatchObject({ confirmed: 1, unchanged: 1 });
  expect(told(next)).toEqual([[2, 'portal_id_twice']]);
});
