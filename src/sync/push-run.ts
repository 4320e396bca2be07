import { type ChannelError, type ChannelErrorKind, isChannelError } from '../channel/errors.ts';
import type { Finding } from '../domain/finding.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Operation } from '../domain/listing.ts';
import { PeopleError } from '../domain/people-error.ts';
import type { JobQueues } from '../queue/job-queues.ts';
import { createId } from '../runtime/ids.ts';
import { findAccount, listAccounts, type StoredAccount } from '../store/accounts.ts';
import { acceptedByRun } from '../store/attempts.ts';
import { listCampaigns } from '../store/campaigns.ts';
import { listDeadLetters } from '../store/dead-letters.ts';
import { type ListingProgress, progressOfListings, type Refusal } from '../store/listings.ts';
import { closeRun, openRun } from '../store/runs.ts';
import { adoptListings } from './adopt-listings.ts';
import { findBatchNeeds, showBatchStates } from './batch-needs.ts';
import type { SyncDependencies } from './dependencies.ts';
import { sentenceFor } from './error-sentences.ts';
import { fetchMissingMappings } from './fetch-mappings.ts';
import { type OpenAccount, openStoredAccount, unknownAccount } from './open-account.ts';
import { emptyCounts, type PlannedListing, type PushPlan, planPush } from './plan-push.ts';
import { settleDoubts } from './settle-doubts.ts';

export interface PushRunOptions {
  accountId?: string | undefined;
  campaignId?: string | undefined;
  wait: boolean;
  dryRun: boolean;
  /** Told as listings settle, for a progress bar. */
  onProgress?: ((settled: number, total: number) => void) | undefined;
}

type Blocked = Finding & { sku: string; account: string };

export interface PushFailure {
  sku: string | null;
  account: string;
  code: string;
  messageKo: string;
  messageEn: string;
}

export interface PushRunResult {
  runId: string | null;
  planned: PushPlan['counts'];
  done: Record<Operation, number>;
  failed: PushFailure[];
  inDoubt: { sku: string; account: string }[];
  blocked: Blocked[];
  /** Accounts whose files a person carries, with the products that the next batch will hold. */
  toExport: { account: string; products: number; waiting: number }[];
}

/** Without any listing settling for this long (our clock), waiting is over and what is open is told as it is. */
const patienceMs = 15 * 60_000;

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
  };
  const work: { accountId: string; listing: PlannedListing }[] = [];
  /** The account of every listing whose end this run waits for and tells. */
  const followed = new Map<number, string>();
  for (const stored of accounts) {
    const tellFailure = (error: ChannelError) => result.failed.push(failedQuestion(stored.accountId, error));
    const isIdle = stored.state === 'paused' || options.dryRun;
    const ready = isIdle ? stored : await fetchMissingMappings(deps, stored, tellFailure);
    if (ready.state === 'paused') {
      result.failed.push(pausedAccount(ready));
      continue;
    }
    if (deps.registry.find(ready.adapterId)?.batches) {
      await queueForBatch(deps, openStoredAccount(deps, ready), options, result);
      continue;
    }
    const plan = await planAccount(deps, ready, options);
    for (const [operation, count] of Object.entries(plan.counts)) result.planned[operation as Operation] += count;
    result.blocked.push(...plan.blocked);
    work.push(...plan.listings.map((listing) => ({ accountId: stored.accountId, listing })));
    const ids = [...plan.listings.map((listing) => listing.listingId), ...plan.awaited];
    for (const listingId of ids) followed.set(listingId, stored.accountId);
    if (runId && plan.awaited.length > 0) {
      await queues.add('check', { accountId: stored.accountId }, { once: 'check', priority: 1 });
    }
  }
  if (!runId) return result;
  await wake(queues, work, runId, true);
  if (options.wait && followed.size > 0) {
    await settle(deps, queues, [...followed.keys()], accounts, options.onProgress);
    await report(deps, result, followed, accounts, runId);
  }
  await closeRun(deps.store, { runId, now: deps.clock.now(), result: { planned: result.planned, done: result.done } });
  return result;
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

/** Listings that share a job when there are many: leasing, reading and rendering them together costs as much as one. */
const listingsPerJob = 16;
/** With fewer listings than this, jobs of one keep all workers busy. */
const manyListings = 128;

/** Wakes workers for planned listings. The same listings with the same urgency are not queued twice. */
export async function wake(
  queues: JobQueues,
  work: readonly { accountId: string; listing: PlannedListing }[],
  runId: string | null,
  byPerson: boolean,
): Promise<void> {
  const size = work.length < manyListings ? 1 : listingsPerJob;
  // Listings with neighbouring numbers, wherever the work begins: the next sweep must find the groups that wait.
  const groups = groupBy(
    work,
    ({ accountId, listing }) => `${accountId} ${listing.priority} ${Math.floor(listing.listingId / size)}`,
  );
  const jobs = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const listingIds = group.map(({ listing }) => listing.listingId);
    const { priority } = first.listing;
    return {
      payload: { accountId: first.accountId, listingIds, runId, byPerson },
      options: { priority, once: `push-${listingIds.join('.')}-${priority}` },
    };
  });
  await queues.addMany('push', jobs);
}

async function accountsToPush(deps: SyncDependencies, accountId: string | undefined): Promise<StoredAccount[]> {
  if (accountId === undefined) return listAccounts(deps.store);
  const account = await findAccount(deps.store, accountId);
  if (!account) throw unknownAccount(accountId);
  return [account];
}

async function requireCampaign(deps: SyncDependencies, campaignId: string | undefined): Promise<void> {
  if (campaignId === undefined) return;
  if ((await listCampaigns(deps.store)).some((campaign) => campaign.id === campaignId)) return;
  throw new PeopleError(
    'campaign_unknown',
    `기획전 ${campaignId}이(가) 없습니다. \`naru campaigns list\`로 이름을 확인해 주십시오.`,
    `There is no campaign ${campaignId}. See \`naru campaigns list\`.`,
  );
}

/** The channel could not be asked for what the account needs before anything can be listed. */
function failedQuestion(accountId: string, error: ChannelError): PushFailure {
  const { kind, code, channelMessage } = error;
  const sentence = sentenceFor({ sku: null, accountId, operation: null, kind, code, channelMessage });
  return { sku: null, account: accountId, code, messageKo: sentence.ko, messageEn: sentence.en };
}

function pausedAccount(stored: StoredAccount): PushFailure {
  return {
    sku: null,
    account: stored.accountId,
    code: stored.pause?.kind ?? 'paused',
    messageKo: stored.pause?.messageKo ?? '',
    messageEn: stored.pause?.messageEn ?? '',
  };
}

const settledStates = new Set(['on-sale', 'partial', 'stopped', 'rejected', 'removed']);

/** Tries after which a run no longer waits for a listing: the workers go on with it, and the run says so. */
const failuresToWaitFor = 3;

function isWaitedFor(row: ListingProgress): boolean {
  if (row.failures >= failuresToWaitFor) return false;
  const isSettled = settledStates.has(row.state) || (row.state === 'accepted' && row.acceptedAt === null);
  return !isSettled || row.retryAfter !== null;
}

/** Waits until no listing of the run is under way, or nothing moves any more. */
async function settle(
  deps: SyncDependencies,
  queues: JobQueues,
  listingIds: readonly number[],
  accounts: readonly StoredAccount[],
  onProgress: PushRunOptions['onProgress'],
): Promise<void> {
  let open = -1;
  let movedAt = deps.clock.now().getTime();
  for (;;) {
    deps.signal.throwIfAborted();
    const rows = await progressOfListings(deps.store, listingIds);
    const waiting = rows.filter((row) => isWaitedFor(row));
    onProgress?.(rows.length - waiting.length, rows.length);
    if (waiting.length !== open) {
      open = waiting.length;
      movedAt = deps.clock.now().getTime();
    }
    // A listing that is on sale counts as settled before its job has run, so the queue is asked too.
    const longFailing = rows.some((row) => row.failures >= failuresToWaitFor);
    if (open === 0 && (await isIdle(queues, accounts, { countDelayed: !longFailing }))) return;
    if (await allPaused(deps, accounts)) return;
    const underWay = waiting.some(
      (row) => row.state === 'accepted' || row.state === 'in-doubt' || row.retryAfter !== null,
    );
    if (open > 0 && !underWay && (await isIdle(queues, accounts, { countDelayed: true }))) return;
    if (deps.clock.now().getTime() - movedAt > patienceMs) return;
    await deps.clock.sleep(pollMs(deps, rows.length), deps.signal);
  }
}

/** A tenth of a second of real time for a few listings, up to a second for very many. */
function pollMs(deps: SyncDependencies, listings: number): number {
  const real = Math.min(1_000, 100 + listings / 5);
  const scale = deps.clock.realMs(1_000) / 1_000;
  return scale > 0 ? real / scale : real;
}

async function isIdle(
  queues: JobQueues,
  accounts: readonly StoredAccount[],
  options: { countDelayed: boolean },
): Promise<boolean> {
  for (const account of accounts) {
    const { ready, delayed } = await queues.pushDepth(account.accountId);
    if (ready > 0 || (options.countDelayed && delayed > 0)) return false;
  }
  return true;
}

async function allPaused(deps: SyncDependencies, accounts: readonly StoredAccount[]): Promise<boolean> {
  const now = await listAccounts(deps.store);
  const ids = new Set(accounts.map((account) => account.accountId));
  return now.filter((account) => ids.has(account.accountId)).every((account) => account.state === 'paused');
}

async function report(
  deps: SyncDependencies,
  result: PushRunResult,
  followed: ReadonlyMap<number, string>,
  accounts: readonly StoredAccount[],
  runId: string,
): Promise<void> {
  result.done = { ...result.done, ...(await acceptedByRun(deps.store, runId)) };
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

/** It did not work yet; the workers go on trying. */
function passingFailure(sku: string, account: string, refusal: Refusal, kind: ChannelErrorKind): PushFailure {
  const { operation, code, message } = refusal;
  const sentence = sentenceFor({ sku, accountId: account, operation, kind, code, channelMessage: message || null });
  return { sku, account, code, messageKo: sentence.ko, messageEn: sentence.en };
}

/** One of several sites said no: the product is on sale on the others. */
function refusedSite(
  sku: string,
  account: string,
  refusal: { site: string | null; code: string; message: string },
): PushFailure {
  return {
    sku,
    account,
    code: refusal.code,
    messageKo: `상품 ${sku}, 계정 ${account}: 사이트 ${refusal.site}에서 거절되어 나머지 사이트에서만 판매됩니다 [${refusal.code}: ${refusal.message}]. 사유대로 고친 뒤 다시 보내 주십시오.`,
    messageEn: `Product ${sku}, account ${account}: site ${refusal.site} refused it, so it sells on the others only [${refusal.code}: ${refusal.message}]. Correct it as it says and push again.`,
  };
}
