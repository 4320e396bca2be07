/** Create, full update, delete. */

import { type Answer, itemOk, itemRefusal, refuse } from './answers.ts';
import type { Call, Endpoint } from './endpoint.ts';
import {
  extendPeriod,
  type GoodsBook,
  liveOn,
  liveSites,
  type MasterGoods,
  SITES,
  type SiteGoods,
  saleState,
  setSelling,
} from './goods.ts';
import { checkDocument, type GoodsDraft, type SiteDraft, siteRefusal } from './goods-validation.ts';
import { imageRefusal } from './product-images.ts';
import { isObject, type Json } from './wire-input.ts';

const NOT_READY = '상품 정보가 부정확합니다';
const FED_ON_ONE_SITE_ONLY = '사이트 상품 등록 중 오류가 발생하였습니다.';

/** The master of a path parameter. @throws Refusal 1000 when there is none or it is deleted. */
export function masterOf(book: GoodsBook, call: Call): MasterGoods {
  const master = book.masters.get(Number(call.params.goodsNo));
  if (master === undefined || master.deleted || liveSites(master, call.now).length === 0) {
    throw itemRefusal(1000, '[InvalidApiRequestEx]상품 정보를 찾을 수 없습니다.');
  }
  return master;
}

/** The master, ready to be edited. @throws Refusal 1000 while one of its sites is still being fed. */
export function editableMaster(book: GoodsBook, call: Call): MasterGoods {
  const master = masterOf(book, call);
  if (liveSites(master, call.now).some((goods) => saleState(goods, call.now) === 'pending')) {
    throw itemRefusal(1000, NOT_READY);
  }
  return master;
}

/** What the marketplace itself stopped, a seller cannot put back on sale. */
export function refuseResume(goods: SiteGoods | undefined, isSell: boolean): void {
  if (goods?.stoppedByChannel && isSell) throw refuse(goods.site, '관리자에 의해 판매가 중지된 상품입니다.');
}

function siteDetail(master: MasterGoods, fresh: readonly SiteGoods[]): Json {
  return Object.fromEntries(
    SITES.map((site) => {
      const goods = master.siteGoods[site];
      const refusal = master.refusals[site];
      if (refusal !== undefined) return [site, { SiteGoodsNo: null, SiteGoodsComment: refusal }];
      if (goods === undefined) return [site, { SiteGoodsNo: null, SiteGoodsComment: null }];
      return [site, { SiteGoodsNo: goods.siteGoodsNo, SiteGoodsComment: fresh.includes(goods) ? 'Success' : '성공' }];
    }),
  );
}

/** Splits the sites of a draft into those that take the product and those that refuse it, with the reason. */
function splitSites(draft: GoodsDraft, call: Call): { taken: SiteDraft[]; refused: Map<SiteDraft, string> } {
  const refused = new Map<SiteDraft, string>();
  draft.sites.forEach((site, position) => {
    const reason = call.firstSiteOnly && position > 0 ? FED_ON_ONE_SITE_ONLY : siteRefusal(site.site, draft);
    if (reason !== null) refused.set(site, reason);
  });
  const taken = draft.sites.filter((site) => !refused.has(site));
  const [only] = refused;
  if (taken.length === 0 && only !== undefined) throw refuse(only[0].site, only[1]);
  return { taken, refused };
}

async function checkedDraft(call: Call, purpose: 'create' | 'update'): Promise<{ draft: GoodsDraft; body: Json }> {
  if (!isObject(call.body)) throw itemRefusal(1000, '[InvalidApiRequestEx]요청 본문이 올바르지 않습니다.');
  const draft = checkDocument(call.body, call.caller.sellerIds, purpose);
  const unusable = await imageRefusal(draft.imageUrl);
  const [first] = draft.sites;
  if (unusable !== null && first !== undefined) throw refuse(first.site, unusable);
  return { draft, body: call.body };
}

function applySite(goods: SiteGoods, draft: SiteDraft, now: number): void {
  goods.price = draft.price;
  goods.stock = draft.stock;
  goods.discount = draft.discount;
  extendPeriod(goods, draft.sellingPeriod, now);
  setSelling(goods, draft.isSell, now);
}

export function goodsWritingEndpoints(book: GoodsBook): Endpoint[] {
  async function create(call: Call): Promise<Answer> {
    const { draft, body } = await checkedDraft(call, 'create');
    const { taken, refused } = splitSites(draft, call);
    // From here on nothing waits: the product is made whole or, if a check above failed, not at all.
    const master = book.create({ ...draft, sites: taken }, body, call.now);
    for (const [site, reason] of refused) master.refusals[site.site] = reason;
    for (const site of taken) {
      const goods = master.siteGoods[site.site];
      if (goods !== undefined) goods.discount = site.discount;
    }
    master.discountBody = draft.discountBody;
    const fresh = liveSites(master, call.now);
    return itemOk({ siteDetail: siteDetail(master, fresh), goodsNo: master.goodsNo });
  }

  /** An ignored create still hands out numbers, so that the caller believes it. */
  function pretendCreate(call: Call): Answer {
    const draft = checkDocument(call.body, call.caller.sellerIds, 'create');
    const wanted = new Set(draft.sites.map((one) => one.site));
    const detail = Object.fromEntries(
      SITES.map((site) => [
        site,
        wanted.has(site)
          ? { SiteGoodsNo: book.nextSiteGoodsNo(site), SiteGoodsComment: 'Success' }
          : { SiteGoodsNo: null, SiteGoodsComment: null },
      ]),
    );
    return itemOk({ siteDetail: detail, goodsNo: book.nextGoodsNo() });
  }

  async function update(call: Call): Promise<Answer> {
    editableMaster(book, call);
    const { draft, body } = await checkedDraft(call, 'update');
    // The fetch above gave others time: look again before anything is changed.
    const master = editableMaster(book, call);
    const { taken, refused } = splitSites(draft, call);
    for (const site of taken) refuseResume(liveOn(master, site.site, call.now), site.isSell);
    const fresh: SiteGoods[] = [];
    for (const site of taken) {
      const goods = liveOn(master, site.site, call.now);
      if (goods !== undefined) {
        applySite(goods, site, call.now);
        continue;
      }
      // A full update that names a site where the product is not makes a new product there.
      const added = book.addSite(master, site, call.now);
      added.discount = site.discount;
      setSelling(added, site.isSell, call.now);
      fresh.push(added);
    }
    for (const [site, reason] of refused) {
      if (liveOn(master, site.site, call.now) === undefined) master.refusals[site.site] = reason;
    }
    if (!master.sold) master.name = draft.name;
    master.document = body;
    master.optionType = draft.optionType;
    master.discountBody = draft.discountBody;
    book.renameSku(master, draft.managedCode);
    return itemOk({ siteDetail: siteDetail(master, fresh), goodsNo: master.goodsNo });
  }

  function remove(call: Call): Answer {
    const master = editableMaster(book, call);
    if (liveSites(master, call.now).some((goods) => saleState(goods, call.now) !== 'stopped')) {
      throw itemRefusal(1000, '[InvalidApiRequestEx]판매중지 상태의 상품만 삭제할 수 있습니다.');
    }
    book.delete(master);
    return itemOk({ goodsNo: master.goodsNo });
  }

  return [
    { method: 'POST', path: '/item/v1/goods', family: 'item', writes: true, run: create, pretend: pretendCreate },
    { method: 'PUT', path: '/item/v1/goods/{goodsNo}', family: 'item', writes: true, run: update },
    { method: 'DELETE', path: '/item/v1/goods/{goodsNo}', family: 'item', writes: true, run: remove },
  ];
}
