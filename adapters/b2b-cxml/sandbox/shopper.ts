/** The person at the buyer's desk: walks through the supplier's pages by their forms alone, as a browser without scripts. */

import { load } from 'cheerio';
import { NotPossible } from './sent-documents.ts';

interface PageForm {
  action: string;
  method: string;
  fields: Record<string, string>;
}

/** The forms of a page, with what a browser would send of them. */
function formsOf(page: string, url: string): PageForm[] {
  const $ = load(page);
  return $('form')
    .toArray()
    .map((form) => ({
      action: new URL($(form).attr('action') ?? url, url).href,
      method: ($(form).attr('method') ?? 'get').toUpperCase(),
      fields: Object.fromEntries(
        $(form)
          .find('input[name]')
          .toArray()
          .map((input) => [$(input).attr('name') ?? '', $(input).attr('value') ?? '']),
      ),
    }));
}

async function read(url: string, form: PageForm | null): Promise<string> {
  const body = form && new URLSearchParams(form.fields).toString();
  const target = form?.method === 'GET' ? `${form.action.split('?')[0]}?${body}` : (form?.action ?? url);
  const answer = await fetch(target, {
    method: form?.method ?? 'GET',
    headers: { connection: 'close', ...(body !== null && { 'content-type': 'application/x-www-form-urlencoded' }) },
    ...(form?.method === 'POST' && { body }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new NotPossible(`${target} answered ${answer.status}`);
  return text;
}

/**
 * Puts these goods into the cart, each looked for by its number, and takes the cart back. Without numbers it takes the
 * first goods that the page offers.
 *
 * @param lines how many goods, where none are named.
 * @param quantity units of each; where the page asks for more, as many as it asks for.
 * @param returnTo our own address for carts.
 * @throws NotPossible when a page does not offer what a buyer needs.
 */
export async function shop(visit: {
  startPage: string;
  skus: readonly string[] | null;
  lines: number;
  quantity: number;
  returnTo: string;
}): Promise<{ lines: number }> {
  const { startPage, quantity, returnTo } = visit;
  let page = await read(startPage, null);
  const offered = formsOf(page, startPage).flatMap(({ fields }) =>
    fields.quantity === undefined ? [] : (fields.sku ?? []),
  );
  const skus = visit.skus ?? offered.slice(0, visit.lines);
  if (skus.length === 0) throw new NotPossible('the page offers nothing');
  for (const sku of skus) {
    const search = formsOf(page, startPage).find((form) => form.method === 'GET');
    if (!search) throw new NotPossible('the page has no search');
    const [box = 'q'] = Object.keys(search.fields).slice(-1);
    page = await read(startPage, { ...search, fields: { ...search.fields, [box]: sku } });
    const offer = formsOf(page, startPage).find(
      (form) => form.fields.sku === sku && form.fields.quantity !== undefined,
    );
    if (!offer) throw new NotPossible(`the page does not offer ${sku}`);
    const units = Math.max(quantity, Number(offer.fields.quantity));
    page = await read(startPage, { ...offer, fields: { ...offer.fields, quantity: String(units) } });
  }
  // The full cart comes first; the other way back is to leave without anything.
  const back = formsOf(page, startPage).find((form) => form.action === returnTo);
  if (!back) throw new NotPossible('the page has no way back');
  await read(startPage, back);
  return { lines: skus.length };
}
