import { afterEach, beforeEach, expect, it } from 'vitest';
import { examine } from '../../src/sync/doctor.ts';
import { listingJson } from '../../src/sync/report.ts';
import type { RawRow } from '../support/catalogue-rows.ts';
import { set } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const DAY_MS = 24 * 3_600_000;
const sellStatus = '/item/v1/goods/{goodsNo}/sell-status';

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const certifiedForLong = (row: RawRow) => {
  for (const certificate of row.certificates as RawRow[]) certificate.valid_to = '2031-12-31';
};
/** `days` pass, and then the daily read-back and the minute's sweep come. */
const days = async (count: number) => {
  house.pass(count * DAY_MS);
  await house.queues.add('audit', { accountId: ACCOUNT });
  await house.work();
  await house.sweep();
};
const states = () => house.books(paper).map(({ state }) => state);
const asked = () => house.calls(`GET ${sellStatus}`);
const resumed = () => house.calls(`PUT ${sellStatus}`);
const atChannel = async (change: RawRow) => {
  const response = await fetch(`${house.sandbox.url}/_listings/${paper}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  expect(response.status).toBe(200);
};

it('a sale is carried on before its period is over, once in a period', async () => {
  await house.addAccount();
  await house.putOnSale([paper], certifiedForLong);
  await days(1);
  expect(listingJson(await house.listing(paper)).sites).toMatchObject([
    { site: 'gmkt', ends_at: '2027-02-20T15:00:00.000Z' },
    { site: 'iac', ends_at: '2027-02-20T15:00:00.000Z' },
  ]);
  await days(40);
  await days(41);
  // The end was asked for once, and is still more than a week away.
  expect([asked(), resumed()]).toEqual([1, 0]);
  await days(3);
  expect(resumed()).toBe(1);
  expect(states()).toEqual(['on-sale', 'on-sale']);
  await days(1);
  await days(1);
  expect(resumed()).toBe(1);
  await days(13);
  // A hundred days after it was put on sale.
  expect(states()).toEqual(['on-sale', 'on-sale']);
  expect(await house.listing(paper)).toMatchObject({ state: 'on-sale', refusal: null });
  await days(74);
  expect(resumed()).toBe(2);
  await days(5);
  expect(states()).toEqual(['on-sale', 'on-sale']);
  expect(await house.deadLetters()).toEqual([]);
});

it('a sale that ended by itself while nobody looked is taken up again', async () => {
  await house.addAccount();
  await house.putOnSale([paper], certifiedForLong);
  await days(92);
  expect(states()).toEqual(['on-sale', 'on-sale']);
  expect(await house.listing(paper)).toMatchObject({ state: 'on-sale' });
  expect(resumed()).toBe(1);
});

it('what the seller stopped before the end of its period stays stopped, and is told', async () => {
  await house.addAccount();
  await house.putOnSale([paper], certifiedForLong);
  await days(1);
  await days(69);
  await atChannel({ state: 'stopped' });
  await days(1);
  await days(21);
  expect(states()).toEqual(['stopped', 'stopped']);
  expect(resumed()).toBe(0);
  const findings = (await examine(house.deps, house.queues)).map(({ code }) => code);
  expect(findings).toContain('listing_stopped_at_channel');
});

it('a refusal of something else does not keep a sale from being carried on', async () => {
  await house.addAccount();
  await house.putOnSale([paper], certifiedForLong);
  await house.importDemo([paper], (row) => {
    certifiedForLong(row);
    set(row, 'description_ko', '설명을 새로 썼습니다.');
  });
  house.fault({ match: 'PUT /item/v1/goods/{goodsNo}', fault: 'business-error', times: 1 });
  await house.push();
  expect(await house.listing(paper)).toMatchObject({ refusal: { operation: 'update' } });
  await days(85);
  expect(resumed()).toBe(1);
  expect(states()).toEqual(['on-sale', 'on-sale']);
});

it('a sale without an end is asked about once', async () => {
  await house.addAccount(ACCOUNT, { settings: { sellingPeriodDays: -1 } });
  await house.putOnSale([paper], certifiedForLong);
  for (const count of [1, 1, 100]) await days(count);
  expect([asked(), resumed()]).toEqual([1, 0]);
  expect(states()).toEqual(['on-sale', 'on-sale']);
});
