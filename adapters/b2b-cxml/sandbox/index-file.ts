/** A catalogue as the XML document Index. */

import { minorOf } from './amounts.ts';
import type { CatalogueFile, CatalogueItem } from './catalogue.ts';
import { Refused } from './refusal.ts';
import { at, childrenOf, textAt, type XmlElement } from './xml-tree.ts';

/** Index has no field for stock; suppliers that tell it do so in an Extrinsic of one of these names. */
const STOCK_NAMES = ['stock', 'quantity', 'availablequantity', 'stockquantity', 'inventory'];

function skuOf(item: XmlElement): string {
  const sku = textAt(item, 'ItemID/SupplierPartID') ?? '';
  if (sku === '') throw new Refused(400, `Index: ${item.name} has no SupplierPartID`);
  return sku;
}

function stockOf(detail: XmlElement | null): number | null {
  const told = childrenOf(detail, 'Extrinsic').find((one) =>
    STOCK_NAMES.includes((one.attributes.name ?? '').toLowerCase().replace(/[^a-z]/g, '')),
  );
  return told && /^\d+$/.test(told.text.trim()) ? Number(told.text.trim()) : null;
}

function added(item: XmlElement): CatalogueItem {
  const sku = skuOf(item);
  const money = at(item, 'ItemDetail/UnitPrice/Money');
  const currency = money?.attributes.currency ?? '';
  const price = minorOf(money?.text ?? '', currency);
  if (price === null || price <= 0) throw new Refused(400, `Index: ${sku} has no price that ${currency} can hold`);
  const name = textAt(item, 'ItemDetail/Description/ShortName') || textAt(item, 'ItemDetail/Description') || '';
  if (name === '') throw new Refused(400, `Index: ${sku} has no description`);
  if (!/^\d+$/.test(textAt(item, 'IndexItemDetail/LeadTime') ?? ''))
    throw new Refused(400, `Index: ${sku} has no lead time in days`);
  if (!textAt(item, 'ItemDetail/UnitOfMeasure')) throw new Refused(400, `Index: ${sku} has no unit of measure`);
  return { sku, supplier: '', deleted: false, name, price, currency, stock: stockOf(at(item, 'ItemDetail')) };
}

/** @throws Refused for an item that cannot be sold as described. */
export function readIndex(index: XmlElement): CatalogueFile {
  const items = childrenOf(index, 'IndexItem').flatMap((group) =>
    group.children.map((item): CatalogueItem => {
      if (item.name === 'IndexItemAdd') return added(item);
      if (item.name === 'IndexItemDelete')
        return { sku: skuOf(item), supplier: '', deleted: true, name: '', price: 0, currency: '', stock: null };
      throw new Refused(450, `Index: ${item.name} is not taken here`);
    }),
  );
  return {
    form: 'Index',
    full: index.attributes.loadmode !== 'Incremental',
    suppliers: childrenOf(index, 'SupplierID').map((one) => ({
      domain: one.attributes.domain ?? '',
      identity: one.text.trim(),
    })),
    items,
  };
}
