import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DtdValidator, XmlDocument, XmlDtd } from 'libxml2-wasm';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogueFiles } from '../../adapters/b2b-cxml/catalogue-documents.ts';
import { pushCatalogue } from '../../adapters/b2b-cxml/catalogue-upload.ts';
import { checkAccount } from '../../adapters/b2b-cxml/check.ts';
import { inbound } from '../../adapters/b2b-cxml/inbound.ts';
import { acknowledgeOrder, shipOrder } from '../../adapters/b2b-cxml/shipments.ts';
import { readXml } from '../../adapters/b2b-cxml/xml-reading.ts';
import type { Offer } from '../../src/channel/inbound.ts';
import { buyerMessage, changeOf, itemOf, now, orderXml, rehearse, settingsOf } from '../support/b2b-cxml.ts';

/** A folder with `dtd/1.2.063/*.dtd` and `samples/*.xml` as cxml.org and others publish them; we do not carry them. */
const oracle = process.env.NARU_CXML_ORACLE;

describe.skipIf(!oracle)(`documents against the published DTDs${oracle ? '' : ' (needs NARU_CXML_ORACLE)'}`, () => {
  const dtds = new Map<string, XmlDtd>();
  const folder = oracle ?? '';

  beforeAll(() => {
    for (const name of ['cXML', 'Fulfill', 'Quote']) {
      dtds.set(name, XmlDtd.fromBuffer(readFileSync(join(folder, 'dtd/1.2.063', `${name}.dtd`))));
    }
  });
  afterAll(() => {
    for (const dtd of dtds.values()) dtd.dispose();
  });

  /** Validates against the DTD that the document itself names. */
  const validate = (text: string): void => {
    const name = /cXML\/1\.2\.063\/(\w+)\.dtd"/.exec(text)?.[1] ?? '';
    const dtd = dtds.get(name);
    if (!dtd) throw new Error(`the document names no known DTD: ${text.slice(0, 200)}`);
    const document = XmlDocument.fromString(text);
    try {
      new DtdValidator(dtd).validate(document);
    } finally {
      document.dispose();
    }
    // Our own reader is the other judge.
    readXml(new TextEncoder().encode(text));
  };

  const settings = settingsOf({
    baseUrl: 'https://buyer.example/cxml',
    contact: { name: '김담당', email: 'a@b.example' },
  });
  const received = async (body: string, offers: Offer[] = []) => {
    const { context } = rehearse(settings, { offers });
    const message = { contentType: 'text/xml', bytes: buyerMessage({ body }) };
    return (await inbound.receive(context, message)).answer('recorded').body;
  };

  it('would notice a document that is wrong', async () => {
    const answer = await received('<ProfileRequest/>');
    validate(answer);
    expect(() => validate(answer.replace(/<Status[^>]*\/?>(?:<\/Status>)?/, ''))).toThrow();
  });

  it.each(oracle ? readdirSync(join(oracle, 'samples')) : [])('reads the published sample %s', (name) => {
    const root = readXml(readFileSync(join(folder, 'samples', name)));
    expect(['cXML', 'Index']).toContain(root.name);
  });

  it('accepts every upload and the Index in it', async () => {
    const { context, calls } = rehearse(settings);
    const document = await itemOf(settings, { name: { ko: '<b>"재생" & 용지</b>', en: "Paper's ]]> best" } });
    await pushCatalogue(context, [changeOf('A-1', document), changeOf('A-2', document, { operation: 'stop' })]);
    await pushCatalogue(context, [changeOf('A-2', document, { operation: 'remove' })]);
    expect(calls).toHaveLength(2);
    for (const call of calls) {
      const mail = await PostalMime.parse(`Content-Type: ${call.text?.contentType}\r\n\r\n${call.text?.content}`);
      expect(mail.attachments).toHaveLength(2);
      for (const part of mail.attachments) validate(new TextDecoder().decode(part.content as ArrayBuffer));
    }
  });

  it.each(['KRW', 'USD'])('accepts a full Index in %s', async (currency) => {
    const own = settingsOf({ currency, language: currency === 'USD' ? 'en' : 'ko' });
    const document = await itemOf(own);
    async function* items() {
      for (const sku of ['A-1', 'A-2']) yield { sku, document, price: { minor: 1_000, currency: 'KRW' as const } };
    }
    let text = '';
    for await (const piece of catalogueFiles.write({
      settings: own,
      format: 'index',
      count: 2,
      items: items(),
      at: now,
    })) {
      text += piece;
    }
    validate(text);
    expect(text).toContain(`<Money currency="${currency}">${currency === 'USD' ? '15.80' : '1000'}</Money>`);
  });

  it('accepts the profile question and the notices about an order', async () => {
    const { context, calls } = rehearse(settings);
    await checkAccount(context);
    const read = await inbound.receive(context, { contentType: 'text/xml', bytes: buyerMessage({ body: orderXml() }) });
    const [record] = read.orders;
    if (!record) throw new Error('the order was not read');
    const order = { site: 'catalogue', orderId: 'PO-1', lines: record.value.lines, raw: record.raw };
    await acknowledgeOrder(context, order, now);
    await shipOrder(context, order, { courierCode: 'CJ', invoiceNo: '123', shippedAt: now });
    expect(calls).toHaveLength(3);
    for (const call of calls) validate(call.text?.content ?? '');
  });

  it('accepts every answer of the door', async () => {
    validate(await received('<ProfileRequest/>'));
    validate(await received(orderXml()));
    validate(await received('<OrderRequest/>'));
    validate(await received('<CopyRequest/>'));
    validate(inbound.tooLarge(now).body);
    validate(
      await received(
        '<PunchOutSetupRequest operation="create"><BuyerCookie>c</BuyerCookie><BrowserFormPost><URL>https://b.example/</URL></BrowserFormPost></PunchOutSetupRequest>',
      ),
    );
  });

  it('accepts the cart and the empty cart that a browser carries back', async () => {
    const document = await itemOf(settings);
    const offer: Offer = { sku: 'A-1', document, price: { minor: 23_900, currency: 'KRW' }, stock: 9, imageUrl: null };
    const { context } = rehearse(settings, { offers: [offer] });
    const data = {
      buyerCookie: '<cookie>',
      browserFormPost: 'https://b.example/',
      operation: 'create',
      cart: [{ sku: 'A-1', quantity: 2 }],
      words: '',
    };
    const answer = await inbound.visit?.(context, { method: 'GET', fields: {}, url: 'https://naru.example/v/1', data });
    const sent = [...(answer?.page ?? '').matchAll(/name="cxml-urlencoded" value="([^"]*)"/g)].map((found) =>
      (found[1] ?? '')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&'),
    );
    expect(sent).toHaveLength(2);
    for (const text of sent) validate(text);
    expect(sent[0]).toContain('<ItemIn quantity="2"');
    expect(sent[1]).not.toContain('ItemIn');
  });
});
