import type { Queryable } from './database.ts';

/** A record of an order, by the channel's key and its own count of the order's changes where it counts them. */
export interface OrderVersion {
  externalId: string;
  version?: number | undefined;
}

/**
 * Of these orders, those that are known and were taken back as a whole by a cancel that also covers this version: what it
 * says would count for nothing. A version older than the known one is not among them, it is merely late.
 */
export async function ordersTakenBack(
  tx: Queryable,
  accountId: string,
  orders: readonly OrderVersion[],
): Promise<string[]> {
  const { rows } = await tx.query<{ record_id: string }>(
    `select distinct o.record_id from unnest($2::text[], $3::bigint[]) as r(record_id, version)
     join naru.order_line o on o.account_id = $1 and o.record_id = r.record_id
     join naru.record_head h on (h.account_id, h.stream, h.external_id) = ($1, 'orders', r.record_id)
     join naru.claim c on (c.account_id, c.site, c.order_id) = ($1, o.site, o.order_id)
     where c.kind = 'cancel' and c.state = 'done' and c.line_id is null and c.units is null
       and coalesce(r.version, 0) >= coalesce(h.source_version, 0)
       and (c.order_version is null or coalesce(r.version, 0) <= c.order_version)
     order by 1`,
    [accountId, orders.map((one) => one.externalId), orders.map((one) => one.version ?? null)],
  );
  return rows.map((row) => row.record_id);
}

/** Of these cancels, the orders that stand in a newer version than the one they take back. */
export async function ordersGoneOn(
  tx: Queryable,
  accountId: string,
  cancels: readonly { site: string; orderId: string; orderVersion?: number | undefined }[],
): Promise<string[]> {
  const { rows } = await tx.query<{ order_id: string }>(
    `select distinct o.order_id from unnest($2::text[], $3::text[], $4::bigint[]) as r(site, order_id, version)
     join naru.order_line o on (o.account_id, o.site, o.order_id) = ($1, r.site, r.order_id)
     join naru.record_head h on (h.account_id, h.stream, h.external_id) = ($1, 'orders', o.record_id)
     where r.version < h.source_version order by 1`,
    [
      accountId,
      cancels.map((one) => one.site),
      cancels.map((one) => one.orderId),
      cancels.map((one) => one.orderVersion ?? null),
    ],
  );
  return rows.map((row) => row.order_id);
}
