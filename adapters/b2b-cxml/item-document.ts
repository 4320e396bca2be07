import { z } from 'zod';
import type { Json } from '../../src/domain/listing.ts';
import { type Money, money } from '../../src/domain/money.ts';
import type { CxmlSettings } from './settings.ts';

const bothLanguages = z.object({ ko: z.string(), en: z.string() });

/** What we hold of one item for catalogues, carts and pages; the price in won stands beside it. */
export const itemDocumentSchema = z.object({
  name: bothLanguages,
  description: bothLanguages,
  /** UN/CEFACT Recommendation 20. */
  unit: z.string(),
  unspsc: z.string(),
  hs: z.string().nullable(),
  manufacturerPartId: z.string(),
  manufacturerName: z.string(),
  leadTimeDays: z.int(),
  minimumQuantity: z.int().positive(),
  vatIncluded: z.boolean(),
  /** Certificates with the last Seoul day on which each may still be shown. */
  green: z.array(bothLanguages.extend({ validTo: z.string() })),
  images: z.array(z.string()),
  /** In cents; null where the account sells in won. */
  priceUsd: z.int().nullable(),
});
export type ItemDocument = z.infer<typeof itemDocumentSchema>;

/** One item with the price a buyer pays now. */
export interface PricedItem {
  sku: string;
  document: ItemDocument;
  price: Money;
}

/**
 * An item with its price in the account's currency; null when it has none there: a document made before somebody changed
 * the currency must not be sold for won that are called dollars.
 */
export function pricedItem(
  settings: CxmlSettings,
  item: { sku: string; document: Json; price: Money },
): PricedItem | null {
  const document = itemDocumentSchema.safeParse(item.document).data;
  if (!document) return null;
  if (settings.currency === 'KRW') {
    return item.price.currency === 'KRW' ? { sku: item.sku, document, price: item.price } : null;
  }
  return document.priceUsd === null ? null : { sku: item.sku, document, price: money(document.priceUsd, 'USD') };
}

/** The certificates that may be shown on a Seoul day. */
export function greenOn(document: ItemDocument, day: string, language: CxmlSettings['language']): string[] {
  return document.green.filter((mark) => day <= mark.validTo).map((mark) => mark[language]);
}
