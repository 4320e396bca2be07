import { z } from 'zod';
import { certificateKindSchema, certificateSchema } from './certificate.ts';

/** The same text in Korean and in English. */
export const bilingualSchema = z.object({ ko: z.string(), en: z.string() });
export type Bilingual = z.infer<typeof bilingualSchema>;

/** Product information notice types (상품정보제공고시) and the keys each must fill. */
export const NOTICE_KEYS = {
  furniture: [
    'productname',
    'kc',
    'material',
    'color',
    'size',
    'configuration',
    'installation',
    'manufacturer',
    'manufacturecountry',
    'warranty',
    'director',
  ],
  office_equipment: [
    'productname',
    'kc',
    'energy',
    'energyperformance',
    'date',
    'size',
    'specifications',
    'manufacturer',
    'manufacturecountry',
    'warranty',
    'director',
  ],
  home_appliance: [
    'productname',
    'kc',
    'energy',
    'energyperformance',
    'date',
    'size',
    'installation',
    'manufacturer',
    'manufacturecountry',
    'warranty',
    'director',
  ],
  small_electronics: [
    'productname',
    'kc',
    'energy',
    'date',
    'size',
    'specifications',
    'manufacturer',
    'manufacturecountry',
    'warranty',
    'director',
  ],
  cosmetic: [
    'productname',
    'material',
    'date',
    'method',
    'specifications',
    'kc',
    'precautions',
    'manufacturer',
    'manufacturecountry',
    'warranty',
    'director',
  ],
  household_chemical: [
    'productname',
    'purpose',
    'date',
    'size',
    'function',
    'kc',
    'specifications',
    'precautions',
    'configuration',
    'manufacturer',
    'manufacturecountry',
    'director',
  ],
  bag: [
    'kinds',
    'material',
    'color',
    'size',
    'precautions',
    'manufacturer',
    'manufacturecountry',
    'warranty',
    'director',
  ],
  clothing: [
    'material',
    'color',
    'size',
    'precautions',
    'date',
    'manufacturer',
    'manufacturecountry',
    'warranty',
    'director',
  ],
  other: ['productname', 'warranty', 'manufacturer', 'manufacturecountry', 'director'],
} as const satisfies Record<string, readonly string[]>;

export type NoticeType = keyof typeof NOTICE_KEYS;
export const NOTICE_TYPES = Object.keys(NOTICE_KEYS) as [NoticeType, ...NoticeType[]];
export const noticeTypeSchema = z.enum(NOTICE_TYPES);

/** The seller, as the catalogue states it. `businessNo` is ten digits; show it with `formatBusinessNumber`. */
export const companySchema = z.object({
  businessNo: z.string().regex(/^\d{10}$/),
  nameKo: z.string().min(1),
  nameEn: z.string().min(1),
  mailOrderReportNo: z.string(),
  addressKo: z.string().min(1),
  districtKo: z.string().min(1),
  phone: z.string().min(1),
});
export type Company = z.infer<typeof companySchema>;

/**
 * What a claim rests on: a certificate kind, `other` (a test report or another document a person has seen), or `none`.
 * `evidenceRef` is the certificate's number or the document's own.
 */
export const productClaimSchema = z.object({
  textKo: z.string().min(1),
  basis: z.enum([...certificateKindSchema.options, 'other', 'none']),
  evidenceRef: z.string().nullable(),
});

/** `file` is a name beside the catalogue, or an http(s) address. */
export const productImageSchema = z.object({ file: z.string().min(1), altKo: z.string() });

/**
 * A product as a seller's catalogue states it. Money in `…Krw` is whole won (KRW has no minor unit);
 * `exportPriceUsd` is decimal text with two decimals so that no float is involved.
 */
export const productSchema = z.object({
  sku: z.string().min(1),
  name: bilingualSchema,
  brand: bilingualSchema,
  company: companySchema,
  category: z.object({ code: z.string().min(1), ko: z.string(), en: z.string() }),
  group: z.object({ code: z.string().nullable(), ko: z.string(), en: z.string() }),
  modelName: z.string().min(1),
  gtin: z.string(),
  certificates: z.array(certificateSchema),
  isStatutoryGreenProduct: z.boolean(),
  priceKrw: z.int(),
  listPriceKrw: z.int(),
  vatIncluded: z.boolean(),
  stockQty: z.int(),
  shippingFeeKrw: z.int(),
  moq: z.int(),
  moqUnit: z.string().min(1),
  exportPriceUsd: z.string(),
  incoterm: z.string().min(1),
  hsCode: z.string(),
  originCountry: z.string(),
  weightG: z.int(),
  packageMm: z.object({ width: z.int(), depth: z.int(), height: z.int() }),
  kc: z.object({ status: z.enum(['required', 'not_applicable']), number: z.string().nullable() }),
  householdChemical: z.object({ applies: z.boolean(), reportNo: z.string().nullable() }),
  noticeType: noticeTypeSchema,
  notice: z.record(z.string(), z.string()),
  description: bilingualSchema,
  claims: z.array(productClaimSchema),
  images: z.array(productImageSchema),
  /** True for invented demonstration goods, which have no photographs; absent for everything real. */
  isFictional: z.literal(true).optional(),
});
export type ProductClaim = z.infer<typeof productClaimSchema>;
export type Product = z.infer<typeof productSchema>;

/** What makes a SKU the same product as before; a change of any of these under one SKU needs a person's word. */
export interface Identity {
  businessNo: string;
  modelName: string;
  nameKo: string;
}

/** The identity of a product, as `sku_duplicate` compares it. */
export function identityOf(product: Product): Identity {
  return { businessNo: product.company.businessNo, modelName: product.modelName, nameKo: product.name.ko };
}
