/** The sandbox's own books: what it sold, what was taken back, and how it was called. */

import type { SandboxLedger, SandboxListing, SandboxOrderLine, SandboxSales } from '../../../src/channel/sandbox.ts';
import { type GoodsBook, type SiteGoods, saleState } from './goods.ts';
import { kstStamp } from './kst-time.ts';
import { grossOf } from './order-rows.ts';
import { type Order, type OrderBook, STATUS_WORDS } from './orders.ts';
import type { QueryGuard } from './query-guard.ts';

const CURRENCY = 'KRW';

export class Traffic {
  calls = 0;
  rateErrors = 0;
  readonly byEndpoint = new Map<string, number>();

  count(endpoint: string): void {
    this.calls += 1;
    this.byEndpoint.set(endpoint, (this.byEndpoint.get(endpoint) ?? 0) + 1);
  }
}

function listing(goods: SiteGoods, now: number): SandboxListing {
  return {
    sku: goods.master.managedCode,
    site: goods.site,
    externalId: goods.siteGoodsNo,
    state: saleState(goods, now),
    name: goods.master.name,
    price: goods.price,
    currency: CURRENCY,
    stock: goods.stock,
  };
}

/** `paid` … `decided`; with a claim its kind and state, and plain `cancelled` or `returned` once it is done. */
function statusWord(order: Order): string {
  if (order.claim === null) return STATUS_WORDS[order.status];
  if (order.claim.state !== 'done') return `${order.claim.kind}-${order.claim.state}`;
  return order.claim.kind === 'cancel' ? 'cancelled' : 'returned';
}

export function orderLine(order: Order): SandboxOrderLine {
  const gross = grossOf(order);
  const done = order.claim?.state === 'done' ? order.claim.kind : null;
  return {
    orderId: String(order.orderNo),
    site: order.site,
    sku: order.sku,
    units: order.units,
    unitPrice: order.unitPrice,
    gross,
    shipping: order.shipping,
    sellerDiscount: order.sellerDiscount,
    currency: CURRENCY,
    orderedAt: `${kstStamp(order.orderedAt)}+09:00`,
    status: statusWord(order),
    cancelledUnits: done === 'cancel' ? order.units : 0,
    cancelled: done === 'cancel' ? gross : 0,
    returnedUnits: done === 'return' ? order.units : 0,
    returned: done === 'return' ? gross : 0,
  };
}

function salesOf(lines: readonly SandboxOrderLine[]): SandboxSales {
  const sales = { currency: CURRENCY, units: 0, gross: 0, cancelled: 0, returned: 0, net: 0, shipping: 0 };
  for (const line of lines) {
    sales.units += line.units;
    sales.gross += line.gross;
    sales.cancelled += line.cancelled;
    sales.returned += line.returned;
    sales.shipping += line.shipping;
  }
  sales.net = sales.gross - sales.cancelled - sales.returned;
  return sales;
}

export function ledgerOf(
  goods: GoodsBook,
  orders: OrderBook,
  traffic: Traffic,
  guard: QueryGuard,
  now: number,
): SandboxLedger {
  const lines = orders.orders.map(orderLine);
  return {
    channel: 'gmarket-esm',
    listings: [...goods.siteGoods.values()].map((one) => listing(one, now)),
    orders: lines,
    sales: [salesOf(lines)],
    traffic: {
      calls: traffic.calls,
      byEndpoint: Object.fromEntries(traffic.byEndpoint),
      rateErrors: traffic.rateErrors,
      smallestOrderQueryGapMs: guard.smallestGapMs,
    },
  };
}
