import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildBatch } from '../../src/sync/build-batch.ts';
import { addAccount } from '../../src/sync/manage-accounts.ts';
import { goodRow, set } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, MINUTE_MS, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const create = 'POST /item/v1/goods';
const update = 'PUT /item/v1/goods/{goodsNo}';
const price = 'PUT /item/v1/goods/{goodsNo}/price';
const stock = 'PUT /item/v1/goods/{goodsNo}/stock';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
});
afterEach(() => house.close());

const describeAnew = (row: Record<string, unknown>) => set(row, 'description_ko', '고친 설명입니다.');

/** One unit sold somewhere else, then the minute's sweep. */
async function sellOne(): Promise<void> {
  await house.store.query('update naru.product set sold_units = sold_units + 1 where sku = $1', [paper]);
  house.pass(MINUTE_MS);
  await house.sweep();
}

describe('an update that the channel refused', () => {
  beforeEach(async () => {
    await house.putOnSale([paper]);
    // Fed to its sites long since, so that the refusal is one for good.
    house.pass(60 * MINUTE_MS);
    await house.importDemo([paper], describeAnew);
    house.fault({ match: update, fault: 'business-error', times: 20 });
    await house.push();
    expect(house.calls(update)).toBe(1);
    expect(await house.listing(paper)).toMatchObject({ refusal: { operation: 'update', code: '1000' } });
  });

  it('is not repeated with every unit sold, and the stock goes on being told', async () => {
    const before = house.books(paper)[0]?.stock ?? 0;
    for (let units = 0; units < 5; units += 1) await sellOne();
    expect(house.calls(update)).toBe(1);
    expect(house.calls(stock)).toBe(5);
    expect(house.books(paper).map((one) => one.stock)).toEqual([before - 5, before - 5]);
    expect(await house.listing(paper)).toMatchObject({ refusal: { operation: 'update', code: '1000' } });
    const { blocked } = await house.push();
    expect(blocked).toMatchObject([{ sku: paper, rule: 'refused_by_channel' }]);
  });

  it('holds back neither a new price nor a stop', async () => {
    const change = (row: Record<string, unknown>) => {
      describeAnew(row);
      set(row, 'price_krw', 11_900);
    };
    await house.importDemo([paper], change);
    await house.sweep();
    expect(house.calls(price)).toBe(1);
    expect(house.books(paper).map((one) => one.price)).toEqual([11_900, 11_900]);
    // The price is a part of the update, so that this is another one; but it is refused once and no more.
    await house.sweep();
    expect(house.calls(update)).toBe(2);
    await house.importDemo([paper], (row) => {
      change(row);
      set(row, 'stock_qty', 0);
    });
    await house.sweep();
    expect(house.books(paper).map((one) => one.state)).toEqual(['stopped', 'stopped']);
  });

  it('is sent again once the product was corrected', async () => {
    house.fault();
    await house.importDemo([paper], (row) => set(row, 'description_ko', '다시 고친 설명입니다.'));
    await house.sweep();
    expect(house.calls(update)).toBe(2);
    expect(await house.listing(paper)).toMatchObject({ state: 'on-sale', refusal: null });
  });

  it('and a price that is refused too are each remembered', async () => {
    house.fault(
      { match: update, fault: 'business-error', times: 20 },
      { match: price, fault: 'business-error', times: 20 },
    );
    await house.importDemo([paper], (row) => {
      describeAnew(row);
      set(row, 'price_krw', 11_900);
    });
    const before = house.books(paper)[0]?.stock ?? 0;
    for (let units = 0; units < 5; units += 1) await sellOne();
    expect(house.calls(price)).toBe(1);
    expect(house.calls(update)).toBe(2);
    expect(house.books(paper)[0]?.stock).toBe(before - 5);
  });

  it('is remembered as well from a row of the first version', async () => {
    const { rows } = await house.store.query<{ wanted: Record<string, unknown> }>(
      `select wanted from naru.attempt where operation = 'update' order by attempt_id desc limit 1`,
    );
    const { contentHash } = await import('../../src/runtime/content-hash.ts');
    const { offReason: _reason, ...rest } = rows[0]?.wanted ?? {};
    await house.store.query('update naru.listing set refused_hash = $1', [contentHash(rest)]);
    await house.sweep();
    expect(house.calls(update)).toBe(1);
  });
});

it('a create that the channel refused is not repeated with every unit sold elsewhere', async () => {
  await house.importDemo([paper]);
  await house.approveAll();
  house.fault({ match: create, fault: 'business-error', times: 20 });
  await house.push();
  for (let units = 0; units < 3; units += 1) await sellOne();
  expect(house.calls(create)).toBe(1);
  expect((await house.deadLetters()).map((letter) => letter.attempts)).toEqual([1]);
});

it('a create that was taken and never showed is not repeated with every unit sold elsewhere', async () => {
  await house.importDemo([paper]);
  await house.approveAll();
  house.fault({ match: create, fault: 'ignore-silently', times: 1 });
  await house.push();
  await sellOne();
  expect(house.calls(create)).toBe(1);
});

it('a site that refused is not asked again with every unit sold', async () => {
  await house.importDemo([paper]);
  await house.approveAll();
  house.fault({ match: create, fault: 'one-site-fails', times: 1 });
  await house.push();
  await sellOne();
  expect(house.calls(update)).toBe(0);
  expect(house.calls(stock)).toBe(1);
  expect(await house.listing(paper, ACCOUNT)).toMatchObject({ state: 'partial', refusal: { site: 'iac' } });
});

describe('a portal whose form has no stock', () => {
  it('makes no new batch of what waits for its receipt when a unit is sold elsewhere', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'naru-waiting-'));
    const terms = { paymentTerms: ['T/T'], portOfLoading: 'Busan, Korea', supplyAbility: '1,000', leadTimeDays: 7 };
    const categories = { [String(goodRow(paper).product_group_ko)]: { ec21: 'Office Supplies > Paper' } };
    const file = { settings: { profile: 'ec21', terms }, credentials: {}, mappings: { categories } };
    await addAccount(house.deps, { accountId: 'portal', adapterId: 'export-portal', file });
    await house.importDemo([paper]);
    await house.approveAll();
    const build = () => buildBatch(house.deps, { accountId: 'portal', folder });
    expect(await build()).toMatchObject({ add: 1 });
    await house.store.query('update naru.product set sold_units = 1 where sku = $1', [paper]);
    expect(await build()).toMatchObject({ batch: null, waiting: 1 });
    await rm(folder, { recursive: true, force: true });
  });
});
