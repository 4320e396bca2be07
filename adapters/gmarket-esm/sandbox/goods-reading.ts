/** Reads of products: one, many, feed state, reverse look-up. */

import { type Answer, itemOk, itemRefusal, ok, rateAnswer } from './answers.ts';
import type { Call, Endpoint } from './endpoint.ts';
import {
  currentDocument,
  type GoodsBook,
  liveSites,
  type MasterGoods,
  perSite,
  SITE_NUMBER,
  SITES,
  saleState,
  sellStatusCode,
} from './goods.ts';
import { masterOf } from './goods-writing.ts';
import { integerAt, type Json, valueAt } from './wire-input.ts';

const MOST_ROWS = 500;

/** Numbers and comments of the sites: create promises a number, but only the feed makes it known here. */
function feedState(master: MasterGoods, now: number): Json {
  return Object.fromEntries(
    SITES.map((site) => {
      const goods = master.siteGoods[site];
      const state = goods === undefined ? 'deleted' : saleState(goods, now);
      if (goods === undefined || state === 'deleted') {
        return [site, { SiteGoodsNo: null, SiteGoodsComment: master.refusals[site] ?? null }];
      }
      if (state === 'pending') return [site, { SiteGoodsNo: null, SiteGoodsComment: '처리중' }];
      return [site, { SiteGoodsNo: goods.siteGoodsNo, SiteGoodsComment: '성공' }];
    }),
  );
}

/** One condition of a search: an array whose members are compared as text, or not given. */
function conditionOf(query: unknown, name: string): Set<string> | null {
  const value = valueAt(query, name);
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) throw itemRefusal(1000, `[InvalidApiRequestEx]query.${name}은 배열이어야 합니다.`);
  return value.length === 0 ? null : new Set(value.map(String));
}

function searchRow(master: MasterGoods, now: number): Json {
  return {
    goodsNo: String(master.goodsNo),
    siteGoodsNo: perSite(master, now, (goods) => (saleState(goods, now) === 'pending' ? null : goods.siteGoodsNo)),
    managedCode: master.managedCode,
    goodsName: master.name,
    sellStatus: perSite(master, now, (goods) => sellStatusCode(goods, now)),
    price: perSite(master, now, (goods) => goods.price),
    stock: perSite(master, now, (goods) => goods.stock),
  };
}

export function goodsReadingEndpoints(book: GoodsBook): Endpoint[] {
  /** Goods worth looking at: by SKU or number when the search names them, else all. */
  function candidates(skus: Set<string> | null, numbers: Set<string> | null): MasterGoods[] {
    if (numbers !== null) return [...numbers].flatMap((number) => book.masters.get(Number(number)) ?? []);
    if (skus !== null) return [...skus].flatMap((sku) => book.bySku.get(sku) ?? []);
    return [...book.masters.values()];
  }

  function search(call: Call): Answer {
    if (!book.allowSearch(call.now)) return rateAnswer('item');
    const query = valueAt(call.body, 'query');
    const skus = conditionOf(query, 'managedCode');
    const numbers = conditionOf(query, 'goodsNo');
    const siteNumbers = conditionOf(query, 'siteGoodsNo');
    const statuses = conditionOf(query, 'sellStatus');
    const sites = conditionOf(query, 'siteId');
    const pageIndex = integerAt(call.body, 'pageIndex') ?? 1;
    const pageSize = integerAt(call.body, 'pageSize') ?? 100;
    if (pageIndex < 1 || pageSize < 1 || pageSize > MOST_ROWS) {
      throw itemRefusal(1000, '[InvalidApiRequestEx]pageIndex는 1 이상, pageSize는 500 이하입니다.');
    }
    const found = candidates(skus, numbers).filter((master) => {
      if (skus !== null && !skus.has(master.managedCode)) return false;
      return liveSites(master, call.now).some(
        (goods) =>
          (siteNumbers === null || siteNumbers.has(goods.siteGoodsNo)) &&
          (statuses === null || statuses.has(sellStatusCode(goods, call.now) ?? '')) &&
          (sites === null || sites.has(String(SITE_NUMBER[goods.site]))),
      );
    });
    found.sort((one, other) => other.goodsNo - one.goodsNo);
    const page = found.slice((pageIndex - 1) * pageSize, pageIndex * pageSize);
    const items = page.map((master) => searchRow(master, call.now));
    return ok({ totalItems: found.length, pageIndex, pageSize, items });
  }

  function read(call: Call): Answer {
    const master = masterOf(book, call);
    return ok({
      ...currentDocument(master, call.now),
      goodsNo: master.goodsNo,
      isSell: perSite(master, call.now, (goods) => ['on-sale', 'sold-out'].includes(saleState(goods, call.now))),
      siteDetail: feedState(master, call.now),
    });
  }

  function status(call: Call): Answer {
    const master = masterOf(book, call);
    return itemOk({
      goodsNo: master.goodsNo,
      sellManageCode: master.managedCode,
      siteDetail: feedState(master, call.now),
      innerResultCode: 0,
      innerMessage: null,
    });
  }

  function masterNumber(call: Call): Answer {
    const goods = book.siteGoods.get(call.params.siteGoodsNo ?? '');
    const state = goods === undefined ? 'deleted' : saleState(goods, call.now);
    if (goods === undefined || state === 'deleted' || state === 'pending') {
      throw itemRefusal(1000, '[InvalidApiRequestEx]사이트 상품번호가 올바르지 않습니다.');
    }
    return itemOk({ goodsNo: goods.master.goodsNo, isConverted: true });
  }

  const item = { family: 'item', writes: false } as const;
  return [
    { ...item, method: 'POST', path: '/item/v1/goods/search', run: search },
    { ...item, method: 'GET', path: '/item/v1/goods/{goodsNo}', run: read },
    { ...item, method: 'GET', path: '/item/v1/goods/{goodsNo}/status', run: status },
    { ...item, method: 'GET', path: '/item/v1/site-goods/{siteGoodsNo}/goods-no', run: masterNumber },
  ];
}
