import { afterEach, beforeEach, expect, it } from 'vitest';
import { runPull } from '../../src/sync/pull-run.ts';
import { ACCOUNT, type House, MINUTE_MS, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const dayMs = 24 * 60 * MINUTE_MS;

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
  await house.putOnSale([paper]);
  await house.campaign({
    id: 'winter',
    name: '겨울 기획전',
    start: '2026-11-23',
    end: '2026-12-27',
    accounts: [ACCOUNT],
    members: [{ sku: paper, price_krw: 11_800 }],
  });
  await house.push();
});
afterEach(() => house.close());

async function buy(lines: { site: string; cart?: string; shippingFee?: number }[]): Promise<void> {
  const orders = lines.map((line) => ({ sku: paper, units: 1, useSellerDiscount: true, ...line }));
  await control('/_orders', { orders });
}

async function control(path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const answer = await fetch(house.sandbox.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
}

async function pull(stream: 'orders' | 'settlements'): Promise<void> {
  await runPull(house.deps, house.queues, { stream, window: null, sweep: false, wait: false });
  await house.work();
}

async function sums(sql: string): Promise<Record<string, number>> {
  return (await house.store.query<Record<string, number>>(sql)).rows[0] ?? {};
}

it("counts a cart's shipping once, at both sites, as the channel's own books do", async () => {
  for (const site of ['gmkt', 'iac']) {
    const line = { site, cart: `cart-${site}`, shippingFee: 3_000 };
    await buy([line, line, line, { site, shippingFee: 2_500 }, { site }]);
  }
  house.pass(5 * MINUTE_MS);
  await pull('orders');
  const [books] = house.sandbox.ledger().sales;
  expect(books?.shipping).toBe(11_000);
  const fact = 'select sum(shipping)::bigint as shipping, sum(gross)::bigint as gross from naru.sales_fact';
  expect(await sums(fact)).toEqual({ shipping: 11_000, gross: books?.gross });
});

it("stores a statement in which gross, commission and the seller's discounts explain the payout", async () => {
  await buy(['gmkt', 'iac'].map((site) => ({ site, shippingFee: 3_000 })));
  await control('/_settle', { all: true });
  house.pass(3 * dayMs);
  await pull('settlements');
  const lines = house.sandbox.ledger().orders;
  const discount = lines.reduce((sum, line) => sum + line.sellerDiscount, 0);
  expect(discount).toBeGreaterThan(0);
  const figures = 'sum(gross)::bigint as gross, sum(deduction)::bigint as deduction, count(*)::int as rows';
  expect(await sums(`select ${figures} from naru.settlement where kind = 'sale'`)).toEqual({
    gross: lines.reduce((sum, line) => sum + line.gross, 0),
    deduction: discount,
    rows: 2,
  });
  expect(await sums(`select ${figures} from naru.settlement where kind = 'shipping'`)).toEqual({
    gross: 6_000,
    deduction: 0,
    rows: 2,
  });
  const unexplained =
    'select count(*)::int as rows from naru.settlement where gross - commission - deduction <> payout';
  expect(await sums(unexplained)).toEqual({ rows: 0 });
});
