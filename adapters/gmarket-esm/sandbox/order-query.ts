/** Queries of orders: the list, the unpaid list and the plain status poll. */

import { type Answer, rateAnswer, shippingOk, shippingRefusal } from './answers.ts';
import type { Call, Endpoint } from './endpoint.ts';
import type { Site } from './goods.ts';
import { DAY, parseKst } from './kst-time.ts';
import { dispatchDueAt, orderRow } from './order-rows.ts';
import type { Order, OrderBook } from './orders.ts';
import type { QueryGuard } from './query-guard.ts';
import { deliveryStatusRow } from './status-rows.ts';
import { integerAt, textAt, valueAt } from './wire-input.ts';

const MOST_DAYS = 31;
const MOST_ROWS = 100;
const SITE_OF_NUMBER: Record<number, Site> = { 1: 'iac', 2: 'gmkt' };
/** The portal's sample answers 3 for Gmarket although the question was 2. */
const ANSWERED_SITE_NUMBER: Record<Site, number> = { iac: 1, gmkt: 3 };

interface OrderQuery {
  site: Site;
  sellerId: string;
  status: number;
  dateType: number;
  from: number;
  to: number;
  orderNo: number;
  payNo: number;
  pageIndex: number;
  pageSize: number;
}

function invalid(field: string): Error {
  return shippingRefusal(2000, `파라미터 오류: ${field}`);
}

function readQuery(call: Call): OrderQuery {
  const { body, caller } = call;
  const site = SITE_OF_NUMBER[integerAt(body, 'siteType') ?? 0];
  if (site === undefined) throw invalid('siteType');
  const sellerId = caller.sellerIds[site];
  if (sellerId === undefined) throw invalid('siteType (토큰에 판매자 ID가 없습니다)');
  const status = integerAt(body, 'orderStatus');
  if (status === undefined || status < 0 || status > 6 || (status === 6 && site !== 'gmkt'))
    throw invalid('orderStatus');
  const dateType = integerAt(body, 'requestDateType');
  if (dateType === undefined || dateType < 1 || dateType > 5) throw invalid('requestDateType');
  if (dateType === 3 && status !== 2) throw invalid('requestDateType');
  if (dateType > 3 && site !== 'gmkt') throw invalid('requestDateType');
  // Dates are judged even where they play no part, as in a look-up by order number.
  const from = parseKst(valueAt(body, 'requestDateFrom'), 'day-or-minute');
  const to = parseKst(valueAt(body, 'requestDateTo'), 'day-or-minute');
  if (from === null) throw invalid('requestDateFrom');
  if (to === null || to < from) throw invalid('requestDateTo');
  const orderNo = integerAt(body, 'orderNo') ?? 0;
  const payNo = integerAt(body, 'payNo') ?? 0;
  if (status === 0 && orderNo === 0) throw invalid('orderNo');
  if (status === 6 && payNo === 0) throw invalid('payNo');
  const pageIndex = integerAt(body, 'pageIndex') ?? 1;
  const pageSize = integerAt(body, 'pageSize') ?? MOST_ROWS;
  if (pageIndex < 1) throw invalid('pageIndex');
  if (pageSize < 1) throw invalid('pageSize');
  return {
    site,
    sellerId,
    status,
    dateType,
    from,
    to,
    orderNo,
    payNo,
    pageIndex,
    pageSize: Math.min(pageSize, MOST_ROWS),
  };
}

/** The date that a query compares; gift dates (4, 5) fall back to the payment, since nothing here is a gift. */
function dateOf(order: Order, dateType: number): number | null {
  if (dateType === 3) return dispatchDueAt(order);
  return dateType === 4 ? null : order.orderedAt;
}

function matches(order: Order, query: OrderQuery): boolean {
  // Orders in claim disappear in every status; the claim calls have them.
  if (order.site !== query.site || order.claim !== null) return false;
  if (query.orderNo !== 0 && order.orderNo !== query.orderNo) return false;
  if (query.payNo !== 0 && order.cart.payNo !== query.payNo) return false;
  if (query.status === 6) return true;
  const date = dateOf(order, query.dateType);
  return order.status === query.status && date !== null && date >= query.from && date <= query.to;
}

function findOrders(book: OrderBook, query: OrderQuery): Order[] {
  if (query.status === 0) {
    const order = book.byNumber.get(query.orderNo);
    return order !== undefined && order.site === query.site ? [order] : [];
  }
  const pool = query.payNo === 0 ? book.orders : (book.byPayNo.get(query.payNo) ?? []);
  const found = pool.filter((order) => matches(order, query));
  return found.sort((one, other) => one.orderedAt - other.orderedAt || one.orderNo - other.orderNo);
}

function answerOrders(query: OrderQuery, found: readonly Order[], call: Call, phoneDelay: number): Answer {
  const page = found.slice((query.pageIndex - 1) * query.pageSize, query.pageIndex * query.pageSize);
  const data = {
    SiteType: ANSWERED_SITE_NUMBER[query.site],
    PageIndex: query.pageIndex,
    PageSize: query.pageSize,
    TotalCount: found.length,
    SellerId: query.sellerId,
    RequestOrders: page.map((order) => orderRow(order, call.now, phoneDelay)),
  };
  return shippingOk(data, '');
}

/** `SearchDateConditionType` 1 and 2 are order and payment date; the portal gives no meaning to 3-9: last change. */
function statusDate(order: Order, conditionType: number): number {
  return conditionType <= 2 ? order.orderedAt : order.statusChangedAt;
}

export function orderQueryEndpoints(book: OrderBook, guard: QueryGuard): Endpoint[] {
  function guarded(call: Call, find: (query: OrderQuery) => Order[]): Answer {
    const query = readQuery(call);
    if (query.status !== 0 && !guard.enter(query.site, query.sellerId, call.now)) return rateAnswer('shipping');
    if (query.to - query.from > MOST_DAYS * DAY) {
      throw shippingRefusal(3000, `조회 기간은 최대 ${MOST_DAYS}일까지 가능합니다.`);
    }
    return answerOrders(query, find(query), call, book.phoneDelay);
  }

  function deliveryStatus(call: Call): Answer {
    const orderNo = integerAt(call.body, 'OrderNo') ?? 0;
    const conditionType = integerAt(call.body, 'SearchDateConditionType');
    const from = parseKst(textAt(call.body, 'FromDate'), 'day-or-minute');
    const to = parseKst(textAt(call.body, 'ToDate'), 'day-or-minute');
    const page = integerAt(call.body, 'Page');
    if (conditionType === undefined || conditionType < 1 || conditionType > 9) throw invalid('SearchDateConditionType');
    if (from === null || to === null || to < from || to - from > 7 * DAY) throw invalid('FromDate, ToDate (최대 7일)');
    if (page === undefined || page < 1) throw invalid('Page');
    const found = book.orders.filter((order) => {
      if (call.caller.sellerIds[order.site] === undefined) return false;
      if (orderNo !== 0) return order.orderNo === orderNo;
      const date = statusDate(order, conditionType);
      return date >= from && date <= to;
    });
    return shippingOk(found.slice((page - 1) * MOST_ROWS, page * MOST_ROWS).map(deliveryStatusRow));
  }

  const shipping = { method: 'POST', family: 'shipping', writes: false } as const;
  return [
    {
      ...shipping,
      path: '/shipping/v1/Order/RequestOrders',
      run: (call) => guarded(call, (query) => findOrders(book, query)),
    },
    // Every sandbox buyer pays at once, so nothing ever waits for a bank transfer.
    { ...shipping, path: '/shipping/v1/Order/PreRequestOrders', run: (call) => guarded(call, () => []) },
    { ...shipping, path: '/shipping/v1/Delivery/GetDeliveryStatus', run: deliveryStatus },
  ];
}
