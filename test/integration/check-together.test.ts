import { afterEach, beforeEach, expect, it } from 'vitest';
import { seoulDayOf } from '../../src/domain/seoul-time.ts';
import type { Database } from '../../src/store/database.ts';
import { leaseListings, releaseListings } from '../../src/store/listings.ts';
import { auditListings, checkListings } from '../../src/sync/check-listings.ts';
import { pushListings } from '../../src/sync/push-listings.ts';
import { set } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, MINUTE_MS, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const search = 'POST /item/v1/goods/search';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
  await house.putOnSale([paper]);
});
afterEach(() => house.close());

const now = () => house.clock.now();
const ids = async () => [(await house.listing(paper)).listingId];

it('a listing in the hands of a worker is not asked for; it is once the worker has let go', async () => {
  const lease = { accountId: ACCOUNT, listingIds: await ids(), process: house.deps.processNumber, token: 'worker' };
  const until = new Date(now().getTime() + 10 * MINUTE_MS);
  await leaseListings(house.store, { ...lease, until, today: seoulDayOf(now()), now: now() });
  await auditListings(house.deps, ACCOUNT);
  const before = house.calls(search);
  expect(await checkListings(house.deps, ACCOUNT)).toEqual({ againAfterMs: 5_000 });
  expect(house.calls(search)).toBe(before);
  await releaseListings(house.store, lease.listingIds, lease.token);
  expect(await checkListings(house.deps, ACCOUNT)).toEqual({ againAfterMs: null });
  expect(house.calls(search)).toBe(before + 1);
});

it('what is pushed while the channel is asked is not overwritten by what it answered before', async () => {
  await house.importDemo([paper], (row) => set(row, 'stock_qty', 0));
  await auditListings(house.deps, ACCOUNT);
  const listingIds = await ids();
  let isPushed = false;
  const query: Database['query'] = async (text, values) => {
    if (!isPushed && text.startsWith('update naru.listing set')) {
      isPushed = true;
      await pushListings(house.deps, { accountId: ACCOUNT, listingIds, runId: null, byPerson: false });
      expect(await house.listing(paper)).toMatchObject({ state: 'accepted' });
    }
    return house.store.query(text, values);
  };
  const store = Object.assign(Object.create(house.store) as Database, { query });
  await checkListings({ ...house.deps, store }, ACCOUNT);
  expect(isPushed).toBe(true);
  expect(await house.listing(paper)).toMatchObject({ state: 'accepted' });
  await house.queues.add('check', { accountId: ACCOUNT });
  await house.work();
  expect(await house.listing(paper)).toMatchObject({ state: 'stopped' });
});
