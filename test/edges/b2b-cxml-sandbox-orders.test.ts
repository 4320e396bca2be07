import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DtdValidator, XmlDocument, XmlDtd } from 'libxml2-wasm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CxmlBuyer, OrderWish } from '../../adapters/b2b-cxml/sandbox/index.ts';
import {
  addItem,
  control,
  deliver,
  dtdFolder,
  envelope,
  indexDocument,
  openBuyer,
  openSupplier,
  type SupplierDoor,
  said,
} from '../support/b2b-cxml-sandbox-supplier.ts';

let buyer: CxmlBuyer;
let supplier: SupplierDoor;

beforeEach(async () => {
  [buyer, supplier] = await Promise.all([openBuyer(), openSupplier()]);
});
afterEach(() => Promise.all([buyer.close(), supplier.close()]));

interface Sent {
  payloadId: string;
  orderId: string;
  code: number | null;
  answerFault: string | null;
}

const line = { sku: 'GRN-1', quantity: 3, unitPrice: 1250, currency: 'USD' };
const order = (change: Partial<OrderWish> = {}, status = 200): Promise<Sent> =>
  control(buyer, '/_order', { url: supplier.url, lines: [line], ...change }, status);
const attribute = (name: string, xml = supplier.came.at(-1) ?? ''): string | undefined =>
  new RegExp(` ${name}="([^"]*)"`).exec(xml)?.[1];
const sales = () => buyer.ledger().sales;

describe('an order', () => {
  test('is a document with version, secret, amounts and a time with its offset', async () => {
    const { orderId, code, answerFault } = await order({
      lines: [line, { sku: 'GRN-2', quantity: 1, unitPrice: 99, currency: 'USD' }],
    });
    const [xml = ''] = supplier.came;
    expect(xml).toContain('<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.063/cXML.dtd">');
    expect(xml).toContain('<Identity>procurement@buyer.example.com</Identity>');
    expect(xml).toContain('<SharedSecret>sandbox-shared-secret-4f1c</SharedSecret>');
    expect(xml).toContain('<Money currency="USD">38.49</Money>');
    expect(attribute('orderID')).toBe(orderId);
    expect(attribute('orderDate')).toBe('2026-12-06T20:00:00-05:00');
    expect([code, answerFault]).toEqual([200, null]);
    expect(sales()).toEqual([
      { currency: 'USD', units: 4, gross: 3849, cancelled: 0, returned: 0, net: 3849, shipping: 0 },
    ]);
    expect(buyer.ledger().orders[0]).toMatchObject({ orderId, site: 'catalogue', sku: 'GRN-1', status: 'taken' });
  });

  test('in won has no decimals, and won and dollars are never added', async () => {
    await order();
    await order({ lines: [{ sku: 'GRN-1', quantity: 2, unitPrice: 9000, currency: 'KRW' }] });
    expect(supplier.came[1]).toContain('<Money currency="KRW">18000</Money>');
    expect(sales().map(({ currency, net }) => [currency, net])).toEqual([
      ['USD', 3750],
      ['KRW', 18000],
    ]);
  });

  test('takes price and name from the catalogue when none is said', async () => {
    await deliver(buyer, indexDocument([addItem('GRN-1', '7.25')]));
    await order({ lines: [{ sku: 'GRN-1', quantity: 2 }] });
    expect(supplier.came[0]).toContain('Product GRN-1');
    expect(sales()[0]?.gross).toBe(1450);
    await order({ lines: [{ sku: 'GRN-7', quantity: 2 }] }, 409);
  });

  test('that the supplier refuses, or never answers, is no sale; sent again and taken it is one', async () => {
    supplier.answer = said(475);
    expect(await order()).toMatchObject({ code: 475 });
    supplier.answer = null;
    const lost = await order();
    expect(lost).toMatchObject({ code: null, answerFault: expect.stringContaining('no answer') });
    supplier.answer = 'no XML';
    expect(await order()).toMatchObject({ code: null, answerFault: expect.stringContaining('no XML') });
    supplier.answer = '<cXML payloadID="a" timestamp="b"><Response/></cXML>';
    expect(await order()).toMatchObject({ answerFault: expect.stringContaining('Response must hold') });
    expect(sales()).toEqual([]);
    supplier.answer = said(200);
    for (const _ of [1, 2]) await control(buyer, '/_again', { payloadId: lost.payloadId });
    expect(supplier.came.at(-1)).toBe(supplier.came[1]);
    expect(sales()[0]?.gross).toBe(3750);
    expect(buyer.ledger().oddities).toEqual([]);
  });

  test('that is changed counts with its new lines, one that is deleted counts as cancelled', async () => {
    const { orderId } = await order();
    await order({ orderId, type: 'update', lines: [{ ...line, quantity: 5 }] });
    expect([attribute('type'), attribute('orderVersion')]).toEqual(['update', '2']);
    expect(sales()[0]).toMatchObject({ gross: 6250, net: 6250 });
    await order({ orderId, type: 'update', orderVersion: 2, lines: [{ ...line, quantity: 9 }] });
    expect(sales()[0]).toMatchObject({ gross: 6250 });
    expect(buyer.ledger().oddities).toEqual([`the supplier took an older version of order ${orderId}`]);
    await control(buyer, '/_order', { url: supplier.url, orderId, type: 'delete' });
    expect(sales()[0]).toMatchObject({ gross: 6250, cancelled: 6250, net: 0 });
    expect(buyer.ledger().orders[0]).toMatchObject({ status: 'deleted', cancelledUnits: 5 });
  });

  test('taken twice under one number is odd and counts once', async () => {
    await order({ orderId: 'PO-7' });
    await order({ orderId: 'PO-7' });
    expect(sales()[0]?.gross).toBe(3750);
    expect(buyer.ledger().oddities).toEqual(['the supplier took a second order PO-7']);
  });

  test('tells of a person, and the buyer remembers every word of it', async () => {
    await order();
    const response = await fetch(`${buyer.url}/_personal`);
    const { values } = (await response.json()) as { values: string[] };
    expect(values.length).toBeGreaterThan(4);
    for (const value of values) expect(supplier.came[0]).toContain(value);
    expect(supplier.came[0]).toMatch(/dock-\d{4}-[0-9a-f]{6}@example\.com/);
  });

  test('is the same to the byte in another run', async () => {
    await order();
    const other = await openBuyer();
    await other.order({ url: supplier.url, lines: [line] });
    await other.close();
    expect(supplier.came[1]).toBe(supplier.came[0]);
  });
});

describe('what the supplier says to an order', () => {
  const reference = (payloadId: string, orderId = 'PO-1') =>
    `<OrderReference orderID="${orderId}"><DocumentReference payloadID="${payloadId}"/></OrderReference>`;
  const confirm = (payloadId: string, type: string, items = '', orderId = 'PO-1') =>
    deliver(
      buyer,
      envelope(
        `<ConfirmationRequest><ConfirmationHeader confirmID="C-1" type="${type}" noticeDate="2026-12-07T11:00:00+09:00"/>${reference(payloadId, orderId)}${items}</ConfirmationRequest>`,
        { dtd: 'Fulfill', payloadId: `${type}${items.length}@supplier.example` },
      ),
    );
  const item = (lineNumber: number, quantity: number, told: [number, string][]) =>
    `<ConfirmationItem quantity="${quantity}" lineNumber="${lineNumber}"><UnitOfMeasure>EA</UnitOfMeasure>${told
      .map(
        ([n, type]) =>
          `<ConfirmationStatus quantity="${n}" type="${type}"><UnitOfMeasure>EA</UnitOfMeasure></ConfirmationStatus>`,
      )
      .join('')}</ConfirmationItem>`;
  const ship = (payloadId: string, quantity: number, shipmentId: string) =>
    deliver(
      buyer,
      envelope(
        `<ShipNoticeRequest><ShipNoticeHeader shipmentID="${shipmentId}" noticeDate="2026-12-07T12:00:00+09:00"/>
<ShipControl><CarrierIdentifier domain="company">CJ Logistics</CarrierIdentifier><ShipmentIdentifier>6412</ShipmentIdentifier></ShipControl>
<ShipNoticePortion>${reference(payloadId)}<ShipNoticeItem quantity="${quantity}" lineNumber="1"><UnitOfMeasure>EA</UnitOfMeasure></ShipNoticeItem></ShipNoticePortion></ShipNoticeRequest>`,
        { dtd: 'Fulfill', payloadId: `${shipmentId}@supplier.example` },
      ),
    );

  test('accepts, refuses a line, refuses all', async () => {
    const second = { ...line, sku: 'GRN-2' };
    const { payloadId } = await order({ orderId: 'PO-1', lines: [line, second] });
    expect((await confirm(payloadId, 'accept')).code).toBe(200);
    expect(buyer.ledger().orders.map((one) => one.status)).toEqual(['confirmed', 'confirmed']);
    const parts = item(1, 3, [[3, 'accept']]) + item(2, 3, [[3, 'reject']]);
    expect((await confirm(payloadId, 'except', parts)).code).toBe(200);
    expect(buyer.ledger().orders.map((one) => one.status)).toEqual(['confirmed', 'rejected']);
    expect(sales()[0]).toMatchObject({ gross: 7500, cancelled: 3750, net: 3750 });
    expect((await confirm(payloadId, 'reject')).code).toBe(200);
    expect(sales()[0]?.net).toBe(0);
    expect(buyer.ledger().confirmations.map((one) => one.type)).toEqual(['accept', 'except', 'reject']);
  });

  test('must be about our order, its lines and its quantities', async () => {
    const { payloadId } = await order({ orderId: 'PO-1' });
    const wrong = [
      await confirm('strange@buyer.example.com', 'accept'),
      await confirm(payloadId, 'accept', '', 'PO-2'),
      await confirm(payloadId, 'detail', item(2, 3, [[3, 'accept']])),
      await confirm(payloadId, 'detail', item(1, 3, [[2, 'accept']])),
      await confirm(payloadId, 'detail', item(1, 4, [[4, 'accept']])),
      await ship(payloadId, 4, 'S-9'),
    ];
    expect(wrong.map((one) => one.code)).toEqual([400, 400, 400, 400, 400, 400]);
    expect((await confirm(payloadId, 'perhaps')).code).toBe(406);
    expect(buyer.ledger()).toMatchObject({ confirmations: [], shipNotices: [] });
  });

  test('ships in parts, with carrier and number', async () => {
    const { payloadId } = await order({ orderId: 'PO-1' });
    expect((await ship(payloadId, 2, 'S-1')).code).toBe(200);
    expect(buyer.ledger().orders[0]?.status).toBe('partly-shipped');
    expect((await ship(payloadId, 1, 'S-2')).code).toBe(200);
    expect(buyer.ledger().orders[0]?.status).toBe('shipped');
    expect(buyer.ledger().shipNotices[0]).toEqual({
      shipmentId: 'S-1',
      orderIds: ['PO-1'],
      carrier: 'CJ Logistics',
      trackingNumber: '6412',
      lines: [{ orderId: 'PO-1', lineNumber: 1, quantity: 2 }],
    });
  });
});

describe.skipIf(dtdFolder === null)('every document of the buyer is valid by the published DTDs', () => {
  const isValid = (xml: string, dtd: string): void => {
    const validator = new DtdValidator(XmlDtd.fromBuffer(readFileSync(join(dtdFolder ?? '', `${dtd}.dtd`))));
    const document = XmlDocument.fromString(xml);
    try {
      validator.validate(document);
    } finally {
      document.dispose();
      validator.dispose();
    }
  };

  test('requests', async () => {
    const { orderId } = await order();
    await order({ orderId, type: 'update', lines: [line, line] });
    await order({ orderId, type: 'delete' });
    await control(buyer, '/_profile', { url: supplier.url });
    await control(buyer, '/_punchout', { url: supplier.url, selectedSku: 'GRN-1' });
    await control(buyer, '/_quote', { url: supplier.url, lines: [line] });
    expect(supplier.came).toHaveLength(6);
    for (const xml of supplier.came) isValid(xml, xml.includes('<QuoteRequest>') ? 'Quote' : 'cXML');
    expect(() => isValid((supplier.came[0] ?? '').replace(/<Total>[\s\S]*<\/Total>/, ''), 'cXML')).toThrow();
  });

  test('answers', async () => {
    for (const xml of [envelope('<ProfileRequest/>'), envelope('<CopyRequest/>'), '<half'])
      isValid((await deliver(buyer, xml)).text, 'cXML');
  });
});
