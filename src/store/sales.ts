import { type Figure, figureOf } from '../domain/figure.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Queryable } from './database.ts';
import type { ExchangeRate } from './exchange-rates.ts';
import { campaignOfSql, type FactKey, factKeysOf, unknownSku } from './orders.ts';

/** The figures of a sales row, in this order everywhere. */
const figures = [
  'order_lines',
  'units',
  'gross',
  'cancelled_units',
  'cancelled',
  'returned_units',
  'returned',
  'seller_discount',
  'channel_discount',
  'shipping',
] as const;

/**
 * Counts the touched facts again from their order lines and journals the difference. Counting again instead of adding
 * makes a repeat harmless; the journal keeps what was reported before. Callers hold the account's row lock, so that two
 * streams of one account cannot count past each other.
 */
export async function countFacts(tx: Queryable, keys: readonly FactKey[], now: Date): Promise<void> {
  const distinct = [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
  if (distinct.length === 0) return;
  const difference = figures.map((figure) => `coalesce(n.${figure}, 0) - coalesce(f.${figure}, 0) as ${figure}`);
  await tx.query(
    `with key as (
       select "accountId" as account_id, "seoulDay" as seoul_day, sku
       from jsonb_to_recordset($1::jsonb) as r("accountId" text, "seoulDay" date, sku text)
     ), n as (
       select o.account_id, o.seoul_day, k.sku, coalesce(o.campaign_id, '') as campaign_id, o.currency,
         coalesce(max(p.business_no), '') as business_no, count(*) as order_lines, sum(o.units) as units,
         sum(o.gross) as gross, sum(o.cancelled_units) as cancelled_units, sum(o.cancelled) as cancelled,
         sum(o.returned_units) as returned_units, sum(o.returned) as returned,
         sum(o.seller_discount) as seller_discount, sum(o.channel_discount) as channel_discount,
         sum(o.shipping) as shipping
       from key k join naru.order_line o on o.account_id = k.account_id and o.seoul_day = k.seoul_day
         and (o.sku = k.sku or (k.sku = '${unknownSku}' and o.sku is null))
       left join naru.product p on p.sku = o.sku
       group by o.account_id, o.seoul_day, k.sku, coalesce(o.campaign_id, ''), o.currency
     ), f as (
       select s.* from naru.sales_fact s join key k using (account_id, seoul_day, sku)
     ), change as (
       select coalesce(n.account_id, f.account_id) as account_id, coalesce(n.seoul_day, f.seoul_day) as seoul_day,
         coalesce(n.sku, f.sku) as sku, coalesce(n.campaign_id, f.campaign_id) as campaign_id,
         coalesce(n.currency, f.currency) as currency, coalesce(n.business_no, f.business_no) as business_no,
         ${difference.join(', ')}
       from n full join f on (n.account_id, n.seoul_day, n.sku, n.campaign_id, n.currency)
         = (f.account_id, f.seoul_day, f.sku, f.campaign_id, f.currency)
     ), journal as (
       insert into naru.sales_change (at, seoul_day, campaign_id, account_id, sku, currency, business_no,
         ${figures.join(', ')})
       select $2, seoul_day, campaign_id, account_id, sku, currency, business_no, ${figures.join(', ')} from change
       where (${figures.join(', ')}) is distinct from (${figures.map(() => '0').join(', ')})
     )
     insert into naru.sales_fact as s (account_id, seoul_day, sku, campaign_id, currency, business_no,
       ${figures.join(', ')})
     select account_id, seoul_day, sku, campaign_id, currency, business_no, ${figures.join(', ')} from change
     on conflict (account_id, seoul_day, sku, campaign_id, currency) do update set business_no = excluded.business_no,
       ${figures.map((figure) => `${figure} = s.${figure} + excluded.${figure}`).join(', ')}`,
    [JSON.stringify(distinct), now],
  );
}

/** Puts orders under the campaign they now belong to, after a campaign was written; says which facts it touched. */
export async function attributeOrders(tx: Queryable, campaignId: string): Promise<FactKey[]> {
  const { rows } = await tx.query<{ account_id: string; order_id: string }>(
    `update naru.order_line o set campaign_id = ${campaignOfSql('o.account_id', 'o.sku', 'o.ordered_at')}
     where (o.campaign_id = $1 or exists (select 1 from naru.campaign c
         join naru.campaign_member m on m.campaign_id = c.campaign_id and m.sku = o.sku
         where c.campaign_id = $1 and c.starts_at <= o.ordered_at and o.ordered_at < c.ends_at))
       and o.campaign_id is distinct from ${campaignOfSql('o.account_id', 'o.sku', 'o.ordered_at')}
     returning o.account_id, o.order_id`,
    [campaignId],
  );
  const byAccount = groupBy(rows, (row) => row.account_id);
  const keys: FactKey[] = [];
  for (const [accountId, orders] of byAccount) {
    keys.push(
      ...(await factKeysOf(
        tx,
        accountId,
        orders.map((order) => order.order_id),
      )),
    );
  }
  return keys;
}

/**
 * Serialises everything that counts facts of one account. Not a plain `for update`: that would wait for everyone who has
 * only named the account by a foreign key, and two messages of one partner that have both been written down would wait
 * for each other.
 */
export async function lockAccountForCounting(tx: Queryable, accountId: string): Promise<void> {
  await tx.query('select 1 from naru.account where account_id = $1 for no key update', [accountId]);
}

/** As `lockAccountForCounting`, for all accounts; in one order, so that two of these cannot wait for each other. */
export async function lockAccountsForCounting(tx: Queryable): Promise<void> {
  await tx.query('select 1 from naru.account order by account_id for no key update');
}

export const salesGroupings = ['day', 'kind', 'channel', 'account', 'company', 'product'] as const;
export type SalesGrouping = (typeof salesGroupings)[number];

export interface SalesRow {
  /** The day, kind of channel, channel, account, business number or SKU; null in the total. */
  key: string | null;
  /** A name for people: the company's, the product's. */
  name: string | null;
  currency: string;
  /** Lines, not orders: an order of two products stands in the figures of both. */
  orderLines: Figure;
  units: Figure;
  gross: Figure;
  cancelled: Figure;
  returned: Figure;
  net: Figure;
  sellerDiscount: Figure;
  channelDiscount: Figure;
  shipping: Figure;
  /** Read in won, each day's amounts by the rate that held on that day; null when a day has none. */
  grossKrw: Figure | null;
  netKrw: Figure | null;
}

export interface SalesQuery {
  campaignId?: string | undefined;
  /** Seoul days, both included. */
  fromDay?: string | undefined;
  toDay?: string | undefined;
  by: SalesGrouping | null;
  /** The kind of every adapter by its id; needed by the grouping of that name. */
  kinds?: Readonly<Record<string, string>>;
  /** Figures as they were known at this instant; null for as known now. */
  asOf: Date | null;
}

const groupingSql: Record<SalesGrouping, { key: string; name: string }> = {
  day: { key: 's.seoul_day::text', name: 'null::text' },
  kind: { key: `coalesce($5::jsonb ->> a.adapter_id, '')`, name: 'null::text' },
  channel: { key: 'a.adapter_id', name: 'null::text' },
  account: { key: 's.account_id', name: 'null::text' },
  company: { key: 's.business_no', name: 'max(c.name_ko)' },
  product: { key: 's.sku', name: 'max(p.name_ko)' },
};

/** The digits of the sum of an amount in won, rounded once; null when some day has no rate. All foreign amounts have two decimals. */
function inWon(amount: string): string {
  return `case when bool_or(s.currency <> 'KRW' and x.won_per_minor is null) then null
    else round(sum((${amount}) * coalesce(x.won_per_minor, 1)))::text end`;
}

/** The facts or changes that a query is about; its values are those of `askedFor`, $1 to $4. */
function askedForSql(query: Pick<SalesQuery, 'asOf'>): string {
  return `($1::text is null or s.campaign_id = $1) and ($2::date is null or s.seoul_day >= $2)
    and ($3::date is null or s.seoul_day <= $3) and ${query.asOf ? 's.at <= $4' : '$4::timestamptz is null'}`;
}

function askedFor(query: SalesQuery): (string | Date | null)[] {
  return [query.campaignId ?? null, query.fromDay ?? null, query.toDay ?? null, query.asOf];
}

function sourceOf(query: SalesQuery): string {
  return query.asOf ? 'naru.sales_change' : 'naru.sales_fact';
}

const somethingSoldSql = `(${figures.map((figure) => `sum(s.${figure})`).join(', ')}) is distinct from (${figures.map(() => '0').join(', ')})`;

/** The rate that holds on the day of `s`: the newest that is not of a later day. */
const rateOfDaySql = `select r.* from naru.exchange_rate r
  where s.currency <> 'KRW' and r.currency = s.currency and r.day <= s.seoul_day order by r.day desc limit 1`;

/** The rates by which the sales of a query are read in won: one for every day that another rate began to hold. */
export async function ratesOfSales(store: Queryable, query: SalesQuery): Promise<ExchangeRate[]> {
  const { rows } = await store.query<ExchangeRate>(
    `select distinct r.currency, r.day::text as day, trim_scale(r.krw_per_unit)::text as "krwPerUnit", r.source
     from (select s.currency, s.seoul_day from ${sourceOf(query)} s where s.currency <> 'KRW' and ${askedForSql(query)}
       group by 1, 2 having ${somethingSoldSql}) s
     cross join lateral (${rateOfDaySql}) r
     order by 1, 2 desc`,
    askedFor(query),
  );
  return rows;
}

/** Sales in one grouping and one row per currency: won and dollars are never added together. */
export async function readSales(store: Queryable, query: SalesQuery): Promise<SalesRow[]> {
  const grouping = query.by ? groupingSql[query.by] : { key: 'null::text', name: 'null::text' };
  const { rows } = await store.query<
    Record<(typeof figures)[number] | 'net', string> & {
      key: string | null;
      name: string | null;
      currency: string;
      gross_krw: string | null;
      net_krw: string | null;
    }
  >(
    `select ${grouping.key} as key, ${grouping.name} as name, s.currency,
       ${figures.map((figure) => `sum(s.${figure})::text as ${figure}`).join(', ')},
       sum(s.gross - s.cancelled - s.returned)::text as net,
       ${inWon('s.gross')} as gross_krw, ${inWon('s.gross - s.cancelled - s.returned')} as net_krw
     from ${sourceOf(query)} s join naru.account a using (account_id)
     left join naru.company c on c.business_no = s.business_no left join naru.product p on p.sku = s.sku
     left join lateral (select r.krw_per_unit / 100 as won_per_minor from (${rateOfDaySql}) r) x on true
     where ${askedForSql(query)} and $5::jsonb is not null
     group by 1, s.currency
     having ${somethingSoldSql}
     order by 1, s.currency`,
    [...askedFor(query), JSON.stringify(query.kinds ?? {})],
  );
  return rows.map((row) => ({
    key: row.key,
    name: row.name,
    currency: row.currency,
    orderLines: figureOf(row.order_lines),
    units: figureOf(row.units),
    gross: figureOf(row.gross),
    cancelled: figureOf(row.cancelled),
    returned: figureOf(row.returned),
    net: figureOf(row.net),
    sellerDiscount: figureOf(row.seller_discount),
    channelDiscount: figureOf(row.channel_discount),
    shipping: figureOf(row.shipping),
    grossKrw: row.gross_krw === null ? null : figureOf(row.gross_krw),
    netKrw: row.net_krw === null ? null : figureOf(row.net_krw),
  }));
}
