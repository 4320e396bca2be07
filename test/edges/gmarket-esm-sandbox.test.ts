import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  DAY,
  type Document,
  MINUTE,
  openSandbox,
  type SandboxClient,
  sellStatus,
  type Wire,
} from '../support/gmarket-esm-sandbox-client.ts';

let client: SandboxClient;
let call: SandboxClient['call'];

beforeEach(async () => {
  client = await openSandbox();
  call = client.call;
});
afterEach(() => client.sandbox.close());

describe('tokens', () => {
  const places = '/item/v1/shipping/places';

  test('a token for one site or for both passes, anything else is 401 in the shape of the gateway', async () => {
    for (const sites of ['A', 'G', 'AG'])
      expect((await client.raw('GET', places, undefined, await client.token(sites))).status).toBe(200);
    const wrong = [
      await client.token('AG', {}, {}, 'another-secret'),
      await client.token('AG', {}, { kid: 'somebody' }),
      await client.token('AG', { aud: 'sa2.esmplus.com' }),
      await client.token('AG', { sub: 'buy' }),
      await client.token('AG', { ssi: 'A:stranger' }),
      await client.token('AG', { ssi: 'narugreen_g' }),
      await client.token('GG'),
      await client.token('AG', { exp: Math.floor(client.clock.now / 1000) - 1 }),
      'no-token',
    ];
    for (const bearer of wrong) {
      const response = await client.raw('GET', places, undefined, bearer);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({
        status: { message: 'The user does not have right access to the api', status_code: 401 },
      });
    }
    expect(client.sandbox.ledger().traffic.byEndpoint['GET /item/v1/shipping/places']).toBe(3 + wrong.length);
  });

  test('the published test vectors pass for the seller they were made for', async () => {
    const head = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImdyZWVubWFzdGVyMDEifQ';
    const vectors = [
      `${head}.eyJpc3MiOiJ3d3cuZXhhbXBsZS1ncmVlbi5rciIsInN1YiI6InNlbGwiLCJhdWQiOiJzYS5lc21wbHVzLmNvbSIsInNzaSI6IkE6YXVjdGlvbnNlbGxlcjEsRzpnbWt0c2VsbGVyMSJ9.WWn0_bdmm8ayjSV-Fteo0W0BU_9GsF8YEUOdF0Z2dxI`,
      `${head}.eyJpc3MiOiJ3d3cuZXhhbXBsZS1ncmVlbi5rciIsInN1YiI6InNlbGwiLCJhdWQiOiJzYS5lc21wbHVzLmNvbSIsImlhdCI6MTUwMzI5NDAwMCwic3NpIjoiRzpnbWt0c2VsbGVyMSJ9.3cre1xOFk6p_PuCDp3odzLsyiSauzqGiUNVHgcKjxdQ`,
    ];
    const seller = {
      masterId: 'greenmaster01',
      issuer: 'www.example-green.kr',
      secretKey: 'ZDE2YjlmZjUtYTc0Mi00ZWU3',
      sellerIds: { gmkt: 'gmktseller1', iac: 'auctionseller1' },
    };
    const other = await openSandbox({ seller });
    const status = async (bearer: string): Promise<number> =>
      (await fetch(other.sandbox.url + places, { headers: { authorization: `Bearer ${bearer}` } })).status;
    expect(await Promise.all(vectors.map(status))).toEqual([200, 200]);
    expect(await status(`${vectors[0]}x`)).toBe(401);
    await other.sandbox.close();
  });
});

describe('look-ups', () => {
  test('categories go level by level for one site at a time, with every green product group as a leaf', async () => {
    expect((await call('GET', '/item/v1/categories/site-cats')).resultCode).toBe(1000);
    const groups = [
      '사무용지',
      '가구(의자)',
      '절수형 양변기',
      'LED 램프',
      '샴푸·린스·바디워시',
      '수처리제',
      '컴퓨터용 모니터',
    ];
    for (const name of groups) {
      const [gmkt, iac] = [await client.leafCode('G', name), await client.leafCode('A', name)];
      expect(gmkt).toMatch(/^\d{9}$/);
      expect(iac).toMatch(/^\d{8}$/);
    }
  });

  test('notices, couriers and the rest have the documented shapes', async () => {
    const { groups } = await call('GET', '/item/v1/official-notice/groups');
    expect(groups).toHaveLength(41);
    const chemical = groups.find((one: Wire) => one.officialNoticeName === '생활화학제품').officialNoticeNo;
    const { codes } = await call('GET', `/item/v1/official-notice/groups/${chemical}/codes`);
    expect(codes).toHaveLength(11);
    expect(codes[9]).toMatchObject({ officialNoticeItemelementCode: `${chemical}-10`, isRequired: true });
    const { deliveryCompanies } = await call('GET', '/item/v1/shipping/delivery-company');
    expect(deliveryCompanies).toContainEqual({ deliveryCompCode: 10005, deliveryCompName: '우체국택배' });
    expect((await call('GET', '/item/v1/categories/sd-cats/0')).sdCategoryTree[0].sdCategoryCode).toHaveLength(20);
    expect((await client.raw('GET', '/item/v1/nothing')).status).toBe(404);
  });
});

describe('products', () => {
  test('a create answers numbers at once, but the feed decides when edits pass and the sites know them', async () => {
    const made = await call('POST', '/item/v1/goods', await client.productDocument());
    expect(made.siteDetail.gmkt).toMatchObject({
      SiteGoodsNo: expect.stringMatching(/^\d+$/),
      SiteGoodsComment: 'Success',
    });
    expect(made.siteDetail.iac.SiteGoodsNo).toMatch(/^[A-Z]\d{9}$/);
    const path = `/item/v1/goods/${made.goodsNo}`;
    expect((await call('GET', `${path}/status`)).siteDetail.gmkt).toEqual({
      SiteGoodsNo: null,
      SiteGoodsComment: '처리중',
    });
    expect(await call('PUT', `${path}/price`, { gmkt: 13_000, iac: 13_000 })).toMatchObject({
      resultCode: 1000,
      message: '상품 정보가 부정확합니다',
    });
    expect((await client.search({ managedCode: ['GRN-1'] })).items[0].sellStatus).toEqual({ gmkt: '01', iac: '01' });
    client.clock.now += 2_000;
    const status = await call('GET', `${path}/status`);
    expect(status.siteDetail.gmkt).toEqual({ SiteGoodsNo: made.siteDetail.gmkt.SiteGoodsNo, SiteGoodsComment: '성공' });
    expect(status.sellManageCode).toBe('GRN-1');
    expect(client.sandbox.ledger().listings.map((one) => one.state)).toEqual(['on-sale', 'on-sale']);
    expect((await call('GET', `/item/v1/site-goods/${made.siteDetail.iac.SiteGoodsNo}/goods-no`)).goodsNo).toBe(
      made.goodsNo,
    );
    const read = await call('GET', path);
    expect(read).toMatchObject({ goodsNo: made.goodsNo, isSell: { gmkt: true, iac: true } });
    expect(read.itemAddtionalInfo.certInfo.iac.environmentFriendly.certId).toBe('99001');
  });

  test.each<[string, string, unknown]>([
    ['a name of 101 bytes', 'itemBasicInfo.goodsName.kor', `${'가'.repeat(50)}a`],
    ['name and promotion together', 'itemBasicInfo.goodsName', { kor: '가'.repeat(40), promotion: '나'.repeat(11) }],
    ['a price below the step', 'itemAddtionalInfo.price.gmkt', 12_005],
    ['a price of a billion', 'itemAddtionalInfo.price.gmkt', 1_000_000_000],
    ['a stock of nothing', 'itemAddtionalInfo.stock.gmkt', 0],
    ['a period not on the list', 'itemAddtionalInfo.sellingPeriod.gmkt', 45],
    ['a long seller code', 'itemAddtionalInfo.managedCode', 'x'.repeat(101)],
    ['no option type', 'itemAddtionalInfo.recommendedOpts.type', undefined],
    ['an unknown place', 'itemAddtionalInfo.shipping.policy.placeNo', 1025418],
    ['an unknown bundle policy', 'itemAddtionalInfo.shipping.policy.bundle.deliveryTmplId', '4235749'],
    ['an unknown address', 'itemAddtionalInfo.shipping.returnAndExchange.addrNo', 1546789],
    ['an unknown courier', 'itemAddtionalInfo.shipping.companyNo', 10001],
    ['a dispatch policy of the other site', 'itemAddtionalInfo.shipping.dispatchPolicyNo.gmkt', 80433],
    ['missing notice items', 'itemAddtionalInfo.officialNotice.details', []],
    ['an unknown notice group', 'itemAddtionalInfo.officialNotice.officialNoticeNo', 42],
    ['a relative image', 'itemAddtionalInfo.images.basicImgURL', '/p/1.jpg'],
    ['a script in the description', 'itemAddtionalInfo.descriptions.kor.html', '<p>x</p><SCRIPT>1</SCRIPT>'],
    ['another description type', 'itemAddtionalInfo.descriptions.kor.type', 1],
    ['no discount consent', 'addtionalInfo.siteDiscount.iac', undefined],
    ['no tax mark', 'itemAddtionalInfo.isVatFree', undefined],
    ['a sale state on create', 'isSell', { gmkt: true, iac: true }],
    ['an eco label without a number', 'itemAddtionalInfo.certInfo.iac.environmentFriendly.certId', ''],
  ])('refuses a document with %s', async (_what, path, value) => {
    const body = await client.productDocument();
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const parent = keys.reduce((block: Wire, key) => block[key], body);
    parent[last] = value;
    const answer = await call('POST', '/item/v1/goods', body);
    expect(answer).toMatchObject({
      resultCode: 1000,
      message: expect.stringContaining('[InvalidApiRequestEx]'),
      data: null,
    });
    expect(client.sandbox.ledger().listings).toEqual([]);
  });

  test('only leaves are categories, and a site needs its seller in the token', async () => {
    const body = await client.productDocument();
    const top = await call('GET', '/item/v1/categories/site-cats', undefined, 'G');
    expect((await call('POST', '/item/v1/goods', body, 'G')).message).toContain('[IAC]');
    body.itemBasicInfo.category.site[1].catCode = top.subCats[0].catCode;
    expect((await call('POST', '/item/v1/goods', body)).message).toContain('[GMKT]최하위');
  });

  test('Auction alone refuses a doubled image: the other site takes the product', async () => {
    const body = await client.productDocument();
    body.itemAddtionalInfo.images.addtionalImg1URL = body.itemAddtionalInfo.images.basicImgURL;
    const made = await call('POST', '/item/v1/goods', body);
    expect(made.resultCode).toBe(0);
    expect(made.siteDetail.gmkt.SiteGoodsNo).not.toBeNull();
    expect(made.siteDetail.iac).toEqual({ SiteGoodsNo: null, SiteGoodsComment: expect.stringContaining('중복') });
    client.clock.now += 2_000;
    delete body.itemAddtionalInfo.images.addtionalImg1URL;
    expect((await call('PUT', `/item/v1/goods/${made.goodsNo}`, body)).resultCode).toBe(1000);
    body.isSell = { gmkt: true, iac: true };
    body.itemAddtionalInfo.price.gmkt = 15_000;
    const fixed = await call('PUT', `/item/v1/goods/${made.goodsNo}`, body);
    expect(fixed.siteDetail.iac.SiteGoodsNo).toMatch(/^C/);
    client.clock.now += 2_000;
    expect(await call('GET', `/item/v1/goods/${made.goodsNo}/price`)).toEqual({ gmkt: 15_000, iac: 12_000 });
  });

  test('the same SKU created twice at once makes two products', async () => {
    const body = await client.productDocument('GRN-2', 'G');
    await Promise.all([call('POST', '/item/v1/goods', body), call('POST', '/item/v1/goods', body)]);
    expect((await client.search({ managedCode: ['GRN-2'] })).totalItems).toBe(2);
    expect(client.sandbox.ledger().listings.map((one) => one.sku)).toEqual(['GRN-2', 'GRN-2']);
    expect((await client.search({ managedCode: ['GRN'] })).totalItems).toBe(0);
    expect((await call('POST', '/item/v1/goods/search', { managedCode: ['GRN'], pageIndex: 1 })).totalItems).toBe(2);
  });

  test('search is limited to 20 a minute', async () => {
    for (let count = 0; count < 20; count += 1) expect((await client.search({ goodsNo: [1] })).totalItems).toBe(0);
    expect((await client.search({})).resultCode).toBe(3000);
    client.clock.now += MINUTE;
    expect((await client.search({})).totalItems).toBe(0);
    expect(client.sandbox.ledger().traffic.rateErrors).toBe(1);
  });

  test('an image on loopback is fetched, and only a picture answered with 200 is taken', async () => {
    const types: Record<string, [number, string]> = {
      '/a.png': [200, 'image/png'],
      '/b.png': [404, 'image/png'],
      '/c.png': [200, 'text/html'],
    };
    const server: Server = createServer((request, response) => {
      const [status, type] = types[request.url ?? ''] ?? [500, ''];
      response.writeHead(status, { 'content-type': type }).end('x');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const body = await client.productDocument();
    const codes = [];
    for (const path of Object.keys(types)) {
      body.itemAddtionalInfo.images.basicImgURL = base + path;
      codes.push((await call('POST', '/item/v1/goods', body)).resultCode);
    }
    await new Promise((resolve) => server.close(resolve));
    codes.push((await call('POST', '/item/v1/goods', body)).resultCode);
    expect(codes).toEqual([0, 1000, 1000, 1000]);
  });

  test('sell-status: all fields needed, a stopped site is neither judged nor changed, days are added', async () => {
    const path = `/item/v1/goods/${await client.onSale()}/sell-status`;
    const partial = sellStatus(true, 14_000, 40);
    delete partial.itemBasicInfo.stock.iac;
    expect((await call('PUT', path, partial)).message).toContain('[IAC]stock');
    expect((await call('PUT', path, sellStatus(true, 14_000, 0))).resultCode).toBe(1000);
    expect((await call('PUT', path, sellStatus(true, 14_000, 40, 30))).resultCode).toBe(0);
    expect(await call('GET', path)).toEqual({
      IsSell: { gmkt: true, iac: true },
      itemBasicInfo: {
        Price: { gmkt: 14_000, iac: 14_000 },
        Stock: { gmkt: 40, iac: 40 },
        SellingPeriod: { gmkt: 20270406, iac: 20270406 },
      },
    });
    expect((await call('PUT', path, sellStatus(false, 7, 0))).resultCode).toBe(0);
    const stopped = await call('GET', path);
    expect([stopped.IsSell.gmkt, stopped.itemBasicInfo.Price.gmkt]).toEqual([false, 14_000]);
    expect((await client.search({ sellStatus: ['21'] })).totalItems).toBe(1);
  });

  test('price is dropped in silence unless on sale; stock and names; deletion only when all is stopped', async () => {
    const goodsNo = await client.onSale();
    const path = `/item/v1/goods/${goodsNo}`;
    expect((await call('PUT', `${path}/price`, { gmkt: 13_000 })).resultCode).toBe(0);
    expect((await call('PUT', `${path}/stock`, { stock: { gmkt: 0 } })).resultCode).toBe(1000);
    expect((await call('PUT', `${path}/stock`, { stock: { gmkt: 9, iac: 8 } })).resultCode).toBe(0);
    await call('PUT', `${path}/goods-name`, { goodsName: { kor: '새 이름' } });
    expect((await call('DELETE', path)).resultCode).toBe(1000);
    await client.order();
    expect((await call('PUT', `${path}/goods-name`, { goodsName: { kor: '더 새 이름' } })).resultCode).toBe(0);
    await call('PUT', `${path}/sell-status`, sellStatus(false, 0, 0));
    expect((await call('PUT', `${path}/price`, { gmkt: 99_000 })).resultCode).toBe(0);
    expect(client.sandbox.ledger().listings.map(({ name, price, stock }) => ({ name, price, stock }))).toEqual([
      { name: '새 이름', price: 13_000, stock: 7 },
      { name: '새 이름', price: 12_000, stock: 8 },
    ]);
    expect((await call('DELETE', path)).resultCode).toBe(0);
    expect((await call('GET', path)).resultCode).toBe(1000);
    expect(client.sandbox.ledger().listings.map((one) => one.state)).toEqual(['deleted', 'deleted']);
  });

  test('the marketplace stops a product and deletes one that is left stopped for a month', async () => {
    const path = `/item/v1/goods/${await client.onSale()}/sell-status`;
    await client.control('/_listings/GRN-1', { site: 'gmkt', state: 'stopped-by-channel' });
    expect((await client.search({})).items[0].sellStatus).toEqual({ gmkt: '22', iac: '11' });
    expect((await call('PUT', path, sellStatus(true, 12_000, 50))).message).toContain('[GMKT]');
    client.clock.now += 30 * DAY;
    expect(client.sandbox.ledger().listings.map((one) => one.state)).toEqual(['deleted', 'on-sale']);
  });

  test('images, description and seller discount', async () => {
    const path = `/item/v1/goods/${await client.onSale()}`;
    expect(
      (await call('POST', `${path}/images`, { imageModel: { BasicImage: { URL: 'https://cdn.example.kr/2.jpg' } } }))
        .resultCode,
    ).toBe(0);
    expect((await call('POST', `${path}/descriptions`, { descNew: '<b>새</b>' })).resultCode).toBe(0);
    expect((await call('POST', `${path}/descriptions`, { descNew: '<iframe>' })).resultCode).toBe(1000);
    const { itemAddtionalInfo } = await call('GET', path);
    expect([itemAddtionalInfo.images.basicImgURL, itemAddtionalInfo.descriptions.kor.html]).toEqual([
      'https://cdn.example.kr/2.jpg',
      '<b>새</b>',
    ]);
    const discount = (type: number, value: number): Document => {
      const block = { type, priceOrRate1: value, startDate: '2026-12-07', endDate: '2026-12-27' };
      return { sellerDiscount: { isUse: true, gmkt: block, iac: block } };
    };
    const codes = [];
    for (const [type, value] of [
      [1, 90],
      [1, 105],
      [1, 8_410],
      [2, 71],
      [1, 8_400],
      [2, 7],
    ] as const) {
      codes.push((await call('POST', `${path}/seller-discounts`, discount(type, value))).resultCode);
    }
    expect(codes).toEqual([1000, 1000, 1000, 1000, 0, 0]);
    await call('PUT', `${path}/price`, { gmkt: 12_050, iac: 12_050 });
    // 7 % of 12,050 is 843.5: Gmarket rounds up, Auction cuts off.
    expect((await client.order({ units: 1, useSellerDiscount: true })).sellerDiscount).toBe(844);
    expect((await client.order({ units: 1, useSellerDiscount: true, site: 'iac' })).sellerDiscount).toBe(843);
    expect((await call('GET', `${path}/seller-discounts`)).sellerDiscount.gmkt.priceOrRate1).toBe(7);
    await call('DELETE', `${path}/seller-discounts`);
    expect((await client.order({ useSellerDiscount: true })).sellerDiscount).toBe(0);
  });
});
