/** The claim family: three lists, the approval of a cancel and the sold-out cancel. */

import { type Answer, claimOk, claimRefusal, UNAUTHORIZED } from './answers.ts';
import { buyerOf } from './buyers.ts';
import type { Claim, ClaimBook, ClaimKind } from './claims.ts';
import type { Call, Endpoint } from './endpoint.ts';
import type { Site } from './goods.ts';
import { DAY, kstStamp, parseKst } from './kst-time.ts';
import type { Order, OrderBook } from './orders.ts';
import { integerAt, type Json, valueAt } from './wire-input.ts';

const MOST_DAYS = 7;

/** The list of cancels numbers Gmarket 3; everywhere else in the family it is 2. */
const SITE_OF_NUMBER: Record<ClaimKind, Record<number, Site>> = {
  cancel: { 1: 'iac', 3: 'gmkt' },
  return: { 1: 'iac', 2: 'gmkt' },
  exchange: { 1: 'iac', 2: 'gmkt' },
};

const STATUS_FIELD: Record<ClaimKind, string> = {
  cancel: 'CancelStatus',
  return: 'ReturnStatus',
  exchange: 'ExchangeStatus',
};
const MOST_STATUS: Record<ClaimKind, number> = { cancel: 6, return: 6, exchange: 5 };
/** Numbers that no sandbox claim has: done by customer service, held and the like. */
const STATUS_NUMBER: Record<ClaimKind, Record<Claim['state'], number>> = {
  cancel: { requested: 1, processing: 2, done: 3, withdrawn: 4 },
  return: { requested: 1, processing: 2, done: 4, withdrawn: 5 },
  exchange: { requested: 1, processing: 2, done: 4, withdrawn: 5 },
};

interface ClaimQuery {
  site: Site;
  status: number;
  type: number;
  from: number;
  to: number;
  orderNo: number;
  payNo: number;
}

function invalid(field: string): Error {
  return claimRefusal(2000, `파라미터 오류: ${field}`);
}

function readQuery(call: Call, kind: ClaimKind): ClaimQuery {
  const { body } = call;
  const site = SITE_OF_NUMBER[kind][integerAt(body, 'SiteType') ?? 0];
  if (site === undefined || call.caller.sellerIds[site] === undefined) throw invalid('SiteType');
  const status = integerAt(body, STATUS_FIELD[kind]);
  if (status === undefined || status < 0 || status > MOST_STATUS[kind]) throw invalid(STATUS_FIELD[kind]);
  const type = integerAt(body, 'Type');
  if (type === undefined || type < 0 || type > 4) throw invalid('Type');
  const from = parseKst(valueAt(body, 'StartDate'), 'day-or-minute');
  const to = parseKst(valueAt(body, 'EndDate'), 'day-or-minute');
  if (from === null) throw invalid('StartDate');
  if (to === null || to < from || to - from > MOST_DAYS * DAY) throw invalid(`EndDate (최대 ${MOST_DAYS}일)`);
  const orderNo = integerAt(body, 'OrderNo') ?? 0;
  const payNo = integerAt(body, 'PayNo') ?? 0;
  if (type === 0 && orderNo === 0) throw invalid('OrderNo');
  if (type === 1 && payNo === 0) throw invalid('PayNo');
  return { site, status, type, from, to, orderNo, payNo };
}

function matches(claim: Claim, kind: ClaimKind, query: ClaimQuery): boolean {
  const { order } = claim;
  if (claim.kind !== kind || order.site !== query.site) return false;
  if (query.status !== 0 && STATUS_NUMBER[kind][claim.state] !== query.status) return false;
  if (query.orderNo !== 0 && order.orderNo !== query.orderNo) return false;
  if (query.payNo !== 0 && order.cart.payNo !== query.payNo) return false;
  if (query.type < 2) return true;
  const date = { 2: claim.requestedAt, 3: claim.doneAt ?? claim.withdrawnAt, 4: order.orderedAt }[query.type];
  return date !== null && date !== undefined && date >= query.from && date <= query.to;
}

/** No name, price or quantity: those have to be asked for by order number. */
function claimRow(claim: Claim): Json {
  const { order, kind } = claim;
  const stamp = (ms: number | null): string | null => (ms === null ? null : kstStamp(ms));
  // Auction answers 0 for an exchange that is only requested, outside the documented 1-5.
  const oddity = kind === 'exchange' && order.site === 'iac' && claim.state === 'requested';
  const row: Json = {
    OrderNo: order.orderNo,
    PayNo: order.cart.payNo,
    SiteGoodsNo: order.goods.siteGoodsNo,
    GoodsNo: null,
    [STATUS_FIELD[kind]]: oddity ? 0 : STATUS_NUMBER[kind][claim.state],
    RequestDate: kstStamp(claim.requestedAt),
    WithdrawDate: stamp(claim.withdrawnAt),
    ApproveDate: stamp(claim.processingAt),
    CompleteDate: stamp(claim.doneAt),
    Reason: claim.fault,
    ReasonCode: claim.reasonCode,
  };
  if (kind === 'cancel') return row;
  const buyer = buyerOf(order.serial);
  const person = { Name: buyer.receiverName, HpNo: buyer.phone, ZipCode: buyer.zipCode };
  const address = { FrontAddress: buyer.frontAddress, BackAddress: buyer.backAddress };
  row.PickupInfo = { SenderInfo: { ...person, ...address } };
  if (kind === 'exchange') row.ResendInfo = { ReceiverInfo: { ...person, ...address } };
  return row;
}

export function claimEndpoints(book: OrderBook, claims: ClaimBook): Endpoint[] {
  const list = (path: string, kind: ClaimKind): Endpoint => ({
    method: 'POST',
    path: `/claim/v1/sa/${path}`,
    family: 'claim',
    writes: false,
    run: (call) => {
      const query = readQuery(call, kind);
      return claimOk(claims.claims.filter((claim) => matches(claim, kind, query)).map(claimRow));
    },
  });

  function orderOf(call: Call): Order {
    const order = book.byNumber.get(Number(call.params.OrderNo));
    if (order === undefined || call.caller.sellerIds[order.site] === undefined) {
      throw claimRefusal(99999, '주문 정보가 존재하지 않습니다.');
    }
    return order;
  }

  function approve(call: Call): Answer {
    const siteType = integerAt(call.body, 'SiteType');
    if (siteType !== 1 && siteType !== 2) throw invalid('SiteType');
    const order = orderOf(call);
    if (order.site !== (siteType === 1 ? 'iac' : 'gmkt')) throw claimRefusal(99999, '주문 정보가 존재하지 않습니다.');
    if (order.claim?.kind !== 'cancel') throw claimRefusal(99999, '취소 요청 정보가 존재하지 않습니다.');
    if (order.claim.state === 'done') {
      throw claimRefusal(8668, '이미 취소 승인 되었습니다', order.site === 'iac' ? 'W8-2' : null);
    }
    claims.move(order, 'cancel', 'done', call.now);
    return claimOk({ OrderNo: order.orderNo });
  }

  function soldOut(call: Call): Answer {
    const order = orderOf(call);
    const rule = order.site === 'iac';
    if (order.claim?.kind === 'cancel' && order.claim.state === 'done') {
      throw claimRefusal(8668, '이미 취소 승인 되었습니다', rule ? 'W8-2' : null);
    }
    if (order.status > 2 || (order.claim !== null && order.claim.kind !== 'cancel')) {
      throw claimRefusal(8668, 'ShowAlertException$취소할 수 없는 주문입니다.', rule ? 'W8-1' : null);
    }
    const claim = claims.move(order, 'cancel', 'done', call.now);
    claim.reasonCode = 6;
    claim.fault = 0;
    // The call says that there is none left, so what the cancel gave back goes too.
    order.goods.stock = 0;
    return claimOk({ OrderNo: order.orderNo });
  }

  return [
    list('Cancels', 'cancel'),
    list('Returns', 'return'),
    list('Exchanges', 'exchange'),
    { method: 'PUT', path: '/claim/v1/sa/Cancel/{OrderNo}', family: 'claim', writes: true, run: approve },
    { method: 'POST', path: '/claim/v1/sa/Cancel/{OrderNo}/SoldOut', family: 'claim', writes: true, run: soldOut },
    // A seller's own cancel needs a permission that is granted one by one; this seller has none.
    { method: 'POST', path: '/claim/v1/sa/Cancel/{OrderNo}', family: 'claim', writes: true, run: () => UNAUTHORIZED },
  ];
}
