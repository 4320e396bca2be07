import { ChannelError } from '../../src/channel/errors.ts';
import type { DesiredListing, Json } from '../../src/domain/listing.ts';
import { createKeys } from './mapping-listing.ts';
import { importAgain } from './next-steps.ts';
import { type EsmSettings, perSite, type Site } from './settings.ts';

/** Price, stock, period and discount as the channel takes them: what `push` adds to a rendered document. */

/**
 * Most units the channel takes (notes §2.2). More is sent as this: offering fewer than there are sells nothing that is not
 * there, and refusing the whole product for having too much would.
 */
const maxStock = 99_999;

/** `0` keeps the remaining period; a positive number *adds* days to it, so repeating a write would pile them up. */
export const keepPeriod = 0;

export type LocalRefusal = { code: string; message: string; field: string };

/** What would be refused anyway, found before half of a change is done; null when the offer can be sent. */
export function offerProblem(desired: DesiredListing, sku: string): LocalRefusal | null {
  if (desired.price.currency !== 'KRW') {
    return {
      code: 'OWN_CURRENCY',
      field: 'price',
      message: `상품 ${sku}: 채널이 원화 가격만 받습니다. 판매가를 원으로 적어 ${importAgain.ko} / Product ${sku}: only won are taken. Enter the price in won and ${importAgain.en}`,
    };
  }
  if (desired.stock < 1) {
    return {
      code: 'OWN_STOCK',
      field: 'stock',
      message: `상품 ${sku}: 채널이 재고 0을 받지 않습니다. 재고를 고쳐 ${importAgain.ko} / Product ${sku}: a stock of 0 is refused. Correct the stock and ${importAgain.en}`,
    };
  }
  const discount = desired.discount;
  if (!discount) return null;
  const amount = discount.amount.minor;
  // Notes §6: 100 won at least, steps of 10 won, 70 % of the price at most.
  if (amount >= 100 && amount % 10 === 0 && amount * 10 <= desired.price.minor * 7) return null;
  return {
    code: 'OWN_DISCOUNT',
    field: 'discount',
    message:
      `상품 ${sku}: 채널이 할인 ${amount}원을 받지 않습니다. 할인이 100원 이상, 10원 단위, 판매가의 70% 이하가 되도록 기획전 가격을 고쳐 다시 적용해 주십시오(\`naru campaigns apply FILE\`). / ` +
      `Product ${sku}: a discount of ${amount} won is refused. Change the campaign price so that it is 100 won or more, in steps of 10 and 70 % of the price at most, and apply the campaign again (\`naru campaigns apply FILE\`).`,
  };
}

/** Stock within the channel's range. */
export function stockFor(desired: DesiredListing): number {
  return Math.min(Math.max(desired.stock, 1), maxStock);
}

/** The `sellerDiscount` block: the campaign's reduction on these sites, or "none". */
export function discountBlock(desired: DesiredListing, wanted: readonly Site[]): Json {
  const { discount } = desired;
  if (!discount) return { isUse: false };
  const block = {
    type: 1, // an amount in won
    priceOrRate1: discount.amount.minor,
    startDate: discount.firstDay,
    endDate: discount.lastDay,
  };
  return { isUse: true, ...(perSite(wanted, () => block) as { [key: string]: Json }) };
}

/** The body of `PUT …/sell-status`, which wants every field. `selling`: the sites that are to sell. */
export function saleStatusBody(
  desired: DesiredListing,
  all: readonly Site[],
  selling: readonly Site[],
  period: (site: Site) => number = () => keepPeriod,
): object {
  return {
    isSell: perSite(all, (site) => selling.includes(site)),
    itemBasicInfo: {
      price: perSite(all, () => desired.price.minor),
      stock: perSite(all, () => stockFor(desired)),
      sellingPeriod: perSite(all, period),
    },
  };
}

/**
 * The whole document with price, stock and discount.
 * @param existing sites that have the product already: on an update their period is kept, while a site that gets the
 *   product by this write needs a period of its own.
 */
export function offerDocument(desired: DesiredListing, settings: EsmSettings, existing: readonly Site[]): object {
  const document = objectOf(desired.document, 'document');
  const additional = objectOf(document.itemAddtionalInfo, 'itemAddtionalInfo');
  const extra = objectOf(document.addtionalInfo, 'addtionalInfo');
  const keyed = (value: (site: Site) => number) =>
    Object.fromEntries(settings.sites.map((site) => [createKeys[site], value(site)]));
  return {
    ...document,
    itemAddtionalInfo: {
      ...additional,
      price: keyed(() => desired.price.minor),
      stock: keyed(() => stockFor(desired)),
      sellingPeriod: keyed((site) => (existing.includes(site) ? keepPeriod : settings.sellingPeriodDays)),
    },
    addtionalInfo: { ...extra, sellerDiscount: discountBlock(desired, settings.sites) },
  };
}

function objectOf(value: Json | undefined, field: string): { [key: string]: Json } {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ChannelError('unsupported', {
    code: 'NO_DOCUMENT',
    sent: false,
    channelMessage:
      '상품 문서가 만들어지지 않았습니다. 다시 보내 주십시오(`naru push`). / There is no document of the product. Push again (`naru push`).',
    field,
  });
}
