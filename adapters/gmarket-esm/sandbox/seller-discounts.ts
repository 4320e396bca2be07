/** Seller discounts: what the channel accepts and what a unit then costs less. */

import { itemRefusal, refuse } from './answers.ts';
import { SITES, type Site, type SiteDiscount } from './goods.ts';
import { DAY, parseKst } from './kst-time.ts';
import { booleanAt, integerAt, isGiven, isObject, valueAt } from './wire-input.ts';

/** At least 100 won, at most 70 % of the price. */
const LEAST_WON = 100;
const MOST_SHARE = 0.7;

/**
 * Checks a `sellerDiscount` block.
 *
 * @param prices price of the product on each site it is for; blocks for other sites are left out of the result.
 * @returns the discount of each site, `null` where none is wanted.
 * @throws Refusal 1000 naming the first rule that is broken.
 */
export function readSellerDiscount(
  block: unknown,
  prices: Partial<Record<Site, number>>,
): Record<Site, SiteDiscount | null> {
  const result: Record<Site, SiteDiscount | null> = { gmkt: null, iac: null };
  const isUse = booleanAt(block, 'isUse');
  if (!isObject(block) || isUse === undefined)
    throw itemRefusal(1000, '[InvalidApiRequestEx]sellerDiscount.isUse 값이 필요합니다.');
  if (!isUse) return result;
  for (const site of SITES) {
    const price = prices[site];
    if (price === undefined || !isGiven(block, site)) continue;
    result[site] = readSite(site, valueAt(block, site), price);
  }
  if (result.gmkt === null && result.iac === null)
    throw itemRefusal(1000, '[InvalidApiRequestEx]할인을 적용할 사이트가 없습니다.');
  return result;
}

function readSite(site: Site, block: unknown, price: number): SiteDiscount {
  const type = integerAt(block, 'type');
  const value = integerAt(block, 'priceOrRate1');
  if (type !== 1 && type !== 2) throw refuse(site, '판매자할인 유형은 1(정액) 또는 2(정률)입니다.');
  if (value === undefined || value <= 0) throw refuse(site, '판매자할인 금액 또는 할인율이 필요합니다.');
  if (type === 1 && (value < LEAST_WON || value % 10 !== 0))
    throw refuse(site, '판매자할인 금액은 100원 이상, 10원 단위입니다.');
  const won = type === 1 ? value : (price * value) / 100;
  if (won < LEAST_WON) throw refuse(site, '판매자할인 금액은 100원 이상이어야 합니다.');
  if (won > price * MOST_SHARE) throw refuse(site, '판매자할인 금액은 판매가의 70%를 넘을 수 없습니다.');
  const from = parseKst(valueAt(block, 'startDate'), 'day');
  const last = parseKst(valueAt(block, 'endDate'), 'day');
  if (from === null || last === null || last < from)
    throw refuse(site, '판매자할인 기간은 YYYY-MM-DD 형식의 시작일과 종료일입니다.');
  return { type, value, from, until: last + DAY };
}

/** Won taken off one unit at an instant: Gmarket rounds up to the won, Auction cuts off. */
export function discountPerUnit(site: Site, discount: SiteDiscount | null, price: number, now: number): number {
  if (discount === null || now < discount.from || now >= discount.until) return 0;
  if (discount.type === 1) return discount.value;
  const exact = (price * discount.value) / 100;
  return site === 'gmkt' ? Math.ceil(exact) : Math.floor(exact);
}
