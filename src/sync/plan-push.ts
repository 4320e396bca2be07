import { type OfferPart, renderingOf } from '../channel/contract.ts';
import { longestWaitMs } from '../channel/retry-timing.ts';
import type { Finding } from '../domain/finding.ts';
import { type Operation, priorityOf } from '../domain/listing.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import { listCampaigns } from '../store/campaigns.ts';
import { type ListingFacts, pageOfFacts, saveRendered } from '../store/listings.ts';
import { forgetSettledRefusals } from '../store/settled-refusals.ts';
import { isUnasked } from './adopt-listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import { type CampaignView, desire, viewCampaigns } from './desired.ts';
import { operationsFor } from './difference.ts';
import type { OpenAccount } from './open-account.ts';
import { isRefused } from './refused.ts';
import { renewRendered } from './render-listing.ts';

/** A listing that needs work, with the priority its wake-up should have. */
export interface PlannedListing {
  listingId: number;
  sku: string;
  operations: Operation[];
  priority: number;
  /** The channel was not asked lately whether it holds this SKU already. */
  unasked: boolean;
}

export interface PushPlan {
  accountId: string;
  /** Most listings in one call to the channel; 1 where nothing is called. */
  maxBatch: number;
  /** Listings to wake a worker for. In a dry run those that have no row yet carry the id 0. */
  listings: PlannedListing[];
  /**
   * Listings with nothing to do here but to see how they end: accepted by an earlier push and not read back yet, or under
   * the hands of a worker that an earlier push woke.
   */
  awaited: number[];
  /** Listings on sale as wanted that still carry the refusal of a change which nobody wants any more. */
  settled: { listingId: number; refusedHash: string | null }[];
  counts: Record<Operation | 'unchanged', number>;
  blocked: (Finding & { sku: string; account: string })[];
}

export interface PlanOptions {
  /** Only members of this campaign. */
  campaignId?: string | undefined;
  /** Asked for by a person, who may resume what the seller stopped. */
  byPerson: boolean;
  /** Collect why products are not on sale; a sweep tells nobody. Default: as `byPerson`. */
  tellBlocked?: boolean;
  /** Write nothing and call nobody. */
  dryRun?: boolean;
}

const pageSize = 1_000;
/** Reasons that need no telling at every push: nothing is wrong, it is just not the time or was decided so. */
const quietRules = new Set(['campaign_other_account']);

/**
 * Compares, for one account, what every product's listing should be with what it is. Memory stays flat: products are
 * read in pages, and only those with work to do are kept.
 */
export async function planPush(deps: SyncDependencies, account: OpenAccount, options: PlanOptions): Promise<PushPlan> {
  const now = deps.clock.now();
  const { accountId } = account.stored;
  const campaigns = await listCampaigns(deps.store);
  const view = viewCampaigns(campaigns, accountId, now);
  const only = options.campaignId ? campaigns.find((campaign) => campaign.id === options.campaignId) : null;
  const skus = only ? only.members.map((member) => member.sku) : null;
  const maxBatch = account.adapter.listings?.maxBatch ?? 1;
  const plan: PushPlan = {
    accountId,
    maxBatch,
    listings: [],
    awaited: [],
    settled: [],
    counts: emptyCounts(),
    blocked: [],
  };
  const rendering = renderingOf(account.adapter);
  if (!rendering) return plan;
  const sites = rendering.sites(account.settings);
  const { parts } = rendering;
  const { byPerson, tellBlocked = byPerson } = options;
  const readAfter = (afterSku: string) =>
    pageOfFacts(deps.store, { accountId, afterSku, limit: pageSize, today: seoulDayOf(now), now, skus });
  for await (const page of readAhead(readAfter)) {
    const renewed = await renewRendered(
      deps,
      account,
      page.filter((facts) => mayEverBeListed(facts)),
    );
    const ids = options.dryRun ? new Map<string, number>() : await saveRendered(deps.store, accountId, renewed, now);
    const fresh = new Map(renewed.map((facts) => [facts.sku, facts]));
    for (const facts of page) {
      const made = fresh.get(facts.sku);
      const current: ListingFacts = made
        ? {
            ...facts,
            listing: {
              ...(facts.listing ?? newListing()),
              listingId: facts.listing?.listingId ?? ids.get(facts.sku) ?? 0,
              contentHash: made.contentHash,
              findings: made.findings,
            },
          }
        : facts;
      planOne(plan, current, { view, sites, parts, now, byPerson, tellBlocked });
    }
  }
  if (!options.dryRun) await forgetSettledRefusals(deps.store, plan.settled, now);
  return plan;
}

/** All pages in turn; the store looks for the next one while we are at this one. */
async function* readAhead(readAfter: (sku: string) => Promise<ListingFacts[]>): AsyncGenerator<ListingFacts[]> {
  let next = readAfter('');
  for (;;) {
    const page = await next;
    const last = page.at(-1);
    if (!last) return;
    next = readAfter(last.sku);
    // It is thrown where the page is asked for; when nobody asks any more, it must not end the process.
    next.catch(() => undefined);
    yield page;
  }
}

/** A product that is neither approved nor listed anywhere needs no listing row and no document. */
function mayEverBeListed(facts: ListingFacts): boolean {
  return facts.listing !== null || facts.approvalState === 'approved';
}

function planOne(
  plan: PushPlan,
  facts: ListingFacts,
  context: {
    view: CampaignView;
    sites: string[];
    parts: readonly OfferPart[];
    now: Date;
    byPerson: boolean;
    tellBlocked: boolean;
  },
): void {
  const { wanted, obstacle } = desire(facts, context.view, plan.accountId, context.now, context.parts);
  const tell = obstacle && facts.approvalState !== 'rejected' && !quietRules.has(obstacle.rule);
  if (tell && context.tellBlocked) plan.blocked.push({ sku: facts.sku, account: plan.accountId, ...obstacle });
  const { listing } = facts;
  if (!listing) return;
  const todo = operationsFor(wanted, listing, context.sites, context);
  const refused = wanted.onSale && isRefused(wanted, listing, context.parts);
  if (refused && context.tellBlocked) {
    const why = listing.refusal ? ` [${listing.refusal.code}: ${listing.refusal.message}]` : '';
    plan.blocked.push({
      sku: facts.sku,
      account: plan.accountId,
      rule: 'refused_by_channel',
      result: 'block',
      field: listing.refusal?.field ?? '',
      messageKo: `상품 ${facts.sku}: 계정 ${plan.accountId}의 채널이 앞서 거절했습니다${why}. 상품이나 매핑을 고치면 다시 보냅니다.`,
      messageEn: `Product ${facts.sku}: the channel of account ${plan.accountId} refused it before${why}. It is sent again once the product or the mapping is corrected.`,
    });
  }
  for (const operation of todo) plan.counts[operation] += 1;
  // A stop waits for no other call that failed; its own failures pause it, so that it is not sent every minute.
  const isUrgent = todo[0] === 'stop' && listing.refusal?.operation !== 'stop';
  const waits = isLater(listing.retryAfter, context.now) && !context.byPerson && !isUrgent;
  if (todo.length === 0 && !listing.inDoubt) {
    if (listing.state === 'accepted' && listing.acceptedAt !== null) plan.awaited.push(listing.listingId);
    if (wanted.onSale && !refused) plan.counts.unchanged += 1;
    const isSettled = wanted.onSale && !refused && listing.state === 'on-sale' && !listing.leased;
    if (isSettled && (listing.refusal || listing.refusedHash)) {
      plan.settled.push({ listingId: listing.listingId, refusedHash: listing.refusedHash });
    }
    return;
  }
  if (listing.leased) plan.awaited.push(listing.listingId);
  if (waits || listing.leased) return;
  plan.listings.push({
    listingId: listing.listingId,
    sku: facts.sku,
    operations: todo,
    priority: priorityOf(todo[0] ?? 'create'),
    unasked: isUnasked(listing, context.now),
  });
}

/** True for a time to come; one beyond any wait there is was written while the clock ran ahead, and holds nothing back. */
function isLater(time: Date | null, now: Date): boolean {
  return time !== null && time > now && time.getTime() <= now.getTime() + longestWaitMs;
}

/** A listing as it is before anything happened to it. */
export function newListing(): NonNullable<ListingFacts['listing']> {
  return {
    listingId: 0,
    state: 'planned',
    externalIds: {},
    renderedKey: null,
    contentHash: null,
    findings: [],
    pushed: null,
    soldSincePush: {},
    observed: null,
    observedAt: null,
    refusedHash: null,
    refusal: null,
    acceptedAt: null,
    checks: 0,
    retryAfter: null,
    failures: 0,
    leased: false,
    inDoubt: false,
  };
}

/** Counts of nothing yet. */
export function emptyCounts(): PushPlan['counts'] {
  return { create: 0, update: 0, price: 0, stock: 0, stop: 0, resume: 0, remove: 0, unchanged: 0 };
}
