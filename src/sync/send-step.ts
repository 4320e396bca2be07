import type { ListingChange, ListingOutcome } from '../channel/contract.ts';
import { ChannelError, isChannelError } from '../channel/errors.ts';
import { stoppedCode } from '../channel/http.ts';
import type { DesiredListing, Operation } from '../domain/listing.ts';
import { type NewAttempt, openAttemptsOf } from '../store/attempts.ts';
import type { ListingFacts, ListingRecord } from '../store/listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import type { OpenAccount } from './open-account.ts';
import { applyOutcome, pushedAfter, type SentChange } from './push-outcome.ts';
import { pushActionFor } from './retry-policy.ts';

/** A leased listing on its way to what it should be. */
export interface LeasedWork {
  facts: ListingFacts;
  listing: ListingRecord;
  /** Still to be done, most urgent first. */
  operations: Operation[];
  desired: DesiredListing;
}

/** One call to the adapter: the same operation on as many listings as the channel takes at a time. */
export interface Step {
  operation: Operation;
  batch: LeasedWork[];
  attempts: NewAttempt[];
  /** Null while the attempts are not written down; a null among them was not, and must not be sent. */
  attemptIds: (number | null)[] | null;
}

/** The most urgent step of all listings; null when nothing is left to do. */
export function stepOf(work: readonly LeasedWork[], maxBatch: number, runId: string | null, now: Date): Step | null {
  const order: readonly Operation[] = ['stop', 'remove', 'price', 'stock', 'resume', 'update', 'create'];
  const operation = order.find((candidate) => work.some((item) => item.operations[0] === candidate));
  if (!operation) return null;
  const batch = work.filter((item) => item.operations[0] === operation).slice(0, maxBatch);
  const attempts = batch.map(({ listing, desired: { document: _document, ...wanted } }) => {
    return { listingId: listing.listingId, operation, wanted, runId, now };
  });
  return { operation, batch, attempts, attemptIds: null };
}

export interface StepResult {
  /** Of the listings that were not accepted, those to come back to, and after how many milliseconds. */
  waits: { item: LeasedWork; afterMs: number }[];
  /** Nothing more may be sent to the account now; null milliseconds when people must act first. */
  halt: { afterMs: number | null } | null;
  /** The step after this one, its attempts written down together with the last outcome of this one. */
  next: Step | null;
}

/** After this a listing that was not held is looked at again; its lease may have been passed over for a moment only. */
const notHeldMs = 1_000;

/**
 * Sends one step: attempts first, then the call, then each outcome. Where the last outcome is good, `choose` gives the
 * step to open with it. A listing whose step failed does not go on to its next one.
 */
export async function sendStep(
  deps: SyncDependencies,
  account: OpenAccount,
  step: Step,
  context: { token: string; runId: string | null },
  choose: () => Step | null,
): Promise<StepResult> {
  const { listings } = account.adapter;
  if (!listings) return { waits: [], halt: null, next: null };
  const result: StepResult = { waits: [], halt: null, next: null };
  const attemptIds = step.attemptIds ?? (await openAttemptsOf(deps.store, step.attempts, context.token));
  const held: { item: LeasedWork; change: SentChange }[] = [];
  for (const [index, item] of step.batch.entries()) {
    const attemptId = attemptIds[index];
    if (attemptId === null || attemptId === undefined) {
      item.operations = [];
      result.waits.push({ item, afterMs: notHeldMs });
      continue;
    }
    const { facts, listing, desired } = item;
    const { document: _document, ...wanted } = desired;
    held.push({ item, change: { attemptId, operation: step.operation, sku: facts.sku, listing, wanted } });
  }
  if (held.length === 0) return result;
  const sent = held.map(({ change }) => change);
  const changes = held.map(({ item: { facts, listing, desired } }): ListingChange => {
    const { externalIds, observed } = listing;
    return { operation: step.operation, sku: facts.sku, externalIds, desired, observed };
  });
  const { outcomes, isWhole } = await askAdapter(
    () => listings.push(account.context, changes),
    sent,
    account.context.signal,
  );
  for (const [index, { item, change }] of held.entries()) {
    const outcome = outcomes[index] ?? missingOutcome(change);
    const isAccepted = outcome.status === 'accepted';
    item.operations = isAccepted ? item.operations.slice(1) : [];
    if (isAccepted) learn(item, change, outcome, listings.sites(account.settings), deps);
    const isLast = index === held.length - 1;
    const next = isAccepted && isLast && !result.halt ? choose() : null;
    const applied = await applyOutcome(deps, account, change, outcome, { ...context, isWhole }, next?.attempts ?? []);
    const { retryInMs, opened } = applied;
    // Taken by the channel, and the listing has not learnt of it: nothing can be built on it.
    if (!applied.accepted) item.operations = [];
    if (next && opened) result.next = { ...next, attemptIds: opened };
    if (retryInMs !== null) result.waits.push({ item, afterMs: retryInMs });
    if (outcome.status === 'failed' && concernsAccount(outcome.error, isWhole)) result.halt = { afterMs: retryInMs };
  }
  return result;
}

/** Sending the next listing would only earn the same answer, and some channels lock the account for repeating it. */
function concernsAccount({ kind }: ChannelError, isWhole: boolean): boolean {
  return kind === 'rate-limited' || pushActionFor(kind, { isWhole, canLook: true }) === 'pause-account';
}

/** A later step of the same listing builds on what an earlier one was given and has set. */
function learn(
  item: LeasedWork,
  change: SentChange,
  outcome: Extract<ListingOutcome, { status: 'accepted' }>,
  sites: readonly string[],
  deps: SyncDependencies,
): void {
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
  signal: AbortSignal,
): Promise<{ outcomes: ListingOutcome[]; isWhole: boolean }> {
  try {
    return { outcomes: await push(), isWhole: false };
  } catch (error) {
    const known = isChannelError(error) ? error : faultOf(error, signal);
    return { outcomes: sent.map(({ sku }) => ({ sku, status: 'failed', error: known })), isWhole: true };
  }
}

/** What an adapter throws that is no ChannelError. */
function faultOf(error: unknown, signal: AbortSignal): ChannelError {
  // Whoever obeys the signal ends with whatever its waits end with; that is our word and not the channel's.
  if (signal.aborted) return new ChannelError('unavailable', { code: stoppedCode, sent: true });
  // Otherwise it is broken; what it sent is unknown, which is what `protocol` means here.
  return new ChannelError('protocol', { code: 'ADAPTER_FAULT', sent: true, channelMessage: nameOf(error) });
}

function missingOutcome(change: SentChange): ListingOutcome {
  const error = new ChannelError('protocol', { code: 'NO_OUTCOME', sent: true, channelMessage: null });
  return { sku: change.sku, status: 'failed', error };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
