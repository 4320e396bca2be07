import type { PulledRecord } from '../channel/contract.ts';
import type { Claim } from '../domain/claim.ts';
import type { Order } from '../domain/order.ts';
import type { Settlement } from '../domain/settlement.ts';
import type { Stream } from '../domain/stream.ts';
import { writeClaims } from '../store/claims.ts';
import type { Queryable } from '../store/database.ts';
import { recordsToMatch } from '../store/matching.ts';
import { applyClaims, countSoldUnits, type FactKey, factKeysOf, writeOrders } from '../store/orders.ts';
import { keepRecords, type RecordNovelty } from '../store/records.ts';
import { countFacts, lockAccountForCounting } from '../store/sales.ts';
import { writeSettlements } from '../store/settlements.ts';
import type { OpenAccount } from './open-account.ts';

export interface PageRecords {
  orders: PulledRecord<Order>[];
  claims: PulledRecord<Claim>[];
  settlements: PulledRecord<Settlement>[];
}

export interface PageCounts {
  records: number;
  new: number;
  changed: number;
  unchanged: number;
}

/**
 * Commits the records of one page with everything derived from them, inside the caller's transaction. Unchanged records
 * touch nothing, but for orders with a line that still waits for its product: those look for it again. The result depends
 * only on the set of records, not on their order: figures are counted from rows.
 */
export async function commitPage(
  tx: Queryable,
  page: { account: OpenAccount; stream: Stream; runId: string | null; now: Date; records: PageRecords },
): Promise<PageCounts> {
  const { orders, claims, settlements } = page.records;
  const { accountId } = page.account.stored;
  const records = [...orders, ...claims, ...settlements];
  const counts: PageCounts = { records: records.length, new: 0, changed: 0, unchanged: 0 };
  if (records.length === 0) return counts;
  await lockAccountForCounting(tx, accountId);
  const novelty = await keepRecords(tx, { accountId, stream: page.stream, runId: page.runId, now: page.now, records });
  for (const news of novelty.values()) counts[news === 'late' ? 'unchanged' : news] += 1;
  await renewUnmatched(tx, accountId, orders, novelty);
  const touched: FactKey[] = [];
  touched.push(...(await writeOrders(tx, accountId, news(orders, novelty))));
  const newClaims = news(claims, novelty).map((claim) => claim.value);
  if (newClaims.length > 0) {
    const orderIds = [...new Set(newClaims.map((claim) => claim.orderId))];
    await writeClaims(tx, accountId, newClaims);
    await applyClaims(tx, accountId, orderIds);
    touched.push(...(await factKeysOf(tx, accountId, orderIds)));
  }
  await writeSettlements(
    tx,
    accountId,
    news(settlements, novelty).map((settlement) => settlement.value),
  );
  await countFacts(tx, touched, page.now);
  await countSoldUnits(tx, [...new Set(touched.map((key) => key.sku))]);
  return counts;
}

/** Orders that say nothing new count as changed here while one of their lines has no product. */
async function renewUnmatched(
  tx: Queryable,
  accountId: string,
  orders: readonly PulledRecord<Order>[],
  novelty: Map<string, RecordNovelty>,
): Promise<void> {
  const known = orders.map(({ externalId }) => externalId).filter((id) => novelty.get(id) === 'unchanged');
  for (const recordId of await recordsToMatch(tx, accountId, known)) novelty.set(recordId, 'changed');
}

/** The records that say something new; of several versions in one page the last counts. */
function news<Value>(
  records: readonly PulledRecord<Value>[],
  novelty: ReadonlyMap<string, RecordNovelty>,
): PulledRecord<Value>[] {
  const latest = new Map(records.map((record) => [record.externalId, record]));
  const told = (recordId: string) => ['new', 'changed'].includes(novelty.get(recordId) ?? '');
  return [...latest.values()].filter(({ externalId }) => told(externalId));
}
