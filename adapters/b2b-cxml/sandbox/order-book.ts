/** What the buyer ordered and what the supplier made of it. Only orders the supplier took are in here. */

import type { SandboxOrderLine, SandboxSales } from '../../../src/channel/sandbox.ts';
import type { OrderDocument, OrderedLine } from './outgoing.ts';
import { Refused } from './refusal.ts';
import { at, childrenOf, textAt, type XmlElement } from './xml-tree.ts';

interface BookedLine extends OrderedLine {
  rejected: boolean;
  shipped: number;
}

export interface BookedOrder {
  orderId: string;
  version: number;
  orderedAt: string;
  currency: string;
  lines: BookedLine[];
  /** Ids of all documents of this order, new and changed. */
  payloadIds: string[];
  deleted: boolean;
  confirmed: string | null;
}

export interface ConfirmationTaken {
  orderId: string;
  confirmId: string | null;
  type: string;
  lines: { lineNumber: number; quantity: number; types: string[] }[];
}

export interface ShipNoticeTaken {
  shipmentId: string;
  orderIds: string[];
  carrier: string | null;
  trackingNumber: string | null;
  lines: { orderId: string; lineNumber: number; quantity: number }[];
}

function booked(lines: readonly OrderedLine[]): BookedLine[] {
  return lines.map((line) => ({ ...line, rejected: false, shipped: 0 }));
}

function whole(element: XmlElement, name: string): number {
  const text = element.attributes[name] ?? '';
  if (!/^\d+(\.0+)?$/.test(text)) throw new Refused(400, `${element.name} ${name} is no whole number: ${text}`);
  return Number(text);
}

export class OrderBook {
  readonly orders = new Map<string, BookedOrder>();
  readonly confirmations: ConfirmationTaken[] = [];
  readonly shipNotices: ShipNoticeTaken[] = [];

  /**
   * The supplier said yes to an order document. Says what is odd about that, or null.
   * A second new order under a number that is taken changes nothing.
   */
  accepted(order: OrderDocument, payloadId: string): string | null {
    const known = this.orders.get(order.orderId);
    if (known?.payloadIds.includes(payloadId)) return null;
    if (order.type === 'new') {
      if (known) return `the supplier took a second order ${order.orderId}`;
      this.orders.set(order.orderId, {
        orderId: order.orderId,
        version: order.orderVersion,
        orderedAt: order.orderDate,
        currency: order.currency,
        lines: booked(order.lines),
        payloadIds: [payloadId],
        deleted: false,
        confirmed: null,
      });
      return null;
    }
    if (!known) return `the supplier took the ${order.type} of order ${order.orderId}, which it never took`;
    known.payloadIds.push(payloadId);
    if (order.orderVersion <= known.version) return `the supplier took an older version of order ${order.orderId}`;
    known.version = order.orderVersion;
    if (order.type === 'delete') known.deleted = true;
    else known.lines = booked(order.lines);
    return null;
  }

  #referenced(holder: XmlElement): BookedOrder {
    const reference = at(holder, 'OrderReference');
    const payloadId = at(holder, 'OrderReference/DocumentReference')?.attributes.payloadID ?? '';
    const order = [...this.orders.values()].find((one) => one.payloadIds.includes(payloadId));
    if (!order) throw new Refused(400, `no order was sent as document ${payloadId}`);
    const orderId = reference?.attributes.orderID;
    if (orderId !== undefined && orderId !== order.orderId)
      throw new Refused(400, `document ${payloadId} is order ${order.orderId}, not ${orderId}`);
    return order;
  }

  #line(order: BookedOrder, item: XmlElement): BookedLine {
    const line = order.lines[whole(item, 'lineNumber') - 1];
    if (!line) throw new Refused(400, `order ${order.orderId} has no line ${item.attributes.lineNumber}`);
    return line;
  }

  /** @throws Refused when it is about no order of ours, or its quantities do not add up. */
  takeConfirmation(request: XmlElement): void {
    const order = this.#referenced(request);
    const header = at(request, 'ConfirmationHeader');
    const type = header?.attributes.type ?? '';
    const items = childrenOf(request, 'ConfirmationItem').map((item) => {
      const statuses = childrenOf(item, 'ConfirmationStatus');
      const told = statuses.reduce((sum, status) => sum + whole(status, 'quantity'), 0);
      const line = this.#line(order, item);
      if (told !== whole(item, 'quantity') || told > line.quantity)
        throw new Refused(400, `line ${item.attributes.lineNumber} confirms ${told} of ${line.quantity}`);
      const types = statuses.map((status) => status.attributes.type ?? '');
      return { line, lineNumber: whole(item, 'lineNumber'), quantity: told, types };
    });
    for (const { line, types } of items) line.rejected = types.length > 0 && types.every((word) => word === 'reject');
    if (type === 'reject') for (const line of order.lines) line.rejected = true;
    if (type === 'accept') for (const line of order.lines) line.rejected = false;
    order.confirmed = type;
    this.confirmations.push({
      orderId: order.orderId,
      confirmId: header?.attributes.confirmID ?? null,
      type,
      lines: items.map(({ lineNumber, quantity, types }) => ({ lineNumber, quantity, types })),
    });
  }

  /** @throws Refused when it is about no order of ours, or ships more than was ordered. */
  takeShipNotice(request: XmlElement): void {
    const parts = childrenOf(request, 'ShipNoticePortion').map((portion) => {
      const order = this.#referenced(portion);
      const items = childrenOf(portion, 'ShipNoticeItem').map((item) => ({
        lineNumber: whole(item, 'lineNumber'),
        line: this.#line(order, item),
        quantity: whole(item, 'quantity'),
      }));
      for (const { line, lineNumber, quantity } of items) {
        if (line.shipped + quantity > line.quantity)
          throw new Refused(400, `line ${lineNumber} of order ${order.orderId} ships more than was ordered`);
      }
      return { order, items };
    });
    if (parts.length === 0) throw new Refused(400, 'the notice names no order');
    for (const { items } of parts) for (const { line, quantity } of items) line.shipped += quantity;
    this.shipNotices.push({
      shipmentId: at(request, 'ShipNoticeHeader')?.attributes.shipmentID ?? '',
      orderIds: parts.map(({ order }) => order.orderId),
      carrier: textAt(request, 'ShipControl/CarrierIdentifier'),
      trackingNumber: textAt(request, 'ShipControl/ShipmentIdentifier'),
      lines: parts.flatMap(({ order, items }) =>
        items.map(({ lineNumber, quantity }) => ({ orderId: order.orderId, lineNumber, quantity })),
      ),
    });
  }

  lines(): SandboxOrderLine[] {
    return [...this.orders.values()].flatMap((order) =>
      order.lines.map((line) => {
        const gross = line.unitPrice * line.quantity;
        const off = order.deleted || line.rejected;
        return {
          orderId: order.orderId,
          site: 'catalogue',
          sku: line.sku,
          units: line.quantity,
          unitPrice: line.unitPrice,
          gross,
          shipping: 0,
          sellerDiscount: 0,
          currency: line.currency,
          orderedAt: order.orderedAt,
          status: statusWord(order, line),
          cancelledUnits: off ? line.quantity : 0,
          cancelled: off ? gross : 0,
          returnedUnits: 0,
          returned: 0,
        };
      }),
    );
  }
}

function statusWord(order: BookedOrder, line: BookedLine): string {
  if (order.deleted) return 'deleted';
  if (line.rejected) return 'rejected';
  if (line.shipped > 0) return line.shipped === line.quantity ? 'shipped' : 'partly-shipped';
  return order.confirmed === null ? 'taken' : 'confirmed';
}

/** Sums per currency; dollars and won are never added. */
export function salesOf(lines: readonly SandboxOrderLine[]): SandboxSales[] {
  const byCurrency = new Map<string, SandboxSales>();
  for (const line of lines) {
    const { currency } = line;
    const sum = byCurrency.get(currency) ?? {
      currency,
      units: 0,
      gross: 0,
      cancelled: 0,
      returned: 0,
      net: 0,
      shipping: 0,
    };
    byCurrency.set(currency, sum);
    sum.units += line.units;
    sum.gross += line.gross;
    sum.cancelled += line.cancelled;
    sum.net = sum.gross - sum.cancelled;
  }
  return [...byCurrency.values()];
}
