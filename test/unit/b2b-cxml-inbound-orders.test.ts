import { describe, expect, it } from 'vitest';
import { inbound } from '../../adapters/b2b-cxml/inbound.ts';
import type { InboundResult } from '../../src/channel/inbound.ts';
import { claimSchema } from '../../src/domain/claim.ts';
import { orderSchema } from '../../src/domain/order.ts';
import { buyerMessage, lineXml, orderXml, rehearse, type SentMessage, settingsOf } from '../support/b2b-cxml.ts';

const settings = settingsOf({ deploymentMode: 'production' });
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

describe('the door: orders', () => {
  it('reads an order', async () => {
    const result = await send({
      body: orderXml({
        header: '<Shipping><Money currency="KRW">3,000</Money><Description xml:lang="ko">택배</Description></Shipping>',
      }),
      payloadId: 'm-1@buyer',
    });
    expect(result.messageId).toBe('m-1@buyer');
    const [record] = result.orders;
    expect(record).toMatchObject({ externalId: 'PO-1', version: 1 });
    expect(orderSchema.parse(record?.value)).toEqual({
      orderId: 'PO-1',
      cartId: null,
      site: 'catalogue',
      status: 'paid',
      rawStatus: 'new',
      orderedAt: new Date('2026-11-23T00:00:00Z'),
      paidAt: null,
      shipping: { minor: 3_000, currency: 'KRW' },
      shippingGroup: null,
      lines: [
        {
          lineId: '10',
          sku: 'SG-01-001',
          externalListingId: null,
          title: '복사용지',
          units: 3,
          unitPrice: { minor: 23_900, currency: 'KRW' },
          gross: { minor: 71_700, currency: 'KRW' },
          sellerDiscount: { minor: 0, currency: 'KRW' },
          channelDiscount: { minor: 0, currency: 'KRW' },
        },
      ],
    });
  });
  it('keeps no personal data', async () => {
    const result = await send({ body: orderXml() });
    const kept = JSON.stringify(result);
    for (const word of ['비밀', '홍', 'secret@', '서울']) expect(kept).not.toContain(word);
    expect(result.orders[0]?.raw).toMatchObject({ payloadId: '1@buyer', orderId: 'PO-1', total: '71700' });
  });
  it('tells by the outcome', async () => {
    const result = await send({ body: orderXml() });
    expect(
      ['recorded', 'repeated', 'conflicting', 'cancelled', 'outdated', 'failed'].map((outcome) =>
        statusOf(result, outcome as never),
      ),
    ).toEqual([200, 200, 409, 409, 409, 560]);
  });
  it('counts versions, and takes a delete for a cancel of the whole order', async () => {
    const attributes = 'orderID="PO-1" orderDate="2026-11-23T09:00:00+09:00"';
    const update = await send({ body: orderXml({ attributes: `${attributes} type="update" orderVersion="3"` }) });
    expect(update.orders[0]).toMatchObject({ version: 3, value: { rawStatus: 'update' } });
    const cancel = await send({ body: orderXml({ attributes: `${attributes} type="delete" orderVersion="4"` }) });
    expect(cancel.orders).toEqual([]);
    expect(cancel.claims[0]).toMatchObject({ externalId: 'delete#4-PO-1' });
    expect(claimSchema.parse(cancel.claims[0]?.value)).toMatchObject({
      claimId: 'delete#4-PO-1',
      kind: 'cancel',
      state: 'done',
      orderId: 'PO-1',
      orderVersion: 4,
      lineId: null,
      requestedAt: new Date('2026-11-23T00:29:58Z'),
    });
    const whole = (await send({ body: orderXml({ attributes: `${attributes} type="delete"` }) })).claims[0];
    expect(whole).toMatchObject({ externalId: 'delete-PO-1' });
    expect(whole?.value).not.toHaveProperty('orderVersion');
  });
  it('does not book a test order where the account says that it is productive, and else does', async () => {
    expect((await send({ body: orderXml(), mode: 'test' }, settingsOf())).orders).toHaveLength(1);
    const test = await send({ body: orderXml(), mode: 'test' });
    expect(test).toMatchObject({ messageId: null, orders: [] });
    expect(statusOf(test)).toBe(200);
    expect(
      (await send({ body: orderXml(), mode: 'test' }, settingsOf({ deploymentMode: 'test' }))).orders,
    ).toHaveLength(1);
    // Whoever orders in earnest is believed, wherever the order lands.
    expect((await send({ body: orderXml() }, settingsOf({ deploymentMode: 'test' }))).orders).toHaveLength(1);
  });
  it.each([
    ['3', 3],
    ['3.00', 3],
    ['0', null],
    ['-1', null],
    ['1.5', null],
    ['1e3', null],
    ['', null],
    ['9999999999', null],
  ])('reads the quantity %j', async (quantity, units) => {
    const result = await send({
      body: orderXml({ lines: lineXml({ attributes: `quantity="${quantity}" lineNumber="1"` }) }),
    });
    expect(result.orders[0]?.value.lines[0]?.units ?? null).toBe(units);
    expect(statusOf(result)).toBe(units === null ? 400 : 200);
  });
  it.each([
    ['another currency', lineXml({ currency: 'EUR' }), 'KRW and USD'],
    ['two currencies', lineXml({ currency: 'USD' }), 'mixes two currencies'],
    ['a part of a won', lineXml({ price: '23900.5' }), 'no amount of KRW'],
    ['a negative price', lineXml({ price: '-1' }), 'no amount of KRW'],
    ['a grouped number that is none', lineXml({ price: '1,00' }), 'no amount of KRW'],
    [
      'an amount beyond counting',
      lineXml({ price: '900719925474099', attributes: 'quantity="99" lineNumber="1"' }),
      'too large',
    ],
    [
      'more money than a line may carry',
      lineXml({ price: '1000000001', attributes: 'quantity="1000" lineNumber="1"' }),
      'too large',
    ],
    [
      'more units than a line may carry',
      lineXml({ attributes: 'quantity="10000001" lineNumber="1"' }),
      'above 10000000',
    ],
    ['one number twice', lineXml() + lineXml(), 'one lineNumber'],
    [
      'a price for ten',
      lineXml({ more: '<PriceBasisQuantity quantity="10" conversionFactor="1"/>' }),
      'more than one unit',
    ],
    ['a return', lineXml({ attributes: 'quantity="1" lineNumber="1" isReturn="yes"' }), 'returns'],
    ['a composite item', lineXml({ attributes: 'quantity="1" lineNumber="1" parentLineNumber="1"' }), 'composite'],
    ['no price', '<ItemOut quantity="1"><ItemID><SupplierPartID>A</SupplierPartID></ItemID></ItemOut>', 'no Money'],
    ['no SKU', '<ItemOut quantity="1"><ItemID/></ItemOut>', 'SupplierPartID is missing'],
    ['no lines', '', 'no lines'],
  ])('refuses %s', async (_name, lines, words) => {
    const { code, text } = await refusalOf(orderXml({ lines }));
    expect(code).toBe(400);
    expect(text).toContain(words);
    expect(text).toMatch(/ \/ .*[가-힣]/);
  });
  it.each([
    ['no orderID', 'orderDate="2026-11-23"', 400],
    ['an orderID that is hidden', 'orderID="a\u200bb" orderDate="2026-11-23"', 400],
    ['no date', 'orderID="1"', 400],
    ['a date that is none', 'orderID="1" orderDate="soon"', 400],
    ['a version that is none', 'orderID="1" orderDate="2026-11-23" orderVersion="x"', 400],
    ['a type that is none', 'orderID="1" orderDate="2026-11-23" type="split"', 400],
    ['a blanket order', 'orderID="1" orderDate="2026-11-23" orderType="blanket"', 450],
  ])('refuses %s', async (_name, attributes, code) => {
    expect((await refusalOf(orderXml({ attributes }))).code).toBe(code);
  });
  it.each([
    ['0001-01-01', 400],
    ['1998-12-31T00:00:00+09:00', 400],
    ['1999-03-12T18:39:09-08:00', 200],
    ['2026-12-24T09:00:00+09:00', 200],
    ['2028-01-01T00:00:00+09:00', 400],
    ['9999-12-31', 400],
  ])('judges the order date %s', async (orderDate, code) => {
    expect(statusOf(await send({ body: orderXml({ attributes: `orderID="1" orderDate="${orderDate}"` }) }))).toBe(code);
  });
  it('refuses amounts that only together, or only in the Total, are beyond reason', async () => {
    const half = (line: number) => lineXml({ price: '600000000000', attributes: `quantity="1" lineNumber="${line}"` });
    expect((await refusalOf(orderXml({ lines: half(1) + half(2) }))).text).toContain('too large');
    expect((await refusalOf(orderXml({ total: '1000000000001' }))).text).toContain('too large');
    expect(statusOf(await send({ body: orderXml({ lines: half(1) }) }))).toBe(200);
  });
  it('leaves out a deleted line and numbers lines that have no number', async () => {
    const lines = [
      lineXml({ attributes: 'quantity="1" operation="delete"' }),
      lineXml({ attributes: 'quantity="1"' }),
      lineXml({ attributes: 'quantity="2"' }),
    ].join('');
    const [record] = (await send({ body: orderXml({ lines }) })).orders;
    expect(record?.value.lines.map((line) => [line.lineId, line.units])).toEqual([
      ['1', 1],
      ['2', 2],
    ]);
  });
  it('cuts a long title without leaving half a character, which could not be stored', async () => {
    const lines = lineXml().replace('>복사용지<', `>x${'🌱'.repeat(400)}<`);
    const [record] = (await send({ body: orderXml({ lines }) })).orders;
    expect(JSON.stringify(record)).not.toMatch(/\\ud[89ab]/);
    expect(record?.value.lines[0]?.title).toBe(`x${'🌱'.repeat(149)}`);
  });
  it('reads dollars to the cent', async () => {
    const body = orderXml({ lines: lineXml({ price: '15.80', currency: 'USD' }) }).replace(
      'currency="KRW">71700',
      'currency="USD">47.40',
    );
    const [record] = (await send({ body })).orders;
    expect(record?.value.lines[0]?.gross).toEqual({ minor: 4_740, currency: 'USD' });
    expect(record?.value.shipping).toEqual({ minor: 0, currency: 'USD' });
  });
  it('finds the order in a message with attachments', async () => {
    const xml = new TextDecoder().decode(buyerMessage({ body: orderXml() }));
    const bytes = new TextEncoder().encode(
      `--b1\r\nContent-Type: text/xml; charset=UTF-8\r\nContent-ID: <1@buyer>\r\n\r\n${xml}\r\n--b1\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--b1--\r\n`,
    );
    const type = 'multipart/related; boundary="b1"; type="text/xml"; start="<1@buyer>"';
    expect((await receive(bytes, settings, type)).orders).toHaveLength(1);
    expect(statusOf(await receive(new TextEncoder().encode('--b1--'), settings, type))).toBe(406);
  });
});
