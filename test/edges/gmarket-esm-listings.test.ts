import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { gmarketEsm } from '../../adapters/gmarket-esm/index.ts';
import type { ListingChange, ListingOutcome } from '../../src/channel/contract.ts';
import type { ObservedListing } from '../../src/domain/listing.ts';
import { type Body, contextAt, host, serve, useNock } from '../support/gmarket-esm-nock.ts';

useNock();

const listings = () => {
  if (!gmarketEsm.listings?.find) throw new Error('the adapter has no listings');
  return { push: gmarketEsm.listings.push, bySku: gmarketEsm.listings.find.bySku };
};

const change = (operation: ListingChange['operation'], rest: Partial<ListingChange> = {}): ListingChange => ({
  operation,
  sku: 'SG-1',
  externalIds: operation === 'create' ? {} : { goodsNo: '7', gmkt: '70', iac: 'C70' },
  desired: {
    onSale: true,
    offReason: null,
    document: { itemBasicInfo: {}, itemAddtionalInfo: { managedCode: 'SG-1' }, addtionalInfo: { siteDiscount: {} } },
    contentHash: 'x',
    price: { minor: 20_000, currency: 'KRW' },
    stock: 5,
    discount: null,
  },
  observed: null,
  ...rest,
});

const seen = (gmkt: 'pending' | 'on-sale' | 'stopped'): ObservedListing => ({
  sku: 'SG-1',
  externalIds: {},
  title: null,
  sites: [{ site: 'gmkt', externalId: '70', state: gmkt, price: null, stock: null, note: null }],
});

async function pushOne(one: ListingChange): Promise<ListingOutcome | undefined> {
  const [outcome] = await listings().push(contextAt(), [one]);
  return outcome;
}

describe('push', () => {
  const made = (gmkt: string | null, iac: string | null, rest: object = {}) => ({
    goodsNo: 2103374786,
    siteDetail: {
      gmkt: { SiteGoodsNo: gmkt, SiteGoodsComment: gmkt ? 'Success' : '카테고리 오류' },
      iac: { SiteGoodsNo: iac, SiteGoodsComment: iac ? 'Success' : '이미지 중복' },
    },
    resultCode: 0,
    message: null,
    ...rest,
  });

  it('creates on both sites, with all numbers', async () => {
    serve('post', '/item/v1/goods', [made('2770898384', 'C938588557')]);
    await expect(pushOne(change('create'))).resolves.toEqual({
      sku: 'SG-1',
      status: 'accepted',
      externalIds: { goodsNo: '2103374786', gmkt: '2770898384', iac: 'C938588557' },
      refusals: [],
    });
  });

  it.each([
    ['with code 0', {}, 'NO_SITE_NUMBER'],
    ['with the refused site in the message', { resultCode: 1000, message: '[InvalidApiRequestEx][IAC]x' }, '1000'],
  ])('looks at each site number, not at the result code: %s', async (_, rest, code) => {
    serve('post', '/item/v1/goods', [made('2770898384', null, rest)]);
    await expect(pushOne(change('create'))).resolves.toMatchObject({
      status: 'accepted',
      externalIds: { goodsNo: '2103374786', gmkt: '2770898384' },
      refusals: [{ site: 'iac', code, message: '이미지 중복' }],
    });
  });

  it('takes a create without any site number yet as accepted: the feed brings them', async () => {
    serve('post', '/item/v1/goods', [{ goodsNo: 7, siteDetail: null, resultCode: 0, message: null }]);
    await expect(pushOne(change('create'))).resolves.toMatchObject({ externalIds: { goodsNo: '7' }, refusals: [] });
  });

  it('gives back a refused create as rejected, and never asks twice after a lost answer', async () => {
    serve('post', '/item/v1/goods', [{ resultCode: 1000, message: '[InvalidApiRequestEx][GMKT]no', data: null }]);
    await expect(pushOne(change('create'))).resolves.toMatchObject({ status: 'rejected', code: '1000' });
    nock(host)
      .post('/item/v1/goods')
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    serve('post', '/item/v1/goods', [made('2770898384', 'C938588557')]);
    await expect(pushOne(change('create'))).resolves.toMatchObject({
      status: 'failed',
      error: { kind: 'unavailable', sent: true },
    });
    expect(nock.pendingMocks()).toHaveLength(1);
    nock.cleanAll();
  });

  it.each([
    ['seen as pending', seen('pending'), 'failed'],
    ['never read back', null, 'failed'],
    ['seen on sale', seen('on-sale'), 'rejected'],
  ] as const)('a refused edit of a listing that was %s is %s', async (_, observed, status) => {
    serve('put', '/item/v1/goods/7/stock', [{ resultCode: 1000, message: '상품 정보가 부정확합니다' }]);
    const outcome = await pushOne(change('stock', { observed }));
    expect(outcome).toMatchObject({ status });
    if (status === 'failed') expect(outcome).toMatchObject({ error: { kind: 'conflict', retryAfterMs: 60_000 } });
  });

  it('throws what concerns the whole account', async () => {
    nock(host).put('/item/v1/goods/7/stock').reply(401, '{}');
    await expect(pushOne(change('stock'))).rejects.toMatchObject({ kind: 'unauthorized' });
  });

  it('resumes with price and stock, then sets the discount, and adds no days to a period that runs', async () => {
    const sent: Body[] = [];
    const period = (gmkt: number) => ({ IsSell: {}, itemBasicInfo: { SellingPeriod: { gmkt, Iac: 20261206 } } });
    serve('get', '/item/v1/goods/7/sell-status', [period(20270101)]);
    serve('put', '/item/v1/goods/7/sell-status', [{ resultCode: 0 }], sent);
    serve('post', '/item/v1/goods/7/seller-discounts', [{ resultCode: 0 }], sent);
    const discount = {
      amount: { minor: 2000, currency: 'KRW' as const },
      firstDay: '2026-12-07',
      lastDay: '2026-12-27',
    };
    const { desired } = change('resume');
    await pushOne(change('resume', { desired: { ...desired, discount } }));
    expect(sent).toEqual([
      {
        isSell: { gmkt: true, iac: true },
        itemBasicInfo: {
          price: { gmkt: 20_000, iac: 20_000 },
          stock: { gmkt: 5, iac: 5 },
          sellingPeriod: { gmkt: 0, iac: 90 }, // Auction's ended yesterday
        },
      },
      {
        sellerDiscount: {
          isUse: true,
          gmkt: { type: 1, priceOrRate1: 2000, startDate: '2026-12-07', endDate: '2026-12-27' },
          iac: { type: 1, priceOrRate1: 2000, startDate: '2026-12-07', endDate: '2026-12-27' },
        },
      },
    ]);
  });

  it('takes a discount off that is no longer wanted, and only if there is one', async () => {
    serve('put', '/item/v1/goods/7/price', [{ resultCode: 0 }, { resultCode: 0 }]);
    serve('get', '/item/v1/goods/7/seller-discounts', [
      { sellerDiscount: { isUse: true }, resultCode: 0 },
      { sellerDiscount: { isUse: false }, resultCode: 0 },
    ]);
    serve('delete', '/item/v1/goods/7/seller-discounts', [{ resultCode: 0 }]);
    await pushOne(change('price'));
    await pushOne(change('price'));
  });

  it('removes what was removed before without a complaint, and believes no refusal without asking', async () => {
    const refused = { resultCode: 1000, message: 'x' };
    serve('put', '/item/v1/goods/7/sell-status', [refused, { resultCode: 0 }]);
    serve('delete', '/item/v1/goods/7', [refused]);
    const one = { goodsNo: '7', managedCode: 'SG-1' };
    const asked = serve('post', '/item/v1/goods/search', [
      { totalItems: 0, pageIndex: 1, pageSize: 500, items: [] },
      { totalItems: 1, pageIndex: 1, pageSize: 500, items: [one] },
    ]);
    const observed = seen('stopped');
    await expect(pushOne(change('remove', { observed }))).resolves.toMatchObject({
      status: 'accepted',
      externalIds: {},
    });
    await expect(pushOne(change('remove', { observed }))).resolves.toMatchObject({ status: 'rejected', code: '1000' });
    expect(asked[0]).toMatchObject({ query: { goodsNo: ['7'] } });
  });
});

describe('find', () => {
  const item = (goodsNo: string, managedCode: string, rest: object = {}) => ({
    goodsNo,
    managedCode,
    goodsName: 'n',
    siteGoodsNo: { gmkt: `2${goodsNo}`, iac: `C${goodsNo}` },
    sellStatus: { gmkt: '11', iac: '21' },
    price: { gmkt: 20000.0, iac: 20010 },
    stock: { gmkt: 5, iac: 0 },
    ...rest,
  });

  it('reads all pages, keeps exact codes, and shows a doubled SKU twice', async () => {
    const asked = serve('post', '/item/v1/goods/search', [
      { totalItems: 501, items: [item('1', 'SG-1'), item('2', 'SG-10'), item('3', 'SG-1')] },
      { Data: { TotalItems: 501, Items: [item('4', 'SG-2', { sellStatus: { gmkt: 99, iac: 31 } })] } },
    ]);
    const found = await listings().bySku(contextAt(), ['SG-1', 'SG-2']);
    expect(found.map(({ sku, externalIds }) => [sku, externalIds.goodsNo])).toEqual([
      ['SG-1', '1'],
      ['SG-1', '3'],
      ['SG-2', '4'],
    ]);
    expect(found[0]?.sites).toEqual([
      {
        site: 'gmkt',
        externalId: '21',
        state: 'on-sale',
        price: { minor: 20_000, currency: 'KRW' },
        stock: 5,
        note: null,
      },
      {
        site: 'iac',
        externalId: 'C1',
        state: 'stopped',
        price: { minor: 20_010, currency: 'KRW' },
        stock: 0,
        note: null,
      },
    ]);
    expect(found[2]?.sites.map(({ state, note }) => [state, note])).toEqual([
      ['pending', 'sellStatus 99'],
      ['sold-out', null],
    ]);
    expect(asked).toMatchObject([
      { query: { managedCode: ['SG-1', 'SG-2'] }, pageIndex: 1, pageSize: 500 },
      { pageIndex: 2 },
    ]);
  });

  it('asks about a product without a site number, and keeps what the channel says', async () => {
    const open = {
      siteGoodsNo: { gmkt: null, iac: null },
      sellStatus: { gmkt: '01', iac: null },
      price: null,
      stock: null,
    };
    serve('post', '/item/v1/goods/search', [{ totalItems: 1, items: [item('1', 'SG-1', open)] }]);
    const iac = { SiteGoodsNo: null, SiteGoodsComment: null };
    serve('get', '/item/v1/goods/1/status', [
      { siteDetail: { gmkt: { SiteGoodsNo: null, SiteGoodsComment: '처리중' }, iac }, resultCode: 0 },
    ]);
    const [found] = await listings().bySku(contextAt(), ['SG-1']);
    expect(found?.sites.map(({ state, note }) => [state, note])).toEqual([
      ['pending', '처리중'],
      ['missing', null],
    ]);
  });
});
