import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RawRow } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, MINUTE_MS, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const create = 'POST /item/v1/goods';
const update = 'PUT /item/v1/goods/{goodsNo}';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
});
afterEach(() => house.close());

const sites = () => house.books(paper).map(({ site, state }) => `${site} ${state}`);

/** A product whose create was taken by Gmarket alone. */
async function refusedByAuction(): Promise<Awaited<ReturnType<House['push']>>> {
  await house.importDemo([paper]);
  await house.approveAll();
  house.fault({ match: create, fault: 'one-site-fails' });
  return house.push();
}

it('sells on the site that took it, and says which site refused and why', async () => {
  await refusedByAuction();
  expect(sites()).toEqual(['gmkt on-sale']);
  expect(await house.listing(paper)).toMatchObject({
    state: 'partial',
    refusal: { operation: 'create', site: 'iac', message: expect.stringMatching(/[가-힣]/) },
  });
});

it('does not ask the refusing site again while nothing changes, neither by itself nor on request', async () => {
  await refusedByAuction();
  const before = [house.calls(create), house.calls(update)];
  await house.sweep();
  house.pass(60 * MINUTE_MS);
  await house.sweep();
  const again = await house.push();
  expect([house.calls(create), house.calls(update)]).toEqual(before);
  expect(again.blocked).toMatchObject([{ sku: paper, account: ACCOUNT, rule: 'refused_by_channel' }]);
  expect((await house.listing(paper)).state).toBe('partial');
});

const changes: Record<string, (row: RawRow) => void> = {
  'a text': (row) => {
    row.description_ko = `${row.description_ko} 새 포장입니다.`;
  },
  'the price': (row) => {
    row.price_krw = Number(row.price_krw) - 500;
  },
};

it.each(Object.entries(changes))(
  'tries the missing site again when %s changes, and ends with exactly one product',
  async (_, change) => {
    await refusedByAuction();
    await house.importDemo([paper], change);
    await house.approveAll();
    await house.push();
    expect(sites().sort()).toEqual(['gmkt on-sale', 'iac on-sale']);
    expect(await house.listing(paper)).toMatchObject({ state: 'on-sale', refusal: null });
    expect([house.calls(create), house.calls(update)]).toEqual([1, 1]);
    // One master product with both sites, not one product per site.
    const externalIds = house.books(paper).map((listing) => listing.externalId);
    const { rows } = await house.store.query<{ external_ids: Record<string, string> }>(
      'select external_ids from naru.listing where sku = $1',
      [paper],
    );
    expect(rows).toHaveLength(1);
    expect(new Set([rows[0]?.external_ids.gmkt, rows[0]?.external_ids.iac])).toEqual(new Set(externalIds));
    expect(new Set(house.books(paper).map((listing) => listing.price)).size).toBe(1);
  },
);
