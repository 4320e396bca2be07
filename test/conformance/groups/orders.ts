import assert from 'node:assert/strict';
import type { Order } from '../../../src/domain/order.ts';
import { offer } from '../listing-steps.ts';
import { type ConformanceCase, onStage } from '../stage.ts';
import { latest, pullAll, streamOf, withRecords } from '../stream-steps.ts';
import { streamCases } from './streams.ts';

const hourMs = 3_600_000;

export const ordersCases: ConformanceCase[] = [
  ...streamCases('orders'),
  {
    name: 'orders: one placed at the very first or last instant of a window is in it, and what lies outside is overlap at most',
    run: (subject) =>
      onStage(subject, async (stage) => {
        assert.ok(stage.harness.orders);
        await offer(stage, ['EDGE-1']);
        const start = stage.clock.now().getTime() + hourMs;
        // Odd seconds and milliseconds: a channel that takes minutes must be asked for more, not for less.
        const from = new Date(start - (start % 60_000) + 34_567);
        const to = new Date(from.getTime() + hourMs);
        const instants = [
          from.getTime() - 1,
          from.getTime(),
          from.getTime() + 1,
          to.getTime() - 1,
          to.getTime(),
          to.getTime() + 1,
        ];
        const ids = await stage.harness.orders.placeAt(
          stage,
          'EDGE-1',
          instants.map((instant) => new Date(instant)),
        );
        stage.clock.jumpTo(new Date(to.getTime() + hourMs));
        const { overlapMs } = streamOf(stage, 'orders');
        const inside = latest(await pullAll(stage, 'orders', { from, to }));
        const next = latest(await pullAll(stage, 'orders', { from: to, to: new Date(to.getTime() + hourMs) }));
        const missing = (wanted: string[], orders: Order[]) =>
          wanted.filter((id) => !orders.some((order) => order.orderId === id));
        assert.deepEqual(missing(ids.slice(1, 4), inside), []);
        assert.deepEqual(missing(ids.slice(4), next), []);
        for (const { orderedAt } of inside) {
          assert.ok(
            orderedAt.getTime() >= from.getTime() - overlapMs && orderedAt.getTime() < to.getTime() + overlapMs,
            orderedAt.toISOString(),
          );
        }
      }),
  },
  {
    name: 'orders: looked up by number they are found whatever their status, and unknown numbers are left out',
    run: (subject) =>
      withRecords(subject, 'orders', async (stage, staged) => {
        const { lookUp } = stage.adapter.orders ?? {};
        if (!lookUp) return;
        for (const site of new Set(staged.expected.map((order) => order.site))) {
          const orderIds = staged.expected
            .filter((order) => order.site === site)
            .slice(0, 12)
            .map((order) => order.orderId);
          const found = await lookUp(stage.context(), { site, orderIds: [...orderIds, '1'] });
          assert.deepEqual([...new Set(found.map((record) => record.value.orderId))].sort(), [...orderIds].sort());
        }
      }),
  },
];
