import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  actsOn,
  MINUTE,
  openSandbox,
  type SandboxClient,
  sellStatus,
  type Wire,
} from '../support/gmarket-esm-sandbox-client.ts';

const RATE_MESSAGE = '주문 조회는 5초당 1회 호출 가능합니다. 잠시 후 다시 시도해 주세요.';
const SHIP = '/shipping/v1/Delivery/ShippingInfo';

let client: SandboxClient;
let call: SandboxClient['call'];

beforeEach(async () => {
  client = await openSandbox();
  call = client.call;
  await client.onSale();
});
afterEach(() => client.sandbox.close());

const { check, ship, claim, found, stockOf } = actsOn(() => client);
const orderNos = (rows: Wire[]): number[] => rows.map((row) => row.OrderNo);

describe('order query', () => {
  test('five seconds between queries of one seller id; the other site and look-ups by number go free', async () => {
    const { orderNo } = await client.order();
    expect((await client.orderQuery()).Data.TotalCount).toBe(1);
    client.clock.now += 4_999;
    expect(await client.orderQuery()).toMatchObject({ ResultCode: 3000, Message: RATE_MESSAGE });
    expect((await client.orderQuery({ siteType: 1 })).ResultCode).toBe(0);
    expect((await client.orderQuery({ orderStatus: 0, orderNo })).Data.TotalCount).toBe(1);
    client.clock.now += 1;
    expect((await client.orderQuery()).ResultCode).toBe(0);
    const { traffic } = client.sandbox.ledger();
    expect([traffic.rateErrors, traffic.smallestOrderQueryGapMs]).toEqual([1, 1]);
  });

  test('what is asked is judged: dates even by number, 31 days, sites, statuses, date types', async () => {
    const { orderNo } = await client.order();
    const code = async (change: Record<string, unknown>): Promise<number> => {
      client.clock.now += 5_000;
      return (await client.orderQuery(change)).ResultCode;
    };
    expect(await code({ orderStatus: 0, orderNo, requestDateFrom: undefined })).toBe(2000);
    expect(await code({ requestDateTo: '2026-12-08T00:00:00' })).toBe(2000);
    expect(await code({ requestDateTo: '2027-01-02' })).toBe(3000);
    expect(await code({ requestDateTo: '2027-01-01' })).toBe(0);
    expect(await code({ siteType: 3 })).toBe(2000);
    expect(await code({ orderStatus: 7 })).toBe(2000);
    expect(await code({ requestDateType: 3 })).toBe(2000);
    expect(await code({ requestDateType: 3, orderStatus: 2 })).toBe(0);
    expect(await code({ requestDateType: 4, siteType: 1 })).toBe(2000);
    expect((await call('POST', '/shipping/v1/Order/PreRequestOrders', {})).ResultCode).toBe(2000);
  });

  test('rows: money as text, local time, phones and due date late, a bare last day is its midnight', async () => {
    const { orderNo } = await client.order({ units: 3, shippingFee: 3000, at: '2026-12-07T10:00:02.500+09:00' });
    client.clock.now += MINUTE;
    const answer = await client.orderQuery();
    expect(answer.Data).toMatchObject({
      SiteType: 3,
      PageIndex: 1,
      PageSize: 100,
      TotalCount: 1,
      SellerId: 'narugreen_g',
    });
    const [row] = answer.Data.RequestOrders;
    expect(row).toMatchObject({
      OrderNo: orderNo,
      GoodsNo: null,
      OutGoodsNo: 'GRN-1',
      ContrAmount: 3,
      SalePrice: '12000.0000',
      OrderAmount: '36000.0000',
      AcntMoney: '39000.0000',
      OrderDate: '2026-12-07T10:00:02.500',
      HpNo: null,
      BuyerMobileTel: null,
      TransDueDate: null,
    });
    client.clock.now += 4 * MINUTE + 500;
    const [later] = await client.orderRows();
    expect(later.HpNo).toMatch(/^050-0000-\d{4}$/);
    expect(later.TransDueDate).toBe('2026-12-10T10:00:02.500');
    expect(await found({ requestDateTo: '2026-12-07' })).toEqual([]);
    expect(await found({ requestDateFrom: '2026-12-07 10:00', requestDateTo: '2026-12-07 10:01' })).toEqual([orderNo]);
  });

  test("a cart's shipping fee is on one line on Gmarket and on every line on Auction, but once in the books", async () => {
    for (const site of ['gmkt', 'iac']) {
      const line = { sku: 'GRN-1', site, units: 1, cart: 'one', shippingFee: 3000 };
      await client.control('/_orders', { orders: [line, line, { ...line, cart: 'two', shippingFee: 0 }] });
    }
    const gmkt = await client.orderRows();
    const iac = await client.orderRows({ siteType: 1 });
    expect(gmkt.map((row) => row.AcntMoney)).toEqual(['15000.0000', '12000.0000', '12000.0000']);
    expect(iac.map((row) => row.AcntMoney)).toEqual(['15000.0000', '15000.0000', '12000.0000']);
    expect(iac[0].PayNo).toBe(iac[1].PayNo);
    expect(iac[0].PayNo).not.toBe(iac[2].PayNo);
    expect(gmkt[0].PayNo).not.toBe(iac[0].PayNo);
    expect(await found({ orderStatus: 6, payNo: gmkt[0].PayNo })).toEqual(orderNos(gmkt.slice(0, 2)));
    expect(client.sandbox.ledger().sales).toEqual([
      { currency: 'KRW', units: 6, gross: 72_000, cancelled: 0, returned: 0, net: 72_000, shipping: 6_000 },
    ]);
  });

  test('pages hold at most 100 and together everything', async () => {
    const body = { count: 130, seed: 7, from: '2026-12-01T00:00:00+09:00', to: '2026-12-06T00:00:00+09:00' };
    await client.control('/_buy', { ...body, count: 500 }, 409);
    await call('PUT', '/item/v1/goods/2510000001/stock', { stock: { gmkt: 9_999, iac: 1 } });
    const bought = (await client.control('/_buy', body)).orders.filter((one: Wire) => one.site === 'gmkt');
    const first = await client.orderQuery({ pageSize: 1000 });
    expect([first.Data.PageSize, first.Data.RequestOrders.length]).toEqual([100, 100]);
    const all = [...orderNos(first.Data.RequestOrders), ...(await found({ pageIndex: 2 }))];
    expect(all).toEqual(bought.map((one: Wire) => one.orderNo));
    const again = await openSandbox();
    await again.onSale();
    await again.call('PUT', '/item/v1/goods/2510000001/stock', { stock: { gmkt: 9_999, iac: 1 } });
    const units = (ledger: { orders: { units: number }[] }): number[] => ledger.orders.map((one) => one.units);
    await again.control('/_buy', body);
    expect(units(again.sandbox.ledger())).toEqual(units(client.sandbox.ledger()));
    await again.sandbox.close();
  });
});

describe('from paid to decided', () => {
  test('acknowledge once, ship, overwrite the invoice, deliver, decide', async () => {
    const { orderNo } = await client.order({ addressChanged: true });
    expect((await ship(orderNo)).ResultCode).toBe(3000);
    expect((await check(orderNo)).Data.IsChanged).toBe(1);
    expect(await check(orderNo)).toMatchObject({ ResultCode: 3000, Message: '이미 주문확인 처리된 건입니다.' });
    expect(await found({ orderStatus: 2 })).toEqual([orderNo]);
    const delay = {
      OrderNo: orderNo,
      ReasonType: 1,
      ShippingExpectedDate: '2026-12-11T00:00:00',
      ReasonDetail: '지연',
    };
    expect((await call('POST', '/shipping/v1/Order/ShippingExpectedDate', delay)).ResultCode).toBe(0);
    expect((await call('POST', '/shipping/v1/Order/ShippingExpectedDate', delay)).ResultCode).toBe(3000);
    expect((await call('POST', SHIP, { OrderNo: orderNo, ShippingDate: '2026-12-11T00:00:00' })).ResultCode).toBe(2000);
    expect((await ship(orderNo)).Data.OrderNo).toBe(orderNo);
    expect((await ship(orderNo, '9999')).ResultCode).toBe(0);
    expect((await client.orderRows({ orderStatus: 3 }))[0].InvoiceNo).toBe('9999');
    expect((await call('POST', `/shipping/v1/Delivery/AddShippingCompleteInfo/${orderNo}`)).ResultCode).toBe(0);
    await client.control(`/_orders/${orderNo}/advance`, { to: 'shipping' }, 409);
    await client.control(`/_orders/${orderNo}/advance`, { to: 'decided' });
    const [row] = await client.orderRows({ orderStatus: 5 });
    expect(row.BuyDecisionDate).toBe('2026-12-07T10:00:12.000');
    const poll = {
      OrderNo: orderNo,
      SearchDateConditionType: 1,
      FromDate: '2026-12-05',
      ToDate: '2026-12-12',
      Page: 1,
    };
    expect((await call('POST', '/shipping/v1/Delivery/GetDeliveryStatus', poll)).Data).toEqual([
      { OrderNo: orderNo, Status: 5, ClaimStatus: 0, StatusChangeDate: '2026-12-07T10:00:12.000', IsGiftOrder: false },
    ]);
    const wide = { ...poll, ToDate: '2026-12-13' };
    expect((await call('POST', '/shipping/v1/Delivery/GetDeliveryStatus', wide)).ResultCode).toBe(2000);
  });

  test('nobody can buy what is not on sale, nor more than there is, and nothing is bought in part', async () => {
    const lines = [
      { sku: 'GRN-1', site: 'gmkt', units: 40 },
      { sku: 'GRN-1', site: 'gmkt', units: 11 },
    ];
    expect((await client.control('/_orders', { orders: lines }, 409)).message).toContain('stock');
    expect(stockOf('gmkt')).toBe(50);
    await client.order({ units: 50 });
    expect([stockOf('gmkt'), stockOf('iac')]).toEqual([0, 50]);
    expect((await client.control('/_orders', { orders: lines }, 409)).message).toContain('sold-out');
    await call('PUT', '/item/v1/goods/2510000001/sell-status', sellStatus(false, 0, 0));
    expect((await client.control('/_orders', { orders: lines }, 409)).message).toContain('stopped');
  });

  test('the buyer of an order is invented, and every value of it is listed', async () => {
    const { orderNo } = await client.order();
    client.clock.now += 5 * MINUTE;
    const [row] = await client.orderRows();
    const { values } = await client.control('/_personal');
    const fields = [
      'BuyerName',
      'ReceiverName',
      'HpNo',
      'TelNo',
      'DelFrontAddress',
      'DelBackAddress',
      'DelMemo',
      'InfoCin',
    ];
    for (const field of fields) expect(values).toContain(row[field]);
    expect(row.BuyerName).toMatch(/^가상구매자-/);
    await claim(orderNo, 'return', 'requested');
    const [returned] = (await client.claimQuery('Returns', { SiteType: 2 })).Data;
    expect(values).toContain(returned.PickupInfo.SenderInfo.Name);
    expect(client.sandbox.personalData()).toEqual(values);
  });
});
