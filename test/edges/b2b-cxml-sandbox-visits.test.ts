import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CxmlBuyer } from '../../adapters/b2b-cxml/sandbox/index.ts';
import {
  control,
  deliver,
  envelope,
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

const line = { sku: 'GRN-1', quantity: 3, unitPrice: 1250, currency: 'USD' };
const attribute = (name: string): string | undefined =>
  new RegExp(` ${name}="([^"]*)"`).exec(supplier.came.at(-1) ?? '')?.[1];
const sales = () => buyer.ledger().sales;

describe('a visit to the shop', () => {
  interface Visit {
    buyerCookie: string;
    startPage: string | null;
  }
  const visit = (body: object = {}) => control<Visit>(buyer, '/_punchout', { url: supplier.url, ...body });
  const cartXml = (cookie: string, total = '14.50', secret: string | null = null) =>
    envelope(
      `<PunchOutOrderMessage><BuyerCookie>${cookie}</BuyerCookie><PunchOutOrderMessageHeader operationAllowed="create">
<Total><Money currency="USD">${total}</Money></Total></PunchOutOrderMessageHeader><ItemIn quantity="2"><ItemID>
<SupplierPartID>GRN-1</SupplierPartID><SupplierPartAuxiliaryID>visit+1&amp;a=b</SupplierPartAuxiliaryID></ItemID><ItemDetail>
<UnitPrice><Money currency="USD">7.25</Money></UnitPrice><Description xml:lang="ko">재생 종이</Description>
<UnitOfMeasure>EA</UnitOfMeasure><Classification domain="UNSPSC">14111507</Classification></ItemDetail></ItemIn></PunchOutOrderMessage>`,
      { wrap: 'Message', secret },
    );
  const bringBack = (fields: Record<string, string>) =>
    fetch(`${buyer.url}/_return`, { method: 'POST', body: new URLSearchParams(fields) });

  beforeEach(() => {
    const page =
      '<PunchOutSetupResponse><StartPage><URL>http://127.0.0.1/shop?visit=1</URL></StartPage></PunchOutSetupResponse>';
    supplier.answer = said(200, page);
  });

  test('starts with the address of a page', async () => {
    const { startPage, buyerCookie } = await visit();
    expect(startPage).toBe('http://127.0.0.1/shop?visit=1');
    expect(supplier.came[0]).toContain(`<BuyerCookie>${buyerCookie}</BuyerCookie>`);
    expect(supplier.came[0]).toContain(`<URL>${buyer.url}/_return</URL>`);
    supplier.answer = said(500);
    expect((await visit()).startPage).toBeNull();
  });

  test.each(['cxml-urlencoded', 'cxml-base64'])('brings a cart back as %s, which is then ordered', async (field) => {
    const { buyerCookie } = await visit();
    const xml = cartXml(buyerCookie);
    const packed = field === 'cxml-base64' ? Buffer.from(xml).toString('base64') : xml;
    expect((await bringBack({ [field]: packed })).status).toBe(200);
    expect(buyer.ledger().carts).toEqual([
      {
        buyerCookie,
        currency: 'USD',
        total: 1450,
        lines: [
          {
            sku: 'GRN-1',
            auxiliary: 'visit+1&a=b',
            quantity: 2,
            unitPrice: 725,
            currency: 'USD',
            description: '재생 종이',
          },
        ],
      },
    ]);
    supplier.answer = said(200);
    await control(buyer, '/_order', { url: supplier.url, cart: buyerCookie });
    expect(supplier.came.at(-1)).toContain('<SupplierPartAuxiliaryID>visit+1&amp;a=b</SupplierPartAuxiliaryID>');
    expect(sales()[0]?.gross).toBe(1450);
    await visit({ cart: buyerCookie, operation: 'edit' });
    expect(attribute('operation')).toBe('edit');
    expect(supplier.came.at(-1)).toContain('<ItemOut quantity="2">');
  });

  test('keeps no cart that is strange, does not add up, or shows the secret to the browser', async () => {
    const { buyerCookie } = await visit();
    const wrong = [cartXml('strange'), cartXml(buyerCookie, '14.51'), cartXml(buyerCookie, '14.50', 'abc'), '<cXML/>'];
    for (const xml of wrong) expect((await bringBack({ 'cxml-urlencoded': xml })).status).toBe(400);
    expect((await bringBack({ cxml: cartXml(buyerCookie) })).status).toBe(400);
    expect(buyer.ledger()).toMatchObject({ carts: [], refused: { length: 5 } });
  });
});

describe('questions', () => {
  test('a profile lists what the supplier takes', async () => {
    supplier.answer = said(
      200,
      '<ProfileResponse effectiveDate="2026-12-07T10:00:00+09:00"><Transaction requestName="OrderRequest"><URL>http://127.0.0.1/in</URL></Transaction></ProfileResponse>',
    );
    expect(await control(buyer, '/_profile', { url: supplier.url })).toMatchObject({
      transactions: [{ name: 'OrderRequest', url: 'http://127.0.0.1/in' }],
      sent: { answerFault: null },
    });
  });

  test('a request for a quote, and the quote that comes for it', async () => {
    const sent = await control<{ requestId: string; code: number }>(buyer, '/_quote', {
      url: supplier.url,
      lines: [line],
      message: 'How soon?',
    });
    expect(sent.code).toBe(200);
    expect(supplier.came[0]).toContain('1.2.063/Quote.dtd">');
    expect(supplier.came[0]).toContain('How soon?');
    expect(attribute('closeDate')).toBe('2026-12-20T20:00:00-05:00');
    const message = `<QuoteMessage><QuoteMessageHeader type="final" quoteID="Q-1" quoteDate="2026-12-08T10:00:00+09:00" currency="USD" xml:lang="en">
<OrganizationID><Credential domain="NetworkId"><Identity>AN01000000017</Identity></Credential></OrganizationID>
<Total><Money currency="USD">36.00</Money></Total><QuoteRequestReference requestID="${sent.requestId}" requestDate="2026-12-06T20:00:00-05:00"/></QuoteMessageHeader></QuoteMessage>`;
    expect((await deliver(buyer, envelope(message, { dtd: 'Quote', wrap: 'Message' }))).code).toBe(200);
    expect(buyer.ledger().quotes).toEqual([{ quoteId: 'Q-1', type: 'final', requestId: sent.requestId }]);
  });
});
