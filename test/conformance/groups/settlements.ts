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
    name: 'settlements: money to the seller is positive, refunds are negative, and gross less commission is the payout',
    run: (subject) =>
      withRecords(subject, 'settlements', async (stage, staged) => {
        for (const row of latest(await pullAll(stage, 'settlements', staged))) {
          const label = `${row.settlementId} ${row.kind}`;
          if (row.kind === 'sale') assert.ok(row.gross.minor > 0 && row.commission.minor >= 0, label);
          if (row.kind === 'refund') assert.ok(row.gross.minor < 0 && row.commission.minor <= 0, label);
          assert.deepEqual(row.payout, { ...row.gross, minor: row.gross.minor - row.commission.minor }, label);
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
        const withFee = new Set(staged.expected.filter((row) => row.kind === 'shipping').map((row) => row.orderId));
        const paid = stage.sandbox.ledger().orders.filter((line) => withFee.has(line.orderId));
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
