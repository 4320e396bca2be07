/** The look-ups a product needs before it can be made. */

import { type Answer, itemOk, itemRefusal, ok } from './answers.ts';
import { CATEGORY_BY_CODE, type Category, ESM_CATEGORIES, SITE_CATEGORIES } from './category-seed.ts';
import type { Call, Endpoint } from './endpoint.ts';
import { SITES, type Site } from './goods.ts';
import { NOTICE_CODES, NOTICE_GROUPS } from './notice-seed.ts';
import { ADDRESSES, BRANDS, COURIERS, DISPATCH_POLICIES, ORIGIN_CODES, SHIPPING_PLACES } from './seller-seed.ts';
import { type Json, valueAt } from './wire-input.ts';

/** The one site of a token; categories and dispatch policies exist per site, so a token for two says too much. */
function onlySite(call: Call): Site {
  const sites = SITES.filter((site) => call.caller.sellerIds[site] !== undefined);
  const [site] = sites;
  if (site === undefined || sites.length > 1) {
    throw itemRefusal(1000, '[InvalidApiRequestEx]판매자 ID는 하나만 입력할 수 있습니다.');
  }
  return site;
}

function branch(catCode: string, catName: string, isLeaf: boolean, children: readonly Category[]): Json {
  const subCats = children.map((child) => ({
    catCode: child.catCode,
    catName: child.catName,
    isLeaf: child.isLeaf,
    subCats: [],
  }));
  return { catCode, catName, isLeaf, subCats };
}

function siteCategories(call: Call): Answer {
  const site = onlySite(call);
  const code = call.params.code;
  if (code === undefined) return ok(branch('0', 'ROOT', false, SITE_CATEGORIES[site]));
  const category = CATEGORY_BY_CODE[site].get(code);
  if (category === undefined) throw itemRefusal(1000, '[InvalidApiRequestEx]카테고리 코드가 올바르지 않습니다.');
  return ok(branch(category.catCode, category.catName, category.isLeaf, category.children));
}

function esmCategories(call: Call): Answer {
  const children = ESM_CATEGORIES.filter((category) => category.parent === call.params.code);
  return itemOk({ sdCategoryTree: children.map(({ parent: _parent, ...category }) => category) });
}

function shippingPlaces(call: Call): Answer {
  const pageSize = Number(valueAt(call.query, 'pageSize') ?? 100);
  const pageIndex = Number(valueAt(call.query, 'pageIndex') ?? 1);
  const places = SHIPPING_PLACES.map(({ policies: _policies, ...place }) => place);
  return itemOk({ shippingPlaces: places.slice((pageIndex - 1) * pageSize, pageIndex * pageSize) });
}

function placePolicies(call: Call): Answer {
  const place = SHIPPING_PLACES.find((one) => String(one.placeNo) === call.params.placeNo);
  if (place === undefined) throw itemRefusal(1000, '[InvalidApiRequestEx]출하지 번호가 올바르지 않습니다.');
  return ok({ placeNo: place.placeNo, policies: place.policies });
}

function noticeCodes(call: Call): Answer {
  const codes = NOTICE_CODES.get(Number(call.params.groupNo));
  if (codes === undefined) throw itemRefusal(1000, '[InvalidApiRequestEx]상품군 번호(1~41)가 올바르지 않습니다.');
  return itemOk({ codes });
}

function brands(call: Call): Answer {
  const name = call.params.name ?? '';
  return itemOk({ brands: BRANDS.filter((brand) => brand.brandName.includes(name)) });
}

export function lookUpEndpoints(): Endpoint[] {
  const get = (path: string, run: (call: Call) => Answer): Endpoint => ({
    method: 'GET',
    path: `/item/v1/${path}`,
    family: 'item',
    writes: false,
    run,
  });
  return [
    get('sellers/addresses', () => itemOk({ sellerAddressBookList: ADDRESSES })),
    get('shipping/places', shippingPlaces),
    get('shipping/places/{placeNo}/policies', placePolicies),
    get('shipping/dispatch-policies', (call) => itemOk({ dispatchPolicies: DISPATCH_POLICIES[onlySite(call)] })),
    get('shipping/delivery-company', () => itemOk({ deliveryCompanies: COURIERS })),
    get('categories/site-cats', siteCategories),
    get('categories/site-cats/{code}', siteCategories),
    get('categories/sd-cats/{code}', esmCategories),
    get('official-notice/groups', () => itemOk({ groups: NOTICE_GROUPS })),
    get('official-notice/groups/{groupNo}/codes', noticeCodes),
    get('origin/codes', () => itemOk({ originCodes: ORIGIN_CODES })),
    get('catalogs/brands/{name}', brands),
  ];
}
