import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  actsOn,
  DAY,
  MINUTE,
  openSandbox,
  type SandboxClient,
  type Wire,
} from '../support/gmarket-esm-sandbox-client.ts';

let client: SandboxClient;
let call: SandboxClient['call'];

beforeEach(async () => {
  client = await openSandbox();
  call = client.call;
  await client.onSale();
});
afterEach(() => client.sandbox.close());

const { check, ship, claim, found, stockOf } = actsOn(() => client);

describe('claims', () => {
  test('an order in claim is found by its number only, and comes back when the claim is withdrawn', async () => {
    const { orderNo } = await client.order();
    await check(orderNo);
    await claim(orderNo, 'cancel', 'requested');
    expect(await found({ orderStatus: 2 })).toEqual([]);
    expect(await found({ orderStatus: 0, orderNo })).toEqual([orderNo]);
    await claim(orderNo, 'return', 'requested', 409);
    await claim(orderNo, 'cancel', 'withdrawn');
    expect(await found({ orderStatus: 2 })).toEqual([orderNo]);
    expect(client.sandbox.ledger().orders[0]?.status).toBe('preparing');
    expect((await client.claimQuery('Cancels', { SiteType: 3, CancelStatus: 4, Type: 3 })).Data).toHaveLength(1);
  });

  test('cancels number Gmarket 3, the others 2; seven days; no name, price or quantity', async () => {
    const { orderNo, payNo } = await client.order();
    await claim(orderNo, 'cancel', 'requested');
    const { Data } = await client.claimQuery('Cancels', { SiteType: 3, CancelStatus: 1 });
    expect(Data).toHaveLength(1);
    expect(Data[0]).toMatchObject({
      OrderNo: orderNo,
      PayNo: payNo,
      RequestDate: '2026-12-07T10:00:02.000',
      CompleteDate: null,
    });
    expect(JSON.stringify(Data)).not.toMatch(/GoodsName|Price|Amount|Name/);
    for (const SiteType of [2, '3', undefined])
      expect((await client.claimQuery('Cancels', { SiteType })).ResultCode).toBe(2000);
    expect((await client.claimQuery('Returns', { SiteType: 3 })).ResultCode).toBe(2000);
    expect(await client.claimQuery('Returns', { SiteType: 2 })).toMatchObject({ ResultCode: 0, Data: [] });
    expect((await client.claimQuery('Exchanges', { SiteType: 1 })).Data).toEqual([]);
    expect((await client.claimQuery('Cancels', { SiteType: 3, EndDate: '2026-12-13' })).ResultCode).toBe(2000);
    expect((await client.claimQuery('Cancels', { SiteType: 3, CancelStatus: 3 })).Data).toEqual([]);
    expect((await client.claimQuery('Cancels', { SiteType: 3, Type: 3 })).Data).toEqual([]);
    expect((await client.claimQuery('Cancels', { SiteType: 3, Type: 1, PayNo: payNo })).Data).toHaveLength(1);
    expect((await client.claimQuery('Cancels', { SiteType: 1 })).Data).toEqual([]);
  });

  test('approving gives money and stock back once', async () => {
    const { orderNo } = await client.order({ site: 'iac' });
    const approve = (siteType: number): Promise<Wire> =>
      call('PUT', `/claim/v1/sa/Cancel/${orderNo}`, { SiteType: siteType });
    expect((await approve(1)).ResultCode).toBe(99999);
    await claim(orderNo, 'cancel', 'requested');
    expect([(await approve(3)).ResultCode, (await approve(2)).ResultCode]).toEqual([2000, 99999]);
    expect(stockOf('iac')).toBe(48);
    expect((await approve(1)).ResultCode).toBe(0);
    expect(await approve(1)).toMatchObject({
      ResultCode: 8668,
      BizRuleCode: 'W8-2',
      Message: '이미 취소 승인 되었습니다',
    });
    expect(stockOf('iac')).toBe(50);
    expect(client.sandbox.ledger().orders[0]).toMatchObject({
      status: 'cancelled',
      cancelled: 24_000,
      cancelledUnits: 2,
    });
    expect((await client.raw('POST', `/claim/v1/sa/Cancel/${orderNo}`, {})).status).toBe(401);
  });

  test('shipping says no to a cancel request; silence for a day says yes; sold out empties the shelf', async () => {
    const [refused, overdue, gone] = [await client.order(), await client.order(), await client.order()];
    for (const one of [refused, overdue]) await check(one.orderNo);
    for (const one of [refused, overdue]) await claim(one.orderNo, 'cancel', 'requested');
    expect((await ship(refused.orderNo)).ResultCode).toBe(0);
    expect(await found({ orderStatus: 3 })).toEqual([refused.orderNo]);
    expect((await call('POST', `/claim/v1/sa/Cancel/${gone.orderNo}/SoldOut`, {})).ResultCode).toBe(0);
    expect(stockOf('gmkt')).toBe(0);
    const states = (): string[] => client.sandbox.ledger().orders.map((one) => one.status);
    expect(states()).toEqual(['shipping', 'cancel-requested', 'cancelled']);
    client.clock.now += DAY;
    expect(states()).toEqual(['shipping', 'cancelled', 'cancelled']);
  });

  test('only what is done counts: a return takes the money back, an exchange takes nothing', async () => {
    const [first, second] = [await client.order(), await client.order()];
    for (const one of [first, second]) await client.control(`/_orders/${one.orderNo}/advance`, { to: 'delivered' });
    await claim(first.orderNo, 'return', 'requested');
    await claim(second.orderNo, 'exchange', 'processing');
    expect(client.sandbox.ledger().sales[0]).toMatchObject({ gross: 48_000, returned: 0, net: 48_000 });
    expect(await found({ orderStatus: 4 })).toEqual([]);
    await claim(first.orderNo, 'return', 'done');
    await claim(second.orderNo, 'exchange', 'done');
    expect(client.sandbox.ledger().sales[0]).toMatchObject({ gross: 48_000, returned: 24_000, net: 24_000 });
    expect(await found({ orderStatus: 4 })).toEqual([second.orderNo]);
    expect((await client.claimQuery('Returns', { SiteType: 2, ReturnStatus: 4 })).Data).toHaveLength(1);
    expect(stockOf('gmkt')).toBe(46);
    await claim(first.orderNo, 'return', 'withdrawn', 409);
  });

  test('a withdrawn claim makes room for another one, of any kind, and no two carry one time', async () => {
    const { orderNo } = await client.order();
    // The clock stands still: the channel's own times have to keep the claims apart.
    for (const state of ['requested', 'withdrawn', 'requested', 'processing', 'withdrawn']) {
      await claim(orderNo, 'cancel', state);
    }
    await claim(orderNo, 'cancel', 'withdrawn', 409);
    await client.control(`/_orders/${orderNo}/advance`, { to: 'delivered' });
    for (const state of ['requested', 'withdrawn', 'requested', 'done']) await claim(orderNo, 'return', state);
    await claim(orderNo, 'return', 'requested', 409);
    client.clock.now += MINUTE;
    const cancels = (await client.claimQuery('Cancels', { SiteType: 3 })).Data;
    const returns = (await client.claimQuery('Returns', { SiteType: 2 })).Data;
    expect(cancels.map((row: Wire) => row.CancelStatus)).toEqual([4, 4]);
    expect(returns.map((row: Wire) => row.ReturnStatus)).toEqual([5, 4]);
    const requested = [...cancels, ...returns].map((row: Wire) => row.RequestDate);
    expect(new Set(requested).size).toBe(4);
    for (const row of [...cancels, ...returns]) {
      expect((row.WithdrawDate ?? row.CompleteDate) >= row.RequestDate).toBe(true);
    }
    expect(client.sandbox.ledger().sales[0]).toMatchObject({ gross: 24_000, cancelled: 0, returned: 24_000, net: 0 });
  });

  test('an exchange that is done makes room for a return', async () => {
    const { orderNo } = await client.order();
    await client.control(`/_orders/${orderNo}/advance`, { to: 'delivered' });
    await claim(orderNo, 'exchange', 'done');
    await claim(orderNo, 'return', 'done');
    expect(client.sandbox.ledger().orders[0]).toMatchObject({ status: 'returned', returned: 24_000 });
  });
});
