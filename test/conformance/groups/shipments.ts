import assert from 'node:assert/strict';
import { channelErrorFrom } from '../channel-error.ts';
import type { ConformanceCase } from '../stage.ts';
import { latest, pullAll, withRecords } from '../stream-steps.ts';

export const shipmentsCases: ConformanceCase[] = [
  {
    name: 'shipments: a shipped order is shipping, and another invoice number corrects the first',
    run: (subject) =>
      withRecords(subject, 'orders', async (stage, staged) => {
        const { shipments } = stage.adapter;
        const order = staged.expected.find((candidate) => candidate.status === 'preparing');
        assert.ok(shipments && stage.harness.shipments && order, 'no order waits for shipping');
        const { courierCode } = stage.harness.shipments;
        for (const invoiceNo of ['600000000001', '600000000002']) {
          const { orderId, site } = order;
          await shipments.ship(stage.context(), {
            orderId,
            site,
            courierCode,
            invoiceNo,
            shippedAt: stage.clock.now(),
          });
        }
        const after = latest(await pullAll(stage, 'orders', staged)).find((one) => one.orderId === order.orderId);
        assert.equal(after?.status, 'shipping');
      }),
  },
  {
    name: 'shipments: an order that does not exist is refused with a ChannelError',
    run: (subject) =>
      withRecords(subject, 'orders', async (stage, staged) => {
        const { shipments } = stage.adapter;
        assert.ok(shipments && stage.harness.shipments);
        const { courierCode } = stage.harness.shipments;
        const site = staged.expected[0]?.site ?? '';
        const shipment = { orderId: '1', site, courierCode, invoiceNo: '600000000003', shippedAt: stage.clock.now() };
        const error = await channelErrorFrom(shipments.ship(stage.context(), shipment));
        assert.ok(['rejected', 'not-found', 'conflict'].includes(error.kind), error.message);
      }),
  },
];
