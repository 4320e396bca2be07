import { z } from 'zod';
import type { KnownOrder, Shipment } from '../../src/channel/contract.ts';
import { ChannelError } from '../../src/channel/errors.ts';
import { timestampOf } from './amounts.ts';
import { sendDocument } from './client.ts';
import { requestDocument } from './envelope.ts';
import type { CxmlContext } from './settings.ts';
import type { XmlContent } from './xml-writing.ts';

/** What an order must have left behind so that we can speak of it: `inbound-order.ts` writes it. */
const keptOrderSchema = z.object({
  payloadId: z.string(),
  orderDate: z.string(),
  lines: z.array(z.object({ lineId: z.string(), unit: z.string() })),
});

/** Tells the buyer that the whole order is taken. The same order and instant make the same document, byte for byte. */
export async function acknowledgeOrder(context: CxmlContext, order: KnownOrder, toldAt: Date): Promise<void> {
  const { xml } = requestDocument(context, {
    dtd: 'Fulfill',
    name: 'ConfirmationRequest',
    content: {
      ConfirmationHeader: {
        '@confirmID': `confirm-${order.orderId}`,
        '@operation': 'new',
        '@type': 'accept',
        '@noticeDate': timestampOf(toldAt),
      },
      OrderReference: orderReference(order),
    },
    at: toldAt,
  });
  await sendDocument(context, { family: 'notices', content: xml });
}

/**
 * Tells the buyer that the whole order is on its way. The same shipment makes the same document, byte for byte; another
 * invoice number makes another notice.
 */
export async function shipOrder(context: CxmlContext, order: KnownOrder, shipment: Shipment): Promise<void> {
  const reference = orderReference(order);
  const units = new Map(keptOrder(order).lines.map((line) => [line.lineId, line.unit]));
  const shippedAt = timestampOf(shipment.shippedAt);
  const { xml } = requestDocument(context, {
    dtd: 'Fulfill',
    name: 'ShipNoticeRequest',
    content: {
      ShipNoticeHeader: {
        '@shipmentID': shipment.invoiceNo,
        '@noticeDate': shippedAt,
        '@shipmentDate': shippedAt,
        '@shipmentType': 'actual',
        '@fulfillmentType': 'complete',
      },
      ShipControl: {
        CarrierIdentifier: { '@domain': 'companyName', '#': shipment.courierCode },
        ShipmentIdentifier: shipment.invoiceNo,
      },
      ShipNoticePortion: {
        OrderReference: reference,
        ShipNoticeItem: order.lines.map((line) => ({
          '@quantity': String(line.units),
          '@lineNumber': line.lineId,
          ...(line.sku !== null && { ItemID: { SupplierPartID: line.sku } }),
          UnitOfMeasure: units.get(line.lineId) ?? 'EA',
        })),
      },
    },
    at: shipment.shippedAt,
  });
  await sendDocument(context, { family: 'notices', content: xml });
}

function orderReference(order: KnownOrder): XmlContent {
  const kept = keptOrder(order);
  return {
    '@orderID': order.orderId,
    '@orderDate': kept.orderDate,
    DocumentReference: { '@payloadID': kept.payloadId },
  };
}

function keptOrder(order: KnownOrder): z.output<typeof keptOrderSchema> {
  const kept = keptOrderSchema.safeParse(order.raw);
  if (kept.success) return kept.data;
  throw new ChannelError('rejected', {
    code: 'OWN_ORDER',
    sent: false,
    channelMessage:
      '주문의 원래 cXML 문서 번호가 없어 알릴 수 없습니다. 구매처 화면에서 직접 처리하십시오. / ' +
      'The payloadID of the order is not known, so the buyer cannot be told. Confirm it by hand in the buyer’s portal.',
  });
}
