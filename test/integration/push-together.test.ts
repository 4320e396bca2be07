import { afterEach, beforeEach, expect, it } from 'vitest';
import { pushListings } from '../../src/sync/push-listings.ts';
import { runPush } from '../../src/sync/push-run.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';

const skus = ['SG-01-001', 'SG-01-002', 'SG-01-003'];
const create = 'POST /item/v1/goods';

let house: House;
let listingIds: number[];
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
  await house.importDemo(skus);
  await house.approveAll(skus);
  await runPush(house.deps, house.queues, { accountId: ACCOUNT, wait: false, dryRun: false });
  listingIds = await Promise.all(skus.map(async (sku) => (await house.listing(sku)).listingId));
});
afterEach(() => house.close());

const together = () => pushListings(house.deps, { accountId: ACCOUNT, listingIds, runId: null, byPerson: true });
const openAttempts = async () => {
  const { rows } = await house.store.query<{ listing_id: number }>(
    'select listing_id from naru.attempt where finished_at is null',
  );
  return rows.map((row) => row.listing_id);
};

it('listings of one job are written one after the other, each attempt before its call and closed after it', async () => {
  expect(await together()).toEqual({ againAfterMs: null, apart: [] });
  expect(skus.map((sku) => house.books(sku).length)).toEqual([2, 2, 2]);
  const { rows } = await house.store.query<{ operation: string; outcome: string }>(
    'select operation, outcome from naru.attempt order by listing_id',
  );
  expect(rows).toEqual(Array.from({ length: 3 }, () => ({ operation: 'create', outcome: 'accepted' })));
});

it('one that fails is left apart with its own wait, and the others are written', async () => {
  house.fault(
    { match: create, fault: 'business-error', after: 1, times: 1 },
    { match: create, fault: 'status', status: 503, times: 1 },
  );
  const { againAfterMs, apart } = await together();
  expect(againAfterMs).toBeNull();
  // The first create got no answer that says whether it was made, the second was refused, the third went through.
  expect(apart).toEqual([{ listingIds: [listingIds[0]], afterMs: 0, operation: 'create' }]);
  expect(await openAttempts()).toEqual([listingIds[0]]);
  expect(house.books('SG-01-003')).toHaveLength(2);
  expect((await house.listing('SG-01-002')).state).toBe('rejected');
});

it('a limit of the channel ends the job: the rest is left apart until then, without an attempt', async () => {
  house.fault({ match: create, fault: 'status', status: 429, after: 1, times: 1 });
  const { apart } = await together();
  expect(house.calls(create)).toBe(2);
  expect(apart.map((job) => job.listingIds)).toEqual(listingIds.slice(1).map((id) => [id]));
  expect(new Set(apart.map(({ afterMs }) => afterMs)).size).toBe(1);
  expect(apart[0]?.afterMs).toBeGreaterThan(0);
  // The step that was opened with the first outcome was told what became of it.
  expect(await openAttempts()).toEqual([]);
});

it('at a slow channel the rest is decided anew: what is no longer wanted is not sent', async () => {
  const onCall = house.deps.onCall;
  house.deps.onCall = (call) => {
    onCall(call);
    house.pass(2_000);
  };
  const { apart } = await together();
  expect(house.calls(create)).toBe(1);
  expect(apart).toEqual(listingIds.slice(1).map((id) => ({ listingIds: [id], afterMs: 0, operation: 'create' })));
  expect(await openAttempts()).toEqual([]);
});
