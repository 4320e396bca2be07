import { type Stream, streams } from '../domain/stream.ts';
import type { JobQueues } from '../queue/job-queues.ts';
import { createId } from '../runtime/ids.ts';
import { findAccount, listAccounts, type StoredAccount } from '../store/accounts.ts';
import { listBookmarks } from '../store/bookmarks.ts';
import { openRun, runResult } from '../store/runs.ts';
import type { SyncDependencies } from './dependencies.ts';
import { closedAccounts, unknownAccount } from './open-account.ts';
import type { PullResult } from './pull-stream.ts';

interface PullRunOptions {
  stream: Stream | 'all';
  accountId?: string | undefined;
  window: { from: Date; to: Date } | null;
  sweep: boolean;
  wait: boolean;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

interface PullFailure {
  account: string;
  stream: Stream;
  code: string;
  messageKo: string;
  messageEn: string;
}

interface PullRunResult {
  results: Omit<PullResult, 'busy'>[];
  failed: PullFailure[];
}

/** Without any stream finishing for this long (our clock), waiting is over. */
const patienceMs = 30 * 60_000;

/** What a pull job leaves in its run row. */
type PullRunRow = { result: PullResult } | { failure: { code: string; messageKo: string; messageEn: string } };

/**
 * One pull as people ask for it: a job for each account and stream, waited for if wanted. A stream that fails is told
 * and never keeps the others from being read.
 */
export async function runPull(
  deps: SyncDependencies,
  queues: JobQueues,
  options: PullRunOptions,
): Promise<PullRunResult> {
  const wanted = options.stream === 'all' ? [...streams] : [options.stream];
  const answer: PullRunResult = { results: [], failed: [] };
  const runs: { runId: string; account: string; stream: Stream }[] = [];
  const accounts = await accountsToPull(deps, options.accountId);
  // Another key or credentials that do not fit are told before anything is queued: no job could do better.
  const closed = closedAccounts(deps, accounts);
  for (const account of accounts) {
    const adapter = deps.registry.find(account.adapterId);
    const reason = closed.get(account.accountId);
    for (const stream of wanted) {
      if (adapter && adapter[stream] === undefined) continue;
      if (reason) {
        const { code, messageKo, messageEn } = reason;
        answer.failed.push({ account: account.accountId, stream, code, messageKo, messageEn });
        continue;
      }
      if (account.state === 'paused') {
        answer.failed.push(pausedFailure(account, stream));
        continue;
      }
      runs.push({
        runId: await startRun(deps, queues, account.accountId, stream, options),
        account: account.accountId,
        stream,
      });
    }
  }
  if (!options.wait) {
    const bookmarks = await listBookmarks(deps.store);
    for (const { account, stream } of runs) {
      const through = bookmarks.find((row) => row.accountId === account && row.stream === stream)?.through;
      answer.results.push({
        account,
        stream,
        records: 0,
        new: 0,
        changed: 0,
        unchanged: 0,
        bookmark: through?.toISOString() ?? null,
      });
    }
    return answer;
  }
  await waitFor(deps, runs, answer, options.onProgress);
  return answer;
}

async function accountsToPull(deps: SyncDependencies, accountId: string | undefined): Promise<StoredAccount[]> {
  if (accountId === undefined) return listAccounts(deps.store);
  const account = await findAccount(deps.store, accountId);
  if (!account) throw unknownAccount(accountId);
  return [account];
}

async function startRun(
  deps: SyncDependencies,
  queues: JobQueues,
  accountId: string,
  stream: Stream,
  options: PullRunOptions,
): Promise<string> {
  const runId = createId('run', deps.clock);
  await openRun(deps.store, { runId, kind: `pull ${stream}`, accountId, now: deps.clock.now() });
  const from = options.window?.from.toISOString() ?? null;
  const to = options.window?.to.toISOString() ?? null;
  await queues.add('pull', { accountId, stream, runId, from, to, sweep: options.sweep }, { priority: 10 });
  return runId;
}

function pausedFailure(account: StoredAccount, stream: Stream): PullFailure {
  const { kind = 'paused', messageKo = '', messageEn = '' } = account.pause ?? {};
  return { account: account.accountId, stream, code: kind, messageKo, messageEn };
}

async function waitFor(
  deps: SyncDependencies,
  runs: readonly { runId: string; account: string; stream: Stream }[],
  answer: PullRunResult,
  onProgress: PullRunOptions['onProgress'],
): Promise<void> {
  const open = new Set(runs);
  let movedAt = deps.clock.now().getTime();
  while (open.size > 0) {
    deps.signal.throwIfAborted();
    for (const run of [...open]) {
      const row = (await runResult(deps.store, run.runId)) as PullRunRow | undefined;
      if (!row) continue;
      open.delete(run);
      movedAt = deps.clock.now().getTime();
      onProgress?.(runs.length - open.size, runs.length);
      if ('failure' in row) answer.failed.push({ account: run.account, stream: run.stream, ...row.failure });
      else {
        const { busy: _busy, ...result } = row.result;
        answer.results.push(result);
      }
    }
    if (open.size > 0 && deps.clock.now().getTime() - movedAt > patienceMs) break;
    if (open.size > 0) await deps.clock.sleep(100 / Math.max(deps.clock.realMs(1), 0.001), deps.signal);
  }
  for (const { account, stream } of open) {
    answer.failed.push({
      account,
      stream,
      code: 'NOT_FINISHED',
      messageKo: `계정 ${account}의 ${stream} 가져오기가 아직 끝나지 않았습니다. \`naru doctor\`로 상태를 확인해 주십시오. 이어서 자동으로 진행됩니다.`,
      messageEn: `Pulling ${stream} of account ${account} has not finished yet. See \`naru doctor\`; it goes on by itself.`,
    });
  }
}
