import type { KnownOrder } from '../channel/contract.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Json } from '../domain/listing.ts';
import type { Currency, Money } from '../domain/money.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import type { Database, Queryable } from './database.ts';

/**
 * The orders of an account under one number as they are now, with what the channel last said of them: one for each site
 * that has given this number, since sites of one account number their orders each for themselves. By site.
 */
export async function findOrders(
  store: Queryable,
  order: { accountId: string; orderId: string; site?: string | undefined },
): Promise<KnownOrder[]> {
  const { rows } = await store.query<{
    site: string;
    line_id: string;
    sku: string | null;
    units: number;
    unit_price: number;
    currency: Currency;
    payload: Json;
  }>(
    `select o.site, o.line_id, o.sku, o.units, o.unit_price, o.currency, r.payload from naru.order_line o
     left join naru.record_head h on (h.account_id, h.stream, h.external_id) = (o.account_id, 'orders', o.record_id)
     left join naru.raw_record r on (r.account_id, r.stream, r.external_id, r.content_hash)
       = (h.account_id, h.stream, h.external_id, h.content_hash)
     where o.account_id = $1 and o.order_id = $2 and ($3::text is null or o.site = $3)
     order by o.site, o.line_id`,
    [order.accountId, order.orderId, order.site ?? null],
  );
  return [...groupBy(rows, (row) => row.site)].map(([site, lines]) => ({
    site,
    orderId: order.orderId,
    lines: lines.map((row) => ({
      lineId: row.line_id,
      sku: row.sku,
      units: row.units,
      unitPrice: { minor: row.unit_price, currency: row.currency },
    })),
    raw: lines[0]?.payload ?? {},
  }));
}

export type OrderNoticeKind = 'acknowledge' | 'ship';

/**
 * Writes down, before it is sent, what is told to a channel about an order. `toldAt` is now, or where the last notice of
 * this kind told the same, the instant of that one: a repeat must not differ from what it repeats.
 */
export async function openNotice(
  store: Database,
  notice: {
    accountId: string;
    site: string;
    orderId: string;
    kind: OrderNoticeKind;
    /** Everything that is told but the time; without a key `toldAt`. */
    content: Record<string, string>;
    by: string;
    now: Date;
  },
): Promise<{ noticeId: number; toldAt: Date }> {
  const order = [notice.accountId, notice.site, notice.orderId];
  const content = JSON.stringify(notice.content);
  return store.transaction(async (tx) => {
    // One row stands for the order: of two people who tell the same at once the second repeats the first.
    await tx.query(
      `select 1 from naru.order_line where (account_id, site, order_id) = ($1, $2, $3)
       order by line_id limit 1 for update`,
      order,
    );
    const last = await tx.query<{ told_at: Date }>(
      `select (content ->> 'toldAt')::timestamptz as told_at from (
         select content from naru.order_notice where (account_id, site, order_id, kind) = ($1, $2, $3, $4)
         order by notice_id desc limit 1) n
       where content ? 'toldAt' and content - 'toldAt' = $5::jsonb`,
      [...order, notice.kind, content],
    );
    const toldAt = last.rows[0]?.told_at ?? notice.now;
    const { rows } = await tx.query<{ notice_id: number }>(
      `insert into naru.order_notice (account_id, site, order_id, kind, content, by_name, started_at)
       values ($1, $2, $3, $4, $5::jsonb, $6, $7) returning notice_id`,
      [...order, notice.kind, JSON.stringify({ ...notice.content, toldAt }), notice.by, notice.now],
    );
    return { noticeId: rows[0]?.notice_id ?? 0, toldAt };
  });
}

/** True when the buyer has nothing left of the order: done cancels took every unit of every line. */
export async function isWhollyCancelled(
  store: Queryable,
  order: { accountId: string; site: string; orderId: string },
): Promise<boolean> {
  const { rows } = await store.query<{ cancelled: boolean | null }>(
    `select bool_and(cancelled_units >= units) as cancelled from naru.order_line
     where (account_id, site, order_id) = ($1, $2, $3)`,
    [order.accountId, order.site, order.orderId],
  );
  return rows[0]?.cancelled ?? false;
}

/** How it ended. A notice without an end may have been told; telling it again is no error. */
export async function closeNotice(
  store: Queryable,
  end: { noticeId: number; outcome: 'accepted' | 'failed'; code: string | null; now: Date },
): Promise<void> {
  await store.query('update naru.order_notice set finished_at = $2, outcome = $3, code = $4 where notice_id = $1', [
    end.noticeId,
    end.now,
    end.outcome,
    end.code,
  ]);
}

/** A line of an order that nobody has answered: neither acknowledged nor shipped. */
export interface OpenOrderLine {
  orderId: string;
  sku: string;
  unitPrice: Money;
}

/** Lines of known products since an instant, of orders that nobody has answered and that are not cancelled; oldest first. */
export async function openOrderLines(
  store: Queryable,
  filter: { accountId: string; since: Date; limit: number },
): Promise<OpenOrderLine[]> {
  const { rows } = await store.query<{ order_id: string; sku: string; unit_price: number; currency: Currency }>(
    `select o.order_id, o.sku, o.unit_price, o.currency from naru.order_line o
     where o.account_id = $1 and o.seoul_day >= $2::date and o.sku is not null and o.cancelled_units < o.units
       and not exists (select 1 from naru.order_notice n where (n.account_id, n.site, n.order_id)
         = (o.account_id, o.site, o.order_id) and n.outcome = 'accepted')
     order by o.ordered_at, o.order_id, o.line_id limit $3`,
    [filter.accountId, seoulDayOf(filter.since), filter.limit],
  );
  return rows.map((row) => ({
    orderId: row.order_id,
    sku: row.sku,
    unitPrice: { minor: row.unit_price, currency: row.currency },
  }));
}

/** One order line as staff see it. */
export interface OrderLineRow {
  account: string;
  site: string;
  orderId: string;
  lineId: string;
  sku: string | null;
  title: string | null;
  status: string;
  orderedAt: Date;
  units: number;
  gross: number;
  currency: string;
  cancelled: number;
  returned: number;
  acknowledgedAt: Date | null;
  shippedAt: Date | null;
}

/** Order lines of some days, newest first. */
export async function listOrderLines(
  store: Queryable,
  filter: { accountId?: string | undefined; fromDay?: string | undefined; toDay?: string | undefined; limit: number },
): Promise<OrderLineRow[]> {
  const { rows } = await store.query<{
    account_id: string;
    site: string;
    order_id: string;
    line_id: string;
    sku: string | null;
    title: string | null;
    status: string;
    ordered_at: Date;
    units: number;
    gross: number;
    currency: string;
    cancelled: number;
    returned: number;
    acknowledged_at: Date | null;
    shipped_at: Date | null;
  }>(
    `select o.*, (select max(n.finished_at) from naru.order_notice n where (n.account_id, n.site, n.order_id)
         = (o.account_id, o.site, o.order_id) and n.kind = 'acknowledge' and n.outcome = 'accepted') as acknowledged_at,
       (select max(n.finished_at) from naru.order_notice n where (n.account_id, n.site, n.order_id)
         = (o.account_id, o.site, o.order_id) and n.kind = 'ship' and n.outcome = 'accepted') as shipped_at
     from naru.order_line o
     where ($1::text is null or o.account_id = $1) and ($2::date is null or o.seoul_day >= $2)
       and ($3::date is null or o.seoul_day <= $3)
     order by o.ordered_at desc, o.account_id, o.site, o.order_id, o.line_id limit $4`,
    [filter.accountId ?? null, filter.fromDay ?? null, filter.toDay ?? null, filter.limit],
  );
  return rows.map((row) => ({
    account: row.account_id,
    site: row.site,
    orderId: row.order_id,
    lineId: row.line_id,
    sku: row.sku,
    title: row.title,
    status: row.status,
    orderedAt: row.ordered_at,
    units: row.units,
    gross: row.gross,
    currency: row.currency,
    cancelled: row.cancelled,
    returned: row.returned,
    acknowledgedAt: row.acknowledged_at,
    shippedAt: row.shipped_at,
  }));
}
