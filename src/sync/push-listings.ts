import type { ListingChange, ListingOutcome } from '../channel/contract.ts';
import { ChannelError, isChannelError } from '../channel/errors.ts';
import type { DesiredListing, Operation } from '../domain/listing.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import { createId } from '../runtime/ids.ts';
import { openAttemptsOf } from '../store/attempts.ts';
import { listCampaigns } from '../store/campaigns.ts';
import { type ListingFacts, leaseListings, releaseListings, saveRendered } from '../store/listings.ts';
import { adoptListings, withAdopted } from './adopt-listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import { type CampaignView, desire, viewCampaigns } from './desired.ts';
import { operationsFor, wantedHash } from './difference.ts';
import { type OpenAccount, openAccount } from './open-account.ts';
import { applyOutcome, noteFailure, pauseForError, pushedAfter, type SentChange } from './push-outcome.ts';
import { renderProducts, renewRendered } from './render-listing.ts';
import { resolveDoubts } from './resolve-doubts.ts';
import { actionFor } from './retry-policy.ts';

export interface PushRequest {
  accountId: string;
  listingIds: readonly number[];
  runId: string | null;
  byPerson: boolean;
}

/** What a worker should do next: nothing, or come back after a while. */
export interface PushAnswer {
  /** Milliseconds of our clock until it is worth trying again; null when everything is done or given up. */
  againAfterMs: number | null;
}

/** Longer than any batch takes; the lease of a dead process ends with the process, not with this. */
const leaseMs = 10 * 60_000;
/** How old what is wanted may be when the next listing of the same job is written. */
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
  if (!listings || account.stored.state === 'paused') return { againAfterMs: null };
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
  if (leased.length === 0) return { againAfterMs: null };
  try {
    const clear = await resolveDoubts(deps, account, leased, token);
    const answers = [clear.againAfterMs];
    if (clear.settled.length > 0) answers.push(await pushLeased(deps, account, clear.settled, { ...request, token }));
    const waits = answers.filter((ms): ms is number => ms !== null);
    return { againAfterMs: waits.length > 0 ? Math.min(...waits) : null };
  } catch (error) {
    // Here only questions fail; what was sent has its outcome already.
    if (!isChannelError(error)) throw error;
    return { againAfterMs: await questionFailed(deps, account, leased, error, token) };
  } finally {
    await releaseListings(
      deps.store,
      leased.map((facts) => facts.listing?.listingId ?? 0),
      token,
    );
  }
}

/** The channel could not be asked what it holds, so nothing was sent. */
async function questionFailed(
  deps: SyncDependencies,
  account: OpenAccount,
  leased: readonly ListingFacts[],
  error: ChannelError,
  token: string,
): Promise<number | null> {
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

interface LeasedWork {
  facts: ListingFacts;
  listing: NonNullable<ListingFacts['listing']>;
  operations: Operation[];
  desired: DesiredListing;
}

async function pushLeased(
  deps: SyncDependencies,
  account: OpenAccount,
  leased: readonly ListingFacts[],
  request: PushRequest & { token: string },
): Promise<number | null> {
  const now = deps.clock.now();
  const skus = leased.map((facts) => facts.sku);
  const view = viewCampaigns(await listCampaigns(deps.store, skus), account.stored.accountId, now);
  const work = await prepare(deps, account, leased, { view, now, byPerson: request.byPerson, token: request.token });
  let againAfterMs: number | null = null;
  let halted = false;
  // Most urgent operation of all listings first; a listing whose step failed does not go on to its next one.
  for (let sends = 0; ; sends += 1) {
    const operation = mostUrgent(work);
    if (!operation || halted) return againAfterMs;
    // A call that is cut off by our own stop leaves a doubt; of those to come none needs to.
    deps.signal.throwIfAborted();
    // At a slow channel the rest is decided anew: products are withdrawn and prices changed in the meantime.
    if (sends > 0 && deps.clock.now().getTime() - now.getTime() > decisionLastsMs) return 0;
    const batch = work
      .filter((item) => item.operations[0] === operation)
      .slice(0, account.adapter.listings?.maxBatch ?? 1);
    const outcomes = await send(deps, account, operation, batch, request);
    for (const [index, item] of batch.entries()) {
      const { accepted, retryInMs, halts } = outcomes[index] ?? { accepted: false, retryInMs: null, halts: false };
      halted ||= halts;
      item.operations = accepted ? item.operations.slice(1) : [];
      if (retryInMs !== null) againAfterMs = Math.min(againAfterMs ?? Infinity, retryInMs);
    }
  }
}

function mostUrgent(work: readonly LeasedWork[]): Operation | null {
  const order: readonly Operation[] = ['stop', 'remove', 'price', 'stock', 'resume', 'update', 'create'];
  return order.find((operation) => work.some((item) => item.operations[0] === operation)) ?? null;
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
  const unasked = leased.filter((facts) => facts.listing && isUnasked(facts.listing));
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
  const work: LeasedWork[] = [];
  for (const facts of known) {
    if (!facts.listing) continue;
    const made = fresh.get(facts.sku);
    const listing = made ? { ...facts.listing, contentHash: made.contentHash, findings: made.findings } : facts.listing;
    const { wanted } = desire({ ...facts, listing }, context.view, account.stored.accountId, context.now);
    const operations = operationsFor(wanted, listing, sites, { byPerson: context.byPerson });
    const refused = listing.refusedHash === wantedHash(wanted) && operations[0] !== 'stop';
    if (operations.length === 0 || refused) continue;
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

/** Never listed by us, and the channel was never asked about it. */
function isUnasked(listing: NonNullable<ListingFacts['listing']>): boolean {
  return listing.observedAt === null && Object.keys(listing.externalIds).length === 0;
}

interface SendResult {
  accepted: boolean;
  retryInMs: number | null;
  /** Nothing more may be sent to the account now. */
  halts: boolean;
}

/** Sending the next listing would only earn the same answer, and some channels lock the account for repeating it. */
function concernsAccount(error: ChannelError): boolean {
  return error.kind === 'rate-limited' || actionFor(error.kind) === 'pause-account';
}

async function send(
  deps: SyncDependencies,
  account: OpenAccount,
  operation: Operation,
  batch: readonly LeasedWork[],
  request: PushRequest & { token: string },
): Promise<SendResult[]> {
  const { listings } = account.adapter;
  if (!listings) return [];
  const changes: ListingChange[] = batch.map(({ facts, listing, desired }) => ({
    operation,
    sku: facts.sku,
    externalIds: listing.externalIds,
    desired,
    observed: listing.observed,
  }));
  const now = deps.clock.now();
  const planned = batch.map(({ facts, listing, desired: { document: _document, ...wanted } }) => ({
    ...{ operation, sku: facts.sku, listing, wanted },
    attempt: { listingId: listing.listingId, operation, wanted, runId: request.runId, now },
  }));
  const attemptIds = await openAttemptsOf(
    deps.store,
    planned.map(({ attempt }) => attempt),
  );
  const sent = planned.map(({ attempt: _attempt, ...change }, index): SentChange => {
    return { ...change, attemptId: attemptIds[index] ?? 0 };
  });
  const outcomes = await askAdapter(() => listings.push(account.context, changes), sent);
  const results: SendResult[] = [];
  for (const [index, change] of sent.entries()) {
    const outcome = outcomes[index] ?? missingOutcome(change);
    const result = await applyOutcome(deps, account, change, outcome, { token: request.token, runId: request.runId });
    results.push({ ...result, halts: outcome.status === 'failed' && concernsAccount(outcome.error) });
    if (outcome.status === 'accepted') learn(batch[index], change, outcome, listings.sites(account.settings), deps);
  }
  return results;
}

/** A later step of the same listing builds on what an earlier one was given and has set. */
function learn(
  item: LeasedWork | undefined,
  change: SentChange,
  outcome: Extract<ListingOutcome, { status: 'accepted' }>,
  sites: readonly string[],
  deps: SyncDependencies,
): void {
  if (!item) return;
  item.listing = {
    ...item.listing,
    externalIds: { ...item.listing.externalIds, ...outcome.externalIds },
    pushed: pushedAfter(change, outcome.refusals, sites, deps.clock.now()),
  };
}

/** An error for the whole batch is the outcome of each of its items: none of them may be forgotten. */
async function askAdapter(
  push: () => Promise<ListingOutcome[]>,
  sent: readonly SentChange[],
): Promise<ListingOutcome[]> {
  try {
    return await push();
  } catch (error) {
    // An adapter that throws anything else is broken; what it sent is unknown, which is what `protocol` means here.
    const known = isChannelError(error)
      ? error
      : new ChannelError('protocol', { code: 'ADAPTER_FAULT', sent: true, channelMessage: nameOf(error) });
    return sent.map((change) => ({ sku: change.sku, status: 'failed', error: known }));
  }
}

function missingOutcome(change: SentChange): ListingOutcome {
  const error = new ChannelError('protocol', { code: 'NO_OUTCOME', sent: true, channelMessage: null });
  return { sku: change.sku, status: 'failed', error };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
