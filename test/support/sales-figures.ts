import { expect } from 'vitest';
import type { Database } from '../../src/store/database.ts';

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
];
const places = ['seoul_day::text as seoul_day', 'campaign_id', 'account_id', 'sku', 'currency', 'business_no'];

export type Figures = Record<string, string | number>;

/** Every sales fact that is not all noughts, in a fixed order. */
export async function readFacts(store: Database): Promise<Figures[]> {
  return read(store, 'naru.sales_fact');
}

/** The sums of the journal, in the same form; nothing but these sums tells what was reported when. */
export async function readJournal(store: Database): Promise<Figures[]> {
  return read(store, 'naru.sales_change');
}

/** Fails unless the journal adds up to the facts, place by place. */
export async function expectJournalToAddUp(store: Database): Promise<void> {
  expect(await readJournal(store)).toEqual(await readFacts(store));
}

/** Forgets everything that was pulled, in a moment; catalogue, accounts and listings stay. */
export async function forgetPulled(store: Database): Promise<void> {
  await store.query(
    `truncate naru.bookmark, naru.raw_record, naru.record_head, naru.order_line, naru.claim, naru.settlement,
       naru.sales_fact, naru.sales_change`,
  );
}

async function read(store: Database, table: string): Promise<Figures[]> {
  const sums = figures.map((figure) => `sum(${figure})::bigint as ${figure}`);
  const { rows } = await store.query<Figures>(
    `select ${places.join(', ')}, ${sums.join(', ')} from ${table} group by 1, 2, 3, 4, 5, 6
     having ${figures.map((figure) => `sum(${figure}) <> 0`).join(' or ')} order by 1, 2, 3, 4, 5, 6`,
  );
  return rows;
}
