import type { Json } from '../../src/domain/listing.ts';
import { Refusal } from './refusal.ts';
import type { CxmlInboundContext } from './settings.ts';
import { cutTo } from './short-text.ts';
import { maxCartItems, maxQuantity, maxWords, operations, returnAddress, type VisitData } from './visit-data.ts';
import { requiredId, wholeUnits } from './wire-values.ts';
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from './xml-element.ts';

const maxCookie = 4_000;

/** Opens a visit for a `PunchOutSetupRequest` and returns its address. */
export async function openPunchOut(context: CxmlInboundContext, request: XmlElement): Promise<string> {
  const operation = operations.find((known) => known === attributeOf(request, 'operation'));
  if (!operation) {
    throw new Refusal(
      450,
      'Only create, edit and inspect are taken as punch-out operations.',
      '펀치아웃은 create, edit, inspect만 받습니다.',
    );
  }
  const buyerCookie = textOf(request, 'BuyerCookie');
  if (buyerCookie === undefined || buyerCookie.length > maxCookie) {
    throw new Refusal(400, 'BuyerCookie is missing or too long.', 'BuyerCookie가 없거나 너무 깁니다.');
  }
  const written = textOf(request, 'BrowserFormPost', 'URL');
  const browserFormPost = written === undefined ? null : returnAddress(written, context.account.settings);
  if (browserFormPost === null && (written !== undefined || operation !== 'inspect')) {
    throw new Refusal(
      400,
      'BrowserFormPost is missing, is no http(s) address, or names a host that this account does not return carts to.',
      'BrowserFormPost가 없거나, http(s) 주소가 아니거나, 이 계정에 허용되지 않은 호스트입니다.',
    );
  }
  const data: VisitData = {
    buyerCookie,
    browserFormPost,
    operation,
    cart: cartOf(request),
    words: cutTo(textOf(request, 'SelectedItem', 'ItemID', 'SupplierPartID') ?? '', maxWords),
  };
  return context.visits.open(data as Json);
}

/** What the requisition holds already; the same item on two lines is one in our cart. */
function cartOf(request: XmlElement): VisitData['cart'] {
  const cart = new Map<string, number>();
  for (const item of childrenOf(request, 'ItemOut')) {
    const sku = requiredId(textOf(childOf(item, 'ItemID'), 'SupplierPartID'), {
      en: 'A SupplierPartID',
      ko: '상품코드(SupplierPartID)',
    });
    const units = wholeUnits(attributeOf(item, 'quantity'));
    if (units === null) {
      throw new Refusal(400, 'A quantity is no whole number above nought.', '수량이 1 이상의 정수가 아닙니다.');
    }
    cart.set(sku, Math.min(maxQuantity, (cart.get(sku) ?? 0) + units));
  }
  if (cart.size > maxCartItems) {
    throw new Refusal(400, `There are more than ${maxCartItems} items.`, `품목이 ${maxCartItems}개를 넘습니다.`);
  }
  return [...cart].map(([sku, quantity]) => ({ sku, quantity }));
}
