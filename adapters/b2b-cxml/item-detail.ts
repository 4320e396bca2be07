import { seoulDayOf } from '../../src/domain/seoul-time.ts';
import { moneyContent } from './amounts.ts';
import { greenOn, type PricedItem } from './item-document.ts';
import type { CxmlSettings } from './settings.ts';
import type { XmlContent } from './xml-writing.ts';

/** `ItemID` by our SKU. */
export function itemId(sku: string): XmlContent {
  return { SupplierPartID: sku };
}

/**
 * `ItemDetail` of an item. In a catalogue the description has the name as its short name and all the text; in a cart it is
 * the name alone, because it becomes a line of somebody's requisition.
 */
export function itemDetail(
  { document, price }: PricedItem,
  options: { settings: CxmlSettings; at: Date; as: 'catalogue' | 'cart' },
): XmlContent {
  const { settings, at, as } = options;
  const languages = settings.language === 'ko' ? (['ko', 'en'] as const) : (['en', 'ko'] as const);
  return {
    UnitPrice: { Money: moneyContent(price) },
    Description: languages
      .filter((language) => document.name[language] !== '')
      .map((language) => ({
        '@xml:lang': language,
        ...(as === 'catalogue'
          ? { ShortName: document.name[language], '#': document.description[language] }
          : { '#': document.name[language] }),
      })),
    UnitOfMeasure: document.unit,
    Classification: [
      { '@domain': 'UNSPSC', '#': document.unspsc },
      ...(document.hs === null ? [] : [{ '@domain': 'HS', '#': document.hs }]),
    ],
    ManufacturerPartID: document.manufacturerPartId,
    ManufacturerName: document.manufacturerName,
    LeadTime: String(document.leadTimeDays),
    Extrinsic: [
      ...greenOn(document, seoulDayOf(at), settings.language).map((mark) => extrinsic('GreenCertification', mark)),
      ...(as === 'catalogue' ? document.images.map((url) => extrinsic('Image', url)) : []),
      // A buyer's budget is hit ten per cent off when this is left to custom.
      ...(settings.currency === 'KRW' ? [extrinsic('PriceIncludesVAT', document.vatIncluded ? 'yes' : 'no')] : []),
      ...(document.minimumQuantity > 1 ? [extrinsic('MinimumOrderQuantity', String(document.minimumQuantity))] : []),
    ],
  };
}

function extrinsic(name: string, value: string): XmlContent {
  return { '@name': name, '#': value };
}
