import { load } from 'cheerio';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visitPage } from '../../adapters/b2b-cxml/visit.ts';
import { attributeOf, childOf, childrenOf, textOf } from '../../adapters/b2b-cxml/xml-element.ts';
import { readXml } from '../../adapters/b2b-cxml/xml-reading.ts';
import type { Offer, VisitRequest } from '../../src/channel/inbound.ts';
import type { Json } from '../../src/domain/listing.ts';
import type { Product } from '../../src/domain/product.ts';
import { itemOf, rehearse, settingsOf } from '../support/b2b-cxml.ts';

const url = 'https://naru.example/visits/t0ken?x=1';
const visitOf = (change: Record<string, Json> = {}): Json => ({
  buyerCookie: 'c<&>"1',
  browserFormPost: 'https://buyer.example:8443/back?a=1&b="2"',
  operation: 'create',
  cart: [],
  words: '',
  ...change,
});
async function offersOf(own = settingsOf(), change: Partial<Product> = {}, count = 3): Promise<Offer[]> {
  const document = await itemOf(own, change);
  return Array.from({ length: count }, (_, index) => ({
    sku: `A-${String(index + 1).padStart(2, '0')}`,
    document,
    price: { minor: 1_000 * (index + 1), currency: 'KRW' as const },
    stock: 10 * index,
    imageUrl: index === 1 ? 'https://images.example/a.png?x=1&y="2' : null,
  }));
}
async function show(data: Json, request: Partial<VisitRequest> = {}, offers?: Offer[], own = settingsOf()) {
  const { context } = rehearse(own, { offers: offers ?? (await offersOf(own)) });
  const answer = await visitPage(context, { method: 'GET', fields: {}, url, ...request, data });
  const $ = load(answer.page);
  const carried = $('input[name="cxml-urlencoded"]')
    .toArray()
    .map((input) => readXml(new TextEncoder().encode($(input).attr('value') ?? '')));
  return { answer, $, carried, cart: (answer.data as { cart: Json }).cart };
}
const post = (fields: Record<string, string>): Partial<VisitRequest> => ({ method: 'POST', fields });

describe('punch-out pages', () => {
  it('need no script, and name their language', async () => {
    for (const language of ['ko', 'en']) {
      const { $ } = await show(visitOf(), {}, undefined, settingsOf({ language }));
      expect($('html').attr('lang')).toBe(language);
      expect($('script, [onclick], [onload], iframe, link')).toHaveLength(0);
      expect($('meta[name=viewport]').attr('content')).toContain('width=device-width');
      // Every field that a person fills in has a name for those who do not see it.
      for (const input of $('input:not([type=hidden])').toArray()) expect($(input).attr('aria-label')).toBeTruthy();
    }
  });
  it('list offers with price, stock, mark and picture; what is sold out cannot be added', async () => {
    const { $ } = await show(visitOf());
    const items = $('#results').parent().find('li');
    expect(items).toHaveLength(3);
    expect(items.eq(0).text()).toContain('품절');
    expect(items.eq(0).find('form')).toHaveLength(0);
    expect(items.eq(1).text()).toContain('₩2,000 / BX (부가세 포함)');
    expect(items.eq(1).text()).toContain('환경표지 99001');
    expect(items.eq(1).find('img').attr('src')).toBe('https://images.example/a.png?x=1&y="2');
    expect(items.eq(1).find('input[name=quantity]').attr('max')).toBe('10');
  });
  it('search, remember the words and keep the query of their own address', async () => {
    const { answer, $ } = await show(visitOf(), { fields: { q: 'A-02' } });
    expect(answer.data).toMatchObject({ words: 'A-02' });
    expect($('#results').parent().find('li')).toHaveLength(1);
    expect($('form[role=search] input[type=hidden]').attr('name')).toBe('x');
    expect($('form[role=search]').attr('action')).toBe('https://naru.example/visits/t0ken');
    expect((await show(answer.data)).$('input[name=q][type=search]').attr('value')).toBe('A-02');
    expect((await show(visitOf(), { fields: { q: 'nothing' } })).$('body').text()).toContain('찾는 상품이 없습니다');
  });
  it('go on behind the last product of a page', async () => {
    const offers = await offersOf(settingsOf(), {}, 25);
    const first = await show(visitOf(), {}, offers);
    expect(first.$('#results').parent().find('li')).toHaveLength(20);
    const link = new URL(first.$('a[href*=after]').attr('href') ?? '');
    expect(link.searchParams.get('after')).toBe('A-20');
    expect(link.searchParams.get('x')).toBe('1');
    const second = await show(visitOf(), { fields: Object.fromEntries(link.searchParams) }, offers);
    expect(second.$('#results').parent().find('li')).toHaveLength(5);
    expect(second.$('a[href*=after]')).toHaveLength(0);
  });
  it('add, change and remove', async () => {
    const added = await show(visitOf(), post({ do: 'add', sku: 'A-02', quantity: '2' }));
    expect(added.cart).toEqual([{ sku: 'A-02', quantity: 2 }]);
    const form = { do: 'add', sku: 'A-02', quantity: '3' };
    const held = added.$('#results').parent().find('li').eq(1).find('input[name=held]').attr('value') ?? '';
    const more = await show(added.answer.data, post({ ...form, held }));
    expect(more.cart).toEqual([{ sku: 'A-02', quantity: 5 }]);
    // A page that is loaded again sends its form again.
    expect((await show(more.answer.data, post({ ...form, held }))).cart).toEqual([{ sku: 'A-02', quantity: 5 }]);
    const set = await show(more.answer.data, post({ do: 'set', sku: 'A-02', quantity: '1' }));
    expect(set.cart).toEqual([{ sku: 'A-02', quantity: 1 }]);
    expect((await show(set.answer.data, post({ do: 'remove', sku: 'A-02' }))).cart).toEqual([]);
  });
  it.each(['0', '-1', '1.5', 'x', '', '1e9'])('refuse the quantity %j and say so', async (quantity) => {
    const { cart, $ } = await show(visitOf(), post({ do: 'add', sku: 'A-02', quantity }));
    expect(cart).toEqual([]);
    expect($('[role=status]').text()).toContain('정수');
  });
  it('change nothing for a GET', async () => {
    expect((await show(visitOf(), { fields: { do: 'add', sku: 'A-02', quantity: '1' } })).cart).toEqual([]);
  });
  it('believe no price of a form, and no product nobody offers', async () => {
    const { $, carried } = await show(visitOf(), post({ do: 'add', sku: 'A-02', quantity: '1', price: '1' }));
    expect($('.total').text()).toContain('₩2,000');
    expect(textOf(carried[0], 'Message', 'PunchOutOrderMessage', 'PunchOutOrderMessageHeader', 'Total', 'Money')).toBe(
      '2000',
    );
    const unknown = await show(visitOf(), post({ do: 'add', sku: 'Z-1', quantity: '1' }));
    expect(unknown.cart).toEqual([]);
    expect(unknown.$('[role=status]').text()).toContain('Z-1');
  });
  it('follow stock and price of the moment', async () => {
    const offers = await offersOf();
    const data = visitOf({
      cart: [
        { sku: 'A-02', quantity: 10 },
        { sku: 'A-03', quantity: 1 },
      ],
    });
    expect((await show(data, {}, offers)).cart).toEqual([
      { sku: 'A-02', quantity: 10 },
      { sku: 'A-03', quantity: 1 },
    ]);
    const fewer = offers.map((offer) => ({
      ...offer,
      stock: offer.sku === 'A-02' ? 4 : 0,
      price: { minor: 7, currency: 'KRW' as const },
    }));
    const { cart, $ } = await show(data, {}, fewer);
    expect(cart).toEqual([{ sku: 'A-02', quantity: 4 }]);
    expect($('[role=status]')).toHaveLength(2);
    expect($('.total').text()).toContain('₩28');
  });
  it('carry the cart back, without our secret, and an empty one to cancel', async () => {
    const { $, carried, answer } = await show(
      visitOf({
        cart: [
          { sku: 'A-02', quantity: 2 },
          { sku: 'A-03', quantity: 1 },
        ],
      }),
    );
    expect($('form.back').eq(0).attr('action')).toBe('https://buyer.example:8443/back?a=1&b=%222%22');
    expect($('form.back').attr('method')).toBe('post');
    expect(answer.formTargets).toEqual(['https://buyer.example:8443']);
    expect(answer.ends).toBe(false);
    expect(carried).toHaveLength(2);
    const message = childOf(carried[0], 'Message', 'PunchOutOrderMessage');
    expect(textOf(message, 'BuyerCookie')).toBe('c<&>"1');
    expect(textOf(message, 'PunchOutOrderMessageHeader', 'Total', 'Money')).toBe('7000');
    expect(
      childrenOf(message, 'ItemIn').map((item) => [
        textOf(item, 'ItemID', 'SupplierPartID'),
        attributeOf(item, 'quantity'),
      ]),
    ).toEqual([
      ['A-02', '2'],
      ['A-03', '1'],
    ]);
    expect(childrenOf(childOf(carried[1], 'Message', 'PunchOutOrderMessage'), 'ItemIn')).toEqual([]);
    // A cart is short: pictures are for the catalogue, marks are what a buyer must be able to prove.
    const extrinsics = childrenOf(childOf(message, 'ItemIn', 'ItemDetail'), 'Extrinsic');
    expect([...new Set(extrinsics.map((element) => attributeOf(element, 'name')))]).toEqual([
      'GreenCertification',
      'PriceIncludesVAT',
    ]);
    expect(answer.page).not.toContain('SharedSecret');
    expect(answer.page).not.toContain('welcome');
  });
  it('offer no way back to a host that is no longer allowed', async () => {
    const { $, answer } = await show(
      visitOf({ cart: [{ sku: 'A-02', quantity: 1 }] }),
      {},
      undefined,
      settingsOf({ allowedReturnHosts: ['other.example'] }),
    );
    expect($('form.back')).toHaveLength(0);
    expect(answer.formTargets).toEqual([]);
    expect($('.notice').text()).toContain('허용되지 않아');
  });
  it('only show what is inspected', async () => {
    const data = visitOf({ operation: 'inspect', cart: [{ sku: 'A-02', quantity: 99 }] });
    const { $, cart, carried } = await show(data, post({ do: 'remove', sku: 'A-02' }));
    expect(cart).toEqual([{ sku: 'A-02', quantity: 99 }]);
    expect($('input[name=do], #results')).toHaveLength(0);
    expect($('li')).toHaveLength(1);
    expect(carried).toHaveLength(1);
    const header = childOf(carried[0], 'Message', 'PunchOutOrderMessage', 'PunchOutOrderMessageHeader');
    expect(attributeOf(header, 'operationAllowed')).toBe('inspect');
    expect(childrenOf(childOf(carried[0], 'Message', 'PunchOutOrderMessage'), 'ItemIn')).toEqual([]);
  });
  it('sell in dollars from the minimum of export on', async () => {
    const own = settingsOf({ currency: 'USD', language: 'en' });
    const offers = (await offersOf(own)).map((offer) => ({ ...offer, stock: 500 }));
    const { $, cart, carried } = await show(visitOf(), post({ do: 'add', sku: 'A-02', quantity: '1' }), offers, own);
    expect(cart).toEqual([{ sku: 'A-02', quantity: 200 }]);
    expect($('.total').text()).toContain('$3,160.00');
    const total = childOf(
      carried[0],
      'Message',
      'PunchOutOrderMessage',
      'PunchOutOrderMessageHeader',
      'Total',
      'Money',
    );
    expect([total?.text, attributeOf(total, 'currency')]).toEqual(['3160.00', 'USD']);
    // A document from before the account sold in dollars has no price, and is not shown for won.
    expect((await show(visitOf(), {}, await offersOf(), own)).$('#results').parent().find('li')).toHaveLength(0);
  });
  it('escape hostile names and words wherever they stand', async () => {
    const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'&lt;';
    const offers = (await offersOf(settingsOf(), { name: { ko: hostile, en: hostile }, modelName: hostile })).map(
      (offer) => ({
        ...offer,
        stock: 5,
        imageUrl: 'javascript:alert(1)',
      }),
    );
    const { $ } = await show(visitOf(), post({ do: 'add', sku: 'A-02', quantity: '1', q: hostile }), offers);
    expect($('script, img, [onerror]')).toHaveLength(0);
    expect($('input[type=search]').attr('value')).toBe(hostile);
    const listed = await show(visitOf({ cart: [{ sku: 'A-02', quantity: 1 }] }), {}, offers);
    expect(listed.$('script, img, [onerror]')).toHaveLength(0);
    expect(listed.$('#results').parent().find('h3').first().text()).toBe(hostile);
    expect(listed.carried).toHaveLength(2);
  });
  it('keep nothing that cannot be stored', async () => {
    const fields = {
      do: 'add',
      sku: 'A-02\u0000',
      quantity: '1',
      q: `\u0000\udc00${'🌱'.repeat(80)}`,
      after: '\ud800',
    };
    const { answer, cart } = await show(visitOf(), { method: 'POST', fields: { ...fields, q: `x${fields.q}` } });
    expect(JSON.stringify(answer.data)).not.toMatch(/\\u0000|\\ud/i);
    expect(cart).toEqual([{ sku: 'A-02', quantity: 1 }]);
  });
  it('show any words as they were typed', async () => {
    const offers = await offersOf();
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 80 }), async (words) => {
        const { $ } = await show(visitOf(), { fields: { q: words } }, offers);
        expect($('input[type=search]').attr('value')).toBe(words.replace(/\p{Cc}+/gu, ' ').trim());
        expect($('h1')).toHaveLength(1);
      }),
      { numRuns: 50 },
    );
  });
});
