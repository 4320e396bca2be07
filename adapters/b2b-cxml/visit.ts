import type { VisitAnswer, VisitRequest } from '../../src/channel/inbound.ts';
import type { Json } from '../../src/domain/listing.ts';
import type { CxmlInboundContext } from './settings.ts';
import { plainLine } from './short-text.ts';
import { cartMessage, changedCart, currentCart, pricedOffers } from './visit-cart.ts';
import { maxWords, returnAddress, visitDataSchema } from './visit-data.ts';
import { pageHtml } from './visit-page.ts';
import { visitWords } from './visit-words.ts';

const pageSize = 20;

/**
 * One request of a person on our pages: changes the cart, then shows it with prices and stock of this moment. The forms
 * that lead back post to the buyer and not to us, so a visit ends by its age alone.
 */
export async function visitPage(context: CxmlInboundContext, request: VisitRequest): Promise<VisitAnswer> {
  const { settings } = context.account;
  const words = visitWords(settings.language);
  const data = visitDataSchema.parse(request.data);
  const mayChange = data.operation !== 'inspect';
  const changed =
    request.method === 'POST' && mayChange
      ? changedCart(data.cart, request.fields, words)
      : { cart: data.cart, notice: null };
  const searched = plainLine(request.fields.q ?? data.words, maxWords);
  const { lines, notices } = await currentCart(context, changed.cart, words);
  const found = mayChange
    ? await context.offers.search({
        words: searched,
        afterSku: plainLine(request.fields.after ?? ''),
        limit: pageSize + 1,
      })
    : [];
  const shown = found.slice(0, pageSize);
  const target = data.browserFormPost === null ? null : returnAddress(data.browserFormPost, settings);
  const page = pageHtml({
    settings,
    words,
    at: context.clock.now(),
    url: request.url,
    searched,
    offers: pricedOffers(settings, shown),
    // By the last one asked for, not the last one shown: the next page begins behind it in any case.
    nextAfter: found.length > pageSize ? (shown.at(-1)?.sku ?? null) : null,
    lines,
    notices: changed.notice === null ? notices : [changed.notice, ...notices],
    mayChange,
    back:
      target === null
        ? null
        : {
            target,
            full: lines.length > 0 && mayChange ? cartMessage(context, data, lines).xml : null,
            empty: cartMessage(context, data, []).xml,
          },
  });
  // What an inspected requisition holds stays as it came, whatever can be bought of it today.
  const cart = mayChange ? lines.map(({ offer, quantity }) => ({ sku: offer.sku, quantity })) : data.cart;
  return {
    data: { ...data, cart, words: searched } as Json,
    page,
    // The origin is enough for a policy of form targets, and has none of the letters that would end its entry.
    formTargets: target === null ? [] : [new URL(target).origin],
    ends: false,
  };
}
