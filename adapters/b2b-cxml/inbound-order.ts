import type { PulledRecord } from '../../src/channel/contract.ts';
import type { Claim } from '../../src/domain/claim.ts';
import type { Json } from '../../src/domain/listing.ts';
import { type Money, money } from '../../src/domain/money.ts';
import type { Order, OrderLine } from '../../src/domain/order.ts';
import { decimalOf } from './amounts.ts';
import { Refusal } from './refusal.ts';
import { site } from './settings.ts';
import { cutTo } from './short-text.ts';
import {
  maxMinor,
  maxUnits,
  type Place,
  requiredId,
  requiredInstant,
  requiredMoney,
  wholeUnits,
} from './wire-values.ts';
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from './xml-element.ts';

const maxTitle = 300;
/** cXML began in 1999: an older date is a slip, and so is one of more than a year ahead. */
const firstOrderDate = new Date('1999-01-01T00:00:00Z');
const maxAheadMs = 366 * 24 * 3_600_000;

export interface OrderMessage {
  orders: PulledRecord<Order>[];
  claims: PulledRecord<Claim>[];
}

/** Where the document comes from. */
export interface Envelope {
  payloadId: string;
  /** What the document is stamped with; null when that is missing or cannot be read. */
  sentAt: Date | null;
  receivedAt: Date;
}

/** An `OrderRequest`: an order, an order in a newer version, or a cancel of one. */
export function readOrder(request: XmlElement, envelope: Envelope): OrderMessage {
  const header = childOf(request, 'OrderRequestHeader');
  const orderId = requiredId(attributeOf(header, 'orderID'), { en: 'orderID', ko: '주문번호(orderID)' });
  const version = versionOf(header);
  const orderType = attributeOf(header, 'orderType') ?? 'regular';
  if (!['regular', 'release'].includes(orderType)) {
    throw new Refusal(
      450,
      'Only regular and release orders are taken; agree on blanket orders with our staff.',
      '일반 주문(regular, release)만 받습니다. 기본계약 주문은 담당자와 협의하십시오.',
    );
  }
  const type = attributeOf(header, 'type') ?? 'new';
  if (type === 'delete') {
    const told = attributeOf(header, 'orderVersion') === undefined ? null : version;
    return { orders: [], claims: [cancelOf(orderId, told, envelope)] };
  }
  if (type !== 'new' && type !== 'update') {
    throw new Refusal(
      400,
      'The type of the order is new, update or delete.',
      '주문의 type은 new, update, delete입니다.',
    );
  }
  const record = orderOf(request, header, { orderId, version, type, orderType, envelope });
  return { orders: [record], claims: [] };
}

/** Refuses orders whose date can only be a slip, seen from `now`: the date decides the day of a sale. */
export function checkOrderDates({ orders }: OrderMessage, now: Date): void {
  for (const { value } of orders) {
    const isAhead = value.orderedAt.getTime() > now.getTime() + maxAheadMs;
    if (!isAhead && value.orderedAt >= firstOrderDate) continue;
    throw new Refusal(
      400,
      'orderDate is before 1999 or more than a year ahead. Correct it and send the order again.',
      '주문일(orderDate)이 1999년보다 앞이거나 1년 넘게 뒤입니다. 고쳐서 다시 보내십시오.',
    );
  }
}

function versionOf(header: XmlElement | undefined): number {
  const text = attributeOf(header, 'orderVersion');
  if (text === undefined) return 1;
  const version = wholeUnits(text);
  if (version !== null) return version;
  throw new Refusal(400, 'orderVersion is no whole number above nought.', 'orderVersion이 1 이상의 정수가 아닙니다.');
}

/** Without a version a delete takes back the order as it is. Deletes of two versions are two: each reaches as far as it says. */
function cancelOf(orderId: string, version: number | null, envelope: Envelope): PulledRecord<Claim> {
  const { payloadId, sentAt, receivedAt } = envelope;
  const claimId = version === null ? `delete-${orderId}` : `delete#${version}-${orderId}`;
  const at = sentAt ?? receivedAt;
  return {
    externalId: claimId,
    raw: { payloadId, orderId, type: 'delete', orderVersion: version, sentAt: sentAt?.toISOString() ?? null },
    value: {
      claimId,
      kind: 'cancel',
      // A delete is no question: the buyer has no order any more.
      state: 'done',
      rawState: 'delete',
      orderId,
      ...(version !== null && { orderVersion: version }),
      site,
      lineId: null,
      units: null,
      amount: null,
      requestedAt: at,
      completedAt: at,
      reason: null,
    },
  };
}

interface OrderHead {
  orderId: string;
  version: number;
  type: string;
  orderType: string;
  envelope: Envelope;
}

function orderOf(request: XmlElement, header: XmlElement | undefined, head: OrderHead): PulledRecord<Order> {
  const orderDate = attributeOf(header, 'orderDate');
  const orderedAt = requiredInstant(orderDate, { en: 'orderDate', ko: '주문일(orderDate)' });
  const total = requiredMoney(childOf(header, 'Total'), { en: 'The Total', ko: '합계(Total)' });
  const shippingElement = childOf(header, 'Shipping');
  const shipping = shippingElement
    ? requiredMoney(shippingElement, { en: 'Shipping', ko: '배송비(Shipping)' })
    : money(0, total.currency);
  const items = childrenOf(request, 'ItemOut').filter((item) => attributeOf(item, 'operation') !== 'delete');
  const lines = items.map((item, index) => lineOf(item, index));
  if (lines.length === 0) {
    throw new Refusal(
      400,
      'The order has no lines. To cancel it, send it with type="delete".',
      '주문에 품목이 없습니다. 취소하려면 type="delete"로 보내십시오.',
    );
  }
  checkTogether(lines, [total, shipping]);
  const value: Order = {
    orderId: head.orderId,
    cartId: null,
    site,
    // On account: the order binds the buyer, and the money comes by invoice. To us that is the same as paid, it is to be
    // delivered and it is a sale; `unpaid` would be an order that may still come to nothing.
    status: 'paid',
    rawStatus: head.type,
    orderedAt,
    paidAt: null,
    shipping,
    shippingGroup: null,
    lines: lines.map(({ line }) => line),
  };
  return {
    externalId: head.orderId,
    version: head.version,
    value,
    raw: keptOf(head, orderDate ?? '', total, shipping, lines),
  };
}

interface ReadLine {
  line: OrderLine;
  unit: string;
  auxiliaryId: string | null;
}

function lineOf(item: XmlElement, index: number): ReadLine {
  const written = attributeOf(item, 'lineNumber') ?? String(index + 1);
  const lineId = requiredId(written, { en: 'A lineNumber', ko: '품목 번호(lineNumber)' });
  if (!/^\d{1,9}$/.test(lineId)) {
    throw new Refusal(400, 'A lineNumber is no whole number.', '품목 번호(lineNumber)가 정수가 아닙니다.');
  }
  const place = (en: string, ko: string): Place => ({ en: `Line ${lineId}: ${en}`, ko: `품목 ${lineId}: ${ko}` });
  const refuse = (en: string, ko: string) => {
    const at = place(en, ko);
    return new Refusal(400, at.en, at.ko);
  };
  if (attributeOf(item, 'isReturn') === 'yes') {
    throw refuse(
      'returns are not taken as orders; agree on them with our staff.',
      '반품은 주문으로 받지 않습니다. 담당자와 협의하십시오.',
    );
  }
  if (attributeOf(item, 'parentLineNumber') !== undefined || attributeOf(item, 'itemType') === 'composite') {
    throw refuse(
      'composite items are not taken; send each item as a line.',
      '묶음 품목은 받지 않습니다. 품목마다 한 줄로 보내십시오.',
    );
  }
  const units = wholeUnits(attributeOf(item, 'quantity'));
  if (units === null) throw refuse('the quantity is no whole number above nought.', '수량이 1 이상의 정수가 아닙니다.');
  if (units > maxUnits) {
    throw refuse(`the quantity is above ${maxUnits}. Correct it.`, `수량이 ${maxUnits}개를 넘습니다. 확인하십시오.`);
  }
  const sku = requiredId(textOf(item, 'ItemID', 'SupplierPartID'), place('SupplierPartID', '상품코드(SupplierPartID)'));
  const detail = childOf(item, 'ItemDetail');
  if (!isPricedByOne(detail)) {
    throw refuse('a price for more than one unit is not taken.', '여러 단위를 묶은 단가는 받지 않습니다.');
  }
  const unitPrice = requiredMoney(childOf(detail, 'UnitPrice'), place('the UnitPrice', '단가(UnitPrice)'));
  const gross = unitPrice.minor * units;
  if (gross > maxMinor) throw refuse('the amount is too large.', '금액이 너무 큽니다.');
  const none = money(0, unitPrice.currency);
  const auxiliaryId = textOf(item, 'ItemID', 'SupplierPartAuxiliaryID');
  const title = textOf(detail, 'Description', 'ShortName') ?? textOf(detail, 'Description');
  return {
    line: {
      lineId,
      sku,
      externalListingId: null,
      title: title === undefined ? null : cutTo(title, maxTitle),
      units,
      unitPrice,
      gross: money(gross, unitPrice.currency),
      sellerDiscount: none,
      channelDiscount: none,
    },
    unit: /^[A-Z0-9]{1,10}$/i.exec(textOf(detail, 'UnitOfMeasure') ?? '')?.[0] ?? 'EA',
    auxiliaryId: auxiliaryId === undefined ? null : cutTo(auxiliaryId, maxTitle),
  };
}

function isPricedByOne(detail: XmlElement | undefined): boolean {
  const basis = childOf(detail, 'PriceBasisQuantity');
  if (!basis) return true;
  return Number(attributeOf(basis, 'quantity')) === 1 && Number(attributeOf(basis, 'conversionFactor') ?? '1') === 1;
}

function checkTogether(lines: readonly ReadLine[], others: readonly Money[]): void {
  const amounts = [...others, ...lines.map(({ line }) => line.gross)];
  const currency = amounts[0]?.currency;
  if (amounts.some((amount) => amount.currency !== currency)) {
    throw new Refusal(400, 'The order mixes two currencies.', '한 주문에 두 가지 통화가 섞여 있습니다.');
  }
  const sum = lines.reduce((gross, { line }) => gross + line.gross.minor, 0);
  if ([sum, ...others.map(({ minor }) => minor)].some((minor) => minor > maxMinor)) {
    throw new Refusal(400, 'The amounts are too large.', '금액이 너무 큽니다.');
  }
  if (new Set(lines.map(({ line }) => line.lineId)).size !== lines.length) {
    throw new Refusal(400, 'Two lines have one lineNumber.', '품목 번호(lineNumber)가 겹칩니다.');
  }
}

/** What is kept of the document: numbers and keys. Addresses, contacts, comments and extrinsics never get here. */
function keptOf(head: OrderHead, orderDate: string, total: Money, shipping: Money, lines: readonly ReadLine[]): Json {
  return {
    payloadId: head.envelope.payloadId,
    orderId: head.orderId,
    orderDate,
    type: head.type,
    orderType: head.orderType,
    orderVersion: head.version,
    currency: total.currency,
    total: decimalOf(total),
    shipping: decimalOf(shipping),
    lines: lines.map(({ line, unit, auxiliaryId }) => ({
      lineId: line.lineId,
      sku: line.sku,
      auxiliaryId,
      units: line.units,
      unit,
      unitPrice: decimalOf(line.unitPrice),
    })),
  };
}
