import { afterEach, beforeEach, expect, it } from 'vitest';
import { commitPage } from '../../src/sync/commit-page.ts';
import { openAccount } from '../../src/sync/open-account.ts';
import { acknowledgeOrder, shipOrder } from '../../src/sync/tell-orders.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';
import { orderOf, recordOf } from '../support/memory-channel.ts';

const number = '4300000001';
let house: House;

beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
  const account = await openAccount(house.deps, ACCOUNT);
  const now = house.clock.now();
  const orders = ['gmkt', 'iac'].map((site) => recordOf(`${site}-${number}`, orderOf(number, now, { site })));
  const records = { orders, claims: [], settlements: [] };
  await house.store.transaction((tx) => commitPage(tx, { account, stream: 'orders', runId: null, now, records }));
});
afterEach(() => house.close());

const notices = async () =>
  (await house.store.query<{ site: string; kind: string }>('select site, kind from naru.order_notice')).rows;

it('an order number that two sites have given is told to neither until somebody says which', async () => {
  const before = house.sent();
  const request = { accountId: ACCOUNT, orderId: number, by: '담당자' };
  const refusal = {
    code: 'order_on_several_sites',
    messageKo: expect.stringContaining('--site gmkt 또는 --site iac'),
    messageEn: expect.stringContaining('--site gmkt or --site iac'),
  };
  await expect(acknowledgeOrder(house.deps, request)).rejects.toMatchObject(refusal);
  const parcel = { ...request, courierCode: '10013', invoiceNo: '600000000001' };
  await expect(shipOrder(house.deps, parcel)).rejects.toMatchObject(refusal);
  expect(await notices()).toEqual([]);
  expect(house.sent()).toEqual(before);
  // The channel knows no such order and says so; what counts here is which one it was asked about.
  await expect(acknowledgeOrder(house.deps, { ...request, site: 'iac' })).rejects.toThrow();
  expect(await notices()).toEqual([{ site: 'iac', kind: 'acknowledge' }]);
  await expect(acknowledgeOrder(house.deps, { ...request, site: 'other' })).rejects.toMatchObject({
    code: 'order_unknown',
  });
});
