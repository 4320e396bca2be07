import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { money } from '../../src/domain/money.ts';
import type { Settlement } from '../../src/domain/settlement.ts';
import type { Stream } from '../../src/domain/stream.ts';
import { readSales } from '../../src/store/sales.ts';
import { pullStream } from '../../src/sync/pull-stream.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';
import { createMemoryChannel, orderOf, withMemoryAccount } from '../support/memory-channel.ts';
import { expectJournalToAddUp } from '../support/sales-figures.ts';
import { buyOn, playOn } from '../support/sandbox-buyers.ts';

const dayMs = 24 * 3_600_000;
const sku = 'SG-01-001';
let house: House;

beforeEach(async () => {
  house = await openHouse();
});
afterEach(async () => {
  await expectJournalToAddUp(house.store);
  await house.close();
});

interface Row {
  order_id: string;
  kind: string;
  gross: number;
  commission: number;
  payout: number;
}

async function settlements(): Promise<Row[]> {
  const { rows } = await house.store.query<Row>(
    `select order_id, kind, gross, commission, payout from naru.settlement order by order_id, kind desc`,
  );
  return rows;
}

describe('the money statement of a marketplace', () => {
  const pull = (stream: Stream) =>
    pullStream(house.deps, { accountId: ACCOUNT, stream, runId: null, window: null, sweep: true });

  it.each(['gmkt', 'iac'])('of %s is kept with our signs, and brings the orders nobody had seen', async (site) => {
    await house.addAccount();
    await house.putOnSale([sku]);
    const [kept = '', returned = ''] = await buyOn(house.sandbox, [
      { sku, site, units: 2 },
      { sku, site, units: 3 },
    ]);
    await playOn(house.sandbox, `/_orders/${returned}/advance`, { to: 'delivered' });
    for (const state of ['requested', 'done']) {
      house.pass(1_000);
      await playOn(house.sandbox, '/_claims', { orderNo: returned, kind: 'return', state });
    }
    await playOn(house.sandbox, '/_settle', { all: true });
    house.pass(3 * dayMs);

    expect(await pull('settlements')).toMatchObject({ new: 3, changed: 0 });
    const [sale, sold, refund] = await settlements();
    const price = house.books(sku).find((listing) => listing.site === site)?.price ?? 0;
    expect(sale).toMatchObject({ order_id: kept, kind: 'sale', gross: price * 2 });
    expect(sold).toMatchObject({ order_id: returned, kind: 'sale', gross: price * 3 });
    expect(refund).toMatchObject({ order_id: returned, kind: 'refund', gross: -price * 3 });
    for (const row of [sale, sold]) {
      expect(row?.commission).toBeGreaterThan(0);
      expect(row?.payout).toBe((row?.gross ?? 0) - (row?.commission ?? 0));
    }
    expect(refund?.commission).toBe(-(sold?.commission ?? 0));
    expect(refund?.payout).toBe(-(sold?.payout ?? 0));

    // Orders are sales from the moment they are known; that one came back is known from its claim.
    expect(await readSales(house.store, { by: null, asOf: null })).toMatchObject([
      { orderLines: 2, units: 5, gross: price * 5, returned: 0 },
    ]);
    await pull('claims');
    const [books] = house.sandbox.ledger().sales;
    expect(await readSales(house.store, { by: null, asOf: null })).toMatchObject([
      { gross: books?.gross, returned: books?.returned, net: books?.net },
    ]);
    expect(books?.returned).toBe(price * 3);
  });

  it('changes nothing when it is read again', async () => {
    await house.addAccount();
    await house.putOnSale([sku]);
    await buyOn(house.sandbox, [{ sku, site: 'gmkt', units: 1, shippingFee: 3_000 }]);
    await playOn(house.sandbox, '/_settle', { all: true });
    house.pass(3 * dayMs);
    await pull('settlements');
    const before = await settlements();
    expect(before.map((row) => row.kind).sort()).toEqual(['sale', 'shipping']);
    expect(await pull('settlements')).toMatchObject({ new: 0, changed: 0, unchanged: 2 });
    expect(await settlements()).toEqual(before);
  });
});

describe('orders that only the statement names', () => {
  const settled = (kind: Settlement['kind'], orderId: string): Settlement => {
    const none = money(0, 'KRW');
    const line = { settlementId: `${kind}-${orderId}`, kind, orderId, site: 'main', settledOn: '2026-11-22' };
    return { ...line, gross: money(1_000, 'KRW'), commission: none, deduction: none, payout: money(1_000, 'KRW') };
  };

  it('are looked up by number; a shipping fee names a cart, which is no order', async () => {
    const channel = createMemoryChannel();
    const deps = await withMemoryAccount(house.deps, channel);
    channel.orders.push(orderOf('o1', new Date('2026-01-05T10:00:00+09:00')));
    channel.settlements.push(settled('sale', 'o1'), settled('shipping', 'cart-1'), settled('sale', 'gone'));
    const pull = (stream: Stream) => pullStream(deps, { accountId: 'memory', stream, runId: null, window: null });
    expect(await pull('settlements')).toMatchObject({ new: 3 });
    expect(channel.lookedUp).toEqual(['o1', 'gone']);
    expect(await readSales(house.store, { by: 'day', asOf: null })).toMatchObject([
      { key: '2026-01-05', gross: 1_000 },
    ]);
    // What the channel did not know then is asked for again with the claims, until it does.
    channel.lookedUp.length = 0;
    channel.orders.push(orderOf('gone', new Date('2026-01-06T10:00:00+09:00')));
    await pull('claims');
    await pull('claims');
    expect(channel.lookedUp).toEqual(['gone']);
    expect(await readSales(house.store, { by: null, asOf: null })).toMatchObject([{ orderLines: 2 }]);
  });
});
