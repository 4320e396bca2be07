import type { Order } from '../domain/order.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import { applySharedClaims } from './claim-shares.ts';
import type { Queryable } from './database.ts';

/** A group of order lines whose sales facts are counted together. */
export interface FactKey {
  accountId: string;
  seoulDay: string;
  sku: string;
}

/** The SKU under which a line is counted while its product is not known: visible, and never mixed with another. */
export const unknownSku = '(unknown)';

/** An order as it is now, under the channel's key of the record that said so. */
export interface OrderRecord {
  externalId: string;
  value: Order;
}

/**
 * Writes orders as they are now and says which facts they touch, old place and new. A line that its record no longer
 * names is gone. A channel that leaves our SKU out is helped by the site's number, which the listing knows.
 */
export async function writeOrders(
  tx: Queryable,
  accountId: string,
  records: readonly OrderRecord[],
): Promise<FactKey[]> {
  if (records.length === 0) return [];
  const lines = records.flatMap(({ externalId, value: order }) =>
    order.lines.map((line, index) => ({
      record_id: externalId,
      order_id: order.orderId,
      line_id: line.lineId,
      site: order.site,
      cart_id: order.cartId,
      told_sku: line.sku,
      external_listing_id: line.externalListingId,
      title: line.title,
      status: order.status,
      raw_status: order.rawStatus,
      ordered_at: order.orderedAt,
      seoul_day: seoulDayOf(order.orderedAt),
      currency: line.gross.currency,
      units: line.units,
      unit_price: line.unitPrice.minor,
      gross: line.gross.minor,
      seller_discount: line.sellerDiscount.minor,
      channel_discount: line.channelDiscount.minor,
      // Shipping belongs to the order: it is counted once, with the first line.
      shipping_told: index === 0 ? order.shipping.minor : 0,
      shipping_group: order.shippingGroup,
    })),
  );
  const orderIds = [...new Set(records.map(({ value }) => value.orderId))];
  const touched = await factKeysOf(tx, accountId, orderIds);
  const leftGroups = await shippingGroupsOf(tx, accountId, orderIds);
  await tx.query(
    `delete from naru.order_line o where o.account_id = $1 and o.record_id = any($2) and not exists (
       select 1 from jsonb_to_recordset($3::jsonb) as r(site text, order_id text, line_id text)
       where (r.site, r.order_id, r.line_id) = (o.site, o.order_id, o.line_id))`,
    [accountId, records.map((record) => record.externalId), JSON.stringify(lines)],
  );
  await tx.query(
    `insert into naru.order_line as o (account_id, record_id, order_id, line_id, site, cart_id, sku, told_sku, external_listing_id,
       title, status, raw_status, ordered_at, seoul_day, campaign_id, currency, units, unit_price, gross, seller_discount,
       channel_discount, shipping_told, shipping_group)
     select $1, r.record_id, r.order_id, r.line_id, r.site, r.cart_id, coalesce(known.sku, by_site.sku), r.told_sku, r.external_listing_id,
       r.title, r.status, r.raw_status, r.ordered_at, r.seoul_day,
       ${campaignOfSql('$1', 'coalesce(known.sku, by_site.sku)', 'r.ordered_at')}, r.currency, r.units, r.unit_price,
       r.gross, r.seller_discount, r.channel_discount, r.shipping_told, r.shipping_group
     from jsonb_to_recordset($2::jsonb) as r(record_id text, order_id text, line_id text, site text, cart_id text, told_sku text,
       external_listing_id text, title text, status text, raw_status text, ordered_at timestamptz, seoul_day date,
       currency text, units bigint, unit_price bigint, gross bigint, seller_discount bigint, channel_discount bigint,
       shipping_told bigint, shipping_group text)
     left join naru.product known on known.sku = r.told_sku
     left join lateral (select l.sku from naru.listing l where known.sku is null and l.account_id = $1
       and exists (select 1 from jsonb_each_text(l.external_ids) e where e.value = r.external_listing_id) limit 1
     ) by_site on true
     on conflict (account_id, site, order_id, line_id) do update set record_id = excluded.record_id,
       cart_id = excluded.cart_id,
       sku = coalesce(excluded.sku, o.sku), told_sku = excluded.told_sku,
       external_listing_id = excluded.external_listing_id, title = excluded.title,
       status = excluded.status, raw_status = excluded.raw_status, ordered_at = excluded.ordered_at,
       seoul_day = excluded.seoul_day, campaign_id = ${campaignOfSql('$1', 'coalesce(excluded.sku, o.sku)', 'excluded.ordered_at')}, currency = excluded.currency,
       units = excluded.units, unit_price = excluded.unit_price, gross = excluded.gross,
       seller_discount = excluded.seller_discount, channel_discount = excluded.channel_discount,
       shipping_told = excluded.shipping_told, shipping_group = excluded.shipping_group`,
    [accountId, JSON.stringify(lines)],
  );
  await applyClaims(tx, accountId, orderIds);
  const sharing = await countShippingOnce(tx, accountId, orderIds, leftGroups);
  return [...touched, ...(await factKeysOf(tx, accountId, [...orderIds, ...sharing]))];
}

/** The shipping groups these orders are in now: the fee of one they leave falls to another order. */
async function shippingGroupsOf(tx: Queryable, accountId: string, orderIds: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ shipping_group: string }>(
    `select distinct shipping_group from naru.order_line
     where account_id = $1 and order_id = any($2) and shipping_group is not null`,
    [accountId, orderIds],
  );
  return rows.map((row) => row.shipping_group);
}

/**
 * Lets one order of each shipping group carry the shared fee: the one with the smallest number, whatever the order in
 * which they came. Returns the orders that share a group with the given ones.
 */
async function countShippingOnce(
  tx: Queryable,
  accountId: string,
  orderIds: readonly string[],
  leftGroups: readonly string[],
): Promise<string[]> {
  const { rows } = await tx.query<{ order_id: string }>(
    `update naru.order_line o set shipping = case when o.shipping_group is null or (o.site, o.order_id, o.line_id) = (
         select x.site, x.order_id, x.line_id from naru.order_line x
         where x.account_id = $1 and x.shipping_group = o.shipping_group and x.shipping_told <> 0
         order by x.site, x.order_id, x.line_id limit 1) then o.shipping_told else 0 end
     where o.account_id = $1 and (o.order_id = any($2) or o.shipping_group = any($3) or o.shipping_group in (
         select g.shipping_group from naru.order_line g where g.account_id = $1 and g.order_id = any($2)))
     returning o.order_id`,
    [accountId, orderIds, leftGroups],
  );
  return [...new Set(rows.map((row) => row.order_id))];
}

/** The campaign an order counts for: open at that instant, on that account, with that product; the first to start. */
export function campaignOfSql(account: string, sku: string, at: string): string {
  return `(select c.campaign_id from naru.campaign c
    join naru.campaign_member m on m.campaign_id = c.campaign_id and m.sku = ${sku}
    join naru.campaign_account a on a.campaign_id = c.campaign_id and a.account_id = ${account}
    where c.starts_at <= ${at} and ${at} < c.ends_at order by c.starts_at, c.campaign_id limit 1)`;
}

/** The facts that these orders are part of now. */
export async function factKeysOf(tx: Queryable, accountId: string, orderIds: readonly string[]): Promise<FactKey[]> {
  const { rows } = await tx.query<{ seoul_day: string; sku: string }>(
    `select distinct seoul_day, coalesce(sku, '${unknownSku}') as sku from naru.order_line
     where account_id = $1 and order_id = any($2)`,
    [accountId, orderIds],
  );
  return rows.map((row) => ({ accountId, seoulDay: row.seoul_day, sku: row.sku }));
}

/**
 * Sets what done claims take from these orders' lines. Whatever the order of events, and however often a claim is told,
 * a line can lose no more than it had: cancels first, returns from what is left.
 */
export async function applyClaims(tx: Queryable, accountId: string, orderIds: readonly string[]): Promise<void> {
  await tx.query(
    `update naru.order_line o set cancelled_units = t.cancelled_units, cancelled = t.cancelled,
       returned_units = least(t.returned_units, o.units - t.cancelled_units),
       returned = least(t.returned, o.gross - t.cancelled)
     from (
       select l.site, l.order_id, l.line_id,
         least(coalesce(sum(coalesce(c.units, l.units)) filter (where c.kind = 'cancel'), 0), l.units)::bigint
           as cancelled_units,
         least(coalesce(sum(${claimAmount}) filter (where c.kind = 'cancel'), 0), l.gross)::bigint as cancelled,
         coalesce(sum(coalesce(c.units, l.units)) filter (where c.kind = 'return'), 0)::bigint as returned_units,
         coalesce(sum(${claimAmount}) filter (where c.kind = 'return'), 0)::bigint as returned
       from naru.order_line l
       left join naru.record_head h on (h.account_id, h.stream, h.external_id) = (l.account_id, 'orders', l.record_id)
       left join naru.claim c on c.account_id = l.account_id and c.site = l.site and c.order_id = l.order_id
         and c.state = 'done' and (c.order_version is null or coalesce(h.source_version, 0) <= c.order_version)
         and c.kind in ('cancel', 'return') and (c.line_id is null or c.line_id = l.line_id)
       where l.account_id = $1 and l.order_id = any($2)
       group by l.site, l.order_id, l.line_id, l.units, l.gross
     ) t
     where o.account_id = $1 and (o.site, o.order_id, o.line_id) = (t.site, t.order_id, t.line_id)`,
    [accountId, orderIds],
  );
  await applySharedClaims(tx, accountId, orderIds);
}

/** A claim's money: what the channel says, or its units at the line's price, or the whole line. */
const claimAmount =
  'coalesce(c.amount, case when c.units is null then l.gross else least(c.units * l.unit_price, l.gross) end)';

/** Those of these orders that the store does not know yet. Sites number their orders each for themselves. */
export async function unknownOrders(
  store: Queryable,
  accountId: string,
  orders: readonly { site: string; orderId: string }[],
): Promise<{ site: string; orderId: string }[]> {
  const { rows } = await store.query<{ site: string; order_id: string }>(
    `select distinct r.site, r.order_id from unnest($2::text[], $3::text[]) as r(site, order_id)
     where not exists (select 1 from naru.order_line o
       where o.account_id = $1 and o.site = r.site and o.order_id = r.order_id)
     order by r.site, r.order_id`,
    [accountId, orders.map((order) => order.site), orders.map((order) => order.orderId)],
  );
  return rows.map((row) => ({ site: row.site, orderId: row.order_id }));
}

/**
 * Counts again what was sold of these products: in all since their stock was declared, and per site since each
 * listing's last write. Counted, not added up, so that a repeat changes nothing.
 */
export async function countSoldUnits(tx: Queryable, skus: readonly string[]): Promise<void> {
  await tx.query(
    `update naru.product p set sold_units = (
       select coalesce(sum(o.units - o.cancelled_units), 0) from naru.order_line o
       where o.sku = p.sku and o.ordered_at >= p.stock_declared_at)
     where p.sku = any($1)`,
    [skus],
  );
  await tx.query(
    `update naru.listing l set sold_since_push = coalesce((
       select jsonb_object_agg(s.site, s.units) from (
         select o.site, sum(o.units - o.cancelled_units) as units from naru.order_line o
         where o.sku = l.sku and o.account_id = l.account_id and o.ordered_at >= (l.pushed ->> 'at')::timestamptz
         group by o.site) s), '{}'::jsonb)
     where l.sku = any($1) and l.pushed is not null`,
    [skus],
  );
}

/** Order lines whose product is not known. */
export async function unmatchedLines(store: Queryable): Promise<number> {
  const { rows } = await store.query<{ lines: number }>(
    'select count(*) as lines from naru.order_line where sku is null',
  );
  return rows[0]?.lines ?? 0;
}
