/** What a seller does with an order: acknowledge, announce a delay, ship, report delivery. */

import { type Answer, shippingOk, shippingRefusal } from './answers.ts';
import type { ClaimBook } from './claims.ts';
import type { Call, Endpoint } from './endpoint.ts';
import { DAY, parseKst } from './kst-time.ts';
import { dispatchDueAt } from './order-rows.ts';
import { advance, type Order, type OrderBook } from './orders.ts';
import { COURIERS } from './seller-seed.ts';
import { doubleByteLength, integerAt, textAt, valueAt } from './wire-input.ts';

const SELLER_NUMBER_BYTES = 30;

function checkSellerNumbers(body: unknown): void {
  for (const field of ['SellerOrderNo', 'SellerItemNo']) {
    if (doubleByteLength(textAt(body, field) ?? '') > SELLER_NUMBER_BYTES) {
      throw shippingRefusal(2141, `${field}는 ${SELLER_NUMBER_BYTES}byte를 초과할 수 없습니다.`);
    }
  }
}

export function orderFulfilmentEndpoints(book: OrderBook, claims: ClaimBook): Endpoint[] {
  function orderOf(number: number | undefined, call: Call): Order {
    const order = book.byNumber.get(number ?? 0);
    if (order === undefined || call.caller.sellerIds[order.site] === undefined) {
      throw shippingRefusal(3000, '주문 정보를 찾을 수 없습니다.');
    }
    return order;
  }

  function refuseInClaim(order: Order): void {
    if (order.claim !== null) throw shippingRefusal(3000, '클레임이 진행 중인 주문입니다.');
  }

  function check(call: Call): Answer {
    const order = orderOf(Number(call.params.OrderNo), call);
    checkSellerNumbers(call.body);
    refuseInClaim(order);
    if (order.status !== 1) throw shippingRefusal(3000, '이미 주문확인 처리된 건입니다.');
    advance(order, 2, call.now);
    return shippingOk({ OrderNo: order.orderNo, IsChanged: order.addressChanged ? 1 : 0 });
  }

  function expectShipping(call: Call): Answer {
    const order = orderOf(integerAt(call.body, 'OrderNo'), call);
    const reason = integerAt(call.body, 'ReasonType') ?? 0;
    const text = valueAt(call.body, 'ShippingExpectedDate');
    const expected = parseKst(text, 'second') ?? parseKst(text, 'day-or-minute');
    if (reason < 1 || reason > 3) throw shippingRefusal(2000, '파라미터 오류: ReasonType');
    if (expected === null || expected < call.now - DAY)
      throw shippingRefusal(2000, '파라미터 오류: ShippingExpectedDate');
    refuseInClaim(order);
    if (order.status > 2) throw shippingRefusal(3000, '발송 전 주문만 발송예정일을 등록할 수 있습니다.');
    if (order.expectedShippingAt !== null) throw shippingRefusal(3000, '발송예정일은 한 번만 등록할 수 있습니다.');
    if (expected - call.now > 90 * DAY) throw shippingRefusal(3000, '발송예정일은 90일 이내여야 합니다.');
    if (call.now > dispatchDueAt(order)) throw shippingRefusal(3000, '발송마감일이 지난 주문입니다.');
    order.expectedShippingAt = expected;
    return shippingOk({ OrderNo: order.orderNo });
  }

  function ship(call: Call): Answer {
    const order = orderOf(integerAt(call.body, 'OrderNo'), call);
    const shippedAt = parseKst(valueAt(call.body, 'ShippingDate'), 'second');
    const courier = integerAt(call.body, 'DeliveryCompanyCode');
    const invoiceNo = textAt(call.body, 'InvoiceNo') ?? '';
    if (shippedAt === null || Math.abs(shippedAt - call.now) > 2 * DAY)
      throw shippingRefusal(2000, '파라미터 오류: ShippingDate');
    if (courier === undefined || !COURIERS.some((one) => one.deliveryCompCode === courier)) {
      throw shippingRefusal(2000, '파라미터 오류: DeliveryCompanyCode');
    }
    if (invoiceNo === '') throw shippingRefusal(2000, '파라미터 오류: InvoiceNo');
    checkSellerNumbers(call.body);
    if (order.status !== 2 && order.status !== 3)
      throw shippingRefusal(3000, '배송준비중 또는 배송중인 주문이 아닙니다.');
    const open = order.claim;
    if (open !== null && !(open.kind === 'cancel' && open.state === 'requested')) refuseInClaim(order);
    // Shipping is how a seller says no to a cancel request: there is no call to reject one.
    if (open !== null) claims.move(order, 'cancel', 'withdrawn', call.now);
    advance(order, 3, call.now);
    order.courier = courier;
    order.invoiceNo = invoiceNo;
    return shippingOk({ OrderNo: order.orderNo });
  }

  function delivered(call: Call): Answer {
    const order = orderOf(Number(call.params.OrderNo), call);
    refuseInClaim(order);
    if (order.status !== 3) throw shippingRefusal(3000, '배송중인 주문이 아닙니다.');
    advance(order, 4, call.now);
    return shippingOk({ OrderNo: order.orderNo });
  }

  /** An ignored call names the order all the same. */
  function pretend(call: Call): Answer {
    return shippingOk({
      OrderNo: Number(call.params.OrderNo ?? integerAt(call.body, 'OrderNo') ?? 0),
      IsChanged: 0,
    });
  }

  const write = { method: 'POST', family: 'shipping', writes: true, pretend } as const;
  return [
    { ...write, path: '/shipping/v1/Order/OrderCheck/{OrderNo}', run: check },
    { ...write, path: '/shipping/v1/Order/ShippingExpectedDate', run: expectShipping },
    { ...write, path: '/shipping/v1/Delivery/ShippingInfo', run: ship },
    { ...write, path: '/shipping/v1/Delivery/AddShippingCompleteInfo/{OrderNo}', run: delivered },
  ];
}
