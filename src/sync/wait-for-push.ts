import type { JobQueues } from '../queue/job-queues.ts';
import { listAccounts, type StoredAccount } from '../store/accounts.ts';
import { type ListingProgress, progressOfListings } from '../store/listing-progress.ts';
import type { SyncDependencies } from './dependencies.ts';

/** Without any listing settling for this long (our clock), waiting is over and what is open is told as it is. */
const patienceMs = 15 * 60_000;

const settledStates = new Set(['on-sale', 'partial', 'stopped', 'rejected', 'removed']);

/** Tries after which a run no longer waits for a listing: the workers go on with it, and the run says so. */
const failuresToWaitFor = 3;

function isWaitedFor(row: ListingProgress): boolean {
  if (row.failures >= failuresToWaitFor) return false;
  const isSettled = settledStates.has(row.state) || (row.state === 'accepted' && row.acceptedAt === null);
  return !isSettled || row.retryAfter !== null;
}

/** Waits until no listing of the run is under way, or nothing moves any more. */
export async function waitForPush(
  deps: SyncDependencies,
  queues: JobQueues,
  listingIds: readonly number[],
  accounts: readonly StoredAccount[],
  onProgress: ((settled: number, total: number) => void) | undefined,
): Promise<void> {
  let open = -1;
  let movedAt = deps.clock.now().getTime();
  for (;;) {
    deps.signal.throwIfAborted();
    // The queue first: a job that ends between the two questions has then changed its row before the row is read.
    const { ready, delayed } = await depthOf(queues, accounts);
    const rows = await progressOfListings(deps.store, listingIds);
    const waiting = rows.filter((row) => isWaitedFor(row));
    onProgress?.(rows.length - waiting.length, rows.length);
    if (waiting.length !== open) {
      open = waiting.length;
      movedAt = deps.clock.now().getTime();
    }
    // A listing that is on sale counts as settled before its job has run, so the queue counts too.
    const longFailing = rows.some((row) => row.failures >= failuresToWaitFor);
    if (open === 0 && ready === 0 && (longFailing || delayed === 0)) return;
    if (await allPaused(deps, accounts)) return;
    const underWay = waiting.some(
      (row) => row.state === 'accepted' || row.state === 'in-doubt' || row.retryAfter !== null,
    );
    if (open > 0 && !underWay && ready + delayed === 0) return;
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

/** Push jobs of these accounts that run or could run, and those that wait for their time. */
async function depthOf(
  queues: JobQueues,
  accounts: readonly StoredAccount[],
): Promise<{ ready: number; delayed: number }> {
  const sum = { ready: 0, delayed: 0 };
  for (const account of accounts) {
    const { ready, delayed } = await queues.pushDepth(account.accountId);
    sum.ready += ready;
    sum.delayed += delayed;
  }
  return sum;
}

async function allPaused(deps: SyncDependencies, accounts: readonly StoredAccount[]): Promise<boolean> {
  const now = await listAccounts(deps.store);
  const ids = new Set(accounts.map((account) => account.accountId));
  return now.filter((account) => ids.has(account.accountId)).every((account) => account.state === 'paused');
}
