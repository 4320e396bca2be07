import type { KnownOrder, Shipment } from '../../src/channel/contract.ts';
import { ChannelError } from '../../src/channel/errors.ts';
import { formatInSeoul } from '../../src/domain/seoul-time.ts';
import { callEsm } from './client.ts';
import { siteOf, wireNumber } from './orders.ts';
import type { EsmContext } from './settings.ts';

/**
 * Reports one shipment; the channel takes no lists. Calling again overwrites the invoice number (notes §3.3). Whoever
 * calls it on an order with a requested cancel refuses that cancel: there is no other way to refuse one.
 */
export async function ship(context: EsmContext, order: KnownOrder, shipment: Shipment): Promise<void> {
  if (!/^\d{1,9}$/.test(shipment.courierCode)) {
    throw new ChannelError('rejected', {
      code: 'OWN_COURIER',
      sent: false,
      channelMessage:
        '택배사 코드가 숫자가 아닙니다. 채널의 택배사 코드로 고쳐 주십시오. / The courier code is no number. Use the channel’s code.',
      field: 'courierCode',
    });
  }
  await callEsm(context, {
    method: 'POST',
    path: '/shipping/v1/Delivery/ShippingInfo',
    results: 'order-write',
    limit: 'shipments',
    site: siteOf(order.site),
    safe: true,
    body: {
      OrderNo: wireNumber(order.orderId),
      ShippingDate: formatInSeoul(shipment.shippedAt, "yyyy-MM-dd'T'HH:mm:ss"),
      DeliveryCompanyCode: Number(shipment.courierCode),
      InvoiceNo: shipment.invoiceNo,
    },
  });
}
