import { groupBy } from '../domain/group-by.ts';
import type { ObservedListing } from '../domain/listing.ts';
import { type Attempt, closeAttempt, openAttempts } from '../store/attempts.ts';
import { changeListing, type ListingFacts } from '../store/listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import type { OpenAccount } from './open-account.ts';

export interface DoubtAnswer {
  /** Listings without an open question; they may be written to. */
  settled: ListingFacts[];
  /** When to ask again for the others; null when there are none, or a person must decide. */
  againAfterMs: number | null;
}

/**
 * Settles attempts whose answer nobody got: by a kill, a time-out or a lost connection. The channel is asked by our SKU.
 * What it holds is adopted. What it does not hold is believed absent only after `absenceMs`, since a request that was
 * cut off here may still be at work there. A channel that cannot be asked leaves the decision to people.
 */
export async function resolveDoubts(
  deps: SyncDependencies,
  account: OpenAccount,
  leased: readonly ListingFacts[],
  token: string,
): Promise<DoubtAnswer> {
  const ids = leased.map((facts) => facts.listing?.listingId ?? 0);
  const attempts = groupBy(await openAttempts(deps.store, ids), (attempt) => attempt.listingId);
  const doubtful = leased.filter((facts) => attempts.has(facts.listing?.listingId ?? 0));
  const settled = leased.filter((facts) => !doubtful.includes(facts));
  if (doubtful.length === 0) return { settled, againAfterMs: null };
  const { find, keyedBySku } = account.adapter.listings ?? {};
  if (!find && keyedBySku !== undefined) {
    for (const facts of doubtful)
      settled.push(await sendAgain(deps, facts, attempts.get(facts.listing?.listingId ?? 0)));
    return { settled, againAfterMs: null };
  }
  if (!find) return { settled, againAfterMs: null };
  const found = await lookUpBySku(
    account,
    doubtful.map((facts) => facts.sku),
  );
  let againAfterMs: number | null = null;
  for (const facts of doubtful) {
    const open = attempts.get(facts.listing?.listingId ?? 0) ?? [];
    const answer = await settleOne(deps, account, facts, open, found.get(facts.sku) ?? [], token);
    if (typeof answer === 'number') againAfterMs = Math.min(againAfterMs ?? Infinity, answer);
    else settled.push(answer);
  }
  return { settled, againAfterMs };
}

/** The channel keeps its listings under our SKU: whatever became of the write, the same again sets it right. */
async function sendAgain(
  deps: SyncDependencies,
  facts: ListingFacts,
  attempts: readonly Attempt[] = [],
): Promise<ListingFacts> {
  const now = deps.clock.now();
  for (const { attemptId } of attempts) {
    await closeAttempt(deps.store, { attemptId, outcome: 'failed', code: 'SENT_AGAIN', message: null, now });
  }
  return facts.listing ? { ...facts, listing: { ...facts.listing, inDoubt: false } } : facts;
}

/** What the channel holds under these SKUs, by SKU; nothing when it cannot be asked at all. Throws ChannelError. */
export async function lookUpBySku(account: OpenAccount, skus: string[]): Promise<Map<string, ObservedListing[]>> {
  const find = account.adapter.listings?.find;
  if (!find) return new Map();
  const found: ObservedListing[] = [];
  for (let start = 0; start < skus.length; start += find.maxBatch) {
    found.push(...(await find.bySku(account.context, skus.slice(start, start + find.maxBatch))));
  }
  return groupBy(found, (listing) => listing.sku);
}

/** When the lease was lost meanwhile, the doubt is its successor's, and is looked at again after this. */
const lostLeaseMs = 5_000;

/** The facts to go on with, or the milliseconds after which to ask again. */
async function settleOne(
  deps: SyncDependencies,
  account: OpenAccount,
  facts: ListingFacts,
  attempts: readonly Attempt[],
  found: readonly ObservedListing[],
  token: string,
): Promise<ListingFacts | number> {
  const { listing } = facts;
  if (!listing) return facts;
  const now = deps.clock.now();
  const target = { listingId: listing.listingId, leaseToken: token, now };
  const close = async (outcome: 'found' | 'absent') => {
    for (const attempt of attempts) {
      await closeAttempt(deps.store, { attemptId: attempt.attemptId, outcome, code: null, message: null, now });
    }
  };
  const observed = found[0];
  if (observed) {
    account.context.log.info(
      { sku: facts.sku, listing: listing.listingId },
      'a listing in doubt was found and adopted',
    );
    const externalIds = { ...listing.externalIds, ...observed.externalIds };
    // Nobody knows whether this was our write or an older listing, so everything is set once more.
    const isHeld = await changeListing(deps.store, target, {
      state: 'accepted',
      externalIds,
      observed,
      observedAt: now,
      pushed: null,
      acceptedAt: now,
      checks: 0,
      checkAfter: now,
    });
    if (!isHeld) return lostLeaseMs;
    await close('found');
    return {
      ...facts,
      listing: { ...listing, externalIds, observed, pushed: null, state: 'accepted', inDoubt: false },
    };
  }
  const startedAt = Math.max(...attempts.map((attempt) => attempt.startedAt.getTime()));
  const believedAt = startedAt + (account.adapter.listings?.settle.absenceMs ?? 0);
  if (now.getTime() < believedAt) return Math.min(believedAt - now.getTime(), 5_000);
  account.context.log.info({ sku: facts.sku, listing: listing.listingId }, 'a listing in doubt does not exist');
  const isHeld = await changeListing(deps.store, target, {
    state: 'planned',
    externalIds: {},
    pushed: null,
    observed: null,
    observedAt: now,
  });
  if (!isHeld) return lostLeaseMs;
  await close('absent');
  return {
    ...facts,
    listing: {
      ...listing,
      externalIds: {},
      pushed: null,
      observed: null,
      observedAt: now,
      state: 'planned',
      inDoubt: false,
    },
  };
}
