import { afterEach, beforeEach, expect, it } from 'vitest';
import { gmarketEsm } from '../../adapters/gmarket-esm/index.ts';
import type { AnyChannel } from '../../src/channel/contract.ts';
import { createRegistry } from '../../src/channel/registry.ts';
import type { SyncDependencies } from '../../src/sync/dependencies.ts';
import { pushListings } from '../../src/sync/push-listings.ts';
import { runPush } from '../../src/sync/push-run.ts';
import { set } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';
import { openRoad, type Road } from '../support/road.ts';

const paper = 'SG-01-002';
const create = 'POST /item/v1/goods';
const price = /^PUT .*\/price$/;
const stock = /^PUT .*\/stock$/;
const sellStatus = /^PUT .*\/sell-status$/;

let house: House;
let road: Road;
beforeEach(async () => {
  house = await openHouse();
  road = await openRoad(String((house.sandbox.accountConfig().settings as { baseUrl: string }).baseUrl));
  await house.addAccount(ACCOUNT, { settings: { baseUrl: road.url } });
});
afterEach(async () => {
  await house.close();
  await road.close();
});

/** The process is told to stop, and the call gets no answer any more. */
const stopOf = (stopping: AbortController) => () => {
  stopping.abort(new Error('naru is stopping'));
  return false;
};

/** What a process does that is told to stop while a call of this kind is out. */
async function pushAndStop(call: RegExp): Promise<void> {
  const stopping = new AbortController();
  road.toll = { call, meet: stopOf(stopping) };
  await pushWith({ ...house.deps, signal: stopping.signal });
  expect(stopping.signal.aborted).toBe(true);
  road.toll = null;
}

async function pushWith(deps: SyncDependencies): Promise<void> {
  await runPush(house.deps, house.queues, { wait: false, dryRun: false });
  const { listingId } = await house.listing(paper);
  await pushListings(deps, { accountId: ACCOUNT, listingIds: [listingId], runId: null, byPerson: false });
}

/** Nothing is remembered against the channel, and the next process simply goes on. */
async function expectUntold(): Promise<void> {
  expect(await house.deadLetters()).toEqual([]);
  expect(await house.listing(paper)).toMatchObject({ refusal: null });
  const { rows } = await house.store.query('select refused_hash, failures, retry_after from naru.listing');
  expect(rows).toEqual([{ refused_hash: null, failures: 0, retry_after: null }]);
}

it.each<[string, RegExp, (row: Record<string, unknown>) => void, () => void]>([
  [
    'price',
    price,
    (row) => set(row, 'price_krw', 11_900),
    () => expect(house.books(paper).map((one) => one.price)).toEqual([11_900, 11_900]),
  ],
  [
    'stock',
    stock,
    (row) => set(row, 'stock_qty', 7),
    () => expect(house.books(paper).map((one) => one.stock)).toEqual([7, 7]),
  ],
  [
    'stop',
    sellStatus,
    (row) => set(row, 'stock_qty', 0),
    () => expect(house.books(paper).map((one) => one.state)).toEqual(['stopped', 'stopped']),
  ],
])('a %s that our own stop cuts off is sent by the next process', async (_name, call, change, expectDone) => {
  await house.putOnSale([paper]);
  await house.importDemo([paper], change);
  await pushAndStop(call);
  await expectUntold();
  await house.sweep();
  expectDone();
  expect(await house.deadLetters()).toEqual([]);
});

it('a create that our own stop cuts off is in doubt, and is no failure of the channel', async () => {
  await house.importDemo([paper]);
  await house.approveAll();
  await pushAndStop(/^POST \/item\/v1\/goods$/);
  expect(await house.listing(paper)).toMatchObject({ state: 'in-doubt' });
  await expectUntold();
  expect(house.calls(create)).toBe(0);
  await house.sweep();
  expect(house.calls(create)).toBe(1);
  expect(await house.listing(paper)).toMatchObject({ state: 'on-sale', refusal: null });
});

it('a question that our own stop cuts off is no failure either', async () => {
  await house.importDemo([paper]);
  await house.approveAll();
  await runPush(house.deps, house.queues, { wait: false, dryRun: false });
  await house.store.query('update naru.listing set observed_at = null');
  const stopping = new AbortController();
  road.toll = { call: /^POST .*\/search$/, meet: stopOf(stopping) };
  const { listingId } = await house.listing(paper);
  const deps = { ...house.deps, signal: stopping.signal };
  await pushListings(deps, { accountId: ACCOUNT, listingIds: [listingId], runId: null, byPerson: false });
  expect(stopping.signal.aborted).toBe(true);
  await expectUntold();
});

it.each(['update', 'create'] as const)(
  'an adapter that ends its waits with the reason of the stop has refused nothing (%s)',
  async (operation) => {
    if (operation === 'update') await house.putOnSale([paper]);
    else await house.importDemo([paper]);
    await house.approveAll();
    await house.importDemo([paper], (row) => set(row, 'description_ko', '고친 설명입니다.'));
    const stopping = new AbortController();
    const listings = gmarketEsm.listings as NonNullable<AnyChannel['listings']>;
    const adapter: AnyChannel = {
      ...gmarketEsm,
      listings: {
        ...listings,
        push: async ({ signal }) => {
          stopping.abort(new Error('naru is stopping'));
          signal.throwIfAborted();
          return [];
        },
      },
    };
    await pushWith({ ...house.deps, registry: createRegistry([adapter]), signal: stopping.signal });
    await expectUntold();
    expect((await house.listing(paper)).state).toBe(operation === 'create' ? 'in-doubt' : 'on-sale');
    await house.sweep();
    expect(await house.listing(paper)).toMatchObject({ state: 'on-sale', refusal: null });
  },
);
