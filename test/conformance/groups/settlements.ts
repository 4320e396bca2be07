import assert from 'node:assert/strict';
import { type Money, sumMoney } from '../../../src/domain/money.ts';
import { addDays, seoulDayOf } from '../../../src/domain/seoul-time.ts';
import type { Settlement } from '../../../src/domain/settlement.ts';
import type { ConformanceCase } from '../stage.ts';
import { latest, pullAll, withRecords } from '../stream-steps.ts';
import { streamCases } from './streams.ts';

const grossOf = (rows: Settlement[], kind: Settlement['kind'], currency: Money['currency']): number =>
  sumMoney(
    rows.filter((row) => row.kind === kind).map((row) => row.gross),
    currency,
  ).minor;

export const settlementsCases: ConformanceCase[] = [
  ...streamCases('settlements'),
  {
    name: 'settlements: money to the seller is positive, refunds are negative, and three amounts explain the payout',
    run: (subject) =>
      withRecords(subject, 'settlements', async (stage, staged) => {
        for (const row of latest(await pullAll(stage, 'settlements', staged))) {
          const label = `${row.settlementId} ${row.kind}`;
          const kept = [row.commission.minor, row.deduction.minor];
          if (row.kind === 'sale') assert.ok(row.gross.minor > 0 && kept.every((minor) => minor >= 0), label);
          if (row.kind === 'refund') assert.ok(row.gross.minor < 0 && kept.every((minor) => minor <= 0), label);
          const rest = row.gross.minor - row.commission.minor - row.deduction.minor;
          assert.deepEqual(row.payout, { ...row.gross, minor: rest }, label);
        }
      }),
  },
  {
    name: "settlements: the seller's discounts are told apart from the commission, and given back with a refund",
    run: (subject) =>
      withRecords(subject, 'settlements', async (stage, staged) => {
        const rows = latest(await pullAll(stage, 'settlements', staged));
        for (const [kind, sign] of [
          ['sale', 1],
          ['refund', -1],
        ] as const) {
          const orderIds = new Set(staged.expected.filter((row) => row.kind === kind).map((row) => row.orderId));
          const borne = stage.sandbox
            .ledger()
            .orders.filter((line) => orderIds.has(line.orderId))
            .reduce((sum, line) => sum + line.sellerDiscount, 0);
          const told = rows.filter((row) => row.kind === kind).reduce((sum, row) => sum + row.deduction.minor, 0);
          assert.equal(told, sign * borne, kind);
        }
      }),
  },
  {
    name: "settlements: sales and refunds add up to the channel's books, and shipping is kept apart",
    run: (subject) =>
      withRecords(subject, 'settlements', async (stage, staged) => {
        const rows = latest(await pullAll(stage, 'settlements', staged));
        const soldIds = new Set(staged.expected.filter((row) => row.kind === 'sale').map((row) => row.orderId));
        const refundedIds = new Set(staged.expected.filter((row) => row.kind === 'refund').map((row) => row.orderId));
        const books = stage.sandbox.ledger().orders;
        const currency = rows[0]?.gross.currency ?? 'KRW';
        const sold = books.filter((line) => soldIds.has(line.orderId)).reduce((sum, line) => sum + line.gross, 0);
        const refunded = books
          .filter((line) => refundedIds.has(line.orderId))
          .reduce((sum, line) => sum + line.returned + line.cancelled, 0);
        assert.ok(sold > 0, 'the harness staged no sale');
        assert.equal(grossOf(rows, 'sale', currency), sold);
        assert.equal(grossOf(rows, 'refund', currency), -refunded);
      }),
  },
  {
    name: 'settlements: shipping fees add up to what buyers paid for shipping',
    run: (subject) =>
      withRecords(subject, 'settlements', async (stage, staged) => {
        const fees = latest(await pullAll(stage, 'settlements', staged)).filter((row) => row.kind === 'shipping');
        const soldIds = new Set(staged.expected.filter((row) => row.kind === 'sale').map((row) => row.orderId));
        const paid = stage.sandbox.ledger().orders.filter((line) => soldIds.has(line.orderId));
        assert.ok(
          paid.some((line) => line.shipping > 0),
          'the harness staged no shipping fee',
        );
        // What was given back is a row of its own; how much of it is, every channel decides for itself.
        const received = fees.filter((row) => row.gross.minor > 0);
        assert.equal(
          received.reduce((sum, row) => sum + row.gross.minor, 0),
          paid.reduce((sum, line) => sum + line.shipping, 0),
        );
      }),
  },
  {
    name: 'settlements: the day of the money is a day in Seoul, or none',
    run: (subject) =>
      withRecords(subject, 'settlements', async (stage, staged) => {
        const first = seoulDayOf(staged.from);
        const last = addDays(seoulDayOf(stage.clock.now()), 60);
        for (const { settledOn } of latest(await pullAll(stage, 'settlements', staged))) {
          if (settledOn !== null)
            assert.ok(/^\d{4}-\d\d-\d\d$/.test(settledOn) && settledOn >= first && settledOn <= last, settledOn);
        }
      }),
  },
];
