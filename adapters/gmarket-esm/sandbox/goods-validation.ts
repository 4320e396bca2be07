/** What the channel checks before it takes a product document (create and full update). */

import { itemRefusal, refuse } from './answers.ts';
import { CATEGORY_BY_CODE } from './category-seed.ts';
import { SITE_NUMBER, SITES, type Site, type SiteDiscount } from './goods.ts';
import { checkNotice } from './notice-validation.ts';
import { isWebAddress } from './product-images.ts';
import { readSellerDiscount } from './seller-discounts.ts';
import { checkShipping } from './shipping-validation.ts';
import {
  booleanAt,
  doubleByteLength,
  integerAt,
  isGiven,
  isObject,
  type Json,
  listAt,
  textAt,
  valueAt,
} from './wire-input.ts';

export interface SiteDraft {
  site: Site;
  price: number;
  stock: number;
  sellingPeriod: number;
  isSell: boolean;
  discount: SiteDiscount | null;
}

/** A document that passed, with what the books need from it. */
export interface GoodsDraft {
  sites: SiteDraft[];
  name: string;
  managedCode: string;
  optionType: number;
  imageUrl: string;
  imageUrls: string[];
  discountBody: Json | null;
}

const MORE = 'itemAddtionalInfo';
const CREATE_PERIODS = new Set([-1, 15, 30, 60, 90]);
/** 365 is listed on sell-status only. */
export const SELL_STATUS_PERIODS = new Set([-1, 0, 15, 30, 60, 90, 365]);
const UPDATE_PERIODS = new Set([...CREATE_PERIODS, 0]);
const NAME_BYTES = 100;

/** 10 to under 1,000,000,000 won in steps of 10. */
export function checkedPrice(site: Site, value: unknown): number {
  if (
    typeof value !== 'number' ||
    !Number.isInteger(value) ||
    value < 10 ||
    value >= 1_000_000_000 ||
    value % 10 !== 0
  ) {
    throw refuse(site, '판매가격은 10원 이상 10억원 미만, 10원 단위로 입력해야 합니다.');
  }
  return value;
}

/** 1 to 99,999: nothing is sold out by writing 0, only stopped. */
export function checkedStock(site: Site, value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 99_999) {
    throw refuse(site, '재고수량은 1 이상 99,999 이하로 입력해야 합니다.');
  }
  return value;
}

export function checkedPeriod(site: Site, value: unknown, allowed: ReadonlySet<number>): number {
  if (typeof value !== 'number' || !allowed.has(value)) throw refuse(site, '판매기간 값이 올바르지 않습니다.');
  return value;
}

/** Search name plus promotion name, each pair within 100 double-byte bytes. */
export function checkName(site: Site, goodsName: unknown): string {
  const kor = textAt(goodsName, 'kor');
  if (kor === undefined || kor.trim() === '') throw refuse(site, '상품명(goodsName.kor)은 필수입니다.');
  for (const field of ['promotion', 'promotionIac']) {
    if (doubleByteLength(kor) + doubleByteLength(textAt(goodsName, field) ?? '') > NAME_BYTES) {
      throw refuse(site, '상품명과 프로모션명은 합쳐서 100byte를 초과할 수 없습니다.');
    }
  }
  return kor;
}

export function checkHtml(site: Site, html: unknown): string {
  if (typeof html !== 'string' || html.trim() === '') throw refuse(site, '상품 상세설명은 필수입니다.');
  if (/<\s*\/?\s*(iframe|script)\b/i.test(html))
    throw refuse(site, '상세설명에 iframe, script 태그를 사용할 수 없습니다.');
  return html;
}

/** The sites a document is about: those that any of its per-site blocks names. */
function sitesOf(document: unknown): Site[] {
  const categories = listAt(document, 'itemBasicInfo.category.site') ?? [];
  return SITES.filter(
    (site) =>
      categories.some((entry) => integerAt(entry, 'siteType') === SITE_NUMBER[site]) ||
      ['price', 'stock', 'sellingPeriod'].some((block) => isGiven(document, `${MORE}.${block}.${site}`)),
  );
}

function checkCategory(document: unknown, site: Site): void {
  const entries = listAt(document, 'itemBasicInfo.category.site') ?? [];
  const entry = entries.find((one) => integerAt(one, 'siteType') === SITE_NUMBER[site]);
  const category = CATEGORY_BY_CODE[site].get(textAt(entry, 'catCode') ?? '');
  if (category === undefined) throw refuse(site, '사이트 카테고리 코드가 올바르지 않습니다.');
  if (!category.isLeaf) throw refuse(site, '최하위 카테고리만 등록할 수 있습니다.');
  const esm = valueAt(document, 'itemBasicInfo.category.esm.catCode');
  if (esm !== undefined && esm !== null && !(typeof esm === 'string' && /^\d{20}$/.test(esm))) {
    throw refuse(site, 'ESM 카테고리 코드는 20자리입니다.');
  }
}

/** Certificates are kept as given; only the shapes that are documented are judged. */
function checkCertificates(site: Site, certInfo: unknown): void {
  if (certInfo === undefined || certInfo === null) return;
  if (!isObject(certInfo)) throw refuse(site, '인증정보 형식이 올바르지 않습니다.');
  const certId = valueAt(certInfo, 'gmkt.certId');
  const listed = Array.isArray(certId) && certId.every((id) => typeof id === 'string');
  if (certId !== undefined && certId !== null && typeof certId !== 'string' && !listed) {
    throw refuse(site, '인증정보(gmkt.certId) 형식이 올바르지 않습니다.');
  }
  if (
    booleanAt(certInfo, 'iac.environmentFriendly.isUse') === true &&
    !textAt(certInfo, 'iac.environmentFriendly.certId')
  ) {
    throw refuse(site, '친환경 인증번호가 필요합니다.');
  }
  for (const kind of ['child', 'electric', 'life']) {
    const type = valueAt(certInfo, `safetyCerts.${kind}.type`);
    if (type === undefined || type === null) continue;
    if (type !== 0 && type !== 1 && type !== 2) throw refuse(site, '안전인증 유형이 올바르지 않습니다.');
    const details = listAt(certInfo, `safetyCerts.${kind}.details`) ?? [];
    if (type === 0 && !details.some((detail) => textAt(detail, 'certId')))
      throw refuse(site, '안전인증 번호가 필요합니다.');
  }
}

/** Every image address of the document, the main one first. */
function imageAddresses(site: Site, images: unknown): string[] {
  const extra = isObject(images)
    ? Object.entries(images).flatMap(([key, value]) =>
        /^addtionalImg\d+URL$/i.test(key) && value !== null ? [value] : [],
      )
    : [];
  const all = [valueAt(images, 'basicImgURL'), ...extra];
  if (!all.every(isWebAddress)) throw refuse(site, '상품 이미지 URL은 http(s)로 시작하는 절대 경로여야 합니다.');
  return all;
}

/** What one site alone refuses, after the document as a whole has passed: the other site still takes the product. */
export function siteRefusal(site: Site, draft: GoodsDraft): string | null {
  const doubled = new Set(draft.imageUrls).size !== draft.imageUrls.length;
  return site === 'iac' && doubled ? '중복된 이미지 URL은 등록할 수 없습니다.' : null;
}

/**
 * Checks a whole product document.
 *
 * @param sellerIds the sites the caller's token may write to.
 * @param purpose `isSell` is refused on create and mandatory on a full update; an update may keep its selling period.
 * @throws Refusal 1000 with the first rule that is broken, marked with the site.
 */
export function checkDocument(
  document: unknown,
  sellerIds: Partial<Record<Site, string>>,
  purpose: 'create' | 'update',
): GoodsDraft {
  const sites = sitesOf(document);
  const [first] = sites;
  if (first === undefined) throw itemRefusal(1000, '[InvalidApiRequestEx]등록할 사이트의 정보가 없습니다.');
  for (const site of sites) {
    if (sellerIds[site] === undefined) throw refuse(site, '판매자 정보가 올바르지 않습니다.');
    checkCategory(document, site);
  }
  const name = checkName(first, valueAt(document, 'itemBasicInfo.goodsName'));
  const more = valueAt(document, MORE);
  const managedCode = textAt(more, 'managedCode') ?? '';
  if (doubleByteLength(managedCode) > 100) throw refuse(first, '판매자 관리코드는 100byte를 초과할 수 없습니다.');
  const optionType = integerAt(more, 'recommendedOpts.type');
  if (optionType === undefined || optionType < 0 || optionType > 9)
    throw refuse(first, '추천옵션 유형(recommendedOpts.type)은 필수입니다.');
  checkShipping(first, valueAt(more, 'shipping'), sites);
  checkNotice(first, valueAt(more, 'officialNotice'));
  if (booleanAt(more, 'isVatFree') === undefined) throw refuse(first, '부가세 면세여부(isVatFree)는 필수입니다.');
  checkCertificates(first, valueAt(more, 'certInfo'));
  const imageUrls = imageAddresses(first, valueAt(more, 'images'));
  if (integerAt(more, 'descriptions.kor.type') !== 2) throw refuse(first, '상세설명 유형은 2(html)입니다.');
  checkHtml(first, valueAt(more, 'descriptions.kor.html'));

  const prices: Partial<Record<Site, number>> = {};
  for (const site of sites) prices[site] = checkedPrice(site, valueAt(more, `price.${site}`));
  const discountBlock = valueAt(document, 'addtionalInfo.sellerDiscount');
  const discountBody = isObject(discountBlock) ? discountBlock : null;
  const discounts = discountBody === null ? { gmkt: null, iac: null } : readSellerDiscount(discountBody, prices);

  const drafts = sites.map((site): SiteDraft => {
    if (booleanAt(document, `addtionalInfo.siteDiscount.${site}`) === undefined)
      throw refuse(site, '사이트 할인 동의여부(siteDiscount)는 필수입니다.');
    const isSell = valueAt(document, `isSell.${site}`);
    if (purpose === 'create' && isGiven(document, 'isSell'))
      throw refuse(site, '등록 시 판매상태(isSell)는 설정할 수 없습니다.');
    if (purpose === 'update' && typeof isSell !== 'boolean') throw refuse(site, '판매상태(isSell)는 필수입니다.');
    return {
      site,
      price: checkedPrice(site, valueAt(more, `price.${site}`)),
      stock: checkedStock(site, valueAt(more, `stock.${site}`)),
      sellingPeriod: checkedPeriod(
        site,
        valueAt(more, `sellingPeriod.${site}`),
        purpose === 'create' ? CREATE_PERIODS : UPDATE_PERIODS,
      ),
      isSell: isSell !== false,
      discount: discounts[site],
    };
  });
  return { sites: drafts, name, managedCode, optionType, imageUrl: imageUrls[0] ?? '', imageUrls, discountBody };
}
