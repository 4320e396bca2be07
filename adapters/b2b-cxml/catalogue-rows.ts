import { seoulDayOf } from '../../src/domain/seoul-time.ts';
import { decimalOf } from './amounts.ts';
import { itemDetail, itemId } from './item-detail.ts';
import { greenOn, type PricedItem } from './item-document.ts';
import { maxDescription } from './mapping-listing.ts';
import { type CxmlSettings, supplierIdOf } from './settings.ts';
import { cutTo } from './short-text.ts';
import { xmlFragment } from './xml-writing.ts';

/** What becomes of an item in a catalogue file. A delete needs no more than its key. */
export type CatalogueEntry = { kind: 'add'; item: PricedItem } | { kind: 'delete'; sku: string };

/** One `IndexItem`. */
export function indexItem(entry: CatalogueEntry, settings: CxmlSettings, at: Date): string {
  if (entry.kind === 'delete') return xmlFragment('IndexItem', { IndexItemDelete: { ItemID: itemId(entry.sku) } });
  const { item } = entry;
  return xmlFragment('IndexItem', {
    IndexItemAdd: {
      ItemID: itemId(item.sku),
      ItemDetail: itemDetail(item, { settings, at, as: 'catalogue' }),
      IndexItemDetail: { LeadTime: String(item.document.leadTimeDays) },
    },
  });
}

/** Columns of CIF 3.0 that two published guides of the format agree on; `Delete` only counts in an incremental file. */
export const cifColumns = [
  'Supplier ID',
  'Supplier Part ID',
  'Manufacturer Part ID',
  'Item Description',
  'SPSC Code',
  'Unit Price',
  'Unit of Measure',
  'Lead Time',
  'Manufacturer Name',
  'Short Name',
  'Language',
  'Currency',
  'Image',
  'Delete',
] as const;

const maxShortName = 50;

/** One CIF row. The row of a delete fills what must not be empty; only its key is looked at. */
export function cifRow(entry: CatalogueEntry, settings: CxmlSettings, at: Date): string {
  const supplier = supplierIdOf(settings).identity;
  if (entry.kind === 'delete') {
    const price = settings.currency === 'KRW' ? '0' : '0.00';
    const common = ['', '', '', settings.language, settings.currency, '', 'T'];
    return csvLine([supplier, entry.sku, '', entry.sku, '00000000', price, 'EA', ...common]);
  }
  const { sku, document, price } = entry.item;
  const name = document.name[settings.language] || document.name.ko;
  const marks = greenOn(document, seoulDayOf(at), settings.language);
  // CIF has no place for a green mark, so it stands where buyers read: behind the name.
  const text = [name, ...marks, document.description[settings.language]].filter((part) => part !== '').join('. ');
  return csvLine([
    supplier,
    sku,
    document.manufacturerPartId,
    cutTo(text, maxDescription),
    document.unspsc,
    decimalOf(price),
    document.unit,
    String(document.leadTimeDays),
    document.manufacturerName,
    cutTo(name, maxShortName),
    settings.language,
    price.currency,
    document.images[0] ?? '',
    '',
  ]);
}

/** A CSV record (RFC 4180); control characters go, because readers of CIF split at lines first. */
function csvLine(fields: readonly string[]): string {
  const quoted = fields.map((field) => {
    const line = field.replace(/\p{Cc}+/gu, ' ');
    return /[",]/.test(line) || line !== line.trim() ? `"${line.replaceAll('"', '""')}"` : line;
  });
  return `${quoted.join(',')}\n`;
}
