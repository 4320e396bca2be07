import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CxmlBuyer } from '../../adapters/b2b-cxml/sandbox/index.ts';
import {
  addItem,
  deleteItem,
  deliver,
  dtdFolder,
  envelope,
  indexDocument,
  openBuyer,
  related,
  upload,
  uploadRequest,
} from '../support/b2b-cxml-sandbox-supplier.ts';

let buyer: CxmlBuyer;

beforeEach(async () => {
  buyer = await openBuyer();
});
afterEach(() => buyer.close());

const shelf = (): string[] =>
  buyer.ledger().listings.map(({ sku, state, price, currency }) => `${sku} ${state} ${price} ${currency}`);
const full = indexDocument([addItem('GRN-1', '12.50'), addItem('GRN-2', '9000', 'KRW')]);

const cif = (rows: string[], change: Record<string, string> = {}): string => {
  const header = {
    CHARSET: 'UTF-8',
    LOADMODE: 'F',
    CODEFORMAT: 'UNSPSC',
    CURRENCY: 'USD',
    SUPPLIERID_DOMAIN: 'NetworkId',
    ITEMCOUNT: String(rows.length),
    UNUOM: 'TRUE',
    FIELDNAMES: 'Supplier ID,Supplier Part ID,Item Description,SPSC Code,Unit Price,Unit of Measure,Lead Time',
    ...change,
  };
  const lines = Object.entries(header).map(([key, value]) => `${key}: ${value}`);
  return ['CIF_I_V3.0', ...lines, 'DATA', ...rows, 'ENDOFDATA', ''].join('\r\n');
};
const row = (sku: string, price: string): string => `AN01000000017,${sku},"Paper, ""recycled""",14111507,${price},EA,3`;

describe('a catalogue', () => {
  test('comes as an Index attached to the upload; a full one takes away what it does not hold', async () => {
    expect(await upload(buyer, full, 'one@supplier.example')).toMatchObject({ http: 200, code: 200 });
    expect(shelf()).toEqual(['GRN-1 on-sale 1250 USD', 'GRN-2 on-sale 9000 KRW']);
    await upload(buyer, indexDocument([addItem('GRN-2', '8000', 'KRW')]), 'two@supplier.example');
    expect(shelf()).toEqual(['GRN-1 deleted 1250 USD', 'GRN-2 on-sale 8000 KRW']);
    expect(buyer.ledger().loads[0]).toEqual({ form: 'Index', catalogueName: 'Green goods', full: true, items: 2 });
  });

  test('an incremental one adds and deletes by the part number and leaves the rest', async () => {
    await upload(buyer, full, 'one@supplier.example');
    const change = indexDocument([deleteItem('GRN-1'), addItem('GRN-3', '1')], 'Incremental');
    expect((await upload(buyer, change, 'two@supplier.example')).code).toBe(200);
    expect(shelf()).toEqual(['GRN-1 deleted 1250 USD', 'GRN-2 on-sale 9000 KRW', 'GRN-3 on-sale 100 USD']);
  });

  test('may come as a bare Index; stock is read from an Extrinsic', async () => {
    const stocked = addItem('GRN-1', '12.50', 'USD', '<Extrinsic name="Stock">40</Extrinsic>');
    expect((await deliver(buyer, indexDocument([stocked]))).code).toBe(200);
    expect(buyer.ledger().listings[0]).toMatchObject({ sku: 'GRN-1', site: 'catalogue', stock: 40 });
  });

  test('comes as CIF 3.0', async () => {
    const file = cif([row('GRN-1', '12.50'), row('GRN-2', '3')]);
    expect((await upload(buyer, file, 'one@supplier.example', 'application/octet-stream')).code).toBe(200);
    expect(shelf()).toEqual(['GRN-1 on-sale 1250 USD', 'GRN-2 on-sale 300 USD']);
    expect(buyer.ledger().listings[0]?.name).toBe('Paper, "recycled"');
    // As plain text with a disposition it is an attachment all the same.
    expect((await upload(buyer, cif([row('GRN-9', '1')]), 'two@supplier.example', 'text/plain')).code).toBe(200);
    expect(shelf().at(-1)).toBe('GRN-9 on-sale 100 USD');
  });

  const wrongFiles: [why: string, file: string, words: string][] = [
    ['another count than rows', cif([row('A', '1')], { ITEMCOUNT: '2' }), 'ITEMCOUNT is 2'],
    ['another version', cif([row('A', '1')]).replace('CIF_I_V3.0', 'CIF_I_V2.1'), 'CIF_I_V3.0'],
    ['a price with a sign', cif([row('A', '$1')]), 'price'],
    ['a price too fine', cif([row('A', '1.005')]), 'price'],
    ['no column for the unit', cif([row('A', '1')], { FIELDNAMES: 'Supplier ID,Supplier Part ID' }), 'lacks'],
    ['a missing field', cif([`AN01000000017,A,words,14111507,,EA,3`]), 'unit price'],
    ['no end', cif([row('A', '1')]).replace('ENDOFDATA', ''), 'ENDOFDATA'],
    ['an unknown load mode', cif([row('A', '1')], { LOADMODE: 'X' }), 'LOADMODE'],
    ['another supplier', cif([row('A', '1').replace('17,', '18,')]), 'not that of supplier'],
    ['an item twice', cif([row('A', '1'), row('A', '2')]), 'twice'],
    ['an Index of another supplier', indexDocument([addItem('A', '1')], 'Full', 'other'), 'not that of supplier'],
    ['an Index with no price', indexDocument([addItem('A', 'x')]), 'no price'],
    [
      'an Index without lead time',
      indexDocument([addItem('A', '1').replace('<LeadTime>3</LeadTime>', '')]),
      'LeadTime',
    ],
    ['an unknown mode', indexDocument([addItem('A', '1')], 'Half'), 'loadmode'],
  ];
  test.each(wrongFiles)('with %s is refused and changes nothing', async (_why, file, words) => {
    await upload(buyer, full, 'one@supplier.example');
    const before = shelf();
    const answer = await upload(buyer, file, 'two@supplier.example', 'application/octet-stream');
    expect([400, 406]).toContain(answer.code);
    expect(answer.text).toContain(words);
    expect(shelf()).toEqual(before);
    expect(buyer.ledger().refused).toHaveLength(1);
  });
});

describe('the envelope', () => {
  const profile = '<ProfileRequest/>';
  const wrong: [why: string, xml: string, code: number][] = [
    ['a wrong secret', envelope(profile, { secret: 'guess' }), 401],
    ['no secret', envelope(profile, { secret: null }), 401],
    ['an unknown sender', envelope(profile, { sender: 'AN01000000099' }), 401],
    ['another addressee', envelope(profile, { to: 'AN01000000099' }), 400],
    ['no DOCTYPE', envelope(profile).replace(/<!DOCTYPE[^>]*>/, ''), 406],
    ['the DTD of other content', envelope(profile, { dtd: 'Fulfill' }), 406],
    ['a time without offset', envelope(profile).replace('+09:00', ''), 406],
    ['half a document', envelope(profile).slice(0, -20), 406],
    ['entities', envelope(profile).replace('cXML.dtd">', 'cXML.dtd" [<!ENTITY a "b">]>'), 406],
    ['unknown content', envelope('<SubscriptionListRequest/>'), 450],
    ['no order it could confirm', envelope(confirmation('nobody@buyer.example.com'), { dtd: 'Fulfill' }), 400],
    ['no attachment', envelope(uploadRequest()), 400],
  ];
  test.each(wrong)('with %s is refused inside HTTP 200', async (_why, xml, code) => {
    expect(await deliver(buyer, xml)).toMatchObject({ http: 200, code });
  });

  test('what is wrong is said, also where no DTD is at hand', async () => {
    const reasons = [
      await deliver(buyer, envelope(profile).replace('cXML.dtd">', 'cXML.dtd" [<!ENTITY a "b">]>')),
      await deliver(buyer, envelope(uploadRequest().replace(' operation="update"', ''))),
      await deliver(buyer, envelope(uploadRequest().replace('<Notification/>', ''))),
    ].map(({ text }) => /<Status[^>]*>([^<]*)/.exec(text)?.[1]);
    expect(reasons).toEqual([
      'the DOCTYPE has an internal subset',
      'CatalogUploadRequest lacks the attribute operation',
      expect.stringContaining('CatalogUploadRequest must hold (CatalogName, Description, Attachment'),
    ]);
  });

  test('a media type that carries no XML is refused', async () => {
    expect((await deliver(buyer, envelope(profile), 'application/json')).code).toBe(406);
  });

  test('a question for the profile is answered with what is taken and where', async () => {
    const { code, text } = await deliver(buyer, envelope(profile));
    expect(code).toBe(200);
    expect(text).toContain('<Transaction requestName="CatalogUploadRequest">');
    expect(text).toContain(`<URL>${buyer.url}/cxml</URL>`);
  });

  test('the same document again is answered the same and done once; another one under its id is a conflict', async () => {
    const [type, body] = related(envelope(uploadRequest()), full);
    const [one, two] = await Promise.all([deliver(buyer, body, type), deliver(buyer, body, type)]);
    expect(one).toEqual(two);
    const [, other] = related(envelope(uploadRequest()), indexDocument([addItem('GRN-1', '1')]));
    expect((await deliver(buyer, other, type)).code).toBe(409);
    expect(buyer.ledger()).toMatchObject({ repeats: 1, loads: [{ items: 2 }] });
    expect(shelf()).toHaveLength(2);
  });

  test('what was refused may be mended and sent again under its id', async () => {
    expect((await upload(buyer, indexDocument([addItem('A', 'x')]), 'one@supplier.example')).code).toBe(400);
    expect((await upload(buyer, full, 'one@supplier.example')).code).toBe(200);
  });

  test.skipIf(dtdFolder === null)('what only the DTD knows is refused too', async () => {
    const strange = full.replace('<LeadTime>3</LeadTime>', '<LeadTime>3<Strange/></LeadTime>');
    const { code, text } = await upload(buyer, strange, 'one@supplier.example');
    expect([code, text]).toEqual([406, expect.stringContaining('Strange')]);
  });
});

function confirmation(payloadId: string): string {
  return `<ConfirmationRequest><ConfirmationHeader type="accept" noticeDate="2026-12-07T11:00:00+09:00"/>
<OrderReference><DocumentReference payloadID="${payloadId}"/></OrderReference></ConfirmationRequest>`;
}

describe('trouble on request', () => {
  const match = 'POST /cxml';
  const send = () => upload(buyer, full, 'one@supplier.example');

  test('status, rate and half an answer', async () => {
    buyer.setFaults({
      rules: [
        { match, fault: 'status', status: 502 },
        { match, fault: 'rate-limited' },
        { match, fault: 'business-error', status: 450 },
        { match, fault: 'business-error' },
        { match, fault: 'ignore-silently' },
        { match, fault: 'cut-json' },
      ],
    });
    expect(await send()).toMatchObject({ http: 502, code: null });
    expect(await send()).toMatchObject({ http: 429, code: null });
    expect(await send()).toMatchObject({ http: 200, code: 450 });
    expect(await send()).toMatchObject({ http: 200, code: 500 });
    expect(await send()).toMatchObject({ http: 200, code: 200 });
    expect(shelf()).toEqual([]);
    const cut = await send();
    expect(cut.text).not.toContain('</cXML>');
    expect(shelf()).toHaveLength(2);
    expect((await send()).text).toContain(cut.text);
    expect(buyer.ledger().traffic).toMatchObject({ calls: 7, byEndpoint: { [match]: 7 }, rateErrors: 1 });
  });

  test('dropped connections, before and after it was done', async () => {
    buyer.setFaults({
      rules: [
        { match, fault: 'reset-before-commit' },
        { match, fault: 'reset-after-commit' },
      ],
    });
    await expect(send()).rejects.toThrow();
    expect(shelf()).toEqual([]);
    await expect(send()).rejects.toThrow();
    expect(shelf()).toHaveLength(2);
    expect((await send()).code).toBe(200);
    expect(buyer.ledger()).toMatchObject({ repeats: 1 });
  });

  test.each([
    ['timeout-before-commit', 0],
    ['timeout-after-commit', 1],
  ] as const)('%s never answers', async (fault, repeats) => {
    buyer.setFaults({ rules: [{ match, fault }] });
    const [type, body] = related(envelope(uploadRequest()), full);
    const caller = new AbortController();
    const headers = { 'content-type': type };
    const silence = fetch(`${buyer.url}/cxml`, { method: 'POST', headers, body, signal: caller.signal });
    await vi.waitFor(() => expect([buyer.ledger().traffic.calls, shelf().length]).toEqual([1, 2 * repeats]), {
      timeout: 60_000,
    });
    // The second call is answered while the first still hangs: what was done by then is in the books.
    const second = await deliver(buyer, body, type);
    caller.abort();
    await expect(silence).rejects.toThrow(/abort/);
    expect([second.code, buyer.ledger().repeats]).toEqual([200, repeats]);
  });

  test('a rule that has no meaning here is refused', () => {
    expect(() => buyer.setFaults({ rules: [{ match, fault: 'one-site-fails' }] })).toThrow(RangeError);
  });
});
