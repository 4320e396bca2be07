/** The feature calls: sell-status, price, stock, name, images, description, seller discount. */

import { type Answer, itemOk, itemRefusal, ok, refuse } from './answers.ts';
import type { Call, Endpoint } from './endpoint.ts';
import {
  extendPeriod,
  type GoodsBook,
  liveSites,
  type MasterGoods,
  periodEndNumber,
  perSite,
  type Site,
  type SiteGoods,
  saleState,
  setSelling,
} from './goods.ts';
import {
  checkedPeriod,
  checkedPrice,
  checkedStock,
  checkHtml,
  checkName,
  SELL_STATUS_PERIODS,
} from './goods-validation.ts';
import { editableMaster, masterOf, refuseResume } from './goods-writing.ts';
import { imageRefusal, isWebAddress } from './product-images.ts';
import { readSellerDiscount } from './seller-discounts.ts';
import { isGiven, isObject, valueAt, withKey } from './wire-input.ts';

/**
 * Does prepared changes, all of them or, under injected trouble, those of the first site only.
 * The checks are done by then, so that a refused call changes nothing.
 */
function commit(call: Call, changes: ReadonlyArray<{ site: Site; apply: () => void }>): Answer {
  const [first, second] = changes;
  if (!call.firstSiteOnly || first === undefined || second === undefined) {
    for (const change of changes) change.apply();
    return itemOk({ data: null });
  }
  first.apply();
  throw refuse(second.site, '처리 중 오류가 발생하였습니다.');
}

function sellStatusChange(goods: SiteGoods, call: Call): { site: Site; apply: () => void } {
  const site = goods.site;
  const block = (name: string): unknown => {
    const value = valueAt(call.body, `itemBasicInfo.${name}.${site}`);
    if (value === undefined) throw refuse(site, `${name} 값은 필수입니다.`);
    return value;
  };
  const isSell = valueAt(call.body, `isSell.${site}`);
  if (typeof isSell !== 'boolean') throw refuse(site, 'isSell 값은 필수입니다.');
  const [price, stock, period] = [block('price'), block('stock'), block('sellingPeriod')];
  refuseResume(goods, isSell);
  // A stopped site's values are neither judged nor applied.
  if (!isSell) return { site, apply: () => setSelling(goods, false, call.now) };
  const values = {
    price: checkedPrice(site, price),
    stock: checkedStock(site, stock),
    period: checkedPeriod(site, period, SELL_STATUS_PERIODS),
  };
  return {
    site,
    apply: () => {
      goods.price = values.price;
      goods.stock = values.stock;
      extendPeriod(goods, values.period, call.now);
      setSelling(goods, true, call.now);
    },
  };
}

function putSellStatus(master: MasterGoods, call: Call): Answer {
  return commit(
    call,
    liveSites(master, call.now).map((goods) => sellStatusChange(goods, call)),
  );
}

function putPrice(master: MasterGoods, call: Call): Answer {
  const named = liveSites(master, call.now).filter((goods) => isGiven(call.body, goods.site));
  if (named.length === 0) throw itemRefusal(1000, '[InvalidApiRequestEx]변경할 판매가격이 없습니다.');
  const changes = named.map((goods) => {
    const price = checkedPrice(goods.site, valueAt(call.body, goods.site));
    const apply = (): void => {
      // Answered as success all the same: the channel drops a price for what is not on sale without a word.
      if (saleState(goods, call.now) === 'on-sale') goods.price = price;
    };
    return { site: goods.site, apply };
  });
  return commit(call, changes);
}

function putStock(master: MasterGoods, call: Call): Answer {
  const named = liveSites(master, call.now).filter((goods) => isGiven(call.body, `stock.${goods.site}`));
  if (named.length === 0) throw itemRefusal(1000, '[InvalidApiRequestEx]변경할 재고수량이 없습니다.');
  const changes = named.map((goods) => {
    if (master.optionType !== 0) throw refuse(goods.site, '옵션 상품의 재고는 옵션에서 수정할 수 있습니다.');
    const stock = checkedStock(goods.site, valueAt(call.body, `stock.${goods.site}`));
    const apply = (): void => {
      goods.stock = stock;
    };
    return { site: goods.site, apply };
  });
  return commit(call, changes);
}

function putName(master: MasterGoods, call: Call): Answer {
  const block = valueAt(call.body, 'itemBasicInfo.goodsName') ?? valueAt(call.body, 'goodsName') ?? call.body;
  const [first] = liveSites(master, call.now);
  if (first === undefined) throw itemRefusal(1000, '[InvalidApiRequestEx]상품 정보를 찾을 수 없습니다.');
  const name = checkName(first.site, block);
  // Once sold, the old search name stays and nobody is told; the promotion name stays free.
  if (!master.sold) master.name = name;
  const info = valueAt(master.document, 'itemBasicInfo');
  master.document = withKey(master.document, 'itemBasicInfo', withKey(info, 'goodsName', block));
  return itemOk({ data: null });
}

async function postImages(master: MasterGoods, call: Call): Promise<Answer> {
  const address = valueAt(call.body, 'imageModel.BasicImage.URL');
  const site = liveSites(master, call.now)[0]?.site ?? 'gmkt';
  if (!isWebAddress(address)) throw refuse(site, '상품 이미지 URL은 http(s)로 시작하는 절대 경로여야 합니다.');
  const unusable = await imageRefusal(address);
  if (unusable !== null) throw refuse(site, unusable);
  replaceMore(master, 'images', (images) => withKey(images, 'basicImgURL', address));
  return itemOk({ data: null });
}

function postDescriptions(master: MasterGoods, call: Call): Answer {
  const site = liveSites(master, call.now)[0]?.site ?? 'gmkt';
  const html = checkHtml(site, valueAt(call.body, 'descNew'));
  replaceMore(master, 'descriptions', (descriptions) => withKey(descriptions, 'kor', { type: 2, html }));
  return itemOk({ data: null });
}

function replaceMore(master: MasterGoods, name: string, change: (former: unknown) => unknown): void {
  const more = valueAt(master.document, 'itemAddtionalInfo');
  master.document = withKey(master.document, 'itemAddtionalInfo', withKey(more, name, change(valueAt(more, name))));
}

function postDiscount(master: MasterGoods, call: Call): Answer {
  const block = valueAt(call.body, 'sellerDiscount');
  const live = liveSites(master, call.now);
  const discounts = readSellerDiscount(block, Object.fromEntries(live.map((goods) => [goods.site, goods.price])));
  for (const goods of live) goods.discount = discounts[goods.site];
  master.discountBody = isObject(block) ? block : null;
  return itemOk({ data: null });
}

function deleteDiscount(master: MasterGoods, call: Call): Answer {
  for (const goods of liveSites(master, call.now)) goods.discount = null;
  master.discountBody = null;
  return itemOk({ data: null });
}

export function goodsEditingEndpoints(book: GoodsBook): Endpoint[] {
  const edit = (
    method: Endpoint['method'],
    feature: string,
    change: (master: MasterGoods, call: Call) => Answer | Promise<Answer>,
  ): Endpoint => ({
    method,
    path: `/item/v1/goods/{goodsNo}/${feature}`,
    family: 'item',
    writes: true,
    run: (call) => change(editableMaster(book, call), call),
  });
  const read = (feature: string, answer: (master: MasterGoods, call: Call) => Answer): Endpoint => ({
    method: 'GET',
    path: `/item/v1/goods/{goodsNo}/${feature}`,
    family: 'item',
    writes: false,
    run: (call) => answer(masterOf(book, call), call),
  });
  return [
    edit('PUT', 'sell-status', putSellStatus),
    read('sell-status', (master, { now }) =>
      ok({
        IsSell: perSite(master, now, (goods) => ['on-sale', 'sold-out'].includes(saleState(goods, now))),
        itemBasicInfo: {
          Price: perSite(master, now, (goods) => goods.price),
          Stock: perSite(master, now, (goods) => goods.stock),
          SellingPeriod: perSite(master, now, periodEndNumber),
        },
      }),
    ),
    edit('PUT', 'price', putPrice),
    read('price', (master, { now }) => ok({ ...perSite(master, now, (goods) => goods.price) })),
    edit('PUT', 'stock', putStock),
    edit('PUT', 'goods-name', putName),
    edit('POST', 'images', postImages),
    edit('POST', 'descriptions', postDescriptions),
    edit('POST', 'seller-discounts', postDiscount),
    edit('DELETE', 'seller-discounts', deleteDiscount),
    read('seller-discounts', (master) => itemOk({ sellerDiscount: master.discountBody ?? { isUse: false } })),
  ];
}
