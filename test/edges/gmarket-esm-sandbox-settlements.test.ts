import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { actsOn, DAY, openSandbox, type SandboxClient, type Wire } from '../support/gmarket-esm-sandbox-client.ts';

let client: SandboxClient;
let call: SandboxClient['call'];

beforeEach(async () => {
  client = await openSandbox();
  call = client.call;
  await client.onSale();
});
afterEach(() => client.sandbox.close());

const { claim } = actsOn(() => client);

describe('settlements', () => {
  const ask = (name: string, change: Record<string, unknown>): Promise<Wire> =>
    call('POST', `/account/v1/settle/${name}`, {
      SiteType: 'G',
      SrchType: 'D6',
      SrchStartDate: '2026-12-07',
      SrchEndDate: '2026-12-07',
      PageNo: 1,
      PageRowCnt: 100,
      ...change,
    });

  test('rows from the next day on, shipping apart, signs turned by refund and site', async () => {
    const kept = await client.order({ shippingFee: 3000 });
    const returned = await client.order();
    const auction = await client.order({ site: 'iac' });
    await claim(returned.orderNo, 'return', 'done');
    expect(await client.control('/_settle', { all: true })).toEqual({ rows: 5 });
    expect(await client.control('/_settle', { orderNo: kept.orderNo })).toEqual({ rows: 0 });
    expect(await ask('getsettleorder', {})).toMatchObject({ ResultCode: 414, Message: 'The request failed' });
    client.clock.now += DAY;
    const answer = await ask('getsettleorder', {});
    expect(Object.keys(answer)).toEqual([
      ...[
        'TotalSettlementAmount',
        'SellerId',
        'TotalCount',
        'PageSize',
        'PageNo',
        'Data',
        'SiteType',
        'ResultCode',
        'Message',
      ],
    ]);
    expect(answer).toMatchObject({ TotalSettlementAmount: 21_120, TotalCount: 3, SiteType: 'G' });
    const [sale, , refund] = answer.Data;
    expect(sale).toMatchObject({
      ContrNo: kept.orderNo,
      PackNo: kept.payNo,
      Kind: '1',
      SellOrderPrice: 24_000,
      OptionPrice: 0,
      TotCommission: -2_880,
      DeductNontaxPrice: 0,
      SettlementPrice: 21_120,
    });
    expect(refund).toMatchObject({
      ContrNo: returned.orderNo,
      Kind: '2',
      SellOrderPrice: -24_000,
      TotCommission: 2_880,
      SettlementPrice: -21_120,
    });
    expect([sale.RefundDate, refund.BuyDecisonDate]).toEqual(['0001-01-01T00:00:00', '0001-01-01T00:00:00']);
    expect((await ask('getsettleorder', { SrchType: 'D7' })).Data).toEqual([refund]);
    expect((await ask('getsettleorder', { PageRowCnt: 2, PageNo: 2 })).Data).toEqual([refund]);
    expect((await ask('getsettleorder', { SiteType: 'A' })).Data).toMatchObject([
      { ContrNo: auction.orderNo, TotCommission: 2_880, SettlementPrice: 21_120 },
    ]);
    for (const wrong of [{ SiteType: 2 }, { SrchType: 'D11' }, { PageNo: undefined }]) {
      expect((await ask('getsettleorder', wrong)).ResultCode).toBe(414);
    }
  });

  test("the seller's discount is deducted apart from the commission, under each site's sign", async () => {
    const each = { type: 1, priceOrRate1: 1_000, startDate: '2026-12-07', endDate: '2026-12-31' };
    const discount = { sellerDiscount: { isUse: true, gmkt: each, iac: each } };
    expect((await call('POST', '/item/v1/goods/2510000001/seller-discounts', discount)).resultCode).toBe(0);
    for (const site of ['gmkt', 'iac']) await client.order({ site, useSellerDiscount: true });
    await client.control('/_settle', { all: true });
    client.clock.now += DAY;
    const names = [
      'SellOrderPrice',
      'TotCommission',
      'DeductNontaxPrice',
      'SettlementPrice',
      'SellerDiscountTotalPrice',
    ];
    const amounts = async (SiteType: string): Promise<number[]> => {
      const [row] = (await ask('getsettleorder', { SiteType })).Data;
      return names.map((name) => row[name]);
    };
    expect(await amounts('G')).toEqual([24_000, -2_880, -2_000, 19_120, 2_000]);
    expect(await amounts('A')).toEqual([24_000, 2_880, 2_000, 19_120, 2_000]);
  });

  test('shipping fees are a ledger of carts; a cancel gives its fee back, a return does not', async () => {
    const [gmkt, iac] = [
      await client.order({ shippingFee: 3000 }),
      await client.order({ site: 'iac', shippingFee: 3000 }),
    ];
    const returned = await client.order({ shippingFee: 3000 });
    await claim(iac.orderNo, 'cancel', 'done');
    await claim(returned.orderNo, 'return', 'done');
    await client.control('/_settle', { all: true });
    client.clock.now += DAY;
    const fees = (change: Record<string, unknown>): Promise<Wire> => ask('getsettledeliveryfee', change);
    const answer = await fees({});
    expect(answer.TotalDelFeeAmt).toBe(6_000);
    expect(answer.Data).toMatchObject([
      {
        PackNo: gmkt.payNo,
        Kind: '1',
        DelFeeAmt: 3_000,
        DelFeeCommission: 99,
        DelFeeType: '10',
        RefContrNo: gmkt.orderNo,
      },
      { PackNo: returned.payNo, Kind: '1', DelFeeAmt: 3_000 },
    ]);
    const sold = await fees({ SiteType: 'A' });
    const back = await fees({ SiteType: 'A', SrchType: 'D7' });
    expect([sold.Data, back.Data]).toMatchObject([
      [{ PackNo: iac.payNo, Kind: '1', DelFeeAmt: 3_000, RefContrNo: 0 }],
      [{ PackNo: iac.payNo, Kind: '2', DelFeeAmt: -3_000, DelFeeCommission: -99, RemitDate: '0001-01-01T00:00:00' }],
    ]);
    expect(sold.Data[0].DelFeeNo).not.toBe(answer.Data[0].DelFeeNo);
    const [row] = await client.orderRows({ siteType: 1, orderStatus: 0, orderNo: iac.orderNo });
    expect(sold.Data[0].DeliveryGroupNo).toBe(row.GroupNo);
    expect((await fees({ SrchType: 'D4' })).ResultCode).toBe(414);
  });
});
