import { z } from 'zod';
import { formatSeoul } from '../../domain/seoul-time.ts';
import { listOrderLines } from '../../store/order-notices.ts';
import { requireAccount, requireOrder } from '../../sync/known-names.ts';
import { acknowledgeOrder, shipOrder } from '../../sync/tell-orders.ts';
import { defineCommand } from '../command.ts';
import { amount, table } from '../output.ts';
import { personText } from '../person-text.ts';
import { dayOf } from './reports.ts';

/** Lines shown at most; a page of orders, not an archive. */
const mostLines = 1_000;

/** `naru orders list [--account ID] [--from D] [--to D]` */
export const listOrdersCommand = defineCommand({
  name: 'orders list',
  input: z.object({ accountId: z.string().optional(), from: z.string().optional(), to: z.string().optional() }),
  run: async (app, input) => {
    const fromDay = dayOf('--from', input.from);
    const toDay = dayOf('--to', input.to);
    await requireAccount(app.deps, input.accountId);
    requireOrder(fromDay, toDay);
    const lines = await listOrderLines(app.store, { accountId: input.accountId, fromDay, toDay, limit: mostLines });
    const orders = lines.map((row) => ({
      account: row.account,
      site: row.site,
      order: row.orderId,
      line: row.lineId,
      sku: row.sku,
      title: row.title,
      status: row.status,
      ordered_at: row.orderedAt.toISOString(),
      units: row.units,
      gross: row.gross,
      currency: row.currency,
      cancelled: row.cancelled,
      returned: row.returned,
      acknowledged_at: row.acknowledgedAt?.toISOString() ?? null,
      shipped_at: row.shippedAt?.toISOString() ?? null,
    }));
    return { orders };
  },
  text: (answer) =>
    table(
      [
        '주문 order',
        '계정 account',
        '주문 시각 ordered',
        'SKU',
        '수량 units',
        '금액 gross',
        '상태 status',
        '발주확인 seen',
      ],
      answer.orders.map((row) => [
        row.order,
        `${row.account} ${row.site}`,
        formatSeoul(new Date(row.ordered_at)),
        row.sku,
        row.units,
        `${amount(row.gross, row.currency)} ${row.currency}`,
        row.status,
        row.acknowledged_at ? '✓' : '',
      ]),
    ),
});

const orderInput = {
  orderId: z.string(),
  accountId: z.string(),
  site: z.string().optional(),
  by: personText,
};

/** `naru orders acknowledge ORDER --account ID --by NAME` */
export const acknowledgeCommand = defineCommand({
  name: 'orders acknowledge',
  input: z.object(orderInput),
  run: async (app, input) => {
    const { orderId, site } = await acknowledgeOrder(app.deps, input);
    return { acknowledged: orderId, account: input.accountId, site };
  },
  text: (answer) => `주문 ${answer.acknowledged}: 발주 확인을 보냈습니다. / acknowledged`,
});

/** `naru orders ship ORDER --account ID --courier CODE --invoice NO --by NAME` */
export const shipCommand = defineCommand({
  name: 'orders ship',
  input: z.object({ ...orderInput, courierCode: personText, invoiceNo: personText }),
  run: async (app, input) => {
    const { orderId, site } = await shipOrder(app.deps, input);
    return { shipped: orderId, account: input.accountId, site, invoice: input.invoiceNo };
  },
  text: (answer) => `주문 ${answer.shipped}: 송장 ${answer.invoice}을(를) 알렸습니다. / shipped`,
});
