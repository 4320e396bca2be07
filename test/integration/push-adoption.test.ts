import { afterEach, beforeEach, expect, it } from 'vitest';
import { pushListings } from '../../src/sync/push-listings.ts';
import { runPush } from '../../src/sync/push-run.ts';
import { ACCOUNT, type House, MINUTE_MS, openHouse } from '../support/house.ts';

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

it.each(['push', 'sweep'] as const)(
  'a product that was created after an old copy of our data was made is found by the next %s',
  async (wake) => {
    // The copy knows that the channel was asked, and was made before anything was created.
    await house.importDemo([paper]);
    await house.approveAll();
    await runPush(house.deps, house.queues, { wait: false, dryRun: false });
    await sellBefore();
    expect(house.calls(create)).toBe(1);
    house.pass(60 * MINUTE_MS);
    await house[wake]();
    expect(house.calls(create)).toBe(1);
    expect(house.books(paper).map(({ state, price }) => `${state} ${price}`)).toEqual([
      'on-sale 12800',
      'on-sale 12800',
    ]);
  },
);

it('a push of many products asks for all of them at once, and the workers do not ask again', async () => {
  await house.importDemo();
  await house.approveAll();
  const search = 'POST /item/v1/goods/search';
  await runPush(house.deps, house.queues, { wait: false, dryRun: false });
  const asked = house.calls(search);
  const { listingId } = await house.listing(paper);
  await pushListings(house.deps, { accountId: ACCOUNT, listingIds: [listingId], runId: null, byPerson: true });
  expect(house.calls(create)).toBe(1);
  expect(house.calls(search)).toBe(asked);
});
