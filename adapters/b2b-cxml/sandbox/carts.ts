/** Carts that came back from the supplier's shop through the browser. */

import { minorOf } from './amounts.ts';
import { type OrderedLine, totalOf } from './outgoing.ts';
import { Refused } from './refusal.ts';
import { at, childrenOf, textAt, type XmlElement } from './xml-tree.ts';

export interface Cart {
  buyerCookie: string;
  currency: string;
  /** Minor units, as the message's own Total. */
  total: number;
  lines: OrderedLine[];
}

function moneyAt(element: XmlElement, path: string): { minor: number; currency: string } {
  const money = at(element, path);
  const currency = money?.attributes.currency ?? '';
  const minor = minorOf(money?.text ?? '', currency);
  if (minor === null)
    throw new Refused(400, `${element.name} has no amount that ${currency || 'no currency'} can hold`);
  return { minor, currency };
}

/** @throws Refused when the amounts or quantities do not add up. */
export function readCart(message: XmlElement): Cart {
  const total = moneyAt(message, 'PunchOutOrderMessageHeader/Total/Money');
  const lines = childrenOf(message, 'ItemIn').map((item): OrderedLine => {
    const price = moneyAt(item, 'ItemDetail/UnitPrice/Money');
    const quantity = Number(item.attributes.quantity);
    const sku = textAt(item, 'ItemID/SupplierPartID') ?? '';
    if (!Number.isSafeInteger(quantity) || quantity < 1) throw new Refused(400, `${sku}: no quantity to buy`);
    if (sku === '') throw new Refused(400, 'an item has no SupplierPartID');
    if (price.currency !== total.currency) throw new Refused(400, `${sku} has another currency than the total`);
    return {
      sku,
      auxiliary: textAt(item, 'ItemID/SupplierPartAuxiliaryID'),
      quantity,
      unitPrice: price.minor,
      currency: price.currency,
      description: textAt(item, 'ItemDetail/Description') ?? sku,
    };
  });
  if (totalOf(lines) !== total.minor) throw new Refused(400, 'the Total is not the sum of the items');
  return { buyerCookie: textAt(message, 'BuyerCookie') ?? '', currency: total.currency, total: total.minor, lines };
}
