import { type ListingOutcome, type OfferPart, offerParts, type SiteRefusal } from '../channel/contract.ts';
import type { ChannelError } from '../channel/errors.ts';
import type { Operation, PushedListing } from '../domain/listing.ts';
import { closeAttempt, type NewAttempt, type WantedState } from '../store/attempts.ts';
import { writeDeadLetter } from '../store/dead-letters.ts';
import { changeListing, type ListingChanges, type ListingRecord, type Refusal } from '../store/listings.ts';
import { type WrittenOutcome, writeOutcome } from '../store/outcomes.ts';
import type { SyncDependencies } from './dependencies.ts';
import { sentenceFor } from './error-sentences.ts';
import { noteFailure, pauseForError } from './note-failure.ts';
import type { OpenAccount } from './open-account.ts';
import { isAboutAnother, withoutRefusal, withRefusal } from './refused.ts';
import { isOwnStop, leavesDoubt, pushActionFor } from './retry-policy.ts';

/** A change that was sent, with its attempt row. */
export interface SentChange {
  attemptId: number;
  operation: Operation;
  sku: string;
  listing: ListingRecord;
  wanted: WantedState;
}

export interface OutcomeContext {
  token: string;
  runId: string | null;
  /** The error was thrown for the call as a whole. */
  isWhole: boolean;
}

export interface AppliedOutcome {
  /** The caller may go on with the listing's next step. */
  accepted: boolean;
  /** The caller should come back after so many milliseconds; null when it need not. */
  retryInMs: number | null;
  /** Numbers of the attempts in `next`, null for those not opened; none at all where this one was not accepted. */
  opened: (number | null)[] | null;
}

/**
 * Writes down what became of one change, attempt and listing together. When it was accepted, the attempts that are made
 * next are opened with it.
 */
export async function applyOutcome(
  deps: SyncDependencies,
  account: OpenAccount,
  change: SentChange,
  outcome: ListingOutcome,
  context: OutcomeContext,
  next: readonly NewAttempt[],
): Promise<AppliedOutcome> {
  if (outcome.status === 'accepted') {
    const { changed, opened } = await applyAccepted(deps, account, change, outcome, context, next);
    if (changed) return { accepted: true, retryInMs: null, opened };
    const { listingId } = change.listing;
    account.context.log.warn({ listing: listingId, sku: change.sku }, 'a lease was lost before its answer came');
    return { accepted: false, retryInMs: 0, opened: null };
  }
  const log = account.context.log.child({
    listing: change.listing.listingId,
    sku: change.sku,
    operation: change.operation,
  });
  if (outcome.status === 'rejected') {
    log.warn({ code: outcome.code, field: outcome.field }, 'the channel refused a change');
    await applyRefused(deps, account, change, { ...outcome, kind: 'rejected' }, context);
    return { accepted: false, retryInMs: null, opened: null };
  }
  const { error } = outcome;
  log.warn({ kind: error.kind, code: error.code, sent: error.sent }, 'a change failed');
  if (account.adapter.listings?.keyedBySku === undefined && leavesDoubt(change.operation, error)) {
    await applyDoubt(deps, account, change, error, context);
    return { accepted: false, retryInMs: 0, opened: null };
  }
  const retryInMs = await applyFailed(deps, account, change, error, context);
  return { accepted: false, retryInMs, opened: null };
}

async function applyAccepted(
  deps: SyncDependencies,
  account: OpenAccount,
  change: SentChange,
  outcome: Extract<ListingOutcome, { status: 'accepted' }>,
  context: OutcomeContext,
  next: readonly NewAttempt[],
): Promise<WrittenOutcome> {
  const now = deps.clock.now();
  const { listings } = account.adapter;
  const sites = listings?.sites(account.settings) ?? [];
  const removed = change.operation === 'remove';
  // Where the channel cannot be asked, its word is all there will ever be.
  const isReadBack = !removed && listings?.find !== undefined;
  const refusedHash = refusedAfter(account, change, outcome.refusals);
  const isStillRefused = outcome.refusals.length === 0 && refusedHash !== null;
  const changes: ListingChanges = {
    state: removed ? 'removed' : 'accepted',
    externalIds: removed ? {} : { ...change.listing.externalIds, ...outcome.externalIds },
    pushed: removed ? null : pushedAfter(change, outcome.refusals, sites, now),
    refusedHash,
    // What was refused of another kind stands, and so does its reason.
    ...(!(isStillRefused && isAboutAnother(change.listing, change.operation)) && {
      refusal: refusalOf(change.operation, outcome.refusals[0]),
    }),
    acceptedAt: isReadBack ? now : null,
    checks: 0,
    checkAfter: !isReadBack ? null : new Date(now.getTime() + (listings?.settle.firstMs ?? 0)),
    retryAfter: null,
    failures: 0,
    ...(carriesStock(change.operation) && { soldSincePush: {} }),
  };
  const { attemptId, listing } = change;
  const end = { attemptId, outcome: 'accepted', listingId: listing.listingId, leaseToken: context.token, now } as const;
  return writeOutcome(deps.store, end, changes, next);
}

/** A site that refused is not asked again until something changes. */
function refusedAfter(account: OpenAccount, change: SentChange, refusals: readonly SiteRefusal[]): string | null {
  const { operation, wanted, listing } = change;
  const left = withoutRefusal(listing.refusedHash, operation);
  if (refusals.length === 0) return left;
  return withRefusal(left, operation, wanted, { parts: partsOf(account), field: null });
}

function partsOf(account: OpenAccount): readonly OfferPart[] {
  return account.adapter.listings?.parts ?? offerParts;
}

function carriesStock(operation: Operation): boolean {
  return operation === 'create' || operation === 'update' || operation === 'stock' || operation === 'resume';
}

/** The base for the next comparison: what this operation set, over what earlier ones did. */
export function pushedAfter(
  change: SentChange,
  refusals: readonly SiteRefusal[],
  sites: readonly string[],
  now: Date,
): PushedListing {
  const { wanted, operation } = change;
  const whole: PushedListing = {
    onSale: wanted.onSale,
    contentHash: wanted.contentHash,
    price: wanted.price,
    stock: wanted.stock,
    discount: wanted.discount,
    sites: sites.filter((site) => !refusals.some((refusal) => refusal.site === site)),
    at: now.toISOString(),
  };
  const before = change.listing.pushed;
  if (!before || operation === 'create') return whole;
  switch (operation) {
    case 'update':
      // An update carries price and stock; the discount has its own call.
      return { ...whole, discount: before.discount };
    case 'resume':
      return { ...before, onSale: true, price: wanted.price, stock: wanted.stock, at: whole.at };
    case 'price':
      return { ...before, price: wanted.price, discount: wanted.discount };
    case 'stock':
      return { ...before, stock: wanted.stock, at: whole.at };
    default:
      return { ...before, onSale: false };
  }
}

function refusalOf(operation: Operation, refusal: SiteRefusal | undefined): Refusal | null {
  return refusal ? { operation, code: refusal.code, message: refusal.message, field: null, site: refusal.site } : null;
}

/** The channel said no, and will say so again: kept with the hash of what was wanted, and told to people. */
async function applyRefused(
  deps: SyncDependencies,
  account: OpenAccount,
  change: SentChange,
  refused: { kind: ChannelError['kind']; code: string; message: string; field: string | null },
  context: OutcomeContext,
): Promise<void> {
  const now = deps.clock.now();
  const { accountId } = account.stored;
  const sentence = sentenceFor({
    sku: change.sku,
    accountId,
    operation: change.operation,
    kind: refused.kind,
    code: refused.code,
    channelMessage: refused.message || null,
  });
  const neverListed = Object.keys(change.listing.externalIds).length === 0;
  await deps.store.transaction(async (tx) => {
    await closeAttempt(tx, {
      attemptId: change.attemptId,
      outcome: 'rejected',
      code: refused.code,
      message: refused.message,
      now,
    });
    await changeListing(
      tx,
      { listingId: change.listing.listingId, leaseToken: context.token, now },
      {
        ...(neverListed && { state: 'rejected' as const }),
        refusedHash: withRefusal(change.listing.refusedHash, change.operation, change.wanted, {
          parts: partsOf(account),
          field: refused.field,
        }),
        refusal: {
          operation: change.operation,
          code: refused.code,
          message: refused.message,
          field: refused.field,
          site: null,
        },
        ...pauseAfterRefusal(change, now),
      },
    );
    await writeDeadLetter(tx, {
      jobName: 'push',
      payload: { accountId, listingIds: [change.listing.listingId] },
      accountId,
      sku: change.sku,
      kind: refused.kind,
      code: refused.code,
      messageKo: sentence.ko,
      messageEn: sentence.en,
      attempts: change.listing.failures + 1,
      now,
    });
  });
}

/**
 * A stop that the channel refuses is the one thing that is sent again unchanged, because the product may not be on sale;
 * but after a growing pause, up to an hour, so that the refusals do not cost the account its access.
 */
function pauseAfterRefusal(change: SentChange, now: Date): ListingChanges {
  if (change.operation !== 'stop') return { retryAfter: null, failures: 0 };
  const failures = change.listing.failures + 1;
  return { failures, retryAfter: new Date(now.getTime() + Math.min(60, 2 ** failures) * 60_000) };
}

/** Sent, and nobody knows: the attempt stays open, and the listing says so until the channel was asked. */
async function applyDoubt(
  deps: SyncDependencies,
  account: OpenAccount,
  change: SentChange,
  error: ChannelError,
  context: OutcomeContext,
): Promise<void> {
  const now = deps.clock.now();
  const { listingId } = change.listing;
  account.context.log.warn({ listing: listingId, sku: change.sku }, 'a create is in doubt');
  const state = { state: 'in-doubt', retryAfter: null } as const;
  if (isOwnStop(error)) {
    await changeListing(deps.store, { listingId, leaseToken: context.token, now }, state);
    return;
  }
  await deps.store.transaction(async (tx) => {
    // Counted like any other passing failure: a create that never gets an answer is told to people in the end.
    await noteFailure(deps, tx, account, change, error, context);
    await changeListing(tx, { listingId, leaseToken: context.token, now }, state);
  });
}

async function applyFailed(
  deps: SyncDependencies,
  account: OpenAccount,
  change: SentChange,
  error: ChannelError,
  context: OutcomeContext,
): Promise<number | null> {
  const now = deps.clock.now();
  // Of what is not listed yet a look would tell nothing.
  const canLook = account.adapter.listings?.find !== undefined && change.operation !== 'create';
  const action = pushActionFor(error.kind, { isWhole: context.isWhole, canLook });
  if (action === 'give-up') {
    const refused = { kind: error.kind, code: error.code, message: error.channelMessage ?? '', field: error.field };
    await applyRefused(deps, account, change, refused, context);
    return null;
  }
  return deps.store
    .transaction(async (tx) => {
      await closeAttempt(tx, {
        attemptId: change.attemptId,
        outcome: 'failed',
        code: error.code,
        message: error.channelMessage,
        now,
      });
      if (isOwnStop(error)) return 0;
      if (action === 'pause-account') return null;
      const waitMs = await noteFailure(deps, tx, account, change, error, context);
      if (action === 'later') return waitMs;
      // A look may explain it. Where it does not, the pauses grow and people are told, as with any other failure.
      const { listingId } = change.listing;
      await changeListing(
        tx,
        { listingId, leaseToken: context.token, now },
        { checkAfter: now, acceptedAt: now, checks: 0 },
      );
      return null;
    })
    .finally(() => (action === 'pause-account' ? pauseForError(deps, account, error) : undefined));
}
