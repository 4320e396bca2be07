import { type ChannelError, isChannelError } from '../channel/errors.ts';
import type { Finding } from '../domain/finding.ts';
import type { Operation } from '../domain/listing.ts';
import type { PeopleError } from '../domain/people-error.ts';
import type { JobQueues } from '../queue/job-queues.ts';
import { createId } from '../runtime/ids.ts';
import { findAccount, listAccounts, type StoredAccount } from '../store/accounts.ts';
import { acceptedSince } from '../store/attempts.ts';
import { listDeadLetters } from '../store/dead-letters.ts';
import { progressOfListings } from '../store/listing-progress.ts';
import { closeRun, openRun } from '../store/runs.ts';
import { adoptListings } from './adopt-listings.ts';
import { followCertificates } from './approve-products.ts';
import { findBatchNeeds, showBatchStates } from './batch-needs.ts';
import type { SyncDependencies } from './dependencies.ts';
import { fetchMissingMappings } from './fetch-mappings.ts';
import { requireCampaign } from './known-names.ts';
import { closedAccounts, type OpenAccount, openStoredAccount, unknownAccount } from './open-account.ts';
import { emptyCounts, type PushPlan, planPush } from './plan-push.ts';
import {
  failedQuestion,
  type PushFailure,
  passingFailure,
  pausedAccount,
  refusedSite,
  unusableAccount,
} from './push-failures.ts';
import { settleDoubts } from './settle-doubts.ts';
import { waitForPush } from './wait-for-push.ts';
import { wake } from './wake-workers.ts';

export interface PushRunOptions {
  accountId?: string | undefined;
  campaignId?: string | undefined;
  wait: boolean;
  dryRun: boolean;
  /** Told as listings settle, for a progress bar. */
  onProgress?: ((settled: number, total: number) => void) | undefined;
}

type Blocked = Finding & { sku: string; account: string };

export interface PushRunResult {
  runId: string | null;
  planned: PushPlan['counts'];
  done: Record<Operation, number>;
  failed: PushFailure[];
  inDoubt: { sku: string; account: string }[];
  blocked: Blocked[];
  /** Accounts whose files a person carries, with the products that the next batch will hold. */
  toExport: { account: string; products: number; waiting: number }[];
  /** Accounts that were looked at, paused ones among them. */
  accounts: number;
}

/**
 * One push as people ask for it: plan, wake the workers, and, if wanted, wait until every listing has settled. A push
 * that was not waited for loses nothing: the workers go on by themselves.
 */
export async function runPush(
  deps: SyncDependencies,
  queues: JobQueues,
  options: PushRunOptions,
): Promise<PushRunResult> {
  const accounts = await accountsToPush(deps, options.accountId);
  await requireCampaign(deps, options.campaignId);
  // Told before anything is written, where no account is left that could be pushed.
  const closed = closedAccounts(deps, accounts);
  // Without a service nobody else writes down which approvals have ended with their certificates.
  if (!options.dryRun) await followCertificates(deps);
  const runId = options.dryRun ? null : createId('run', deps.clock);
  const startedAt = deps.clock.now();
  if (runId) await openRun(deps.store, { runId, kind: 'push', accountId: options.accountId ?? null, now: startedAt });
  const result: PushRunResult = {
    runId,
    planned: emptyCounts(),
    done: emptyCounts(),
    failed: [],
    inDoubt: [],
    blocked: [],
    toExport: [],
    accounts: accounts.length,
  };
  try {
    await pushAccounts(deps, queues, options, { all: accounts, closed }, startedAt, result);
  } finally {
    // However it ends: a run that stays open would look like one that is still at work.
    if (runId) await endRun(deps, runId, result);
  }
  return result;
}

async function endRun(deps: SyncDependencies, runId: string, result: PushRunResult): Promise<void> {
  const { planned, done } = result;
  await closeRun(deps.store, { runId, now: deps.clock.now(), result: { planned, done } });
}

async function pushAccounts(
  deps: SyncDependencies,
  queues: JobQueues,
  options: PushRunOptions,
  accounts: { all: readonly StoredAccount[]; closed: ReadonlyMap<string, PeopleError> },
  startedAt: Date,
  result: PushRunResult,
): Promise<void> {
  const { runId } = result;
  const plans: PushPlan[] = [];
  /** The account of every listing whose end this run waits for and tells. */
  const followed = new Map<number, string>();
  for (const stored of accounts.all) {
    const { accountId } = stored;
    // One that cannot be opened, because its settings no longer fit or its adapter is gone, keeps no other from its push.
    const reason = accounts.closed.get(accountId);
    if (reason) {
      result.failed.push(unusableAccount(accountId, reason));
      continue;
    }
    const plan = await planOrTell(deps, stored, options, result);
    if (!plan) continue;
    for (const [operation, count] of Object.entries(plan.counts)) result.planned[operation as Operation] += count;
    result.blocked.push(...plan.blocked);
    plans.push(plan);
    const ids = [...plan.listings.map((listing) => listing.listingId), ...plan.awaited];
    for (const listingId of ids) followed.set(listingId, accountId);
    if (runId && plan.awaited.length > 0) {
      await queues.add('check', { accountId }, { once: 'check', priority: 1 });
    }
  }
  if (!runId) return;
  await wake(queues, plans, runId, true);
  if (options.wait && followed.size > 0) {
    await waitForPush(deps, queues, [...followed.keys()], accounts.all, options.onProgress);
    await report(deps, result, followed, accounts.all, startedAt);
  }
}

/** The plan of one account; null when there is nothing to wake workers for, or `result` tells why not. */
async function planOrTell(
  deps: SyncDependencies,
  stored: StoredAccount,
  options: PushRunOptions,
  result: PushRunResult,
): Promise<PushPlan | null> {
  const tellFailure = (error: ChannelError) => result.failed.push(failedQuestion(stored.accountId, error));
  const isIdle = stored.state === 'paused' || options.dryRun;
  const ready = isIdle ? stored : await fetchMissingMappings(deps, stored, tellFailure);
  if (ready.state === 'paused') {
    result.failed.push(pausedAccount(ready));
    return null;
  }
  if (deps.registry.find(ready.adapterId)?.batches) {
    await queueForBatch(deps, openStoredAccount(deps, ready), options, result);
    return null;
  }
  return planAccount(deps, ready, options);
}

/** Nothing is sent here: what differs is shown as waiting for the batch that a person will have made. */
async function queueForBatch(
  deps: SyncDependencies,
  account: OpenAccount,
  options: PushRunOptions,
  result: PushRunResult,
): Promise<void> {
  const found = await findBatchNeeds(deps, account, { campaignId: options.campaignId, dryRun: options.dryRun });
  // A push of one campaign has looked at that campaign alone.
  if (!options.dryRun && !options.campaignId) await showBatchStates(deps, account.stored.accountId, found);
  const operations = { add: 'create', update: 'update', delete: 'stop' } as const;
  for (const need of found.needs) result.planned[operations[need.action]] += 1;
  result.planned.unchanged += found.plan.counts.unchanged;
  result.blocked.push(...found.plan.blocked);
  const { accountId } = account.stored;
  result.toExport.push({ account: accountId, products: found.needs.length, waiting: found.waiting.length });
}

/** Plans one account, after asking the channel what became of writes in doubt and which listings it holds already. */
async function planAccount(deps: SyncDependencies, stored: StoredAccount, options: PushRunOptions): Promise<PushPlan> {
  const planOptions = { campaignId: options.campaignId, byPerson: true, dryRun: options.dryRun };
  const account = openStoredAccount(deps, stored);
  if (options.dryRun) return planPush(deps, account, planOptions);
  await settleDoubts(deps, account);
  const plan = await planPush(deps, account, planOptions);
  const creates = plan.listings.filter((listing) => listing.operations.includes('create') && listing.unasked);
  try {
    const found = await adoptListings(deps, account, creates);
    return found.size > 0 ? planPush(deps, account, planOptions) : plan;
  } catch (error) {
    if (!isChannelError(error)) throw error;
    // The workers ask again before they create anything, and report what they are told.
    account.context.log.warn({ kind: error.kind, code: error.code }, 'existing listings could not be looked up yet');
    return plan;
  }
}

async function accountsToPush(deps: SyncDependencies, accountId: string | undefined): Promise<StoredAccount[]> {
  if (accountId === undefined) return listAccounts(deps.store);
  const account = await findAccount(deps.store, accountId);
  if (!account) throw unknownAccount(accountId);
  return [account];
}

async function report(
  deps: SyncDependencies,
  result: PushRunResult,
  followed: ReadonlyMap<number, string>,
  accounts: readonly StoredAccount[],
  startedAt: Date,
): Promise<void> {
  result.done = { ...result.done, ...(await acceptedSince(deps.store, [...followed.keys()], startedAt)) };
  const rows = await progressOfListings(deps.store, [...followed.keys()]);
  const letters = await listDeadLetters(deps.store);
  for (const row of rows) {
    const account = followed.get(row.listingId) ?? '';
    if (row.state === 'in-doubt') result.inDoubt.push({ sku: row.sku, account });
    const letter = letters.find((candidate) => candidate.sku === row.sku && candidate.accountId === account);
    if (letter) {
      const { code, messageKo, messageEn } = letter;
      result.failed.push({ sku: row.sku, account, code, messageKo, messageEn });
    } else if (row.refusal?.passing) {
      result.failed.push(passingFailure(row.sku, account, row.refusal, row.refusal.passing));
    } else if (row.refusal?.site) {
      result.failed.push(refusedSite(row.sku, account, row.refusal));
    }
  }
  const paused = (await listAccounts(deps.store)).filter(
    (account) =>
      account.state === 'paused' &&
      accounts.some((known) => known.accountId === account.accountId && known.state === 'active'),
  );
  result.failed.push(...paused.map(pausedAccount));
}
