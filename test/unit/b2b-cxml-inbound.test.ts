import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inbound } from '../../adapters/b2b-cxml/inbound.ts';
import type { InboundResult } from '../../src/channel/inbound.ts';
import { inquirySchema } from '../../src/domain/inquiry.ts';
import {
  buyerMessage,
  credentials,
  lineXml,
  now,
  orderXml,
  rehearse,
  type SentMessage,
  settingsOf,
} from '../support/b2b-cxml.ts';

const settings = settingsOf();
const receive = (bytes: Uint8Array, own = settings, contentType = 'text/xml') =>
  inbound.receive(rehearse(own).context, { contentType, bytes });
const send = (message: SentMessage, own = settings) => receive(buyerMessage(message), own);
const statusOf = (result: InboundResult, outcome: Parameters<InboundResult['answer']>[0] = 'recorded') => {
  const answer = result.answer(outcome);
  expect(answer.status).toBe(200);
  expect(answer.contentType).toBe('text/xml; charset=UTF-8');
  return Number(/<Status code="(\d+)"/.exec(answer.body)?.[1]);
};
const refusalOf = async (body: string) => {
  const result = await send({ body });
  expect(result).toMatchObject({ messageId: null, orders: [], claims: [], inquiries: [] });
  return { code: statusOf(result), text: /<Status[^>]*>([^<]*)</.exec(result.answer('recorded').body)?.[1] ?? '' };
};

describe('the door: who sends', () => {
  it.each([
    ['another secret', { secret: 'wrong' }],
    ['an empty secret', { secret: '' }],
    ['another identity', { identity: 'AN0999' }],
  ])('answers 401 to %s and records nothing', async (_name, change) => {
    const result = await send({ body: orderXml(), ...change });
    expect(statusOf(result)).toBe(401);
    expect(result).toMatchObject({ messageId: null, orders: [] });
  });
  it('answers 401 where From is right and the Sender says nothing', async () => {
    const text = new TextDecoder().decode(buyerMessage({ body: orderXml() }));
    const bytes = new TextEncoder().encode(text.replace(/<Sender>.*<\/Sender>/s, '<Sender/>'));
    expect(statusOf(await receive(bytes))).toBe(401);
  });
  it('wants the agreed domain where the account names one', async () => {
    expect(statusOf(await send({ body: orderXml() }, settingsOf({ senderDomain: 'DUNS' })))).toBe(401);
    expect(statusOf(await send({ body: orderXml() }, settingsOf({ senderDomain: 'NetworkId' })))).toBe(200);
  });
  it('answers 400 to what is for another supplier or from another buyer, where the account lists them', async () => {
    const code = async (own: ReturnType<typeof settingsOf>, change: (text: string) => string = (text) => text) => {
      const text = change(new TextDecoder().decode(buyerMessage({ body: orderXml() })));
      return statusOf(await receive(new TextEncoder().encode(text), own));
    };
    const from = (identity: string) => (text: string) =>
      text.replace(/(<From>.*<Identity>)[^<]*/, (_, before) => `${before}${identity}`);
    const to = (identity: string) => (text: string) =>
      text.replace(/(<To>.*<Identity>)[^<]*/, (_, before) => `${before}${identity}`);
    const listed = settingsOf({ fromIdentities: ['AN0100', 'AN0998'], toIdentities: ['AN0200'] });
    expect(await code(listed)).toBe(200);
    expect(await code(listed, to('an0200'))).toBe(200);
    expect(await code(listed, to('AN0999'))).toBe(400);
    expect(await code(listed, from('AN0999'))).toBe(400);
    expect(await code(listed, from('AN0998'))).toBe(200);
    const other = '<Credential domain="DUNS"><Identity>942888711</Identity></Credential>';
    expect(await code(listed, (text) => text.replace('<To>', `<To>${other}`))).toBe(200);
    expect(await code(listed, (text) => text.replace(/<From>.*<\/To>/s, ''))).toBe(200);
    expect(await code(settings, (text) => to('X')(from('Y')(text)))).toBe(200);
  });
  it('repeats neither the secret nor the wrong one', async () => {
    const { body } = (await send({ body: orderXml(), secret: 'guess-123' })).answer('recorded');
    expect(body).not.toContain('guess-123');
    expect(body).not.toContain(credentials.sharedSecret);
  });
});

describe('the door: messages that cannot be read', () => {
  it.each([
    ['no XML', 'hello', 406],
    ['cut XML', '<cXML><Header>', 406],
    ['entities', '<!DOCTYPE cXML [<!ENTITY a "b">]><cXML>&a;</cXML>', 406],
    ['depth', '<a>'.repeat(10_000), 406],
    ['another root', '<Order/>', 406],
    ['no header', '<cXML payloadID="1" timestamp="2026-11-23T09:29:58+09:00"/>', 401],
  ])('answers %s with a status', async (_name, text, code) => {
    expect(statusOf(await receive(new TextEncoder().encode(text)))).toBe(code);
  });
  it.each([
    ['borders', '--b\r\n'],
    ['empty parts', '--b\r\n\r\n'],
    ['nested parts', '--b\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'],
    ['heads', 'X: y\r\n'],
  ])('is not busy with megabytes of %s', async (_name, unit) => {
    const bytes = new TextEncoder().encode(unit.repeat(Math.floor(inbound.maxBytes / unit.length)));
    const started = process.cpuUsage();
    expect(statusOf(await receive(bytes, settings, 'multipart/related; boundary="b"'))).toBe(406);
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(30_000);
  });
  it('looks for the document in a thousand parts and no more', async () => {
    const xml = new TextDecoder().decode(buyerMessage({ body: '<ProfileRequest/>' }));
    const message = (parts: number) =>
      new TextEncoder().encode(
        `${'--b\r\n\r\n'.repeat(parts)}--b\r\nContent-Type: text/xml\r\n\r\n${xml}\r\n--b--\r\n`,
      );
    const type = 'multipart/related; boundary="b"';
    expect(statusOf(await receive(message(900), settings, type))).toBe(200);
    expect(statusOf(await receive(message(1_000), settings, type))).toBe(406);
  });
  it('reads the part that start names, and knows the type of cXML', async () => {
    const xml = new TextDecoder().decode(buyerMessage({ body: '<ProfileRequest/>' }));
    const part = (id: string, mime: string, text: string) =>
      `--b\r\nContent-Type: ${mime}\r\nContent-ID: <${id}>\r\n\r\n${text}\r\n`;
    const sent = async (parts: string, start: string) =>
      statusOf(
        await receive(
          new TextEncoder().encode(`${parts}--b--\r\n`),
          settings,
          `multipart/related; boundary="b"; type="text/xml"${start}`,
        ),
      );
    const both = part('list@buyer', 'text/xml', '<Index/>') + part('root@buyer', 'text/xml', xml);
    expect(await sent(both, '; start="<root@buyer>"')).toBe(200);
    expect(await sent(both, '; start=root@buyer')).toBe(200);
    expect(await sent(both, '')).toBe(406);
    expect(await sent(part('1', 'application/cxml+xml; charset=UTF-8', xml), '')).toBe(200);
    expect(await sent(part('1', 'text/xml', xml), '; start="<gone@buyer>"')).toBe(200);
  });
  it('has an answer for what was too long to read', () => {
    const answer = inbound.tooLarge(now);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<Status code="406"');
  });
  it('never throws, whatever is put into a message', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom('orderID', 'orderDate', 'orderVersion', 'type', 'quantity', 'lineNumber', 'price', 'raw'),
        async (text, place) => {
          const value = text.replace(/[<&"]/g, '').replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '');
          const told = (values: Record<string, string>) =>
            Object.entries(values)
              .map((pair) => `${pair[0]}="${pair[1]}"`)
              .join(' ');
          const isOfLine = place === 'quantity' || place === 'lineNumber';
          const lines = lineXml({
            attributes: told({ quantity: '1', lineNumber: '1', ...(isOfLine && { [place]: value }) }),
            ...(place === 'price' && { price: value }),
          });
          const attributes = told({ orderID: '1', orderDate: '2026-11-23', ...(!isOfLine && { [place]: value }) });
          const body = place === 'raw' ? text : orderXml({ attributes, lines });
          statusOf(await send({ body }));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the door: profile, status and the rest', () => {
  it('lists what it takes', async () => {
    const { body } = (await send({ body: '<ProfileRequest/>' })).answer('recorded');
    expect([...body.matchAll(/requestName="(\w+)"/g)].map((found) => found[1])).toEqual([
      'ProfileRequest',
      'PunchOutSetupRequest',
      'OrderRequest',
      'QuoteRequest',
      'StatusUpdateRequest',
    ]);
    expect(body).toContain('<URL>https://naru.example/partners/acme</URL>');
  });
  it('takes a status update and records nothing', async () => {
    const result = await send({ body: '<StatusUpdateRequest><Status code="200" text="OK"/></StatusUpdateRequest>' });
    expect(statusOf(result)).toBe(200);
    expect(result.messageId).toBeNull();
  });
  it.each(['<InvoiceDetailRequest/>', '', '<constructor/>'])('answers 450 to %s', async (body) => {
    expect((await refusalOf(body)).code).toBe(450);
  });
});

describe('the door: quote requests', () => {
  const quote = (
    attributes = '',
    items = 2,
  ) => `<QuoteRequest><QuoteRequestHeader requestID="RFQ-7" requestDate="2026-11-20T10:00:00+09:00" openDate="2026-11-20T10:00:00+09:00" closeDate="2026-12-01T10:00:00+09:00" currency="KRW" xml:lang="ko" ${attributes}>
<Description xml:lang="ko">급합니다. 문의 kim@buyer.example 010-1234-5678, 수량 2,500</Description>
<Contact role="buyer"><Name xml:lang="ko">김구매</Name><Email>kim@buyer.example</Email><Phone><TelephoneNumber><CountryCode isoCountryCode="KR">82</CountryCode><AreaOrCityCode>2</AreaOrCityCode><Number>1234567</Number></TelephoneNumber></Phone></Contact></QuoteRequestHeader>
${Array.from({ length: items }, (_, index) => `<QuoteItemOut quantity="${index + 5}" lineNumber="${index + 1}"><ItemID><SupplierPartID>SG-0${index + 1}</SupplierPartID></ItemID><ItemDetail><UnitPrice><Money currency="${index ? 'EUR' : 'KRW'}">1000</Money></UnitPrice><Description xml:lang="ko">용지</Description><UnitOfMeasure>BX</UnitOfMeasure><Classification domain="x">1</Classification></ItemDetail></QuoteItemOut>`).join('')}</QuoteRequest>`;

  it('gives an inquiry for each item, with the person apart', async () => {
    const result = await send({ body: quote() });
    expect(result.messageId).toBe('1@buyer');
    expect(result.inquiries.map((inquiry) => inquiry.externalId)).toEqual(['RFQ-7#1', 'RFQ-7#2']);
    const [first, second] = result.inquiries;
    expect(inquirySchema.parse(first?.value)).toMatchObject({
      kind: 'rfq',
      productWords: 'SG-01',
      buyerCompany: 'AN0100',
      quantity: 5,
      unit: 'BX',
      targetPrice: { minor: 1_000, currency: 'KRW' },
      receivedAt: new Date('2026-11-20T01:00:00Z'),
      expiresAt: new Date('2026-12-01T01:00:00Z'),
    });
    expect(first?.contact).toEqual({ name: '김구매', email: 'kim@buyer.example', phone: '82-2-1234567' });
    expect(JSON.stringify(first?.value)).not.toMatch(/kim@|010-1234|김구매/);
    expect(first?.value.message).toContain('수량 2,500');
    expect(second).toMatchObject({ value: { targetPrice: null }, extras: { UnitPrice: '1000 EUR' } });
  });
  it('keeps the name of its contact out of its texts', async () => {
    const body = quote()
      .replaceAll('김구매', 'Jane Roe')
      .replace('급합니다.', '김씨 말고 Jane  Roe에게, 또는 JANE ROE; not Jane Roebuck.');
    const { value, contact } = (await send({ body })).inquiries[0] ?? {};
    expect(contact).toMatchObject({ name: 'Jane Roe' });
    expect(value?.message).toContain('김씨 말고 [name]에게, 또는 [name]; not Jane Roebuck.');
  });
  it('uses the number itself for a single item, and for none', async () => {
    expect((await send({ body: quote('', 1) })).inquiries[0]?.externalId).toBe('RFQ-7');
    expect((await send({ body: quote('', 0) })).inquiries).toMatchObject([
      { externalId: 'RFQ-7', value: { quantity: null } },
    ]);
  });
  it('does not pretend to take one back', async () => {
    expect((await refusalOf(quote('type="delete"'))).code).toBe(450);
  });
});

describe('the door: punch-out set-up', () => {
  const setup = (change: { operation?: string; post?: string; items?: string; cookie?: string } = {}) =>
    `<PunchOutSetupRequest operation="${change.operation ?? 'create'}"><BuyerCookie>${change.cookie ?? 'c-1'}</BuyerCookie>${
      change.post === undefined
        ? '<BrowserFormPost><URL>https://buyer.example/back?a=1&amp;b=2</URL></BrowserFormPost>'
        : change.post
    }${change.items ?? ''}</PunchOutSetupRequest>`;
  const open = async (body: string, own = settings) => {
    const { context, visits } = rehearse(own);
    const result = await inbound.receive(context, { contentType: 'text/xml', bytes: buyerMessage({ body }) });
    return { visits, result };
  };
  const post = (url: string) => `<BrowserFormPost><URL>${url}</URL></BrowserFormPost>`;

  it('opens a visit and says where', async () => {
    const { visits, result } = await open(setup());
    expect(result.answer('recorded').body).toContain('<StartPage><URL>https://naru.example/visits/1</URL></StartPage>');
    expect(result.messageId).toBeNull();
    expect(visits).toEqual([
      {
        buyerCookie: 'c-1',
        browserFormPost: 'https://buyer.example/back?a=1&b=2',
        operation: 'create',
        cart: [],
        words: '',
      },
    ]);
  });
  it('brings the requisition along for edit, one line for each product', async () => {
    const item = (quantity: string) =>
      `<ItemOut quantity="${quantity}"><ItemID><SupplierPartID>A-1</SupplierPartID></ItemID></ItemOut>`;
    const { visits } = await open(setup({ operation: 'edit', items: item('2') + item('3.0') }));
    expect(visits[0]).toMatchObject({ operation: 'edit', cart: [{ sku: 'A-1', quantity: 5 }] });
    expect(statusOf((await open(setup({ operation: 'edit', items: item('0.5') }))).result)).toBe(400);
  });
  it.each([
    ['javascript:alert(1)'],
    ['data:text/html,x'],
    ['ftp://buyer.example/'],
    ['https://user:pass@buyer.example/'],
    ['https://user@buyer.example/'],
    ['//buyer.example/'],
    ['not an address'],
  ])('opens nothing for a cart that would go to %s', async (url) => {
    const { visits, result } = await open(setup({ post: post(url) }));
    expect(statusOf(result)).toBe(400);
    expect(visits).toEqual([]);
  });
  it('returns carts only to allowed hosts', async () => {
    const own = settingsOf({ allowedReturnHosts: ['buyer.example', 'other.example:8443'] });
    const codes = [];
    for (const url of [
      'https://buyer.example/x',
      'https://other.example:8443/x',
      'https://other.example/x',
      'https://buyer.example.evil.example/x',
    ]) {
      codes.push(statusOf((await open(setup({ post: post(url) }), own)).result));
    }
    expect(codes).toEqual([200, 200, 400, 400]);
  });
  it.each([
    ['no way back', setup({ post: '' }), 400],
    ['no cookie', setup({ cookie: '' }), 400],
    ['source', setup({ operation: 'source' }), 450],
  ])('refuses %s', async (_name, body, code) => {
    expect(statusOf((await open(body)).result)).toBe(code);
  });
  it('needs no way back to inspect', async () => {
    expect((await open(setup({ operation: 'inspect', post: '' }))).visits[0]).toMatchObject({ browserFormPost: null });
  });
  it('stamps its answers with Seoul time', async () => {
    expect((await open(setup())).result.answer('recorded').body).toContain('timestamp="2026-11-23T09:30:00+09:00"');
    expect(now.toISOString()).toBe('2026-11-23T00:30:00.000Z');
  });
});
