/** A seller's hand-held client of the marketplace sandbox: signs tokens, makes documents, plays the buyers. */

import { SignJWT } from 'jose';
import { expect } from 'vitest';
import {
  type GmarketSandbox,
  type GmarketSandboxOptions,
  startGmarketSandboxWith,
} from '../../adapters/gmarket-esm/sandbox/index.ts';

/** Answers of a foreign wire are looked into field by field; they are exactly as typed as parsed JSON is. */
export type Wire = ReturnType<typeof JSON.parse>;
export type Document = Record<string, Wire>;

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

interface Account {
  settings: { masterId: string; issuer: string; sellerIds: { gmkt: string; iac: string } };
  credentials: { secretKey: string };
}

export interface SandboxClient {
  sandbox: GmarketSandbox;
  /** The sandbox's clock; tests move it. */
  clock: { now: number };
  token(sites?: string, change?: Document, header?: Document, secret?: string): Promise<string>;
  raw(method: string, path: string, body?: unknown, bearer?: string): Promise<Response>;
  call(method: string, path: string, body?: unknown, sites?: string): Promise<Wire>;
  /** A control call; they need no token. */
  control(path: string, body?: unknown, status?: number): Promise<Wire>;
  leafCode(letter: string, wanted: string, code?: string): Promise<string | undefined>;
  /** A product document for the sites, every number of it looked up. */
  productDocument(sku?: string, sites?: string): Promise<Document>;
  /** Makes a product and lets the feed pass; gives its master number. */
  onSale(sku?: string, sites?: string): Promise<number>;
  search(query: Document): Promise<Wire>;
  orderQuery(change?: Document): Promise<Wire>;
  /** Waits out the guard and gives the rows. */
  orderRows(change?: Document): Promise<Wire[]>;
  /** Buys two units of GRN-1 on Gmarket unless told otherwise. */
  order(change?: Document): Promise<Wire>;
  claimQuery(list: 'Cancels' | 'Returns' | 'Exchanges', change: Document): Promise<Wire>;
}

/** One sell-status body, the same for both sites. */
export function sellStatus(isSell: boolean, price: unknown, stock: unknown, days: unknown = 0): Document {
  const both = (value: unknown): Document => ({ gmkt: value, iac: value });
  return { isSell: both(isSell), itemBasicInfo: { price: both(price), stock: both(stock), sellingPeriod: both(days) } };
}

export async function openSandbox(options: Partial<GmarketSandboxOptions> = {}): Promise<SandboxClient> {
  const clock = { now: Date.parse('2026-12-07T10:00:00+09:00') };
  const sandbox = await startGmarketSandboxWith({ now: () => clock.now, ...options });

  const token: SandboxClient['token'] = (sites = 'AG', change = {}, header = {}, secret) => {
    const { settings, credentials } = sandbox.accountConfig() as unknown as Account;
    const ids: Record<string, string> = { A: `A:${settings.sellerIds.iac}`, G: `G:${settings.sellerIds.gmkt}` };
    const ssi = [...sites].map((letter) => ids[letter]).join(',');
    return new SignJWT({ iss: settings.issuer, sub: 'sell', aud: 'sa.esmplus.com', ssi, ...change })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: settings.masterId, ...header })
      .sign(new TextEncoder().encode(secret ?? credentials.secretKey));
  };

  const raw: SandboxClient['raw'] = async (method, path, body, bearer) =>
    fetch(sandbox.url + path, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer ?? (await token())}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  const call: SandboxClient['call'] = async (method, path, body, sites = 'AG') =>
    (await raw(method, path, body, await token(sites))).json();

  const control: SandboxClient['control'] = async (path, body, status = 200) => {
    const response = await fetch(sandbox.url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.status).toBe(status);
    return response.json();
  };

  const leafCode: SandboxClient['leafCode'] = async (letter, wanted, code = '') => {
    const level = await call('GET', `/item/v1/categories/site-cats${code === '' ? '' : `/${code}`}`, undefined, letter);
    for (const child of level.subCats) {
      if (child.isLeaf && child.catName === wanted) return child.catCode;
      const deeper = child.isLeaf ? undefined : await leafCode(letter, wanted, child.catCode);
      if (deeper !== undefined) return deeper;
    }
    return undefined;
  };

  const productDocument: SandboxClient['productDocument'] = async (sku = 'GRN-1', sites = 'AG') => {
    const { shippingPlaces } = await call('GET', '/item/v1/shipping/places?pageSize=500&pageIndex=1');
    const { placeNo } = shippingPlaces[0];
    const { policies } = await call('GET', `/item/v1/shipping/places/${placeNo}/policies`);
    const { sellerAddressBookList } = await call('GET', '/item/v1/sellers/addresses');
    const { groups } = await call('GET', '/item/v1/official-notice/groups');
    const group = groups.find((one: Wire) => one.officialNoticeName === '기타 재화').officialNoticeNo;
    const { codes } = await call('GET', `/item/v1/official-notice/groups/${group}/codes`);
    const names = [...sites].map((letter) => (letter === 'G' ? 'gmkt' : 'iac'));
    const each = (value: unknown): Document => Object.fromEntries(names.map((name) => [name, value]));
    const categories = [];
    const dispatch: Document = {};
    for (const letter of sites) {
      categories.push({ siteType: letter === 'A' ? 1 : 2, catCode: await leafCode(letter, '세탁용 세제') });
      const { dispatchPolicies } = await call('GET', '/item/v1/shipping/dispatch-policies', undefined, letter);
      dispatch[letter === 'A' ? 'iac' : 'gmkt'] = dispatchPolicies[0].dispatchPolicyNo;
    }
    return {
      itemBasicInfo: { goodsName: { kor: '친환경 세탁세제 1L' }, category: { site: categories } },
      itemAddtionalInfo: {
        price: each(12_000),
        stock: each(50),
        sellingPeriod: each(90),
        managedCode: sku,
        recommendedOpts: { type: 0, isStockManage: false },
        shipping: {
          type: 1,
          companyNo: 10013,
          policy: { placeNo, feeType: 1, bundle: { deliveryTmplId: String(policies[0].policyNo) } },
          returnAndExchange: { addrNo: sellerAddressBookList[0].addrNo, fee: 3000 },
          dispatchPolicyNo: dispatch,
        },
        officialNotice: {
          officialNoticeNo: group,
          details: codes.map((code: Wire) => ({
            officialNoticeItemelementCode: code.officialNoticeItemelementCode,
            value: '상세',
            isExtraMark: false,
          })),
        },
        isAdultProduct: false,
        isVatFree: false,
        certInfo: { iac: { environmentFriendly: { isUse: true, certId: '99001' } }, gmkt: { certId: ['99001'] } },
        images: { basicImgURL: 'https://cdn.example.kr/p/1.jpg' },
        descriptions: { kor: { type: 2, html: '<div>세제</div>' } },
      },
      addtionalInfo: { siteDiscount: each(true) },
    };
  };

  const onSale: SandboxClient['onSale'] = async (sku = 'GRN-1', sites = 'AG') => {
    const made = await call('POST', '/item/v1/goods', await productDocument(sku, sites));
    expect(made.resultCode).toBe(0);
    clock.now += 2_000;
    return made.goodsNo;
  };

  const orderQuery: SandboxClient['orderQuery'] = (change = {}) =>
    call('POST', '/shipping/v1/Order/RequestOrders', {
      siteType: 2,
      orderStatus: 1,
      requestDateType: 1,
      requestDateFrom: '2026-12-01',
      requestDateTo: '2026-12-30',
      pageIndex: 1,
      pageSize: 100,
      ...change,
    });

  return {
    sandbox,
    clock,
    token,
    raw,
    call,
    control,
    leafCode,
    productDocument,
    onSale,
    search: (query) => call('POST', '/item/v1/goods/search', { query, pageIndex: 1, pageSize: 500 }),
    orderQuery,
    orderRows: async (change) => {
      clock.now += 5_000;
      return (await orderQuery(change)).Data.RequestOrders;
    },
    order: async (change = {}) =>
      (await control('/_orders', { orders: [{ sku: 'GRN-1', site: 'gmkt', units: 2, ...change }] })).orders[0],
    claimQuery: (list, change) => {
      const field = `${list.slice(0, -1)}Status`;
      const window = { StartDate: '2026-12-05', EndDate: '2026-12-12' };
      return call('POST', `/claim/v1/sa/${list}`, { [field]: 0, Type: 2, ...window, ...change });
    },
  };
}

/** What a seller and a buyer do with an order, on whichever client is open when it is done. */
export function actsOn(client: () => SandboxClient) {
  return {
    check: (orderNo: number): Promise<Wire> => client().call('POST', `/shipping/v1/Order/OrderCheck/${orderNo}`),
    ship: (orderNo: number, invoice = '1234'): Promise<Wire> =>
      client().call('POST', '/shipping/v1/Delivery/ShippingInfo', {
        OrderNo: orderNo,
        ShippingDate: '2026-12-07T12:00:00',
        DeliveryCompanyCode: 10013,
        InvoiceNo: invoice,
      }),
    claim: (orderNo: number, kind: string, state: string, status = 200): Promise<Wire> =>
      client().control('/_claims', { orderNo, kind, state }, status),
    found: async (change?: Record<string, unknown>): Promise<number[]> =>
      (await client().orderRows(change)).map((row: Wire) => row.OrderNo),
    stockOf: (site: string): number | undefined =>
      client()
        .sandbox.ledger()
        .listings.find((one) => one.site === site)?.stock,
  };
}
