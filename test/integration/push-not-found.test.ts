import { afterEach, beforeEach, expect, it } from 'vitest';
import { runPush } from '../../src/sync/push-run.ts';
import { replayDeadLetter } from '../../src/sync/replay-dead-letter.ts';
import { set } from '../support/catalogue-rows.ts';
import { type House, MINUTE_MS, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const create = 'POST /item/v1/goods';
const price = 'PUT /item/v1/goods/{goodsNo}/price';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
});
afterEach(() => house.close());

const minutes = async (count: number) => {
  for (let passed = 0; passed < count; passed += 1) {
    house.pass(MINUTE_MS);
    await house.sweep();
    await house.work();
  }
};

const notFound = async (endpoint: string) => {
  house.fault({ match: endpoint, fault: 'status', status: 404, times: 1_000 });
  await house.importDemo([paper], (row) => set(row, 'price_krw', 11_900));
  await house.approveAll([paper]);
  await runPush(house.deps, house.queues, { wait: false, dryRun: false });
  await minutes(40);
  expect(await house.deadLetters()).toMatchObject([{ sku: paper, kind: 'not-found', jobName: 'push' }]);
};

it('a price of a listing that is never found is sent ever more seldom, told, and taken up again by itself', async () => {
  await house.putOnSale([paper]);
  await notFound(price);
  expect(house.calls(price)).toBeLessThan(20);
  house.fault();
  await minutes(10);
  expect(house.books(paper).map((site) => site.price)).toEqual([11_900, 11_900]);
  expect(await house.deadLetters()).toEqual([]);
});

it('a create with nowhere to go is told at once, and not sent again before people ask for it', async () => {
  await notFound(create);
  expect(house.calls(create)).toBe(1);
  house.fault();
  await replayDeadLetter(house.deps, house.queues, (await house.deadLetters())[0]?.id ?? 0);
  await house.work();
  expect(house.books(paper).map((site) => site.price)).toEqual([11_900, 11_900]);
});
