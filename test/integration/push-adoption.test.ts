import { afterEach, beforeEach, expect, it } from 'vitest';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const create = 'POST /item/v1/goods';

let house: House;
/** A store of its own that sold the product before: what another tool, or an older copy of our data, left behind. */
let former: House;
beforeEach(async () => {
  house = await openHouse();
  former = await openHouse({ beside: house });
  await former.addAccount();
  await house.addAccount();
});
afterEach(async () => {
  await former.close();
  await house.close();
});

const sellBefore = async () => {
  await former.importDemo([paper], (row) =>
    Object.assign(row, { price_krw: 9_900, stock_qty: 3, description_ko: '예전 설명' }),
  );
  await former.approveAll();
  await former.push();
};

it('a product that the channel holds under our SKU is adopted, set to ours and not doubled', async () => {
  await sellBefore();
  await house.importDemo([paper]);
  await house.approveAll();
  const result = await house.push();
  expect(result.planned).toMatchObject({ create: 0, update: 1, price: 1 });
  expect(house.calls(create)).toBe(1);
  expect(house.books(paper)).toMatchObject([
    { state: 'on-sale', price: 12_800, stock: 87 },
    { state: 'on-sale', price: 12_800, stock: 87 },
  ]);
  expect(await house.listing(paper)).toMatchObject({ state: 'on-sale', refusal: null });
  const before = house.calls();
  await house.push();
  expect(house.calls()).toBe(before);
});

it('a product that is there twice is left to people, who are told its numbers', async () => {
  await sellBefore();
  // The former store believes that it has asked before and found nothing: how other tools double a product.
  await former.store.query(
    `update naru.listing set external_ids = '{}', pushed = null, observed = null, state = 'planned'`,
  );
  await former.push();
  expect(house.books(paper)).toHaveLength(4);
  await house.importDemo([paper]);
  await house.approveAll();
  await house.push();
  expect(house.calls(create)).toBe(2);
  const letters = await house.deadLetters();
  expect(letters).toMatchObject([{ code: 'DOUBLED', kind: 'conflict', sku: paper, accountId: ACCOUNT }]);
  const { goodsNo } = (await house.listing(paper)).externalIds;
  expect(letters[0]?.messageKo).toContain(goodsNo);
  expect(letters[0]?.messageEn).toContain(goodsNo);
});
