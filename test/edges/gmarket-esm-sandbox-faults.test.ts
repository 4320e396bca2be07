import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SandboxFaultRule } from '../../src/channel/sandbox.ts';
import { type Document, openSandbox, type SandboxClient, type Wire } from '../support/gmarket-esm-sandbox-client.ts';

const CREATE = 'POST /item/v1/goods';

let client: SandboxClient;
let body: Document;

beforeEach(async () => {
  client = await openSandbox();
  body = await client.productDocument();
});
afterEach(() => client.sandbox.close());

const spoil = (...rules: SandboxFaultRule[]): Promise<Wire> => client.control('/_faults', { rules });
const create = (): Promise<Response> => client.raw('POST', '/item/v1/goods', body);
const listed = (): number => client.sandbox.ledger().listings.length;

describe('faults', () => {
  test('status: an HTML page, nothing done, once unless told otherwise, and the call is counted', async () => {
    await spoil({ match: CREATE, fault: 'status', status: 502 });
    const response = await create();
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(listed()).toBe(0);
    expect((await create()).status).toBe(200);
    expect(client.sandbox.ledger().traffic.byEndpoint[CREATE]).toBe(2);
  });

  test.each([
    ['business-error', CREATE, { resultCode: 1000 }],
    ['rate-limited', CREATE, { resultCode: 3000 }],
    ['ignore-silently', CREATE, { resultCode: 0, goodsNo: expect.any(Number) }],
  ] as const)('%s does nothing and answers in the manner of the channel', async (fault, match, answer) => {
    await spoil({ match, fault });
    expect(await (await create()).json()).toMatchObject(answer);
    expect(listed()).toBe(0);
    expect(client.sandbox.ledger().traffic.rateErrors).toBe(fault === 'rate-limited' ? 1 : 0);
  });

  test.each([
    ['reset-before-commit', 0],
    ['reset-after-commit', 2],
  ] as const)('%s drops the connection', async (fault, products) => {
    await spoil({ match: CREATE, fault });
    await expect(create()).rejects.toThrow('fetch failed');
    expect(listed()).toBe(products);
  });

  test.each([
    ['timeout-before-commit', 0],
    ['timeout-after-commit', 2],
  ] as const)('%s never answers, and closing does not wait for it', async (fault, products) => {
    await spoil({ match: CREATE, fault });
    const hanging = create().then(
      () => 'answered',
      () => 'dropped',
    );
    // A second call is answered after the first has been taken in: the first is hanging by then.
    while (client.sandbox.ledger().traffic.byEndpoint[CREATE] !== 1) await client.control('/_ledger');
    for (let turn = 0; turn < 5; turn += 1) await client.call('GET', '/item/v1/shipping/places');
    expect(listed()).toBe(products);
    await client.sandbox.close();
    expect(await hanging).toBe('dropped');
  });

  test('cut-json does the work and breaks the answer', async () => {
    await spoil({ match: CREATE, fault: 'cut-json' });
    const response = await create();
    await expect(response.json()).rejects.toThrow(SyntaxError);
    expect([response.status, listed()]).toEqual([200, 2]);
  });

  test('one-site-fails: the first site is done, the other says so', async () => {
    await spoil(
      { match: CREATE, fault: 'one-site-fails' },
      { match: 'PUT /item/v1/goods/{goodsNo}/price', fault: 'one-site-fails' },
    );
    const made: Wire = await (await create()).json();
    expect(made).toMatchObject({ resultCode: 0, siteDetail: { iac: { SiteGoodsNo: null } } });
    client.clock.now += 2_000;
    const update = { ...body, isSell: { gmkt: true, iac: true } };
    expect((await client.call('PUT', `/item/v1/goods/${made.goodsNo}`, update)).siteDetail.iac.SiteGoodsNo).toMatch(
      /^C/,
    );
    client.clock.now += 2_000;
    const price = await client.call('PUT', `/item/v1/goods/${made.goodsNo}/price`, { gmkt: 9_990, iac: 9_990 });
    expect(price).toMatchObject({ resultCode: 1000, message: expect.stringContaining('[IAC]') });
    expect(client.sandbox.ledger().listings.map((one) => one.price)).toEqual([9_990, 12_000]);
  });

  test('rules go in order, wait for `after`, end after `times` and match by pattern', async () => {
    await spoil(
      { match: 'GET /item/v1/goods/{goodsNo}', fault: 'status', status: 500 },
      { match: 'GET /item/v1/shipping/*', fault: 'status', status: 503, after: 1, times: 2 },
      { match: 'GET /item/v1/shipping/places', fault: 'status', status: 504, times: 9 },
    );
    const status = async (path: string): Promise<number> => (await client.raw('GET', path)).status;
    const places = [];
    for (let count = 0; count < 4; count += 1) places.push(await status('/item/v1/shipping/places?pageSize=1'));
    expect(places).toEqual([504, 503, 503, 504]);
    expect(await status('/item/v1/goods/1/status')).toBe(200);
    expect(await status('/item/v1/goods/1')).toBe(500);
    await spoil();
    expect(await status('/item/v1/shipping/places')).toBe(200);
  });

  test('a share of calls is the same share for the same seed', async () => {
    const run = async (seed: number): Promise<number[]> => {
      await spoil({ match: 'GET /item/v1/shipping/places', fault: 'status', status: 500, probability: 0.3, seed });
      const statuses = [];
      for (let count = 0; count < 60; count += 1)
        statuses.push((await client.raw('GET', '/item/v1/shipping/places')).status);
      return statuses;
    };
    const first = await run(5);
    expect(await run(5)).toEqual(first);
    expect(await run(6)).not.toEqual(first);
    const spoiled = first.filter((status) => status === 500).length;
    expect(spoiled).toBeGreaterThan(8);
    expect(spoiled).toBeLessThan(30);
  });

  test('a spoiled order query counts for the guard only when it got that far', async () => {
    const match = 'POST /shipping/v1/Order/RequestOrders';
    await spoil({ match, fault: 'business-error' }, { match, fault: 'cut-json' });
    expect((await client.orderQuery()).ResultCode).toBe(3000);
    await expect(client.orderQuery()).rejects.toThrow(SyntaxError);
    expect(await client.orderQuery()).toMatchObject({ ResultCode: 3000, Message: expect.stringContaining('5초당') });
    expect(client.sandbox.ledger().traffic).toMatchObject({ rateErrors: 1, smallestOrderQueryGapMs: 0 });
  });

  test('delays can be set, at the start or later', async () => {
    const slow = await openSandbox({ faults: { feedDelayMs: 180_000, phoneDelayMs: 0 } });
    await slow.call('POST', '/item/v1/goods', await slow.productDocument());
    slow.clock.now += 179_999;
    expect(slow.sandbox.ledger().listings[0]?.state).toBe('pending');
    slow.clock.now += 1;
    expect(slow.sandbox.ledger().listings[0]?.state).toBe('on-sale');
    await slow.order();
    expect((await slow.orderRows())[0].HpNo).not.toBeNull();
    slow.sandbox.setFaults({ phoneDelayMs: 60_000 });
    expect((await slow.orderRows())[0].HpNo).toBeNull();
    await slow.sandbox.close();
  });
});
