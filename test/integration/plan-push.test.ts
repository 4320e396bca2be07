import { afterEach, beforeEach, expect, it } from 'vitest';
import { openAccount } from '../../src/sync/open-account.ts';
import { planPush } from '../../src/sync/plan-push.ts';
import { set } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, MINUTE_MS, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const notebook = 'SG-01-003';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
});
afterEach(() => house.close());

const plan = async (byPerson: boolean) =>
  planPush(house.deps, await openAccount(house.deps, ACCOUNT), { byPerson, dryRun: true });

/** The listing as the failure of a call of this kind leaves it, with a wait of five minutes. */
async function leaveFailed(operation: string): Promise<void> {
  await house.store.query(
    `update naru.listing set failures = 6, retry_after = $1,
       refusal = jsonb_build_object('operation', $2::text, 'passing', 'unavailable', 'code', 'HTTP_503', 'message', '',
         'field', null, 'site', null)`,
    [new Date(house.clock.now().getTime() + 5 * MINUTE_MS), operation],
  );
}

it('a stop does not wait for another call that failed, but for its own failures it does', async () => {
  await house.putOnSale([paper]);
  await house.importDemo([paper], (row) => set(row, 'price_krw', 11_900));
  await leaveFailed('price');
  expect((await plan(false)).listings).toEqual([]);
  await house.importDemo([paper], (row) => set(row, 'stock_qty', 0));
  expect((await plan(false)).listings).toMatchObject([{ sku: paper, operations: ['stop'] }]);
  await leaveFailed('stop');
  expect((await plan(false)).listings).toEqual([]);
  expect((await plan(true)).listings).toMatchObject([{ sku: paper, operations: ['stop'] }]);
});

it('what keeps products off sale is collected for people only, not at every sweep', async () => {
  await house.importDemo([paper, notebook]);
  expect((await plan(true)).blocked.map((one) => one.sku)).toEqual([paper, notebook]);
  expect((await plan(false)).blocked).toEqual([]);
});
