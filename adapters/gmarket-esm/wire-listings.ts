import { z } from 'zod';
import { decimal, numberId, optionalId } from './wire.ts';

/** Answers of the item family: create and update, search, sale status, seller discount, and the look-ups. */

const siteDetail = z.object({
  sitegoodsno: optionalId,
  sitegoodscomment: z.string().nullish(),
  innerresultcode: z.union([z.int(), z.string()]).nullish(),
  innerresultmessage: z.string().nullish(),
});

const siteDetails = z.object({ gmkt: siteDetail.nullish(), iac: siteDetail.nullish() });
export type SiteDetails = z.output<typeof siteDetails>;

/** Answer of create, full update and `…/status`; an update may answer with a bare code. */
export const writtenGoods = z
  .object({
    goodsno: optionalId,
    sitedetail: siteDetails.nullish(),
    data: z.object({ goodsno: optionalId, sitedetail: siteDetails.nullish() }).nullish().catch(null),
  })
  .transform((answer) => ({
    goodsNo: answer.goodsno ?? answer.data?.goodsno ?? null,
    sites: answer.sitedetail ?? answer.data?.sitedetail ?? {},
  }));

const sellStatus = z
  .union([z.string(), z.int()])
  .nullish()
  // "01" and 1 are both seen; an empty text is no status.
  .transform((code) => (code === null || code === undefined || code === '' ? null : String(code).padStart(2, '0')));

const foundItem = z.object({
  goodsno: numberId,
  managedcode: z.string().nullish(),
  goodsname: z.union([z.string(), z.object({ kor: z.string().nullish() })]).nullish(),
  sitegoodsno: z.object({ gmkt: optionalId, iac: optionalId }).nullish(),
  sellstatus: z.object({ gmkt: sellStatus, iac: sellStatus }).nullish(),
  price: z.object({ gmkt: decimal.nullish(), iac: decimal.nullish() }).nullish(),
  stock: z.object({ gmkt: z.int().nullish(), iac: z.int().nullish() }).nullish(),
});
export type FoundItem = z.output<typeof foundItem>;

const foundPage = z.object({ totalitems: z.int().min(0), items: z.array(foundItem).nullish() });

/** A page of `goods/search`; the portal shows it at top level, recordings also under `data` (notes §8). */
export const searchPage = z
  .union([z.object({ data: foundPage }).transform((answer) => answer.data), foundPage])
  .transform((page) => ({ totalItems: page.totalitems, items: page.items ?? [] }));

/** `GET …/sell-status`: the period is the end of sale as an integer YYYYMMDD, though PUT takes days (notes §2.3). */
export const sellStatusAnswer = z.object({
  itembasicinfo: z.object({
    sellingperiod: z.object({ gmkt: z.int().nullish(), iac: z.int().nullish() }).nullish(),
  }),
});

/** `GET …/seller-discounts`. */
export const discountAnswer = z.object({ sellerdiscount: z.object({ isuse: z.boolean().nullish() }).nullish() });

interface CategoryNode {
  catcode: string;
  catname: string;
  isleaf: boolean;
  subcats?: CategoryNode[] | null | undefined;
}
const category: z.ZodType<CategoryNode> = z.lazy(() =>
  z.object({
    catcode: z.union([z.string(), z.int()]).transform(String),
    catname: z.string(),
    isleaf: z.boolean(),
    subcats: z.array(category).nullish(),
  }),
);

export type { CategoryNode };

export const categoryLevel = z.object({ subcats: z.array(category).nullish() });

export const noticeGroups = z.object({
  groups: z.array(z.object({ officialnoticeno: numberId, officialnoticename: z.string() })),
});

export const noticeCodes = z.object({
  codes: z.array(
    z.object({
      officialnoticeitemelementcode: z.string(),
      officialnoticeitemelementname: z.string(),
      isrequired: z.boolean().nullish(),
    }),
  ),
});

// Which field marks the default is not written down, so any `…default…` field that says yes counts; hence loose.
export const shippingPlaces = z.object({ shippingplaces: z.array(z.looseObject({ placeno: numberId })) });
export const bundlePolicies = z.object({ policies: z.array(z.looseObject({ policyno: numberId })) });
export const sellerAddresses = z.object({ selleraddressbooklist: z.array(z.looseObject({ addrno: numberId })) });
export const dispatchPolicies = z.object({ dispatchpolicies: z.array(z.looseObject({ dispatchpolicyno: numberId })) });
export const couriers = z.object({
  deliverycompanies: z.array(z.object({ deliverycompcode: numberId, deliverycompname: z.string() })),
});
