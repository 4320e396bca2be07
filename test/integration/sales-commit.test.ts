import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PulledRecord } from '../../src/channel/contract.ts';
import type { Claim } from '../../src/domain/claim.ts';
import { money } from '../../src/domain/money.ts';
import type { Order } from '../../src/domain/order.ts';
import { commitPage } from '../../src/sync/commit-page.ts';
import { type OpenAccount, openAccount } from '../../src/sync/open-account.ts';
import { type House, openHouse } from '../support/house.ts';
import {
  claimOf,
  createMemoryChannel,
  lineOf,
  orderOf,
  recordOf,
  withMemoryAccount,
} from '../support/memory-channel.ts';
import { expectJournalToAddUp, forgetPulled, readFacts } from '../support/sales-figures.ts';

const skus = ['SG-01-001', 'SG-01-002'];
const day = new Date('2026-12-07T00:00:00+09:00').getTime();
let house: House;
let account: OpenAccount;

beforeAll(async () => {
  house = await openHouse({ now: '2026-11-23T09:00:00+09:00' });
  await house.importDemo(skus);
  account = await openAccount(await withMemoryAccount(house.deps, createMemoryChannel()), 'memory');
  await house.campaign({
    id: 'winter',
    name: '겨울',
    start: '2026-12-07',
    end: '2026-12-07',
    accounts: ['memory'],
    members: [{ sku: skus[0] }],
  });
});
afterAll(() => house.close());
afterEach(() => forgetPulled(house.store));

type Told = { order: PulledRecord<Order> } | { claim: PulledRecord<Claim> };

async function commit(records: readonly Told[]): Promise<{ new: number; changed: number; unchanged: number }> {
  const none = { orders: [], claims: [], settlements: [] };
  const orders = records.flatMap((record) => ('order' in record ? [record.order] : []));
  const claims = records.flatMap((record) => ('claim' in record ? [record.claim] : []));
  const counts = { new: 0, changed: 0, unchanged: 0 };
  const pages = { orders: { ...none, orders }, claims: { ...none, claims } };
  for (const stream of ['orders', 'claims'] as const) {
    const page = { account, stream, runId: null, now: house.clock.now(), records: pages[stream] };
    const told = await house.store.transaction((tx) => commitPage(tx, page));
    for (const key of ['new', 'changed', 'unchanged'] as const) counts[key] += told[key];
  }
  return counts;
}

const at = fc.constantFrom(-1, 0, 60_000, 86_399_999, 86_400_000, 32_400_000).map((ms) => new Date(day + ms));
/** What a line is of never changes, and its site neither. */
const skuOfLine: Readonly<Record<string, string | null>> = {
  'o1/1': 'SG-01-001',
  'o1/2': 'SG-01-002',
  'o2/1': null,
  'o2/2': 'SG-01-001',
  'o3/1': 'NEVER-IMPORTED',
  'o3/2': 'SG-01-002',
};
const orderOfClaim: Readonly<Record<string, string>> = { c1: 'o1', c2: 'o1', c3: 'o2' };
const siteOfOrder: Readonly<Record<string, string>> = { o1: 'one', o2: 'one', o3: 'two' };

const lineVersion = (orderId: string, lineId: string) =>
  fc
    .record({
      units: fc.integer({ min: 1, max: 4 }),
      minor: fc.constantFrom(100, 1_000, 12_345),
      currency: fc.constantFrom('KRW' as const, 'USD' as const),
      discount: fc.constantFrom(0, 50),
    })
    .map(({ discount, ...rest }) =>
      lineOf({
        ...rest,
        lineId,
        sku: skuOfLine[`${orderId}/${lineId}`] ?? null,
        sellerDiscount: money(discount, rest.currency),
      }),
    );

const orderVersion = (orderId: string) => {
  const [first, second] = [lineVersion(orderId, '1'), lineVersion(orderId, '2')];
  return fc
    .record({
      orderedAt: at,
      fee: fc.constantFrom(0, 3_000),
      shippingGroup: fc.constantFrom(null, 'G1', 'G2'),
      lines: fc.oneof(fc.tuple(first), fc.tuple(first, second), fc.tuple(second)),
    })
    .map(({ orderedAt, fee, lines, ...rest }) => {
      const site = siteOfOrder[orderId] ?? '';
      const order = orderOf(orderId, orderedAt, { ...rest, site, lines, shipping: money(fee, 'KRW') });
      return { order: recordOf(orderId, order) };
    });
};

const claimVersion = (claimId: string) =>
  fc
    .record({
      kind: fc.constantFrom('cancel' as const, 'return' as const, 'exchange' as const),
      state: fc.constantFrom('requested' as const, 'processing' as const, 'done' as const, 'withdrawn' as const),
      lineId: fc.constantFrom(null, '1', '2'),
      units: fc.constantFrom(null, 1, 3),
    })
    .map((rest) => {
      const orderId = orderOfClaim[claimId] ?? '';
      const claim = claimOf(claimId, orderId, new Date(day), { ...rest, site: siteOfOrder[orderId] ?? '' });
      return { claim: recordOf(claimId, claim) };
    });

/** Former versions of each record, and its last one. */
const history = fc.record({
  former: fc.array(
    fc.oneof(...['o1', 'o2', 'o3'].map((id) => orderVersion(id)), ...['c1', 'c2', 'c3'].map((id) => claimVersion(id))),
    { maxLength: 12 },
  ),
  last: fc.tuple(
    orderVersion('o1'),
    orderVersion('o2'),
    orderVersion('o3'),
    claimVersion('c1'),
    claimVersion('c2'),
    claimVersion('c3'),
  ),
  pageSize: fc.integer({ min: 1, max: 6 }),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
});

describe('the same records', () => {
  it('give the same facts, in whatever order, how often and in whatever pages they come', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ former, last, pageSize, order }) => {
        await forgetPulled(house.store);
        await commit(last);
        const expected = await readFacts(house.store);
        await expectJournalToAddUp(house.store);

        await forgetPulled(house.store);
        const shuffled: Told[] = [...former, ...order.map((index) => last[index] as Told)];
        for (let start = 0; start < shuffled.length; start += pageSize) {
          await commit(shuffled.slice(start, start + pageSize));
        }
        expect(await readFacts(house.store)).toEqual(expected);
        await expectJournalToAddUp(house.store);

        const again = await commit(last);
        expect(again).toEqual({ new: 0, changed: 0, unchanged: 6 });
        expect(await readFacts(house.store)).toEqual(expected);
      }),
      { numRuns: 50, seed: 20261207 },
    );
  });
});
