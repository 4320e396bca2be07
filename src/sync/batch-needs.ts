import type { BatchAction } from '../channel/batches.ts';
import { renderingOf } from '../channel/contract.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import type { WantedState } from '../store/attempts.ts';
import { batchItems, type StoredBatchItem } from '../store/batches.ts';
import { listCampaigns } from '../store/campaigns.ts';
import { setListingStates } from '../store/listing-states.ts';
import { type ListingFacts, pageOfFacts } from '../store/listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import { desire, viewCampaigns } from './desired.ts';
import type { OpenAccount } from './open-account.ts';
import { type PlanOptions, type PushPlan, planPush } from './plan-push.ts';
import { wantedHash } from './refused.ts';

/** A listing that the next batch must tell of. */
export interface BatchNeed {
  listingId: number;
  sku: string;
  action: BatchAction;
  externalIds: Record<string, string>;
  wanted: WantedState;
  wantedHash: string;
}

export interface BatchNeeds {
  plan: PushPlan;
  needs: BatchNeed[];
  /** In a batch as they are wanted now; a receipt is all they wait for. */
  waiting: StoredBatchItem[];
  /** In a batch to be added, and meanwhile not to be on sale any more: whoever uploads it must leave them out. */
  withdrawn: StoredBatchItem[];
}

/**
 * What an account whose files a person carries has to be told: the difference to the last *confirmed* batch, less what a
 * batch on its way says already.
 */
export async function findBatchNeeds(
  deps: SyncDependencies,
  account: OpenAccount,
  options: Pick<PlanOptions, 'campaignId' | 'dryRun' | 'tellBlocked'> = {},
): Promise<BatchNeeds> {
  const plan = await planPush(deps, account, { ...options, byPerson: true });
  const open = new Map(
    (await batchItems(deps.store, { openOfAccount: plan.accountId })).map((one) => [one.listingId, one]),
  );
  const planned = new Map(plan.listings.map((listing) => [listing.sku, listing]));
  const facts = await factsOf(deps, plan.accountId, [...planned.keys(), ...[...open.values()].map((one) => one.sku)]);
  const campaigns = viewCampaigns(await listCampaigns(deps.store), plan.accountId, deps.clock.now());
  const parts = renderingOf(account.adapter)?.parts ?? [];
  const found: BatchNeeds = { plan, needs: [], waiting: [], withdrawn: [] };
  for (const one of facts) {
    const { wanted } = desire(one, campaigns, plan.accountId, deps.clock.now(), parts);
    const carried = open.get(one.listing?.listingId ?? 0);
    const listing = planned.get(one.sku);
    const hash = wantedHash(wanted, parts);
    if (carried?.action === 'add' && !wanted.onSale) found.withdrawn.push(carried);
    else if (carried && wantedHash(carried.wanted, parts) === hash) found.waiting.push(carried);
    else if (listing) {
      found.needs.push({
        listingId: listing.listingId,
        sku: one.sku,
        action: actionOf(listing.operations[0]),
        externalIds: one.listing?.externalIds ?? {},
        wanted,
        wantedHash: hash,
      });
    }
  }
  return found;
}

function actionOf(operation: PushPlan['listings'][number]['operations'][number] | undefined): BatchAction {
  if (operation === 'create') return 'add';
  return operation === 'stop' || operation === 'remove' ? 'delete' : 'update';
}

async function factsOf(deps: SyncDependencies, accountId: string, skus: readonly string[]): Promise<ListingFacts[]> {
  const now = deps.clock.now();
  const page = { accountId, afterSku: '', limit: skus.length, today: seoulDayOf(now), now, skus };
  return skus.length === 0 ? [] : pageOfFacts(deps.store, page);
}

/** Shows staff which listings wait for the next batch and which for a receipt. */
export async function showBatchStates(deps: SyncDependencies, accountId: string, found: BatchNeeds): Promise<void> {
  const inBatch = new Set([...found.waiting, ...found.withdrawn].map((item) => item.listingId));
  const known = (need: BatchNeed) => Object.keys(need.externalIds).length > 0 || inBatch.has(need.listingId);
  await setListingStates(deps.store, accountId, deps.clock.now(), {
    queued: found.needs.filter((need) => !known(need)).map((need) => need.listingId),
    changed: found.needs.filter(known).map((need) => need.listingId),
    exported: [...inBatch],
  });
}
