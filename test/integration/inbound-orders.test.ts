import { request } from 'node:http';
import axios from 'axios';
import { load } from 'cheerio';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CxmlBuyer, startCxmlBuyer } from '../../adapters/b2b-cxml/sandbox/index.ts';
import { createServer } from '../../src/http/server.ts';
import { createMetrics } from '../../src/runtime/metrics.ts';
import { readSales } from '../../src/store/sales.ts';
import { decideProducts } from '../../src/sync/approve-products.ts';
import { examine } from '../../src/sync/doctor.ts';
import { addAccount } from '../../src/sync/manage-accounts.ts';
import { acknowledgeOrder, shipOrder } from '../../src/sync/tell-orders.ts';
import { set } from '../support/catalogue-rows.ts';
import { type House, openHouse } from '../support/house.ts';

const BUYER = 'procure';
const [paper, other] = ['SG-01-001', 'SG-01-002'] as const;

let house: House;
let buyer: CxmlBuyer;
let server: FastifyInstance;
let url: string;

beforeEach(async () => {
  house = await openHouse();
  buyer = await startCxmlBuyer({
    now: () => house.clock.now().getTime(),
    ...(process.env.NARU_CXML_ORACLE && { dtdFolder: `${process.env.NARU_CXML_ORACLE}/dtd/1.2.063` }),
  });
  const { deps, store, queues } = house;
  server = createServer({
    app: { log: deps.log, store, queues, deps, metrics: createMetrics() },
    token: 'a-token-of-sixteen-or-more',
    runCommand: () => Promise.reject(new Error('no commands here')),
  });
  const base = await server.listen({ host: '127.0.0.1', port: 0 });
  deps.publicUrl = base;
  url = `${base}/inbound/${BUYER}`;
  const { settings, credentials } = buyer.accountConfig();
  const file = { settings: { ...settings, unspsc: '14111507', deploymentMode: 'test' }, credentials };
  await addAccount(deps, { accountId: BUYER, adapterId: 'b2b-cxml', file });
  await house.importDemo([paper, other], (row) => set(row, 'moq', 10));
  await house.approveAll();
});
afterEach(async () => {
  await server.close();
  await buyer.close();
  await house.close();
});

const line = (quantity = 3) => ({ sku: paper, quantity, unitPrice: 1_580, currency: 'USD' });
const total = async () => (await readSales(house.store, { by: null, asOf: null }))[0];

/** A request with this Content-Type, which is left out when it is empty. */
function sendUntyped(to: string, text: string, type: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(to, { method: 'POST', headers: type === '' ? {} : { 'content-type': type } }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(pieces).toString() }));
    });
    call.on('error', reject).end(text);
  });
}

describe('an order at our door', () => {
  it('is one order, however often and however many at once it comes', async () => {
    const sent = await buyer.order({ url, lines: [line()] });
    expect(sent).toMatchObject({ httpStatus: 200, code: 200, answerFault: null });
    const answers = await Promise.all(Array.from({ length: 100 }, () => buyer.again(sent.payloadId, url)));
    expect(new Set(answers.map((one) => one.code))).toEqual(new Set([200]));
    expect(await total()).toMatchObject({ currency: 'USD', orderLines: 1, units: 3, gross: 4_740, net: 4_740 });
    const books = buyer.ledger().sales[0];
    expect(books).toMatchObject({ units: 3, gross: 4_740 });
  });

  it('is taken beside many others that come at the same moment, each of them once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => buyer.order({ url, lines: [line(1 + (index % 3))] })),
    );
    expect(answers.map((one) => one.code)).toEqual(answers.map(() => 200));
    const again = await Promise.all(
      answers.flatMap(({ payloadId }) => [buyer.again(payloadId, url), buyer.again(payloadId, url)]),
    );
    expect(new Set(again.map((one) => one.code))).toEqual(new Set([200]));
    const units = answers.reduce((sum, _, index) => sum + 1 + (index % 3), 0);
    expect(await total()).toMatchObject({ orderLines: 40, units, gross: units * 1_580 });
    expect(house.logLines.filter((logged) => logged.includes('could not be stored'))).toEqual([]);
  });

  it('changes with its update and is cancelled by its delete; an older version that comes late does nothing', async () => {
    const first = await buyer.order({ url, lines: [line(3)] });
    const { orderId } = first;
    await buyer.order({ url, orderId, type: 'update', orderVersion: 3, lines: [line(5)] });
    expect(await total()).toMatchObject({ orderLines: 1, units: 5, gross: 7_900 });
    const late = await buyer.order({ url, orderId, type: 'update', orderVersion: 2, lines: [line(1)] });
    expect(late.code).toBe(200);
    expect(await total()).toMatchObject({ units: 5, gross: 7_900 });
    const gone = await buyer.order({ url, orderId, type: 'delete', orderVersion: 4 });
    expect(gone.code).toBe(200);
    expect(await total()).toMatchObject({ units: 5, gross: 7_900, cancelled: 7_900, net: 0 });
  });

  it('of which a delete or a quote comes again later, stamped anew or not at all, is told the same', async () => {
    const { identity, sharedSecret } = buyer.accountConfig().credentials as Record<string, string>;
    const post = async (payloadId: string, stamp: string, request: string) => {
      const sender = `<Credential domain="NetworkId"><Identity>${identity}</Identity><SharedSecret>${sharedSecret}</SharedSecret></Credential>`;
      const body = `<cXML payloadID="${payloadId}"${stamp}><Header><Sender>${sender}</Sender></Header><Request>${request}</Request></cXML>`;
      const { data } = await axios.post<string>(url, body, { headers: { 'content-type': 'text/xml' } });
      house.pass(5_000);
      return Number(/<Status code="(\d+)"/.exec(data)?.[1]);
    };
    const remove = (id: string) =>
      `<OrderRequest><OrderRequestHeader orderID="${id}" orderDate="2026-11-23T08:00:00+09:00" type="delete"/></OrderRequest>`;
    const quote =
      '<QuoteRequest><QuoteRequestHeader requestID="Q-1"><Name>Paper</Name></QuoteRequestHeader></QuoteRequest>';
    const stamps = ['', '', ' timestamp="2026-11-23T09:00:09+09:00"', ' timestamp="2026-11-23T09:00:11+09:00"'];
    for (const stamp of stamps) expect(await post('d-1@buyer', stamp, remove('PO-1'))).toBe(200);
    for (const stamp of stamps) expect(await post('q-1@buyer', stamp, quote)).toBe(200);
    expect(await post('d-1@buyer', '', remove('PO-2'))).toBe(409);
  });

  it('that was deleted is an order again in a newer version, and a delete of an older one takes nothing back', async () => {
    const { orderId } = await buyer.order({ url, lines: [line(3)] });
    expect((await buyer.order({ url, orderId, type: 'delete', orderVersion: 2 })).code).toBe(200);
    expect(await total()).toMatchObject({ units: 3, cancelled: 4_740, net: 0 });
    expect((await buyer.order({ url, orderId, type: 'update', orderVersion: 3, lines: [line(8)] })).code).toBe(200);
    expect(await total()).toMatchObject({ units: 8, gross: 12_640, cancelled: 0, net: 12_640 });
    const late = await buyer.order({ url, orderId, type: 'delete', orderVersion: 2 });
    expect(late).toMatchObject({ code: 409, answerFault: null });
    expect(await total()).toMatchObject({ units: 8, cancelled: 0 });
    expect((await buyer.order({ url, orderId, type: 'delete', orderVersion: 3 })).code).toBe(200);
    expect(await total()).toMatchObject({ units: 8, cancelled: 12_640, net: 0 });
  });

  it('that was deleted takes no update that is not newer, and says so; late news of before is no fault', async () => {
    const first = await buyer.order({ url, lines: [line(3)] });
    const { orderId } = first;
    await buyer.order({ url, orderId, type: 'update', orderVersion: 2, lines: [line(4)] });
    await buyer.order({ url, orderId, type: 'delete', orderVersion: 4 });
    const refused = await buyer.order({ url, orderId, type: 'update', orderVersion: 4, lines: [line(8)] });
    expect(refused.code).toBe(409);
    // Nothing of it is kept, so the same message is judged anew.
    expect((await buyer.again(refused.payloadId, url)).code).toBe(409);
    expect((await buyer.again(first.payloadId, url)).code).toBe(200);
    expect(await total()).toMatchObject({ units: 4, cancelled: 6_320, net: 0 });
  });

  it('that comes after its own delete is cancelled, unless it is newer', async () => {
    const known = await buyer.order({ url, lines: [line(3)] });
    const text = async (orderId: string, attributes: string, payloadId: string) => {
      const { identity, sharedSecret } = buyer.accountConfig().credentials as Record<string, string>;
      const { settings } = buyer.accountConfig() as { settings: Record<string, { identity: string }> };
      const credential = (name: string | undefined, secret = '') =>
        `<Credential domain="NetworkId"><Identity>${name}</Identity>${secret}</Credential>`;
      const header = `<From>${credential(settings.buyer?.identity)}</From><To>${credential(settings.identity?.identity)}</To><Sender>${credential(identity, `<SharedSecret>${sharedSecret}</SharedSecret>`)}<UserAgent>x</UserAgent></Sender>`;
      const body = `<OrderRequest><OrderRequestHeader orderID="${orderId}" orderDate="2026-11-23T08:00:00+09:00" ${attributes}><Total><Money currency="USD">31.60</Money></Total></OrderRequestHeader><ItemOut quantity="2" lineNumber="1"><ItemID><SupplierPartID>${paper}</SupplierPartID></ItemID><ItemDetail><UnitPrice><Money currency="USD">15.80</Money></UnitPrice></ItemDetail></ItemOut></OrderRequest>`;
      const xml = `<cXML payloadID="${payloadId}" timestamp="2026-11-23T08:00:00+09:00"><Header>${header}</Header><Request>${body}</Request></cXML>`;
      const { data } = await axios.post<string>(url, xml, { headers: { 'content-type': 'text/xml' } });
      return Number(/<Status code="(\d+)"/.exec(data)?.[1]);
    };
    expect(await text('PO-L', 'type="delete" orderVersion="2"', 'l-1')).toBe(200);
    // Nobody can ask this buyer for the order, so nobody is told that it will be asked for.
    expect((await examine(house.deps, house.queues)).map(({ code }) => code)).not.toContain('order_awaited');
    expect(await text('PO-L', 'type="new"', 'l-2')).toBe(200);
    expect(await total()).toMatchObject({ units: 5, gross: 7_900, cancelled: 3_160 });
    // A delete without a version takes back whatever there is, and what follows without one is not newer.
    expect(await text(known.orderId ?? '', 'type="delete"', 'k-1')).toBe(200);
    expect(await text(known.orderId ?? '', 'type="update"', 'k-2')).toBe(409);
    expect(await total()).toMatchObject({ units: 5, gross: 7_900, cancelled: 7_900, net: 0 });
  });

  it('keeps nothing by which its people could be known', async () => {
    await buyer.order({ url, lines: [line()] });
    await buyer.quote({ url, lines: [line()], title: 'Paper', message: 'Please quote' });
    const texts = buyer.personalData();
    expect(texts.length).toBeGreaterThan(3);
    const tables = await house.store.query<{ table_name: string }>(
      `select table_name from information_schema.tables where table_schema = 'naru' and table_type = 'BASE TABLE'`,
    );
    for (const { table_name: table } of tables.rows) {
      const { rows } = await house.store.query<{ row: string }>(`select t::text as row from naru."${table}" t`);
      const kept = texts.filter((text) => rows.some(({ row }) => row.includes(text)));
      expect(kept, table).toEqual([]);
    }
    expect(texts.filter((text) => house.logLines.some((logged) => logged.includes(text)))).toEqual([]);
  });

  it('with a wrong secret, broken or huge is refused in the buyer’s own form, and nothing is kept', async () => {
    const { settings, credentials } = buyer.accountConfig();
    const file = {
      settings: { ...settings, unspsc: '14111507', deploymentMode: 'test' },
      credentials: { ...credentials, sharedSecret: 'other' },
    };
    await addAccount(house.deps, { accountId: BUYER, adapterId: 'b2b-cxml', file });
    expect((await buyer.order({ url, lines: [line()] })).code).toBe(401);
    const post = (body: string | Buffer) =>
      axios.post<string>(url, body, {
        headers: { 'content-type': 'text/xml' },
        validateStatus: () => true,
        responseType: 'text',
      });
    for (const body of ['<cXML>', 'no xml', '']) expect((await post(body)).data).toMatch(/<Status code="4\d\d"/);
    for (const type of ['', 'xml']) {
      const { status, body } = await sendUntyped(url, '<cXML>', type);
      expect([status, body]).toEqual([200, expect.stringContaining('<Status code="406"')]);
    }
    expect((await post(Buffer.alloc(50 * 1024 * 1024, 'a'))).data).toMatch(/<Status code="4\d\d"/);
    expect(await total()).toBeUndefined();
    expect((await axios.post(`${url}-unknown`, '<a/>', { validateStatus: () => true })).status).toBe(404);
  });

  it('is told of in one document when the answer is lost and people tell it again later', async () => {
    const { orderId } = await buyer.order({ url, lines: [line()] });
    const request = { accountId: BUYER, orderId, by: '담당자' };
    for (const tellIt of [
      () => acknowledgeOrder(house.deps, request),
      () => shipOrder(house.deps, { ...request, courierCode: 'CJ', invoiceNo: '600000000001' }),
    ]) {
      buyer.setFaults({ rules: [{ match: 'POST /*', fault: 'reset-after-commit', times: 9 }] });
      const failed = await tellIt().catch((error: unknown) => error);
      expect(failed).toMatchObject({
        messageKo: expect.stringContaining('같은 명령을 다시 실행'),
        messageEn: expect.stringContaining('nothing repeats it by itself'),
      });
      buyer.setFaults({ rules: [] });
      house.pass(90_000);
      await tellIt();
    }
    const { confirmations, shipNotices, refused } = buyer.ledger();
    expect(refused).toEqual([]);
    expect([confirmations.length, shipNotices.length]).toEqual([1, 1]);
  });

  it('that the buyer has deleted is neither confirmed nor shipped', async () => {
    const { orderId } = await buyer.order({ url, lines: [line()] });
    await buyer.order({ url, orderId, type: 'delete', orderVersion: 2 });
    const request = { accountId: BUYER, orderId, by: '담당자' };
    const { calls } = buyer.ledger().traffic;
    await expect(acknowledgeOrder(house.deps, request)).rejects.toMatchObject({ code: 'order_cancelled' });
    await expect(
      shipOrder(house.deps, { ...request, courierCode: 'CJ', invoiceNo: '600000000001' }),
    ).rejects.toMatchObject({ code: 'order_cancelled', messageEn: expect.stringContaining(orderId) });
    expect(buyer.ledger().traffic.calls).toBe(calls);
  });

  it('is confirmed and shipped once more when people say so again', async () => {
    const { orderId } = await buyer.order({ url, lines: [line()] });
    const request = { accountId: BUYER, orderId, by: '담당자' };
    for (const _ of ['first', 'again']) {
      await acknowledgeOrder(house.deps, request);
      await shipOrder(house.deps, { ...request, courierCode: 'CJ', invoiceNo: '600000000001' });
      house.pass(90_000);
    }
    const { confirmations, shipNotices, refused } = buyer.ledger();
    expect(refused).toEqual([]);
    expect([confirmations.length, shipNotices.length]).toEqual([1, 1]);
    const { settings, credentials } = buyer.accountConfig();
    const { baseUrl: _none, ...rest } = settings;
    await addAccount(house.deps, {
      accountId: BUYER,
      adapterId: 'b2b-cxml',
      file: { settings: { ...rest, unspsc: '14111507' }, credentials },
    });
    await expect(acknowledgeOrder(house.deps, request)).rejects.toMatchObject({
      code: 'NO_BASE_URL',
      messageKo: expect.stringContaining('baseUrl'),
      messageEn: expect.stringContaining('tell the partner'),
    });
    await expect(acknowledgeOrder(house.deps, { ...request, orderId: 'PO-none' })).rejects.toMatchObject({
      code: 'order_unknown',
    });
  });
});

it('an order at odd terms is taken, and the doctor tells of it until somebody answers it', async () => {
  const { orderId: good } = await buyer.order({ url, lines: [line()] });
  const cheap = await buyer.order({ url, lines: [{ ...line(), unitPrice: 1 }] });
  const inWon = await buyer.order({ url, lines: [{ ...line(), unitPrice: 15_800, currency: 'KRW' }] });
  const gone = await buyer.order({ url, lines: [{ ...line(), sku: other }] });
  await decideProducts(house.deps, { skus: [other], to: 'suspended', by: '담당자', reason: '인증 확인' });
  const doubted = async () =>
    (await examine(house.deps, house.queues))
      .filter(({ code }) => code === 'order_doubtful')
      .map((one) => one.messageEn);
  expect(await doubted()).toEqual([
    expect.stringMatching(`order ${cheap.orderId}: product ${paper} is ordered at \\$0.01, our price is \\$15.80`),
    expect.stringMatching(`order ${inWon.orderId}: product ${paper} is ordered in another currency`),
    expect.stringMatching(`order ${gone.orderId}: product ${other} is not on sale now`),
  ]);
  expect((await doubted()).join()).not.toContain(`order ${good}:`);
  await acknowledgeOrder(house.deps, { accountId: BUYER, orderId: cheap.orderId ?? '', by: '담당자' });
  await buyer.order({ url, orderId: inWon.orderId, type: 'delete', orderVersion: 2 });
  expect(await doubted()).toEqual([expect.stringContaining(`order ${gone.orderId}:`)]);
});

describe('a catalogue', () => {
  it('goes to the buyer as it may be sold, follows changes, and is sent again where the answer was lost', async () => {
    buyer.setFaults({ rules: [{ match: 'POST /*', fault: 'reset-after-commit' }] });
    expect(await house.push()).toMatchObject({ planned: { create: 2 } });
    const onSale = () => Object.fromEntries(buyer.ledger().listings.map((one) => [one.sku, one.state]));
    expect(onSale()).toEqual({ [paper]: 'on-sale', [other]: 'on-sale' });
    expect(buyer.ledger().refused).toEqual([]);
    expect((await house.listing(paper, BUYER)).state).toBe('accepted');
    const calls = buyer.ledger().traffic.calls;
    expect(await house.push()).toMatchObject({ planned: { create: 0, unchanged: 2 } });
    expect(buyer.ledger().traffic.calls).toBe(calls);
    await decideProducts(house.deps, { skus: [paper], to: 'suspended', by: '담당자', reason: '인증 확인' });
    await house.sweep();
    expect(onSale()).toEqual({ [paper]: 'deleted', [other]: 'on-sale' });
  });
});

describe('a visit', () => {
  it('fills a cart with what may be sold now, at today’s price, and takes it back to the buyer', async () => {
    const { startPage, buyerCookie } = await buyer.punchOut({ url });
    expect(startPage).toMatch(/^http:\/\/127\.0\.0\.1/);
    const page = await axios.get<string>(startPage ?? '', { responseType: 'text' });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    // A form that is redirected on to another host of the buyer stays within the policy.
    expect(page.headers['content-security-policy']).toMatch(/form-action 'self' https: http:$/);
    const shown = load(page.data);
    expect(shown('script').length).toBe(0);
    expect(page.data).toContain(paper);
    const shopped = await axios.post(
      `${buyer.url}/_shop`,
      { startPage, skus: [paper, other], quantity: 12 },
      { validateStatus: () => true },
    );
    expect(shopped.data).toEqual({ lines: 2 });
    const [cart] = buyer.ledger().carts;
    expect(cart).toMatchObject({
      buyerCookie,
      lines: [
        { sku: paper, quantity: 12, unitPrice: 1_580 },
        { sku: other, quantity: 12 },
      ],
    });
    expect(buyer.ledger().oddities).toEqual([]);
    const ordered = await buyer.order({ url, cart: buyerCookie });
    expect(ordered.code).toBe(200);
    expect(await total()).toMatchObject({ orderLines: 2, units: 24, gross: cart?.total });
  });

  it('loses no click, however many come at once', async () => {
    const { startPage } = await buyer.punchOut({ url });
    const form = (sku: string) => new URLSearchParams({ do: 'add', sku, q: '', held: '0', quantity: '10' }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await Promise.all([paper, other].map((sku) => axios.post(startPage ?? '', form(sku), { headers })));
    const { data } = await axios.get<string>(startPage ?? '', { responseType: 'text' });
    const cart = load(data)('section[aria-labelledby="cart"]').text();
    expect(cart).toContain(paper);
    expect(cart).toContain(other);
  });

  it('that nobody opened, or of another account, is none', async () => {
    const { startPage } = await buyer.punchOut({ url });
    const { status } = await axios.get(`${startPage}x`, { validateStatus: () => true });
    expect(status).toBe(404);
    house.pass(24 * 3_600_000);
    expect((await axios.get(startPage ?? '', { validateStatus: () => true })).status).toBe(404);
  });
});
