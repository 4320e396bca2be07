import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPortalOperator, type PortalOperator } from '../../adapters/export-portal/sandbox/operator.ts';
import { batchItems, confirmedDocuments } from '../../src/store/batches.ts';
import { applyReceipt, type ReceiptAnswer } from '../../src/sync/apply-receipt.ts';
import { approveProducts, decideProducts } from '../../src/sync/approve-products.ts';
import { type BatchAnswer, buildBatch } from '../../src/sync/build-batch.ts';
import { examine } from '../../src/sync/doctor.ts';
import { addAccount } from '../../src/sync/manage-accounts.ts';
import { set } from '../support/catalogue-rows.ts';
import { portalFile } from '../support/export-portal.ts';
import { type House, MINUTE_MS, openHouse } from '../support/house.ts';

const PORTAL = 'ec21-seoul';
const [first, second, third] = ['SG-01-001', 'SG-01-002', 'SG-02-001'] as const;
const skus = [first, second, third];

let house: House;
let folder: string;
let operator: PortalOperator;

beforeEach(async () => {
  house = await openHouse();
  folder = await mkdtemp(join(tmpdir(), 'naru-batches-'));
  operator = createPortalOperator({ now: () => house.clock.now().getTime() });
  const terms = {
    paymentTerms: ['T/T'],
    portOfLoading: 'Busan, Korea',
    supplyAbility: '1,000 per month',
    leadTimeDays: 7,
  };
  await addAccount(house.deps, { accountId: PORTAL, adapterId: 'export-portal', file: portalFile({ terms }) });
  await house.importDemo(skus);
  await house.approveAll(skus);
});
afterEach(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

const build = (): Promise<BatchAnswer> => buildBatch(house.deps, { accountId: PORTAL, folder });

/** What the operator does with a batch; gives the filled receipt's path. */
async function upload(batch: BatchAnswer, by = operator): Promise<string> {
  const taken = await by.takeBatch(batch.file ?? '');
  expect(taken.faults).toEqual([]);
  const path = join(folder, `receipt-${batch.batch}.xlsx`);
  await writeFile(path, taken.receipt?.bytes ?? '');
  return path;
}

const carry = async (batch: BatchAnswer, by = operator): Promise<ReceiptAnswer> =>
  applyReceipt(house.deps, await upload(batch, by));
const states = () => Promise.all(skus.map(async (sku) => (await house.listing(sku, PORTAL)).state));
const problems = async () => (await examine(house.deps, house.queues)).map((finding) => finding.code);
const portalStates = () => Object.fromEntries(operator.products().map((one) => [one.sku, one.state]));

describe('a portal that a person fills', () => {
  it('keeps the time of its last change while it only waits', async () => {
    await house.sweep();
    const { updatedAt } = await house.listing(first, PORTAL);
    house.pass(60 * MINUTE_MS);
    await house.sweep();
    expect(await house.listing(first, PORTAL)).toMatchObject({ state: 'queued', updatedAt });
  });

  it('is told nothing by a push, and nothing counts as on sale before the receipt', async () => {
    const push = await house.push();
    expect(push).toMatchObject({ planned: { create: 3 }, blocked: [], toExport: [{ account: PORTAL, products: 3 }] });
    expect(await states()).toEqual(['queued', 'queued', 'queued']);
    const batch = await build();
    expect(batch).toMatchObject({ add: 3, update: 0, delete: 0, waiting: 0, withdrawn: [], blocked: [] });
    expect(await states()).toEqual(['exported', 'exported', 'exported']);
    await house.sweep();
    expect(await states()).toEqual(['exported', 'exported', 'exported']);
    expect(await build()).toMatchObject({ batch: null, file: null, waiting: 3 });

    expect(await carry(batch)).toMatchObject({ confirmed: 3, refused: [], open: 0, faults: [] });
    expect(await states()).toEqual(['on-sale', 'on-sale', 'on-sale']);
    const listing = await house.listing(first, PORTAL);
    const atPortal = operator.products().find((one) => one.sku === first);
    expect(Object.values(listing.externalIds)).toContain(atPortal?.portalId);
    expect(listing.observed?.sites[0]?.note).toBe(atPortal?.url);
    await house.sweep();
    expect(await states()).toEqual(['on-sale', 'on-sale', 'on-sale']);
    expect(await house.push()).toMatchObject({ planned: { create: 0, update: 0, unchanged: 3 } });
  });

  it('is told of a change with the next batch, and the same receipt again changes nothing', async () => {
    const batch = await build();
    const receipt = await upload(batch);
    await applyReceipt(house.deps, receipt);
    expect(await applyReceipt(house.deps, receipt)).toMatchObject({ confirmed: 0, unchanged: 3 });
    await house.importDemo([second], (row) => set(row, 'export_price_usd', '21.00'));
    await house.sweep();
    expect(await states()).toEqual(['on-sale', 'changed', 'on-sale']);
    const next = await build();
    expect(next).toMatchObject({ add: 0, update: 1, delete: 0 });
    expect(await carry(next)).toMatchObject({ confirmed: 1 });
    expect(await states()).toEqual(['on-sale', 'on-sale', 'on-sale']);
    expect(await build()).toMatchObject({ batch: null });
  });

  it('is told to take down what may not be sold, and people are told at once', async () => {
    await carry(await build());
    await decideProducts(house.deps, { skus: [third], to: 'suspended', by: '담당자', reason: '인증 확인' });
    expect(await problems()).toContain('export_take_down');
    const batch = await build();
    expect(batch).toMatchObject({ add: 0, update: 0, delete: 1 });
    expect(await carry(batch)).toMatchObject({ confirmed: 1, faults: [] });
    expect((await house.listing(third, PORTAL)).state).toBe('removed');
    expect(portalStates()).toEqual({ [first]: 'on-sale', [second]: 'on-sale', [third]: 'deleted' });
    expect(await problems()).not.toContain('export_take_down');
    await approveProducts(house.deps, { skus: [third], by: '담당자', acceptWarnings: null });
    expect(await build()).toMatchObject({ add: 1 });
  });

  it('a product that is withdrawn while a batch is on its way is named, and taken down if it went up', async () => {
    const batch = await build();
    await decideProducts(house.deps, { skus: [first], to: 'suspended', by: '담당자', reason: '표시 오류' });
    expect(await problems()).toContain('export_withdrawn');
    expect(await build()).toMatchObject({ batch: null, withdrawn: [first] });
    await carry(batch);
    expect(await build()).toMatchObject({ delete: 1, withdrawn: [] });
  });

  it('a refusal is kept with its reason and offered again when the product has changed', async () => {
    operator.refuse(second, 'HS code does not fit the category');
    expect(await carry(await build())).toMatchObject({
      confirmed: 2,
      refused: [{ sku: second, reason: 'HS code does not fit the category' }],
    });
    expect(await house.listing(second, PORTAL)).toMatchObject({
      state: 'rejected',
      refusal: { code: 'REFUSED_BY_OPERATOR' },
    });
    expect(await build()).toMatchObject({ batch: null });
    operator.refuse(second, null);
    await house.importDemo([second], (row) => set(row, 'hs_code', '482010'));
    const again = await build();
    expect(again).toMatchObject({ add: 1 });
    expect(await carry(again)).toMatchObject({ confirmed: 1 });
  });

  it('a change while a batch is on its way makes the next batch, and the late receipt of the first still counts', async () => {
    const slow = await build();
    await house.importDemo([second], (row) => set(row, 'export_price_usd', '22.00'));
    const next = await build();
    expect(next).toMatchObject({ add: 1 });
    expect(await carry(slow)).toMatchObject({ confirmed: 3 });
    expect(await states()).toEqual(['on-sale', 'exported', 'on-sale']);
    expect(await carry(next)).toMatchObject({ confirmed: 1 });
    expect(await states()).toEqual(['on-sale', 'on-sale', 'on-sale']);
    expect(await build()).toMatchObject({ batch: null, waiting: 0 });
  });

  it('a receipt that comes after that of a later batch is written down and changes nothing', async () => {
    const slow = await build();
    await house.importDemo([second], (row) => set(row, 'export_price_usd', '22.00'));
    await carry(await build());
    await house.importDemo([second], (row) => set(row, 'export_price_usd', '23.00'));
    const last = await build();
    await carry(last);
    expect(await carry(slow)).toMatchObject({ confirmed: 3, faults: [] });
    expect(await states()).toEqual(['on-sale', 'on-sale', 'on-sale']);
    expect(await build()).toMatchObject({ batch: null, waiting: 0 });
    const [told] = await batchItems(house.store, { batchId: last.batch ?? '' });
    const documents = await confirmedDocuments(house.store, [told?.listingId ?? 0]);
    expect([...documents.values()]).toEqual([told?.document]);
  });

  it('a late word of a delete does not remove what a later batch has put up again', async () => {
    const begin = await build();
    await carry(begin);
    await decideProducts(house.deps, { skus: [first], to: 'suspended', by: '담당자', reason: '인증 확인' });
    const down = await build();
    expect(down).toMatchObject({ delete: 1 });
    const receipt = await upload(down);
    await approveProducts(house.deps, { skus: [first], by: '담당자', acceptWarnings: null });
    await house.importDemo([first], (row) => set(row, 'export_price_usd', '19.00'));
    const up = await build();
    expect(up).toMatchObject({ update: 1 });
    const colleague = createPortalOperator({ now: () => house.clock.now().getTime() });
    await colleague.takeBatch(begin.file ?? '');
    expect(await carry(up, colleague)).toMatchObject({ confirmed: 1, refused: [], faults: [] });
    expect(await states()).toEqual(['on-sale', 'on-sale', 'on-sale']);
    await applyReceipt(house.deps, receipt);
    expect(await states()).toEqual(['on-sale', 'on-sale', 'on-sale']);
    expect(await build()).toMatchObject({ batch: null });
  });

  it('counts each row of a receipt once, also when the store has it read a second time', async () => {
    const receipt = await upload(await build());
    await house.store.query('create sequence naru.receipt_try');
    await house.store.query(`create function naru.fail_once() returns trigger language plpgsql as $$ begin
      if nextval('naru.receipt_try') = 3 then raise exception 'once' using errcode = '40001'; end if; return new; end $$`);
    await house.store.query(
      'create trigger fail_once before update on naru.batch_item for each row execute function naru.fail_once()',
    );
    expect(await applyReceipt(house.deps, receipt)).toMatchObject({ confirmed: 3, unchanged: 0, open: 0 });
    expect(await states()).toEqual(['on-sale', 'on-sale', 'on-sale']);
  });

  it('a batch that nobody reports back is named after its days', async () => {
    await build();
    expect(await problems()).not.toContain('export_unconfirmed');
    house.pass(8 * 24 * 60 * MINUTE_MS);
    expect(await problems()).toContain('export_unconfirmed');
  });

  it('what is missing in English is told for the product and the portal, and the others go', async () => {
    await house.importDemo([second], (row) => set(row, 'name_en', '재생 copy paper'));
    const batch = await build();
    expect(batch.add).toBe(2);
    expect(batch.blocked).toEqual([expect.objectContaining({ sku: second, account: PORTAL })]);
  });

  it('built twice at the same moment is one batch, and the second person is told', async () => {
    const both = await Promise.allSettled([build(), build()]);
    const failures = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    const made = both.flatMap((one) => (one.status === 'fulfilled' && one.value.batch ? [one.value.batch] : []));
    expect(made).toEqual([`${PORTAL}-b0001`]);
    expect(failures.map((failure) => failure.code)).toEqual(failures.map(() => 'batch_at_once'));
    expect((await readdir(folder)).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
    expect(await states()).toEqual(['exported', 'exported', 'exported']);
  });

  it('whose process was stopped before its file had a name is finished by the next one', async () => {
    const stopped = await build();
    const file = stopped.file ?? '';
    await rename(file, `${file}.0a1b2c3d.unfinished`);
    await writeFile(`${file}.ffffffff.unfinished`, 'the half file of somebody else');
    expect(await build()).toMatchObject({ batch: stopped.batch, file, sha256: stopped.sha256, add: 0, waiting: 3 });
    expect(await carry(stopped)).toMatchObject({ confirmed: 3 });
    expect(await build()).toMatchObject({ batch: null, file: null });
  });

  it('leaves no half file behind when the disk refuses', async () => {
    await rm(folder, { recursive: true, force: true });
    await writeFile(folder, 'a file where the folder should be');
    await expect(build()).rejects.toMatchObject({ name: 'PeopleError', code: 'place_unusable' });
    await rm(folder);
    expect(await build()).toMatchObject({ add: 3 });
    expect((await readdir(folder)).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
  });
});
