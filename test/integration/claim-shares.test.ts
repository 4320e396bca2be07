import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { money } from '../../src/domain/money.ts';
import { readSales } from '../../src/store/sales.ts';
import type { SyncDependencies } from '../../src/sync/dependencies.ts';
import { pullStream } from '../../src/sync/pull-stream.ts';
import { type House, openHouse } from '../support/house.ts';
import {
  claimOf,
  createMemoryChannel,
  lineOf,
  type MemoryChannel,
  orderOf,
  withMemoryAccount,
} from '../support/memory-channel.ts';
import { expectJournalToAddUp } from '../support/sales-figures.ts';

let house: House;
let deps: SyncDependencies;
let channel: MemoryChannel;

beforeEach(async () => {
  house = await openHouse({ now: '2026-12-10T09:00:00+09:00' });
  channel = createMemoryChannel();
  deps = await withMemoryAccount(house.deps, channel);
});
afterEach(async () => {
  await expectJournalToAddUp(house.store);
  await house.close();
});

async function pull(): Promise<void> {
  for (const stream of ['orders', 'claims'] as const) {
    await pullStream(deps, { accountId: 'memory', stream, runId: null, window: null, sweep: true });
  }
}

const at = (text: string) => new Date(`${text}+09:00`);

describe('a claim of a whole order with several lines', () => {
  const losses = async () =>
    (
      await house.store.query<object>(
        'select line_id, cancelled_units, cancelled, returned_units, returned from naru.order_line order by line_id',
      )
    ).rows.map((row) => Object.values(row));
  const order = () =>
    orderOf('o1', at('2026-12-08T10:00'), {
      lines: [lineOf({ lineId: '1', minor: 1_000, units: 2 }), lineOf({ lineId: '2', minor: 500, units: 4 })],
    });

  it('takes its amount and its units once, from one line after the other, and no more than there is', async () => {
    channel.orders.push(order());
    const claim = (id: string, change: object) => claimOf(id, 'o1', at('2026-12-09T10:00'), change);
    channel.claims.push(claim('c1', { units: 3, amount: money(2_300, 'KRW') }));
    await pull();
    expect(await losses()).toEqual([
      ['1', 2, 2_000, 0, 0],
      ['2', 1, 300, 0, 0],
    ]);
    expect(await readSales(house.store, { by: null, asOf: null })).toMatchObject([
      { gross: 4_000, cancelled: 2_300, net: 1_700 },
    ]);
    channel.claims.push(claim('c0', { kind: 'return', units: 1 }), claim('c2', { kind: 'return', units: 9 }));
    await pull();
    expect(await losses()).toEqual([
      ['1', 2, 2_000, 0, 0],
      ['2', 1, 300, 3, 1_500],
    ]);
    channel.claims.push(claim('c3', { lineId: '2', units: 1 }));
    await pull();
    expect(await losses()).toEqual([
      ['1', 2, 2_000, 0, 0],
      ['2', 2, 800, 2, 1_000],
    ]);
  });
});
