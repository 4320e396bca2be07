import type { Database } from '../store/database.ts';
import { accountsToMatch, matchInquiries, matchOrderLines } from '../store/matching.ts';
import { countSoldUnits } from '../store/orders.ts';
import { countFacts, lockAccountForCounting } from '../store/sales.ts';
import type { SyncDependencies } from './dependencies.ts';

/**
 * Connects order lines and inquiries that came before their product, after products were written. All that wait are
 * looked at and not only those of the products just written, so that an import that was cut off is made up for by the
 * next one. In transactions of its own: an import holds products, and counting takes the account before the product.
 */
export async function matchProducts(deps: SyncDependencies): Promise<void> {
  const accounts = await accountsToMatch(deps.store);
  for (const accountId of accounts) await matchAccount(deps.store, accountId, deps.clock.now());
  const inquiries = await deps.store.transaction((tx) => matchInquiries(tx));
  if (accounts.length > 0 || inquiries > 0) {
    deps.log.info({ accounts, inquiries }, 'order lines and inquiries found their products');
  }
}

async function matchAccount(store: Database, accountId: string, now: Date): Promise<void> {
  await store.transaction(async (tx) => {
    await lockAccountForCounting(tx, accountId);
    const touched = await matchOrderLines(tx, accountId);
    await countFacts(tx, touched, now);
    await countSoldUnits(tx, [...new Set(touched.map((key) => key.sku))]);
  });
}
