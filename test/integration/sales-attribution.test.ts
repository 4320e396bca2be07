import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { money } from '../../src/domain/money.ts';
import { unmatchedLines } from '../../src/store/orders.ts';
import { readSales, type SalesQuery } from '../../src/store/sales.ts';
import { applyCampaign } from '../../src/sync/apply-campaign.ts';
import { commitPage } from '../../src/sync/commit-page.ts';
import type { SyncDependencies } from '../../src/sync/dependencies.ts';
import { importRates } from '../../src/sync/import-rates.ts';
import { openAccount } from '../../src/sync/open-account.ts';
import { pullStream } from '../../src/sync/pull-stream.ts';
import { salesAnswer } from '../../src/sync/report.ts';
import { postgresServer } from '../support/database.ts';
import { type House, openHouse } from '../support/house.ts';
import {
  claimOf,
  createMemoryChannel,
  lineOf,
  type MemoryChannel,
  orderOf,
  recordOf,
  withMemoryAccount,
} from '../support/memory-channel.ts';
import { expectJournalToAddUp } from '../support/sales-figures.ts';

const sku = 'SG-01-001';
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

const sales = (query: Partial<SalesQuery> = {}) => readSales(house.store, { by: null, asOf: null, ...query });
const bySku = async () => (await sales({ by: 'product' })).map(({ key, units, gross }) => ({ key, units, gross }));
const at = (text: string) => new Date(`${text}+09:00`);

const campaign = (change: object = {}) => ({
  id: 'winter',
  name: '겨울 기획전',
  start: '2026-12-07',
  end: '2026-12-08',
  accounts: ['memory'],
  members: [{ sku }],
  ...change,
});

describe('a product that is not known', () => {
  it('is counted at once, in the open, and moved when the catalogue has brought it', async () => {
    const order = orderOf('o1', at('2026-12-08T10:00'), { lines: [lineOf({ sku, minor: 500, units: 2 })] });
    channel.orders.push(order);
    await pull();
    expect(await bySku()).toEqual([{ key: '(unknown)', units: 2, gross: 1_000 }]);
    expect(await sales({ by: 'company' })).toMatchObject([{ key: '', gross: 1_000 }]);
    expect(await unmatchedLines(house.store)).toBe(1);
    await house.importDemo(['SG-01-002']);
    expect(await unmatchedLines(house.store)).toBe(1);
    await house.campaign(campaign());
    await house.importDemo([sku]);
    expect(await bySku()).toEqual([{ key: sku, units: 2, gross: 1_000 }]);
    expect(await sales({ campaignId: 'winter' })).toMatchObject([{ units: 2 }]);
    expect(await sales({ by: 'company' })).toMatchObject([{ key: '1018100001', gross: 1_000 }]);
    expect(await unmatchedLines(house.store)).toBe(0);
  });

  it('is found by the next pull of an order that has not changed, when its listing came meanwhile', async () => {
    await house.importDemo([sku]);
    channel.orders.push(orderOf('o1', at('2026-12-08T10:00'), { lines: [lineOf({ externalListingId: 'C-77' })] }));
    await pull();
    await house.store.query(
      `insert into naru.listing (account_id, sku, state, external_ids, updated_at)
       values ('memory', $1, 'on-sale', '{"main": "C-77"}', now())`,
      [sku],
    );
    await pull();
    expect(await bySku()).toEqual([{ key: sku, units: 1, gross: 1_000 }]);
    expect(await unmatchedLines(house.store)).toBe(0);
  });

  it('is found by the number the site gave its listing, and stays found when that number is gone', async () => {
    await house.importDemo([sku]);
    await house.campaign(campaign());
    const order = orderOf('o1', at('2026-12-08T10:00'), { lines: [lineOf({ externalListingId: 'C-77' })] });
    channel.orders.push(order);
    await pull();
    expect(await bySku()).toMatchObject([{ key: '(unknown)' }]);
    await house.store.query(
      `insert into naru.listing (account_id, sku, state, external_ids, updated_at)
       values ('memory', $1, 'on-sale', '{"main": "C-77"}', now())`,
      [sku],
    );
    channel.orders[0] = { ...order, rawStatus: '2' };
    await pull();
    expect(await bySku()).toEqual([{ key: sku, units: 1, gross: 1_000 }]);
    expect(await sales({ campaignId: 'winter' })).toMatchObject([{ gross: 1_000 }]);
    // The listing was made anew under another number; the order is still of this product and of this campaign.
    await house.store.query(`update naru.listing set external_ids = '{"main": "C-78"}'`);
    channel.orders[0] = { ...order, rawStatus: '3' };
    await pull();
    expect(await bySku()).toEqual([{ key: sku, units: 1, gross: 1_000 }]);
    expect(await sales({ campaignId: 'winter' })).toMatchObject([{ gross: 1_000 }]);
  });
});

describe('a campaign', () => {
  beforeEach(async () => {
    await house.importDemo([sku, 'SG-01-002']);
    const times = ['2026-12-06T23:59:59.999', '2026-12-07T00:00', '2026-12-08T23:59:59.999', '2026-12-09T00:00'];
    times.forEach((time, index) => {
      const lines = [lineOf({ lineId: '1', sku, minor: 10 ** index }), lineOf({ lineId: '2', sku: 'SG-01-002' })];
      channel.orders.push(orderOf(`o${index}`, at(time), { lines }));
    });
  });

  it('that was written down late takes the orders that were pulled before, from its first to its last instant', async () => {
    await pull();
    expect(await sales({ campaignId: 'winter' })).toEqual([]);
    await house.campaign(campaign());
    expect(await sales({ campaignId: 'winter' })).toMatchObject([{ orderLines: 2, gross: 110 }]);
    expect(await sales({ campaignId: 'winter', by: 'day' })).toMatchObject([
      { key: '2026-12-07', gross: 10 },
      { key: '2026-12-08', gross: 100 },
    ]);
    expect(await sales()).toMatchObject([{ units: 8, gross: 1_111 + 4_000 }]);
  });

  it('that is changed gives orders back, also to another one', async () => {
    await house.campaign(campaign());
    await house.campaign(campaign({ id: 'later', start: '2026-12-08', end: '2026-12-09' }));
    await pull();
    const both = async () => [await sales({ campaignId: 'winter' }), await sales({ campaignId: 'later' })];
    // The one that starts first has them.
    expect(await both()).toMatchObject([[{ gross: 110 }], [{ gross: 1_000 }]]);
    await house.campaign(campaign({ end: '2026-12-07' }));
    expect(await both()).toMatchObject([[{ gross: 10 }], [{ gross: 1_100 }]]);
    await house.campaign(campaign({ members: [{ sku: 'SG-01-002' }] }));
    expect(await both()).toMatchObject([[{ gross: 2_000 }], [{ gross: 1_100 }]]);
    expect(await sales()).toMatchObject([{ gross: 1_111 + 4_000 }]);
  });

  it.runIf(postgresServer)('that leaves an account while its orders are read loses every one of them', async () => {
    await withMemoryAccount(house.deps, channel, 'other');
    await house.campaign(campaign());
    await pull();
    const account = await openAccount(deps, 'memory');
    const late = orderOf('late', at('2026-12-07T12:00'), { lines: [lineOf({ sku, minor: 10_000 })] });
    let goOn: () => void = () => undefined;
    const mayCommit = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let isCounted: () => void = () => undefined;
    const counted = new Promise<void>((resolve) => {
      isCounted = resolve;
    });
    const records = { orders: [recordOf('late', late)], claims: [], settlements: [] };
    const page = { account, stream: 'orders', runId: null, now: house.clock.now(), records } as const;
    const pulling = house.store.transaction(async (tx) => {
      await commitPage(tx, page);
      isCounted();
      await mayCommit;
    });
    await counted;
    const applying = applyCampaign(deps, campaign({ accounts: ['other'] }));
    // It has come to where it must wait: the order that is being read is not yet to be seen.
    for (;;) {
      const { rows } = await house.store.query<{ waiting: number }>(
        `select count(*) as waiting from pg_locks where not granted and pid in
           (select pid from pg_stat_activity where datname = current_database())`,
      );
      if ((rows[0]?.waiting ?? 0) > 0 || (await Promise.race([applying, null]))) break;
    }
    goOn();
    await Promise.all([pulling, applying]);
    expect(await sales({ campaignId: 'winter' })).toEqual([]);
    expect(await sales()).toMatchObject([{ gross: 1_111 + 4_000 + 10_000 }]);
  });
});

describe('a late change', () => {
  it('corrects the day of the order, and what was reported before can still be read', async () => {
    await house.importDemo([sku]);
    channel.orders.push(orderOf('o1', at('2026-12-08T23:30'), { lines: [lineOf({ sku, units: 3 })] }));
    await pull();
    const first = house.clock.now();
    house.pass(3_600_000);
    channel.claims.push(claimOf('c1', 'o1', at('2026-12-09T09:00'), { state: 'requested', units: 1 }));
    await pull();
    const requested = house.clock.now();
    expect(await sales()).toEqual(await sales({ asOf: first }));
    house.pass(3_600_000);
    channel.claims[0] = claimOf('c1', 'o1', at('2026-12-09T09:00'), { units: 1, completedAt: at('2026-12-10T10:00') });
    await pull();
    const done = house.clock.now();
    house.pass(3_600_000);
    channel.claims.push(claimOf('c2', 'o1', at('2026-12-10T11:30'), { kind: 'return' }));
    await pull();

    expect(await sales({ by: 'day' })).toMatchObject([
      { key: '2026-12-08', units: 3, gross: 3_000, cancelled: 1_000, returned: 2_000, net: 0 },
    ]);
    const netAt = async (asOf: Date | null) => (await sales({ asOf })).map((row) => row.net);
    expect(await netAt(new Date(first.getTime() - 1))).toEqual([]);
    expect(await netAt(first)).toEqual([3_000]);
    expect(await netAt(requested)).toEqual([3_000]);
    expect(await netAt(done)).toEqual([2_000]);
    expect(await netAt(null)).toEqual([0]);
  });

  it('moves an order whose date was corrected to its day, and takes out a line that is gone', async () => {
    await house.importDemo([sku, 'SG-01-002']);
    const lines = [lineOf({ lineId: '1', sku }), lineOf({ lineId: '2', sku: 'SG-01-002', minor: 50 })];
    channel.orders.push(orderOf('o1', at('2026-12-08T23:59'), { lines }));
    await pull();
    channel.orders[0] = orderOf('o1', at('2026-12-09T00:01'), { lines: lines.slice(0, 1) });
    await pull();
    expect(await sales({ by: 'day' })).toMatchObject([{ key: '2026-12-09', orderLines: 1, gross: 1_000 }]);
    expect(await bySku()).toEqual([{ key: sku, units: 1, gross: 1_000 }]);
  });
});

it('counts a fee that orders share once, and finds it again when its order leaves the group', async () => {
  const order = (id: string, shippingGroup: string | null) =>
    orderOf(id, at('2026-12-08T10:00'), { shippingGroup, shipping: money(3_000, 'KRW') });
  channel.orders.push(order('o1', 'G'), order('o2', 'G'), order('o3', 'G'));
  await pull();
  expect(await sales()).toMatchObject([{ orderLines: 3, shipping: 3_000 }]);
  channel.orders[0] = order('o1', 'H');
  await pull();
  expect(await sales()).toMatchObject([{ orderLines: 3, shipping: 6_000 }]);
});

it('never adds won to dollars', async () => {
  await house.importDemo([sku]);
  const order = (id: string, minor: number, currency: 'KRW' | 'USD') =>
    orderOf(id, at('2026-12-08T10:00'), { lines: [lineOf({ sku, minor, currency })], shipping: money(0, currency) });
  channel.orders.push(order('o1', 1_000, 'KRW'), order('o2', 1_580, 'USD'), order('o3', 20, 'USD'));
  await pull();
  for (const by of ['day', 'product', 'company', 'channel', 'account'] as const) {
    const { rows, totals } = await salesAnswer(deps, { by, asOf: null });
    for (const part of [rows, totals]) {
      expect(part).toMatchObject([
        { currency: 'KRW', order_lines: 1, gross: 1_000 },
        { currency: 'USD', order_lines: 2, gross: 1_600 },
      ]);
    }
  }
});

it('reads dollars in won by the rate of their day, and says nothing where there is none', async () => {
  await house.importDemo([sku]);
  const dollars = (id: string, day: string, minor: number) =>
    orderOf(id, at(`${day}T10:00`), { lines: [lineOf({ sku, minor, currency: 'USD' })], shipping: money(0, 'USD') });
  channel.orders.push(dollars('o1', '2026-12-08', 1_050), dollars('o2', '2026-12-09', 333));
  await pull();
  const won = async () => (await salesAnswer(deps, { by: 'day', asOf: null })).won;
  const rate = (day: string, krw: string) => ({ currency: 'USD', day, krw_per_unit: krw, source: 'a bank' });
  expect(await won()).toBeNull();
  await importRates(deps, [rate('2026-12-09', '1400.5')]);
  expect(await won(), 'the first day has no rate').toBeNull();
  await importRates(deps, [rate('2026-12-01', '1391.25')]);
  // 10.50 × 1391.25 = 14,608.125 and 3.33 × 1400.5 = 4,663.665: added, then rounded once.
  expect(await won()).toEqual({ gross: 19_272, net: 19_272 });
  const { rows, rates } = await salesAnswer(deps, { by: 'day', asOf: null });
  expect(rows.map((row) => row.net_krw)).toEqual([14_608, 4_664]);
  expect(rates.map(({ day, source }) => [day, source])).toEqual([
    ['2026-12-09', 'a bank'],
    ['2026-12-01', 'a bank'],
  ]);
  // A day without sales was read by no rate, nor was any day by an older one.
  await importRates(deps, [rate('2026-12-10', '1500'), rate('2026-11-02', '1380')]);
  const asked = { by: 'day' as const, asOf: null };
  expect((await salesAnswer(deps, asked)).rates).toEqual(rates);
  expect((await salesAnswer(deps, { ...asked, toDay: '2026-12-08' })).rates).toMatchObject([{ day: '2026-12-01' }]);
  expect((await salesAnswer(deps, { ...asked, asOf: house.clock.now() })).rates).toEqual(rates);
  await expect(importRates(deps, [{ ...rate('2026-12-01', '1,391') }])).rejects.toMatchObject({
    code: 'rates_invalid',
  });
});

it('gives rows and totals of one instant, whatever a pull commits between the two', async () => {
  await house.importDemo([sku]);
  const account = await openAccount(deps, 'memory');
  const order = orderOf('o1', at('2026-12-08T10:00'), { lines: [lineOf({ sku, minor: 1_000 })] });
  const records = { orders: [recordOf('o1', order)], claims: [], settlements: [] };
  const page = { account, stream: 'orders' as const, runId: null, now: house.clock.now(), records };
  const [{ rows, totals }] = await Promise.all([
    salesAnswer(deps, { by: 'day', asOf: null }),
    house.store.transaction((tx) => commitPage(tx, page)),
  ]);
  const gross = (part: typeof rows) => part.map((row) => row.gross);
  expect(gross(totals)).toEqual(gross(rows));
});

it('keeps orders of two sites apart that happen to have one number', async () => {
  const first = orderOf('4300000001', at('2026-12-08T10:00'), { site: 'one', lines: [lineOf({ minor: 100 })] });
  const second = orderOf('4300000001', at('2026-12-08T11:00'), { site: 'two', lines: [lineOf({ minor: 2_000 })] });
  const account = await openAccount(deps, 'memory');
  const records = {
    orders: [recordOf('one-4300000001', first), recordOf('two-4300000001', second)],
    claims: [],
    settlements: [],
  };
  const page = { account, runId: null, now: house.clock.now() };
  const claims = [recordOf('c1', claimOf('c1', '4300000001', at('2026-12-08T12:00'), { site: 'one' }))];
  await house.store.transaction((tx) => commitPage(tx, { ...page, stream: 'orders', records }));
  await house.store.transaction((tx) =>
    commitPage(tx, { ...page, stream: 'claims', records: { orders: [], claims, settlements: [] } }),
  );
  expect(await sales()).toMatchObject([{ orderLines: 2, units: 2, gross: 2_100, cancelled: 100, net: 2_000 }]);
});
