import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { gmarketEsm } from '../../adapters/gmarket-esm/index.ts';
import type { PullPage } from '../../src/channel/contract.ts';
import type { Order } from '../../src/domain/order.ts';
import { type Body, contextAt, host, serve, startAt, useNock } from '../support/gmarket-esm-nock.ts';

useNock();

describe('orders', () => {
  const path = '/shipping/v1/Order/RequestOrders';
  const row = (OrderNo: number, rest: object = {}) => ({
    OrderNo,
    OrderDate: '2026-12-07T09:00:00',
    SalePrice: '1000.0000',
    ContrAmount: 1,
    ...rest,
  });
  const page = (TotalCount: number, ...rows: object[]) => ({
    ResultCode: 0,
    Data: { TotalCount, RequestOrders: rows },
  });
  const empty = page(0);
  const request = { from: new Date('2026-12-06T15:00:30Z'), to: new Date('2026-12-07T00:00:30Z') };

  async function pullAll(context = contextAt()) {
    const pages: string[][] = [];
    let cursor: string | null = null;
    do {
      const got: PullPage<Order> | undefined = await gmarketEsm.orders?.pull(context, { ...request, cursor });
      pages.push(got?.records.map((record) => record.externalId) ?? []);
      cursor = got?.next ?? null;
    } while (cursor);
    return pages;
  }

  it('walks site by site and status by status, upwards, and keeps the guard of each seller id', async () => {
    const asked = serve('post', path, Array(10).fill(empty));
    const context = contextAt();
    await pullAll(context);
    expect(asked.map(({ siteType, orderStatus }) => `${siteType}:${orderStatus}`)).toEqual([
      ...['2:1', '2:2', '2:3', '2:4', '2:5'],
      ...['1:1', '1:2', '1:3', '1:4', '1:5'],
    ]);
    expect(asked[0]).toMatchObject({
      requestDateType: 1,
      requestDateFrom: '2026-12-07 00:00',
      requestDateTo: '2026-12-07 09:01',
      pageIndex: 1,
      pageSize: 100,
    });
    // Four waits per site, and none between the sites: the guard counts per seller id.
    expect(context.clock.now().getTime() - startAt.getTime()).toBe(8 * 5_200);
  });

  it('reads a status again from its start when its count changes between pages', async () => {
    const asked = serve('post', path, [
      page(150, row(1), row(2)),
      page(149, row(3)),
      page(149, row(2), row(3)),
      page(149, row(4)),
      ...Array(9).fill(empty),
    ]);
    expect((await pullAll()).flat()).toEqual(['gmkt-1', 'gmkt-2', 'gmkt-3', 'gmkt-2', 'gmkt-3', 'gmkt-4']);
    expect(asked.slice(0, 5).map(({ orderStatus, pageIndex }) => [orderStatus, pageIndex])).toEqual([
      [1, 1],
      [1, 2],
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
  });

  it('gives up restarting a count that never rests, and still comes to the end', async () => {
    let total = 200;
    nock(host)
      .persist()
      .post(path, (body: Body) => body.orderStatus === 1 && body.siteType === 2)
      .reply(200, () => page(++total, row(1)));
    nock(host)
      .persist()
      .post(path, (body: Body) => body.orderStatus !== 1 || body.siteType !== 2)
      .reply(200, empty);
    expect((await pullAll()).length).toBeLessThan(40);
    nock.cleanAll();
  });

  it('signs an order query for one site', async () => {
    const heads: string[] = [];
    nock(host, { reqheaders: { authorization: (value) => heads.push(String(value)) > 0 } })
      .post(path)
      .reply(200, empty);
    await gmarketEsm.orders?.pull(contextAt(), { ...request, cursor: 'iac:1:1:-:0' });
    const claims = Buffer.from(heads[0]?.split('.')[1] ?? '', 'base64url').toString();
    expect(JSON.parse(claims)).toEqual({ iss: 'www.example.kr', sub: 'sell', aud: 'sa.esmplus.com', ssi: 'A:a1' });
  });

  it('keeps with a row that says no status the one it was found under, so that its next step is seen', async () => {
    serve('post', path, [page(1, row(5)), page(1, row(5)), page(1, row(6, { OrderStatus: 3 }))]);
    const found = [];
    for (const status of [1, 2, 3]) {
      const cursor = `gmkt:${status}:1:-:0`;
      const got: PullPage<Order> | undefined = await gmarketEsm.orders?.pull(contextAt(), { ...request, cursor });
      found.push(...(got?.records ?? []));
    }
    expect(found.map(({ value }) => value.status)).toEqual(['paid', 'preparing', 'shipping']);
    expect(found[1]?.raw).not.toEqual(found[0]?.raw);
    expect(found[2]?.raw).not.toHaveProperty('askedstatus');
  });

  it('looks orders up by number, with the dates the channel insists on, and leaves unknown ones out', async () => {
    const asked = serve('post', path, [page(1, row(5, { OrderStatus: 6 })), empty]);
    const found = await gmarketEsm.orders?.lookUp?.(contextAt(), { site: 'gmkt', orderIds: ['5', '6'] });
    expect(found?.map(({ value }) => [value.orderId, value.status])).toEqual([['5', 'in-claim']]);
    expect(asked[0]).toMatchObject({
      orderStatus: 0,
      orderNo: 5,
      requestDateFrom: '2026-11-08 09:00',
      requestDateTo: '2026-12-08 09:00',
    });
  });

  const order = { site: 'iac', orderId: '5', lines: [], raw: {} };

  it.each([
    ['was acknowledged before', { OrderConfirmDate: '2026-12-07T09:00:10' }, true],
    ['was not', {}, false],
  ])('a refused acknowledgement of an order that %s', async (_, rest, isDone) => {
    serve('post', '/shipping/v1/Order/OrderCheck/5', [{ ResultCode: 3000, Message: '이미 주문확인 처리된 건입니다.' }]);
    serve('post', path, [page(1, row(5, rest))]);
    const done = gmarketEsm.shipments?.acknowledge?.(contextAt(), order, contextAt().clock.now());
    if (isDone) await expect(done).resolves.toBeUndefined();
    else await expect(done).rejects.toMatchObject({ kind: 'rejected', code: '3000' });
  });

  it('ships one order, in Seoul time', async () => {
    const asked = serve('post', '/shipping/v1/Delivery/ShippingInfo', [{ ResultCode: 0, Data: { OrderNo: 5 } }]);
    const shipment = { courierCode: '10013', invoiceNo: '123', shippedAt: startAt };
    await gmarketEsm.shipments?.ship(contextAt(), order, shipment);
    expect(asked).toEqual([
      { OrderNo: 5, ShippingDate: '2026-12-07T09:00:30', DeliveryCompanyCode: 10013, InvoiceNo: '123' },
    ]);
  });
});

describe('claims and settlements', () => {
  it('sees the end of an exchange that says no status of its own', async () => {
    const row = { OrderNo: 5, RequestDate: '2026-12-01T09:00:00', ExchangeStatus: 0 };
    serve('post', '/claim/v1/sa/Exchanges', Array(2).fill({ ResultCode: 0, Data: [row] }));
    const window = { from: new Date('2026-11-30T15:00:00Z'), to: new Date('2026-12-03T15:00:00Z') };
    const found = [];
    // The first question about exchanges at Gmarket, and the one about those that are done.
    for (const cursor of ['11', '14']) {
      found.push(...((await gmarketEsm.claims?.pull(contextAt(), { ...window, cursor }))?.records ?? []));
    }
    expect(found.map(({ value }) => value.state)).toEqual(['requested', 'done']);
    expect(found[1]?.externalId).toBe(found[0]?.externalId);
    expect(found[1]?.raw).not.toEqual(found[0]?.raw);
  });

  it('asks cancels with Gmarket as 3, the rest as 2, in spans the channel takes, and reads "no data" as none', async () => {
    const from = new Date('2026-12-01T20:00:00Z');
    const to = new Date(from.getTime() + (gmarketEsm.claims?.maxWindowMs ?? 0));
    const cancels = serve('post', '/claim/v1/sa/Cancels', Array(4).fill({ ResultCode: 1000, Message: 'no data' }));
    const returns = serve('post', '/claim/v1/sa/Returns', Array(18).fill({ ResultCode: 0, Data: [] }));
    const exchanges = serve('post', '/claim/v1/sa/Exchanges', Array(14).fill({ ResultCode: 0, Data: null }));
    let cursor: string | null = null;
    do {
      const page: PullPage<unknown> | undefined = await gmarketEsm.claims?.pull(contextAt(), { from, to, cursor });
      cursor = page?.next ?? null;
    } while (cursor);
    expect(cancels.map(({ SiteType, CancelStatus, Type }) => [SiteType, CancelStatus, Type])).toEqual([
      [3, 0, 2],
      [3, 0, 3],
      [1, 0, 2],
      [1, 0, 3],
    ]);
    expect(new Set([...returns, ...exchanges].map(({ SiteType }) => SiteType))).toEqual(new Set([1, 2]));
    expect(returns[0]).toMatchObject({ StartDate: '2026-12-02', EndDate: '2026-12-08', ReturnStatus: 1 });
  });

  it('asks both ledgers by remittance and by refund, up to the last whole day, page by page', async () => {
    const row = {
      ContrNo: 1,
      PackNo: 2,
      Kind: '1',
      SellOrderPrice: 1000.0,
      OptionPrice: 0.0,
      TotCommission: 100.0,
      DeductNontaxPrice: 0.0,
      SettlementPrice: 900.0,
    };
    const sales = serve('post', '/account/v1/settle/getsettleorder', [
      { ResultCode: 0, TotalCount: 501, Data: [row] },
      { ResultCode: 0, TotalCount: 501, Data: [{ ...row, ContrNo: 2 }] },
      ...Array(3).fill({ ResultCode: 0, TotalCount: 0, Data: [] }),
    ]);
    const fees = serve('post', '/account/v1/settle/getsettledeliveryfee', Array(4).fill({ ResultCode: 0, Data: [] }));
    const to = new Date('2026-12-05T15:00:00Z'); // midnight in Seoul
    const request = { from: new Date('2026-12-01T15:00:00Z'), to };
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: PullPage<unknown> | undefined = await gmarketEsm.settlements?.pull(contextAt(), {
        ...request,
        cursor,
      });
      ids.push(...(page?.records.map((record) => record.externalId) ?? []));
      cursor = page?.next ?? null;
    } while (cursor);
    expect(ids).toEqual(['gmkt-sale-1', 'gmkt-sale-2']);
    const asked = (list: Body[]) => list.map(({ SiteType, SrchType, PageNo }) => `${SiteType}${SrchType}:${PageNo}`);
    expect(asked(sales)).toEqual(['GD6:1', 'GD6:2', 'GD7:1', 'AD6:1', 'AD7:1']);
    expect(asked(fees)).toEqual(['GD6:1', 'GD7:1', 'AD6:1', 'AD7:1']);
    expect(sales[0]).toMatchObject({ SrchStartDate: '2026-12-02', SrchEndDate: '2026-12-05' });
  });
});
