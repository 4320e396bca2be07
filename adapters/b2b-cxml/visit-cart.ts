import type { Offer } from '../../src/channel/inbound.ts';
import { money, sumMoney } from '../../src/domain/money.ts';
import { moneyContent } from './amounts.ts';
import { type CxmlDocument, messageDocument } from './envelope.ts';
import { itemDetail, itemId } from './item-detail.ts';
import { type PricedItem, pricedItem } from './item-document.ts';
import type { CxmlInboundContext, CxmlSettings } from './settings.ts';
import { plainLine } from './short-text.ts';
import { maxCartItems, maxQuantity, type VisitData } from './visit-data.ts';
import type { VisitWords } from './visit-words.ts';
import { wholeUnits } from './wire-values.ts';

/** An offer that can be sold on this account: with a price in its currency. */
export interface PricedOffer extends PricedItem {
  stock: number;
  imageUrl: string | null;
}

export interface CartLine {
  offer: PricedOffer;
  quantity: number;
}

/** Offers with their price in the account's currency; those without one are not shown. */
export function pricedOffers(settings: CxmlSettings, offers: readonly Offer[]): PricedOffer[] {
  return offers.flatMap((offer) => {
    const item = pricedItem(settings, offer);
    return item ? [{ ...item, stock: offer.stock, imageUrl: offer.imageUrl }] : [];
  });
}

/** Does what a form asks. The form says what and how many, never at which price. */
export function changedCart(
  cart: VisitData['cart'],
  fields: Record<string, string>,
  words: VisitWords,
): { cart: VisitData['cart']; notice: string | null } {
  const { do: action } = fields;
  const sku = plainLine(fields.sku ?? '');
  const held = cart.find((line) => line.sku === sku);
  if (action === 'remove') return { cart: cart.filter((line) => line !== held), notice: null };
  if ((action !== 'add' && action !== 'set') || sku === '') return { cart, notice: null };
  const units = wholeUnits(fields.quantity?.trim());
  if (units === null) return { cart, notice: words.notANumber };
  // The form tells how many the cart held when it was shown, so that the same form sent twice adds once.
  const before = wholeUnits(fields.held) ?? 0;
  const quantity = Math.min(maxQuantity, action === 'add' ? before + units : units);
  if (held) return { cart: cart.map((line) => (line === held ? { sku, quantity } : line)), notice: null };
  if (cart.length >= maxCartItems) return { cart, notice: words.cartFull };
  return { cart: [...cart, { sku, quantity }], notice: null };
}

/** The cart as it can be bought now, and what had to be changed for that, in words. */
export async function currentCart(
  context: CxmlInboundContext,
  cart: VisitData['cart'],
  words: VisitWords,
): Promise<{ lines: CartLine[]; notices: string[] }> {
  const { settings } = context.account;
  const found = cart.length === 0 ? [] : await context.offers.bySku(cart.map((line) => line.sku));
  const offers = new Map(pricedOffers(settings, found).map((offer) => [offer.sku, offer]));
  const lines: CartLine[] = [];
  const notices: string[] = [];
  for (const { sku, quantity } of cart) {
    const offer = offers.get(sku);
    if (!offer || offer.stock < offer.document.minimumQuantity) {
      notices.push(`${sku}: ${words.gone}`);
      continue;
    }
    const name = nameOf(offer, settings);
    const wanted = Math.max(quantity, offer.document.minimumQuantity);
    if (wanted !== quantity) notices.push(`${name}: ${words.raised} (${wanted})`);
    if (wanted > offer.stock) notices.push(`${name}: ${words.fewer} (${offer.stock})`);
    lines.push({ offer, quantity: Math.min(wanted, offer.stock) });
  }
  return { lines, notices };
}

/** The name of an offer in the account's language. */
export function nameOf(offer: PricedOffer, settings: CxmlSettings): string {
  return offer.document.name[settings.language] || offer.document.name.ko;
}

/** What one line, or all of them, cost now. */
export function totalOf(settings: CxmlSettings, lines: readonly CartLine[]) {
  const amounts = lines.map(({ offer, quantity }) => money(offer.price.minor * quantity, settings.currency));
  return sumMoney(amounts, settings.currency);
}

/** The `PunchOutOrderMessage` that a browser carries back. Without lines it says that nothing is to be bought. */
export function cartMessage(
  context: CxmlInboundContext,
  visit: Pick<VisitData, 'buyerCookie' | 'operation'>,
  lines: readonly CartLine[],
): CxmlDocument {
  const { settings } = context.account;
  const at = context.clock.now();
  return messageDocument(context, 'PunchOutOrderMessage', {
    BuyerCookie: visit.buyerCookie,
    PunchOutOrderMessageHeader: {
      // A cart may be opened again and changed, except one that was only looked at.
      '@operationAllowed': visit.operation === 'inspect' ? 'inspect' : 'edit',
      Total: { Money: moneyContent(totalOf(settings, lines)) },
    },
    ItemIn: lines.map(({ offer, quantity }, index) => ({
      '@quantity': String(quantity),
      '@lineNumber': String(index + 1),
      ItemID: itemId(offer.sku),
      ItemDetail: itemDetail(offer, { settings, at, as: 'cart' }),
    })),
  });
}
