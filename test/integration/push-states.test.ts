import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listListings } from '../../src/store/listing-rows.ts';
import { pushListings } from '../../src/sync/push-listings.ts';
import { runPush } from '../../src/sync/push-run.ts';
import { listingJson } from '../../src/sync/report.ts';
import { set } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const notebook = 'SG-01-003';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  // In this order the account finds the words it needs a mapping for when it is added.
  await house.importDemo([paper, notebook]);
  await house.addAccount();
});
afterEach(() => house.close());

const count = async (table: string) =>
  (await house.store.query<{ rows: number }>(`select count(*) as rows from naru.${table}`)).rows[0]?.rows;

describe('a dry run', () => {
  it('says what would be done and what is in the way, calls no channel and writes nothing', async () => {
    await house.approveAll([paper]);
    const before = house.calls();
    const result = await house.push({ dryRun: true });
    expect(result).toMatchObject({ runId: null, planned: { create: 1 }, done: { create: 0 } });
    expect(result.blocked).toMatchObject([{ sku: notebook, rule: 'not_approved' }]);
    expect(house.calls()).toBe(before);
    for (const table of ['run', 'listing', 'attempt', 'dead_letter'])
      expect([table, await count(table)]).toEqual([table, 0]);
    expect(await house.queues.pushDepth(ACCOUNT)).toEqual({ ready: 0, delayed: 0 });
  });

  it('of something that is listed changes nothing either', async () => {
    await house.approveAll();
    await house.push();
    await house.importDemo([paper], (row) => {
      set(row, 'price_krw', 11_900);
      set(row, 'description_ko', '설명을 새로 썼습니다.');
    });
    const before = { calls: house.calls(), runs: await count('run'), attempts: await count('attempt') };
    expect((await house.push({ dryRun: true })).planned).toMatchObject({ update: 1, unchanged: 1 });
    expect({ calls: house.calls(), runs: await count('run'), attempts: await count('attempt') }).toEqual(before);
    expect((await house.push()).planned).toMatchObject({ update: 1, unchanged: 1 });
  });
});

describe('where a listing stands', () => {
  it('is told from plan to sale', async () => {
    await house.approveAll([paper]);
    await runPush(house.deps, house.queues, { wait: false, dryRun: false });
    expect(await house.listing(paper)).toMatchObject({ state: 'planned', externalIds: {} });
    const { listingId } = await house.listing(paper);
    await pushListings(house.deps, { accountId: ACCOUNT, listingIds: [listingId], runId: null, byPerson: true });
    // Taken by the channel, and not yet seen on any site.
    expect(await house.listing(paper)).toMatchObject({
      state: 'accepted',
      externalIds: { goodsNo: expect.any(String) },
    });
    await house.work();
    const row = await house.listing(paper);
    expect(row).toMatchObject({ state: 'on-sale', refusal: null });
    expect(listingJson(row)).toMatchObject({
      account: ACCOUNT,
      sku: paper,
      state: 'on-sale',
      sites: [
        { site: 'gmkt', state: 'on-sale', price: 12_800, stock: 87 },
        { site: 'iac', state: 'on-sale', price: 12_800, stock: 87 },
      ],
      refusal: null,
      missing: [],
    });
  });

  it('is found by account, state and SKU', async () => {
    await house.approveAll();
    await house.push();
    await house.importDemo([notebook], (row) => set(row, 'stock_qty', 0));
    await house.push();
    const skus = async (filter: Parameters<typeof listListings>[1]) =>
      (await listListings(house.store, filter)).map(({ sku }) => sku);
    expect(await skus({ accountId: ACCOUNT })).toEqual([paper, notebook]);
    expect(await skus({ accountId: 'nobody' })).toEqual([]);
    expect(await skus({ state: 'on-sale' })).toEqual([paper]);
    expect(await skus({ state: 'stopped' })).toEqual([notebook]);
    expect(await skus({ skus: [notebook] })).toEqual([notebook]);
  });

  it('names what is missing in both languages', async () => {
    await house.importDemo([paper], (row) => set(row, 'product_group_ko', '채널에 없는 분류'));
    await house.approveAll([paper]);
    await house.push();
    const { missing } = listingJson(await house.listing(paper)) as { missing: Record<string, string>[] };
    expect(missing.length).toBeGreaterThan(0);
    for (const { message_ko: ko, message_en: en } of missing) {
      expect(ko).toMatch(/[가-힣]/);
      expect(en).toMatch(/[a-z]{3}/);
    }
  });
});
