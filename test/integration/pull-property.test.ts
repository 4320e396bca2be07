import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxOrderLine } from '../../src/channel/sandbox.ts';
import type { Figure } from '../../src/domain/figure.ts';
import { seoulDayOf } from '../../src/domain/seoul-time.ts';
import { type Stream, streams } from '../../src/domain/stream.ts';
import { readSales, type SalesRow } from '../../src/store/sales.ts';
import { pullStream } from '../../src/sync/pull-stream.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';
import { expectJournalToAddUp, forgetPulled } from '../support/sales-figures.ts';
import { playOn } from '../support/sandbox-buyers.ts';

const skus = ['SG-01-001', 'SG-01-002'];
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
let house: House;

beforeAll(async () => {
  house = await openHouse();
  await house.addAccount(ACCOUNT, { settings: { sellingPeriodDays: -1 } });
  await house.putOnSale(skus);
  for (const sku of skus) await control(`/_listings/${sku}`, { stock: 90_000 });
});
afterAll(() => house.close());

const control = (path: string, body: object) => playOn(house.sandbox, path, body);

/** How long before its moment something may be dated: channels show late what happened early. */
const lateness = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 12 * hourMs }),
  // To the millisecond before, at and after the last midnight in Seoul or in UTC.
  fc.constantFrom(-1, 0, 1).map((ms) => ({ midnight: 15 * hourMs, ms })),
  fc.constantFrom(-1, 0, 1).map((ms) => ({ midnight: 0, ms })),
);
type Lateness = number | { midnight: number; ms: number };

function dated(late: Lateness): Date {
  const now = house.clock.now().getTime();
  if (typeof late === 'number') return new Date(now - late);
  const midnight = now - ((now - late.midnight) % dayMs);
  return new Date(Math.min(now, midnight + late.ms));
}

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const event = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('buy' as const),
      site: fc.constantFrom('gmkt', 'iac'),
      late: lateness,
      fee: fc.constantFrom(0, 3_000),
      discount: fc.boolean(),
      lines: fc.array(fc.record({ sku: fc.constantFrom(...skus), units: fc.integer({ min: 1, max: 5 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('advance' as const),
      which: fraction,
      to: fc.constantFrom('preparing', 'shipping', 'delivered', 'decided'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('claim' as const),
      which: fraction,
      kind: fc.constantFrom('cancel', 'return', 'exchange'),
      state: fc.constantFrom('requested', 'processing', 'done', 'done', 'withdrawn'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('settle' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('pull' as const),
      stream: fc.constantFrom(...streams),
      window: fc.option(fc.tuple(fraction, fraction)),
      sweep: fc.boolean(),
      twice: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 14 * hourMs }) }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

async function pull(stream: Stream, window: { from: Date; to: Date } | null, sweep = false) {
  const request = { accountId: ACCOUNT, stream, runId: null, window, sweep };
  const result = await pullStream(house.deps, request);
  expect(result.busy).toBe(false);
  return result;
}

async function play(one: Event, start: Date): Promise<unknown> {
  const orders = house.sandbox.ledger().orders.filter((order) => new Date(order.orderedAt) >= start);
  const pick = (which: number) => orders[Math.min(orders.length - 1, Math.floor(which * orders.length))]?.orderId;
  switch (one.what) {
    case 'buy': {
      const at = new Date(Math.max(start.getTime(), dated(one.late).getTime())).toISOString();
      const cart = `cart-${house.sandbox.ledger().orders.length}`;
      const shared = { site: one.site, at, cart, shippingFee: one.fee, useSellerDiscount: one.discount };
      return control('/_orders', { orders: one.lines.map((line) => ({ ...line, ...shared })) });
    }
    case 'advance': {
      const orderNo = pick(one.which);
      return orderNo === undefined ? undefined : control(`/_orders/${orderNo}/advance`, { to: one.to });
    }
    case 'claim': {
      const orderNo = pick(one.which);
      return orderNo === undefined ? undefined : control('/_claims', { orderNo, kind: one.kind, state: one.state });
    }
    case 'settle':
      return control('/_settle', { all: true });
    case 'pass':
      return house.pass(one.ms);
    case 'pull': {
      const span = house.clock.now().getTime() - start.getTime();
      const [from = 0, to = 0] = [...(one.window ?? [])].sort((a, b) => a - b);
      const window = one.window && {
        from: new Date(start.getTime() + from * span),
        to: new Date(start.getTime() + to * span),
      };
      // A sweep of claims asks for a month in 216 calls; orders show as well that sweeps do no harm.
      const sweep = one.sweep && one.stream === 'orders';
      if (one.twice) await pull(one.stream, window, sweep);
      return pull(one.stream, window, sweep);
    }
  }
}

/** A row of our report; what a sandbox sells is never beyond a number. */
type BookedRow = {
  [Key in Exclude<keyof SalesRow, 'name' | 'channelDiscount' | 'grossKrw' | 'netKrw'>]: SalesRow[Key] extends Figure
    ? number
    : SalesRow[Key];
};

/** What the channel's own books say, grouped as our report is. */
function booked(lines: readonly SandboxOrderLine[], keyOf: (line: SandboxOrderLine) => string | null) {
  const rows = new Map<string | null, BookedRow>();
  for (const line of lines) {
    const key = keyOf(line);
    const row = rows.get(key) ?? {
      ...{ key, currency: line.currency, orderLines: 0, units: 0, gross: 0, cancelled: 0, returned: 0, net: 0 },
      ...{ sellerDiscount: 0, shipping: 0 },
    };
    row.orderLines += 1;
    row.units += line.units;
    row.gross += line.gross;
    row.cancelled += line.cancelled;
    row.returned += line.returned;
    row.net += line.gross - line.cancelled - line.returned;
    row.sellerDiscount += line.sellerDiscount;
    row.shipping += line.shipping;
    rows.set(key, row);
  }
  // Won read in won are themselves.
  const read = [...rows.values()].map((row) => ({ ...row, grossKrw: row.gross, netKrw: row.net }));
  return read.sort((a, b) => String(a.key).localeCompare(String(b.key)));
}

async function reported(by: 'day' | 'product' | null, start: Date) {
  const rows = await readSales(house.store, { by, fromDay: seoulDayOf(start), asOf: null });
  return rows.map(({ name: _name, channelDiscount: _discount, ...row }) => row);
}

async function expectTheBooks(start: Date): Promise<void> {
  const lines = house.sandbox.ledger().orders.filter((order) => new Date(order.orderedAt) >= start);
  expect(await reported(null, start)).toEqual(booked(lines, () => null));
  expect(await reported('day', start)).toEqual(booked(lines, (line) => line.orderedAt.slice(0, 10)));
  expect(await reported('product', start)).toEqual(booked(lines, (line) => line.sku));
}

/** Begins a stretch of days that no event and no overlap of a former one reaches into, with nothing pulled yet. */
async function freshStretch(): Promise<Date> {
  const beginOfDay = (ms: number) => ms - ((ms - 15 * hourMs) % dayMs);
  const start = new Date(beginOfDay(house.clock.now().getTime()) + 6 * dayMs);
  house.clock.jumpTo(start);
  await forgetPulled(house.store);
  // As if the first run had just been: it alone reads a month back.
  await house.store.query(
    `insert into naru.bookmark (account_id, stream, through, updated_at)
     select $1, stream, $2, $2 from unnest($3::text[]) as s(stream)`,
    [ACCOUNT, start, streams],
  );
  return start;
}

describe('whatever happens in whatever order, and however it was pulled', () => {
  it('sales are what the channel has in its own books, to the won', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 18 }), fc.boolean(), async (events, asked) => {
        const start = await freshStretch();
        for (const one of events) {
          await play(one, start);
          house.pass(1_000);
        }
        // Either the service reads on from its bookmarks, or somebody asks for the whole stretch once more.
        const window = asked ? { from: start, to: house.clock.now() } : null;
        for (const stream of streams) await pull(stream, window);
        await expectTheBooks(start);
        await expectJournalToAddUp(house.store);
        for (const stream of ['orders', 'claims'] as const) {
          expect(await pull(stream, { from: start, to: house.clock.now() })).toMatchObject({ new: 0 });
        }
        await expectTheBooks(start);
        expect(house.sandbox.ledger().traffic.rateErrors).toBe(0);
      }),
      { numRuns: 60, seed: 20261207 },
    );
  });
});
