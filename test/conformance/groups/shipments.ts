import assert from 'node:assert/strict';
import type { KnownOrder } from '../../../src/channel/contract.ts';
import { channelErrorFrom } from '../channel-error.ts';
import type { ConformanceCase, Stage } from '../stage.ts';
import { latest, pullAll, type Window, withRecords } from '../stream-steps.ts';

/** An order as the core hands it back: what was pulled of it. */
async function known(stage: Stage, window: Window, orderId: string): Promise<KnownOrder> {
  const found = (await pullAll(stage, 'orders', window)).filter(({ value }) => value.orderId === orderId).at(-1);
  assert.ok(found, `order ${orderId} was not pulled`);
  const { site, lines } = found.value;
  return { site, orderId, lines, raw: found.raw };
}

export const shipmentsCases: ConformanceCase[] = [
  {
    name: 'shipments: acknowledging moves an order on, and doing it again is no error',
    run: (subject) =>
      withRecords(subject, 'orders', async (stage, staged) => {
        const { acknowledge } = stage.adapter.shipments ?? {};
        if (!acknowledge) return;
        const fresh = staged.expected.find((order) => order.status === 'paid');
        assert.ok(fresh, 'the harness staged no paid order');
        const toldAt = stage.clock.now();
        for (const _ of ['first', 'again'])
          await acknowledge(stage.context(), await known(stage, staged, fresh.orderId), toldAt);
        const after = latest(await pullAll(stage, 'orders', staged)).find((order) => order.orderId === fresh.orderId);
        assert.equal(after?.status, 'preparing');
      }),
  },
  {
    name: 'shipments: a shipped order is shipping, and another invoice number corrects the first',
    run: (subject) =>
      withRecords(subject, 'orders', async (stage, staged) => {
        const { shipments } = stage.adapter;
        const order = staged.expected.find((candidate) => candidate.status === 'preparing');
        assert.ok(shipments && stage.harness.shipments && order, 'no order waits for shipping');
        const { courierCode } = stage.harness.shipments;
        for (const invoiceNo of ['600000000001', '600000000002']) {
          await shipments.ship(stage.context(), await known(stage, staged, order.orderId), {
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
        const nobody: KnownOrder = { site, orderId: '1', lines: [], raw: {} };
        const shipment = { courierCode, invoiceNo: '600000000003', shippedAt: stage.clock.now() };
        const error = await channelErrorFrom(shipments.ship(stage.context(), nobody, shipment));
        assert.ok(['rejected', 'not-found', 'conflict'].includes(error.kind), error.message);
      }),
  },
];
