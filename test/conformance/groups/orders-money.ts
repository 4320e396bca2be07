import assert from 'node:assert/strict';
import { type Money, sumMoney } from '../../../src/domain/money.ts';
import type { Order } from '../../../src/domain/order.ts';
import type { ConformanceCase, Stage } from '../stage.ts';
import { latest, pullAll, type Window, withRecords } from '../stream-steps.ts';

/** One order in the words of the sandbox's books, so that the two can be laid side by side. */
function inBookWords({ orderId, site, orderedAt, shipping, lines }: Order) {
  const [line] = lines;
  return lines.length !== 1 || !line
    ? { orderId, lines: lines.length }
    : {
        orderId,
        site,
        sku: line.sku,
        units: line.units,
        unitPrice: line.unitPrice.minor,
        gross: line.gross.minor,
        sellerDiscount: line.sellerDiscount.minor,
        currency: line.gross.currency,
        orderedAt: orderedAt.toISOString(),
        shippingCurrency: shipping.currency,
      };
}

function booksInSameWords(stage: Stage, orderIds: Set<string>) {
  return stage.sandbox
    .ledger()
    .orders.filter((line) => orderIds.has(line.orderId))
    .map(({ orderId, site, sku, units, unitPrice, gross, sellerDiscount, currency, orderedAt }) => ({
      ...{ orderId, site, sku, units, unitPrice, gross, sellerDiscount, currency },
      orderedAt: new Date(orderedAt).toISOString(),
      shippingCurrency: currency,
    }));
}

/**
 * Shipping by currency, in minor units: as the adapter tells it, a fee that a group of orders shares counted once, and as
 * the channel's books have it.
 */
async function shippingOf(stage: Stage, window: Window): Promise<Record<'booked' | 'books', Map<string, number>>> {
  const booked = new Map<string, number>();
  const counted = new Set<string>();
  for (const { shipping, shippingGroup } of latest(await pullAll(stage, 'orders', window))) {
    if (shipping.minor === 0 || (shippingGroup !== null && counted.has(shippingGroup))) continue;
    if (shippingGroup !== null) counted.add(shippingGroup);
    booked.set(shipping.currency, (booked.get(shipping.currency) ?? 0) + shipping.minor);
  }
  return { booked, books: new Map(stage.sandbox.ledger().sales.map((sales) => [sales.currency, sales.shipping])) };
}

const byOrderId = (one: { orderId: string }, other: { orderId: string }) => one.orderId.localeCompare(other.orderId);

export const ordersMoneyCases: ConformanceCase[] = [
  {
    name: "orders: every line says what the channel's books say, to the minor unit and the second",
    run: (subject) =>
      withRecords(subject, 'orders', async (stage, staged) => {
        const orders = latest(await pullAll(stage, 'orders', staged));
        const books = booksInSameWords(stage, new Set(staged.expected.map((order) => order.orderId)));
        assert.deepEqual(orders.map(inBookWords).sort(byOrderId), books.sort(byOrderId));
      }),
  },
  {
    name: "orders: gross is price times quantity, and the sums are the channel's sums",
    run: (subject) =>
      withRecords(subject, 'orders', async (stage, staged) => {
        const orders = latest(await pullAll(stage, 'orders', staged));
        const lines = orders.flatMap((order) => order.lines);
        for (const line of lines)
          assert.deepEqual(line.gross, { ...line.unitPrice, minor: line.unitPrice.minor * line.units });
        for (const { currency, gross, units } of stage.sandbox.ledger().sales) {
          const own = (amounts: Money[]) =>
            sumMoney(
              amounts.filter((amount) => amount.currency === currency),
              currency as Money['currency'],
            );
          assert.equal(own(lines.map((line) => line.gross)).minor, gross, 'gross');
          assert.equal(
            lines.reduce((sum, line) => sum + line.units, 0),
            units,
            'units',
          );
        }
      }),
  },
  {
    name: 'orders: shipping is never booked twice, however the channel repeats it',
    run: (subject) =>
      withRecords(subject, 'orders', async (stage, staged) => {
        const { booked, books } = await shippingOf(stage, staged);
        for (const [currency, minor] of books)
          assert.ok((booked.get(currency) ?? 0) <= minor, `${booked.get(currency)} of ${minor}`);
      }),
  },
  {
    name: 'orders: shipping adds up to what buyers paid for it',
    run: (subject) =>
      withRecords(subject, 'orders', async (stage, staged) => {
        const { booked, books } = await shippingOf(stage, staged);
        assert.ok(
          [...books.values()].some((minor) => minor > 0),
          'the harness staged no shipping fee',
        );
        assert.deepEqual(booked, books);
      }),
  },
];
