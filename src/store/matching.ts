/** Order lines and inquiries that waited for their product, and the products they are found to be of. */
import type { Queryable } from './database.ts';
import { campaignOfSql, type FactKey, unknownSku } from './orders.ts';

/** Accounts with order lines that name a product which is known by now; in the order in which accounts are locked. */
export async function accountsToMatch(store: Queryable): Promise<string[]> {
  const { rows } = await store.query<{ account_id: string }>(
    `select distinct o.account_id from naru.order_line o join naru.product p on p.sku = o.told_sku
     where o.sku is null order by 1`,
  );
  return rows.map((row) => row.account_id);
}

/**
 * Puts an account's order lines under the products they name, and says which facts that touches: where they were counted
 * and where they belong. Callers hold the account's lock for counting.
 */
export async function matchOrderLines(tx: Queryable, accountId: string): Promise<FactKey[]> {
  const { rows } = await tx.query<{ seoul_day: string; sku: string }>(
    `update naru.order_line o set sku = p.sku, campaign_id = ${campaignOfSql('o.account_id', 'p.sku', 'o.ordered_at')}
     from naru.product p where o.account_id = $1 and o.sku is null and p.sku = o.told_sku
     returning o.seoul_day, o.sku`,
    [accountId],
  );
  return rows.flatMap(({ seoul_day: seoulDay, sku }) => [
    { accountId, seoulDay, sku },
    { accountId, seoulDay, sku: unknownSku },
  ]);
}

/** Of these records of orders, those with a line whose product is not known yet. */
export async function recordsToMatch(
  tx: Queryable,
  accountId: string,
  recordIds: readonly string[],
): Promise<Set<string>> {
  if (recordIds.length === 0) return new Set();
  const { rows } = await tx.query<{ record_id: string }>(
    'select distinct record_id from naru.order_line where account_id = $1 and record_id = any($2) and sku is null',
    [accountId, recordIds],
  );
  return new Set(rows.map((row) => row.record_id));
}

/**
 * The product that an inquiry's words name: by our SKU, or the only one with that model number or name. Each name of the
 * catalogue is looked at once, whatever the number of inquiries. Says how many found theirs.
 */
export async function matchInquiries(tx: Queryable): Promise<number> {
  const waiting = await tx.query('select 1 from naru.inquiry where sku is null and product_words is not null limit 1');
  if (waiting.rows.length === 0) return 0;
  const { rowCount } = await tx.query(
    `with asked as materialized (
       select account_id, inquiry_id, product_words, lower(product_words) as word from naru.inquiry
       where sku is null and product_words is not null
     ), named as materialized (
       select n.word, min(n.sku) as sku from (
         select distinct p.sku, lower(x.word) as word from naru.product p
           cross join lateral (values (p.model_name), (p.name_ko), (p.content -> 'name' ->> 'en')) as x(word)) n
       where n.word in (select word from asked) group by n.word having count(*) = 1
     ), found as (
       select a.account_id, a.inquiry_id, coalesce(p.sku, named.sku) as sku from asked a
       left join naru.product p on p.sku = a.product_words left join named on named.word = a.word
       where coalesce(p.sku, named.sku) is not null
     )
     update naru.inquiry i set sku = f.sku, campaign_id = ${campaignOfSql('i.account_id', 'f.sku', 'i.received_at')}
     from found f where (i.account_id, i.inquiry_id) = (f.account_id, f.inquiry_id)`,
  );
  return rowCount;
}
