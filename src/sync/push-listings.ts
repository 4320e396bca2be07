import { type ChannelError, isChannelError } from '../channel/errors.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Operation } from '../domain/listing.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import { createId } from '../runtime/ids.ts';
import { listCampaigns } from '../store/campaigns.ts';
import { type ListingFacts, leaseListings, releaseListings, saveRendered } from '../store/listings.ts';
import { adoptListings, isUnasked, withAdopted } from './adopt-listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import { type CampaignView, desire, viewCampaigns } from './desired.ts';
import { operationsFor } from './difference.ts';
import { noteFailure, pauseForError } from './note-failure.ts';
import { type OpenAccount, openAccount } from './open-account.ts';
import { renderProducts, renewRendered } from './render-listing.ts';
import { resolveDoubts } from './resolve-doubts.ts';
import { actionFor, isOwnStop } from './retry-policy.ts';
import { type LeasedWork, sendStep, stepOf } from './send-step.ts';

export interface PushRequest {
  accountId: string;
  listingIds: readonly number[];
  runId: string | null;
  byPerson: boolean;
}

/** A listing that is not where it should be yet, and the milliseconds of our clock until it is worth trying again. */
interface LaterListing {
  listingId: number;
  afterMs: number;
  /** What is left to be done first; of a listing in doubt nobody knows that before the channel has been asked. */
  operation: Operation;
}

/** What a worker should do next: nothing, or come back after a while. */
export interface PushAnswer {
  /** Milliseconds of our clock until it is worth trying again; null when everything is done or given up. */
  againAfterMs: number | null;
  /**
   * Of several listings those that are left, each to have a job of its own: the failure of one must neither hold up the
   * others nor be repeated with them, and at a slow channel every listing is decided when its turn comes. Where the
   * channel takes many in one call they stay together, because they fail and are sent together.
   */
  apart: LaterJob[];
}

/** Listings that are to have a job of their own after a while. */
interface LaterJob {
  listingIds: number[];
  afterMs: number;
  operation: Operation;
}

function answerFor(request: PushRequest, later: readonly LaterListing[], maxBatch: number): PushAnswer {
  const [first] = later;
  if (!first) return { againAfterMs: null, apart: [] };
  const groups = groupBy(later, ({ operation, listingId }) => (maxBatch > 1 ? operation : String(listingId)));
  const apart = [...groups.values()].flatMap((group): LaterJob[] => {
    const [one] = group;
    if (!one) return [];
    const afterMs = Math.max(...group.map((each) => each.afterMs));
    return [{ listingIds: group.map(({ listingId }) => listingId), afterMs, operation: one.operation }];
  });
  const [whole] = apart;
  // As many as there were, still together: the same job comes back.
  if (whole && apart.length === 1 && whole.listingIds.length === request.listingIds.length) {
    return { againAfterMs: whole.afterMs, apart: [] };
  }
  return { againAfterMs: null, apart };
}

/** Longer than any batch takes; the lease of a dead process ends with the process, not with this. */
const leaseMs = 10 * 60_000;
/** How old what is wanted may be when a further listing of the same job is written: products are withdrawn meanwhile. */
const decisionLastsMs = 1_000;

/**
 * Brings the given listings to what they should be now. What is wanted is decided here, from the rows, at the moment of
 * the write: the job that woke us may be old.
 *
 * Before a write an attempt row is committed, after it the outcome; whoever is killed in between leaves a doubt that the
 * next one resolves by asking the channel.
 */
export async function pushListings(deps: SyncDependencies, request: PushRequest): Promise<PushAnswer> {
  const account = await openAccount(deps, request.accountId, { run: request.runId ?? undefined });
  const { listings } = account.adapter;
  if (!listings || account.stored.state === 'paused') return answerFor(request, [], 1);
  const now = deps.clock.now();
  const token = createId('lease', deps.clock);
  const leased = await leaseListings(deps.store, {
    accountId: request.accountId,
    listingIds: request.listingIds,
    process: deps.processNumber,
    token,
    until: new Date(now.getTime() + leaseMs),
    today: seoulDayOf(now),
    now,
  });
  if (leased.length === 0) return answerFor(request, [], 1);
  try {
    const clear = await resolveDoubts(deps, account, leased, token);
    const settled = new Set(clear.settled.map((facts) => facts.sku));
    const doubtful = leased.filter((facts) => !settled.has(facts.sku));
    const later = laterAfter(doubtful, clear.againAfterMs);
    if (settled.size > 0) later.push(...(await pushLeased(deps, account, clear.settled, { ...request, token })));
    return answerFor(request, later, listings.maxBatch);
  } catch (error) {
    // Here only questions fail; what was sent has its outcome already.
    if (!isChannelError(error)) throw error;
    return answerFor(
      request,
      laterAfter(leased, await questionFailed(deps, account, leased, error, token)),
      listings.maxBatch,
    );
  } finally {
    await releaseListings(
      deps.store,
      leased.map((facts) => facts.listing?.listingId ?? 0),
      token,
    );
  }
}

function laterAfter(
  some: readonly { listing: ListingFacts['listing']; operation?: Operation }[],
  afterMs: number | null,
): LaterListing[] {
  if (afterMs === null) return [];
  return some.map(({ listing, operation = 'create' }) => ({ listingId: listing?.listingId ?? 0, afterMs, operation }));
}

/** The channel could not be asked what it holds, so nothing was sent. */
async function questionFailed(
  deps: SyncDependencies,
  account: OpenAccount,
  leased: readonly ListingFacts[],
  error: ChannelError,
  token: string,
): Promise<number | null> {
  if (isOwnStop(error)) return 0;
  const action = actionFor(error.kind);
  account.context.log.warn({ kind: error.kind, code: error.code }, 'the channel could not be asked what it holds');
  if (action === 'pause-account') {
    await pauseForError(deps, account, error);
    return null;
  }
  const waits = await deps.store.transaction(async (tx) => {
    const all: number[] = [];
    for (const { sku, listing } of leased) {
      if (listing)
        all.push(await noteFailure(deps, tx, account, { operation: 'create', sku, listing }, error, { token }));
    }
    return all;
  });
  return Math.min(...waits);
}

async function pushLeased(
  deps: SyncDependencies,
  account: OpenAccount,
  leased: readonly ListingFacts[],
  request: PushRequest & { token: string },
): Promise<LaterListing[]> {
  const now = deps.clock.now();
  const skus = leased.map((facts) => facts.sku);
  const view = viewCampaigns(await listCampaigns(deps.store, skus), account.stored.accountId, now);
  const work = await prepare(deps, account, leased, { view, now, byPerson: request.byPerson, token: request.token });
  const later: LaterListing[] = [];
  const stepNow = () => stepOf(work, account.adapter.listings?.maxBatch ?? 1, request.runId, deps.clock.now());
  const choose = () => {
    const isOld = deps.clock.now().getTime() - now.getTime() > decisionLastsMs;
    // A call that is cut off by our own stop leaves a doubt; of those to come none needs to.
    return isOld || deps.signal.aborted ? null : stepNow();
  };
  // However long the questions took, the first step is made: it must get on at a slow channel too.
  let step = deps.signal.aborted ? null : stepNow();
  let haltedMs: number | null = 0;
  while (step) {
    const { operation } = step;
    const { waits, halt, next } = await sendStep(deps, account, step, request, choose);
    for (const { item, afterMs } of waits) later.push(...laterAfter([{ listing: item.listing, operation }], afterMs));
    if (halt) haltedMs = halt.afterMs;
    step = halt ? null : (next ?? choose());
  }
  const left = work.flatMap(({ listing, operations: [operation] }) => (operation ? [{ listing, operation }] : []));
  return [...later, ...laterAfter(left, haltedMs)];
}

/** What each listing needs now, with the channel document for those that need anything. */
async function prepare(
  deps: SyncDependencies,
  account: OpenAccount,
  leased: readonly ListingFacts[],
  context: { view: CampaignView; now: Date; byPerson: boolean; token: string },
): Promise<LeasedWork[]> {
  const { listings } = account.adapter;
  if (!listings) return [];
  const unasked = leased.filter((facts) => facts.listing && isUnasked(facts.listing, context.now));
  const found = await adoptListings(
    deps,
    account,
    unasked.map((facts) => ({ listingId: facts.listing?.listingId ?? 0, sku: facts.sku })),
    context.token,
  );
  const known = leased.map((facts) => withAdopted(facts, found));
  const renewed = await renewRendered(deps, account, known);
  await saveRendered(deps.store, account.stored.accountId, renewed, context.now);
  const fresh = new Map(renewed.map((facts) => [facts.sku, facts]));
  const sites = listings.sites(account.settings);
  const { parts } = listings;
  const work: LeasedWork[] = [];
  for (const facts of known) {
    if (!facts.listing) continue;
    const made = fresh.get(facts.sku);
    const listing = made ? { ...facts.listing, contentHash: made.contentHash, findings: made.findings } : facts.listing;
    const { wanted } = desire({ ...facts, listing }, context.view, account.stored.accountId, context.now, parts);
    const operations = operationsFor(wanted, listing, sites, { byPerson: context.byPerson, parts });
    if (operations.length === 0) continue;
    work.push({ facts, listing, operations, desired: { ...wanted, document: null } });
  }
  const documents = await renderProducts(
    deps,
    account,
    work.map((item) => item.facts.sku),
  );
  return work.map((item) => {
    const document = documents.get(item.facts.sku)?.document ?? null;
    // Without a document nothing can be listed or rewritten; stopping, prices and stocks need none.
    const operations = item.operations.filter(
      (operation) => document !== null || (operation !== 'create' && operation !== 'update'),
    );
    return { ...item, operations, desired: { ...item.desired, document } };
  });
}
