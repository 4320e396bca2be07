import type { PulledRecord, PullPage, PullRequest } from '../../src/channel/contract.ts';
import { ChannelError } from '../../src/channel/errors.ts';
import type { Order } from '../../src/domain/order.ts';
import { formatInSeoul } from '../../src/domain/seoul-time.ts';
import { askEsm, callEsm } from './client.ts';
import { errorOfResult } from './errors.ts';
import { isAcknowledged, orderOf } from './mapping-orders.ts';
import { type EsmContext, isSite, type Site, siteNumbers } from './settings.ts';
import { parseAnswer, toJsonWithAsked } from './wire.ts';
import { type OrderRow, orderPage } from './wire-records.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * 31 days are allowed (notes §3.1). The wire counts in minutes, so a window is widened to whole minutes on both sides;
 * two minutes less keep the widened one inside.
 */
export const maxOrderWindowMs = 31 * dayMs - 2 * minuteMs;

/** Samples show 100 and 1000, and no maximum is documented (notes §0 no. 9). */
const pageSize = 100;

/** A queue of orders that changes with every page would be restarted for ever; the next run's overlap brings the rest. */
const maxRestarts = 5;

interface Position {
  site: Site;
  status: number;
  page: number;
  /** `TotalCount` of the page before, or null on the first page of a status. */
  total: number | null;
  restarts: number;
}

/**
 * One page of orders by order date.
 *
 * The walk is site by site, and per site by status 1 to 5, ascending. A status only moves forward, so an order that moves
 * between two queries is met again further on; walking downwards it could slip from a status not yet asked into one
 * already done, and be missed. For the same reason a status is read again from its first page when its `TotalCount`
 * changes on the way: an order that left shifted the later ones forward over the edge of a page.
 */
export async function pullOrders(context: EsmContext, request: PullRequest): Promise<PullPage<Order>> {
  const { settings } = context.account;
  const at = positionOf(request.cursor) ?? firstOf(settings.sites[0]);
  const answer = await callEsm(context, {
    method: 'POST',
    path: '/shipping/v1/Order/RequestOrders',
    results: 'order-query',
    limit: 'orders',
    site: at.site,
    safe: true,
    body: {
      siteType: siteNumbers[at.site],
      orderStatus: at.status,
      requestDateType: 1,
      requestDateFrom: wireMinute(request.from),
      requestDateTo: wireMinute(new Date(Math.ceil(request.to.getTime() / minuteMs) * minuteMs)),
      pageIndex: at.page,
      pageSize,
    },
  });
  const page = parseAnswer(orderPage, answer).data;
  const rows = page?.requestorders ?? [];
  const total = page?.totalcount ?? 0;
  const size = page?.pagesize && page.pagesize > 0 ? Math.min(page.pagesize, pageSize) : pageSize;
  const next = nextPosition(at, { rows: rows.length, total, size }, settings.sites);
  return { records: rows.map((row) => recordOf(row, at.site, at.status)), next: next && cursorOf(next) };
}

/** Orders by number at one site, whatever their status; numbers the channel does not know are left out. */
export async function lookUpOrders(
  context: EsmContext,
  request: { site: string; orderIds: string[] },
): Promise<PulledRecord<Order>[]> {
  const site = siteOf(request.site);
  const records: PulledRecord<Order>[] = [];
  for (const orderId of request.orderIds) {
    const row = await lookUpRow(context, site, orderId);
    if (row) records.push(recordOf(row, site, null));
  }
  return records;
}

/** Marks an order as seen by the seller. */
export async function acknowledgeOrder(context: EsmContext, order: { site: string; orderId: string }): Promise<void> {
  const site = siteOf(order.site);
  const { refusal } = await askEsm(context, {
    method: 'POST',
    path: `/shipping/v1/Order/OrderCheck/${encodeURIComponent(order.orderId)}`,
    results: 'order-write',
    limit: 'shipments',
    site,
    safe: true,
  });
  if (!refusal) return;
  // 3000 is "already acknowledged" as well as any other business error, and only the text would tell them apart
  // (notes §5.3). The order itself says which it was.
  if (refusal.code === '3000') {
    const row = await lookUpRow(context, site, order.orderId);
    if (row && isAcknowledged(row)) return;
  }
  throw errorOfResult('order-write', refusal);
}

async function lookUpRow(context: EsmContext, site: Site, orderId: string): Promise<OrderRow | null> {
  const now = context.clock.now().getTime();
  const answer = await callEsm(context, {
    method: 'POST',
    path: '/shipping/v1/Order/RequestOrders',
    results: 'order-look-up',
    limit: 'orders-by-number',
    site,
    safe: true,
    body: {
      siteType: siteNumbers[site],
      orderStatus: 0,
      orderNo: wireNumber(orderId),
      // Not used, but a look-up without them is refused as a bad parameter (notes §3.1).
      requestDateType: 1,
      requestDateFrom: wireMinute(new Date(now - 29 * dayMs)),
      requestDateTo: wireMinute(new Date(now + dayMs)),
      pageIndex: 1,
      pageSize,
    },
  });
  const rows = parseAnswer(orderPage, answer).data?.requestorders ?? [];
  return rows.find((row) => String(row.orderno) === orderId) ?? null;
}

function recordOf(row: OrderRow, site: Site, asked: number | null): PulledRecord<Order> {
  const value = orderOf(row, site, asked);
  // Both sites number their orders from small counters of their own, so a number alone could name two orders.
  return { externalId: `${site}-${value.orderId}`, raw: toJsonWithAsked(row, row.orderstatus, asked), value };
}

/** Minutes are the finest the query takes; cutting seconds widens the start of a window. */
function wireMinute(instant: Date): string {
  return formatInSeoul(instant, 'yyyy-MM-dd HH:mm');
}

/** Order numbers are JSON numbers on the wire and text with us. */
export function wireNumber(orderId: string): number {
  const number = /^\d{1,16}$/.test(orderId) ? Number(orderId) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new ChannelError('not-found', { code: 'BAD_ORDER_NUMBER', sent: false, field: 'OrderNo' });
}

/** The site of a record of ours. Throws ChannelError `unsupported` for a name this channel does not have. */
export function siteOf(name: string): Site {
  if (isSite(name)) return name;
  throw new ChannelError('unsupported', { code: 'UNKNOWN_SITE', sent: false, channelMessage: `site ${name}` });
}

function firstOf(site: Site | undefined): Position {
  return { site: site ?? 'gmkt', status: 1, page: 1, total: null, restarts: 0 };
}

function nextPosition(
  at: Position,
  page: { rows: number; total: number; size: number },
  sites: readonly Site[],
): Position | null {
  if (at.total !== null && at.total !== page.total && at.restarts < maxRestarts) {
    return { ...at, page: 1, total: null, restarts: at.restarts + 1 };
  }
  if (page.rows > 0 && at.page * page.size < page.total) return { ...at, page: at.page + 1, total: page.total };
  if (at.status < 5) return { ...firstOf(at.site), status: at.status + 1 };
  const site = sites[sites.indexOf(at.site) + 1];
  return site ? firstOf(site) : null;
}

function cursorOf({ site, status, page, total, restarts }: Position): string {
  return [site, status, page, total ?? '-', restarts].join(':');
}

function positionOf(cursor: string | null): Position | null {
  if (cursor === null) return null;
  const parts = /^(gmkt|iac):([1-5]):(\d+):(\d+|-):(\d+)$/.exec(cursor);
  if (!parts) throw new ChannelError('unsupported', { code: 'BAD_CURSOR', sent: false });
  return {
    site: siteOf(parts[1] ?? ''),
    status: Number(parts[2]),
    page: Number(parts[3]),
    total: parts[4] === '-' ? null : Number(parts[4]),
    restarts: Number(parts[5]),
  };
}
