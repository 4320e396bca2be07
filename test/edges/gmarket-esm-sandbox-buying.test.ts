import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SandboxOrderLine } from '../../src/channel/sandbox.ts';
import { groupBy } from '../../src/domain/group-by.ts';
import { DAY, openSandbox, type SandboxClient, type Wire } from '../support/gmarket-esm-sandbox-client.ts';

let client: SandboxClient;

beforeEach(async () => {
  client = await openSandbox();
  for (const sku of ['GRN-1', 'GRN-2']) await client.onSale(sku);
});
afterEach(() => client.sandbox.close());

const buy = (body: object, status = 200): Promise<Wire> => client.control('/_buy', { seed: 7, ...body }, status);
const stocks = (): number[] => client.sandbox.ledger().listings.map((listing) => listing.stock);
const plain = ({ sku, site, units, shipping, orderedAt }: SandboxOrderLine) => [sku, site, units, shipping, orderedAt];
const lines = (from: SandboxClient) => from.sandbox.ledger().orders.map(plain);

describe('random buyers', () => {
  test('buy at both sites, in carts of one to three lines, some with shipping', async () => {
    const { orders } = await buy({ count: 40 });
    const carts = groupBy(orders as Wire[], (one) => one.payNo);
    const sizes = [...carts.values()].map((cart) => cart.length);
    expect(Math.max(...sizes)).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(3);
    for (const cart of carts.values()) {
      expect(new Set(cart.map((one) => one.site)).size).toBe(1);
      expect(new Set(cart.map((one) => one.orderedAt)).size).toBe(1);
      expect(cart.slice(1).every((one) => one.shipping === 0)).toBe(true);
    }
    for (const site of ['gmkt', 'iac']) {
      const heads = [...carts.values()].map(([first]) => first).filter((one) => one?.site === site);
      expect(heads.length).toBeGreaterThan(9);
      expect(new Set(heads.map((one) => one?.shipping))).toEqual(new Set([0, 3_000]));
    }
  });

  test('two lines already are two carts on two sites', async () => {
    const { orders } = await buy({ count: 2 });
    expect(orders.map((one: Wire) => one.site)).toEqual(['gmkt', 'iac']);
  });

  test('the same seed on the same shelves buys the same, another seed does not', async () => {
    await buy({ count: 20 });
    const again = await openSandbox();
    for (const sku of ['GRN-1', 'GRN-2']) await again.onSale(sku);
    await again.control('/_buy', { count: 20, seed: 7 });
    expect(lines(again)).toEqual(lines(client));
    await again.control('/_buy', { count: 20, seed: 8 });
    expect(lines(again).slice(20)).not.toEqual(lines(again).slice(0, 20));
    await again.sandbox.close();
  });

  test('times may be long past, and lie within what was asked for', async () => {
    const now = client.clock.now;
    const [from, to] = [now - 30 * DAY, now - 29 * DAY];
    await buy({ count: 30, from: new Date(from).toISOString(), to });
    await buy({ count: 1, from: to });
    const times = client.sandbox.ledger().orders.map((one) => Date.parse(one.orderedAt));
    expect(times.slice(0, 30).every((at) => at >= from && at <= to)).toBe(true);
    expect([...times].sort((one, other) => one - other)).toEqual(times);
    expect(times.at(-1)).toBeGreaterThanOrEqual(to);
    const found = await client.orderQuery({ requestDateFrom: '2026-11-07', requestDateTo: '2026-11-09' });
    expect(found.Data.TotalCount).toBe(client.sandbox.ledger().orders.filter((one) => one.site === 'gmkt').length - 1);
    await buy({ count: 1, from: to, to: from }, 400);
  });

  test('sell what there is and not one more; too large a wish buys nothing at all', async () => {
    expect(stocks()).toEqual([50, 50, 50, 50]);
    await buy({ count: 500 }, 409);
    expect([stocks(), lines(client)]).toEqual([[50, 50, 50, 50], []]);
    await client.control('/_listings/GRN-1', { stock: 3 });
    await client.control('/_listings/GRN-2', { site: 'gmkt', state: 'stopped' });
    await client.control('/_listings/GRN-2', { site: 'iac', stock: 1 });
    for (let seed = 0; left() > 0; seed += 1) await buy({ count: 1, seed });
    await buy({ count: 1 }, 409);
    expect(client.sandbox.ledger().sales[0]?.units).toBe(7);
  });

  /** What buyers could still have. */
  function left(): number {
    const open = client.sandbox.ledger().listings.filter((one) => one.state === 'on-sale');
    return open.reduce((sum, one) => sum + one.stock, 0);
  }
});
