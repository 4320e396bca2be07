import { formatMoney } from '../../src/domain/money.ts';
import { seoulDayOf } from '../../src/domain/seoul-time.ts';
import { greenOn } from './item-document.ts';
import type { CxmlSettings } from './settings.ts';
import { type CartLine, nameOf, type PricedOffer, totalOf } from './visit-cart.ts';
import type { VisitWords } from './visit-words.ts';

/** All that one page shows. */
export interface PageContent {
  settings: CxmlSettings;
  words: VisitWords;
  at: Date;
  /** The visit's own address. */
  url: string;
  searched: string;
  offers: readonly PricedOffer[];
  /** The SKU behind which the next page begins; null on the last. */
  nextAfter: string | null;
  lines: readonly CartLine[];
  notices: readonly string[];
  mayChange: boolean;
  /** Where a cart goes, and the documents to choose from; null when it may not be returned. */
  back: { target: string; full: string | null; empty: string } | null;
}

/** A whole page. It needs no script, and every text in it is escaped: names and words come from outside. */
export function pageHtml(page: PageContent): string {
  const { settings, words } = page;
  const title = escapeHtml(settings.catalogueName);
  return `<!doctype html>
<html lang="${settings.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="same-origin">
<title>${title}</title>
<style>${css}</style>
</head>
<body>
<h1>${title}</h1>
${page.notices.map((notice) => `<p class="notice" role="status">${escapeHtml(notice)}</p>`).join('\n')}
${page.mayChange ? '' : `<p class="notice" role="status">${words.inspecting}</p>`}
${cartHtml(page)}
${page.mayChange ? resultsHtml(page) : ''}
</body>
</html>
`;
}

const css = `
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#1b1b1b;background:#fff}
h1{font-size:1.4rem}h2{font-size:1.15rem;margin-top:1.5rem}h3{font-size:1rem;margin:0}
ul{list-style:none;margin:0;padding:0}
li{display:flex;flex-wrap:wrap;gap:.75rem;border-top:1px solid #ccc;padding:.75rem 0}
li img{width:6rem;height:6rem;object-fit:contain}
li>div{flex:1 1 14rem;overflow-wrap:anywhere}
form{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
input[type=search]{flex:1 1 12rem}
input,button{font:inherit;padding:.4rem .6rem;min-height:2.75rem}
input[type=number]{width:7rem}
p{margin:.25rem 0}.green{color:#14602a}.notice{background:#fff3cd;padding:.5rem}.small{font-size:.875rem}
.total{font-weight:bold}.back{margin-top:1rem}
`;

function cartHtml(page: PageContent): string {
  const { words, settings, lines } = page;
  const body =
    lines.length === 0
      ? `<p>${words.cartEmpty}</p>`
      : `<ul>${lines.map((line) => cartLineHtml(page, line)).join('\n')}</ul>
<p class="total">${words.total}: ${formatMoney(totalOf(settings, lines))}</p>`;
  return `<section aria-labelledby="cart"><h2 id="cart">${words.cart}</h2>
${body}
${backHtml(page)}
</section>`;
}

function cartLineHtml(page: PageContent, line: CartLine): string {
  const { words, settings } = page;
  const { offer, quantity } = line;
  const name = escapeHtml(nameOf(offer, settings));
  const forms = page.mayChange
    ? `${quantityForm(page, offer, 'set', quantity, words.change)}
<form method="post" action="${escapeHtml(page.url)}">${hidden('do', 'remove')}${hidden('sku', offer.sku)}
<button aria-label="${words.remove}: ${name}">${words.remove}</button></form>`
    : `<p>${words.quantity}: ${quantity}</p>`;
  return `<li><div><h3>${name}</h3>
<p class="small">${escapeHtml(offer.sku)}</p>
<p>${formatMoney(offer.price)} × ${quantity} = ${formatMoney(totalOf(settings, [line]))}</p></div>
${forms}</li>`;
}

function backHtml({ back, words, mayChange }: PageContent): string {
  if (back === null) return mayChange ? `<p class="notice">${words.noReturn}</p>` : '';
  const form = (document: string, label: string) =>
    `<form class="back" method="post" action="${escapeHtml(back.target)}">${hidden('cxml-urlencoded', document)}
<button>${label}</button></form>`;
  return (back.full === null ? '' : form(back.full, words.giveBack)) + form(back.empty, words.cancel);
}

function resultsHtml(page: PageContent): string {
  const { words, offers, nextAfter, searched } = page;
  // A form that gets replaces the query of its address, so what stands there goes along as fields.
  const [path = '', query = ''] = page.url.split('?', 2);
  const kept = [...new URLSearchParams(query)].map(([name, value]) => hidden(name, value)).join('');
  const more =
    nextAfter === null
      ? ''
      : `<p><a href="${escapeHtml(linkTo(page.url, { q: searched, after: nextAfter }))}">${words.more}</a></p>`;
  const all = searched === '' ? '' : `<p><a href="${escapeHtml(linkTo(page.url, { q: '' }))}">${words.all}</a></p>`;
  const list =
    offers.length === 0
      ? `<p>${words.noResults}</p>`
      : `<ul>${offers.map((offer) => offerHtml(page, offer)).join('\n')}</ul>`;
  return `<section aria-labelledby="results"><h2 id="results">${words.results}</h2>
<form method="get" action="${escapeHtml(path)}" role="search">${kept}
<input type="search" name="q" value="${escapeHtml(searched)}" aria-label="${words.search}" maxlength="100">
<button>${words.find}</button></form>
${all}
${list}
${more}
</section>`;
}

function offerHtml(page: PageContent, offer: PricedOffer): string {
  const { words, settings } = page;
  const { document } = offer;
  const name = escapeHtml(nameOf(offer, settings));
  const marks = greenOn(document, seoulDayOf(page.at), settings.language);
  const canBuy = offer.stock >= document.minimumQuantity;
  const picture =
    offer.imageUrl !== null && /^https?:\/\//i.test(offer.imageUrl)
      ? `<img src="${escapeHtml(offer.imageUrl)}" alt="" loading="lazy" referrerpolicy="no-referrer">`
      : '';
  const vat = settings.currency === 'KRW' ? ` (${document.vatIncluded ? words.vat : words.noVat})` : '';
  const minimum = document.minimumQuantity > 1 ? `<p>${words.minimum}: ${document.minimumQuantity}</p>` : '';
  return `<li>${picture}<div><h3>${name}</h3>
<p class="small">${escapeHtml(`${offer.sku} · ${document.manufacturerName} · ${document.manufacturerPartId}`)}</p>
<p>${formatMoney(offer.price)} / ${escapeHtml(document.unit)}${vat}</p>
${minimum}${marks.map((mark) => `<p class="green">${words.certificates}: ${escapeHtml(mark)}</p>`).join('')}
<p class="small">${canBuy ? `${words.stock}: ${offer.stock}` : words.soldOut}</p></div>
${canBuy ? quantityForm(page, offer, 'add', document.minimumQuantity, words.add) : ''}</li>`;
}

function quantityForm(
  page: PageContent,
  offer: PricedOffer,
  action: 'add' | 'set',
  quantity: number,
  label: string,
): string {
  const name = escapeHtml(nameOf(offer, page.settings));
  const held = page.lines.find((line) => line.offer.sku === offer.sku)?.quantity ?? 0;
  return `<form method="post" action="${escapeHtml(page.url)}">${hidden('do', action)}${hidden('sku', offer.sku)}${hidden('q', page.searched)}${hidden('held', String(held))}
<input type="number" name="quantity" value="${quantity}" min="1" max="${offer.stock}" required aria-label="${page.words.quantity}: ${name}">
<button aria-label="${label}: ${name}">${label}</button></form>`;
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`;
}

function linkTo(url: string, fields: Record<string, string>): string {
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(fields)}`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
