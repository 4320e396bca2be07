import { DelayedError, UnrecoverableError } from 'bullmq';
import type { Logger } from 'pino';
import { isChannelError } from '../src/channel/errors.ts';
import { codeOf as codeOfPeopleError, isPeopleError, PeopleError } from '../src/domain/people-error.ts';
import type { JobWorker, QueueBackend } from '../src/queue/backend.ts';
import { isJobName, jobPayloads } from '../src/queue/jobs.ts';
import { realNowMs } from '../src/runtime/clock.ts';
import { closeDeadLetterOfJob, writeDeadLetter } from '../src/store/dead-letters.ts';
import { closeRun } from '../src/store/runs.ts';
import type { SyncDependencies } from '../src/sync/dependencies.ts';
import { sentenceFor } from '../src/sync/error-sentences.ts';
import { pauseForError } from '../src/sync/note-failure.ts';
import { openAccount } from '../src/sync/open-account.ts';
import { actionFor, backoffMs, type RetryAction } from '../src/sync/retry-policy.ts';
import type { JobAnswer, Processors } from './processors.ts';

/** What the wrapper needs besides the use cases. */
export interface WorkerTools {
  deps: SyncDependencies;
  backend: QueueBackend;
  processors: Processors;
  onJob: (job: { name: string; outcome: string; durationMs: number }) => void;
}

interface RunningJob {
  id?: string | undefined;
  name: string;
  data: unknown;
  attemptsMade: number;
  opts: { attempts?: number };
  moveToDelayed(timestamp: number, token?: string): Promise<void>;
}

/**
 * The one wrapper around every consumer: it parses the payload, gives the job its log lines, measures it, and turns
 * errors into actions by the one table. Processors stay a line or two.
 */
export function defineWorker(tools: WorkerTools, queueName: string, concurrency: number): JobWorker {
  const { deps } = tools;
  return tools.backend.createWorker<unknown>(queueName, (job, token) => runJob(tools, queueName, job, token), {
    concurrency,
    // A worker that dies is noticed after this; its jobs then run on another. Effects are guarded by leases in the
    // store, so a job that runs twice does no harm.
    lockDuration: 30_000,
    stalledInterval: 10_000,
    maxStalledCount: 100,
    settings: { backoffStrategy: (tries: number) => deps.clock.realMs(backoffMs(tries, Math.random)) },
  });
}

async function runJob(
  tools: WorkerTools,
  queueName: string,
  job: RunningJob,
  token: string | undefined,
): Promise<void> {
  const { deps } = tools;
  const log = deps.log.child({ queue: queueName, job: job.name, jobId: job.id });
  const startedAt = performance.now();
  let outcome = 'done';
  try {
    const answer = await handle(tools, job, log);
    if (answer.againAfterMs === null) {
      await closeLetter(tools, job);
      return;
    }
    outcome = 'again';
    // Coming back costs no attempt: it is the channel's pace or a wait that was asked for, not a failure of the job.
    const realWaitMs = Math.max(20, deps.clock.realMs(answer.againAfterMs));
    await job.moveToDelayed(Math.round(realNowMs() + realWaitMs), token);
    throw new DelayedError();
  } catch (error) {
    if (error instanceof DelayedError) throw error;
    outcome = 'failed';
    throw await judge(tools, job, error, log);
  } finally {
    tools.onJob({ name: job.name, outcome, durationMs: performance.now() - startedAt });
  }
}

async function handle(tools: WorkerTools, job: RunningJob, log: Logger): Promise<JobAnswer> {
  if (!isJobName(job.name)) throw new UnrecoverableError(`no processor for job ${job.name}`);
  const payload = jobPayloads[job.name].parse(job.data);
  try {
    // The table pairs each name with the processor of its payload; the schema above is the one of this name.
    const processor = tools.processors[job.name] as (payload: unknown) => Promise<JobAnswer>;
    return await processor(payload);
  } catch (error) {
    if (isChannelError(error) && error.kind === 'rate-limited') {
      log.info({ code: error.code, waitMs: error.retryAfterMs }, 'the channel asks to wait');
      return { againAfterMs: error.retryAfterMs ?? 5_000 };
    }
    throw error;
  }
}

/** What BullMQ should be told: try again by its own backoff, or give up because a dead letter or a pause has it now. */
async function judge(tools: WorkerTools, job: RunningJob, error: unknown, log: Logger): Promise<Error> {
  if (error instanceof UnrecoverableError) return error;
  if (tools.deps.signal.aborted) return error instanceof Error ? error : new Error('stopped');
  log.error({ err: error }, 'a job failed');
  const accountId = accountOf(job.data);
  const action = actionAgainst(error);
  const isLast = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
  if (isChannelError(error) && action === 'pause-account' && accountId) {
    await pauseForError(tools.deps, await openAccount(tools.deps, accountId), error);
    await tellRun(tools, job, error, accountId);
    return new UnrecoverableError(error.message);
  }
  if (action === 'give-up' || isLast) {
    await bury(tools, job, error, accountId);
    await tellRun(tools, job, error, accountId);
    return new UnrecoverableError(messageOf(error));
  }
  return error instanceof Error ? error : new Error(messageOf(error));
}

function actionAgainst(error: unknown): RetryAction {
  if (isChannelError(error)) return actionFor(error.kind);
  // Configuration that people must mend: a wrong key, an adapter that is gone. Repeating it mends nothing.
  return error instanceof PeopleError ? 'give-up' : 'later';
}

/** What a job is to do, whoever asked for it: the same work has the same dead letter. */
function workOf(job: RunningJob): Record<string, unknown> {
  return typeof job.data === 'object' && job.data !== null ? { ...job.data, runId: null } : {};
}

/** The work was done after all; that the store cannot be told so now must not make the job fail and run again. */
async function closeLetter({ deps }: WorkerTools, job: RunningJob): Promise<void> {
  const letter = { jobName: job.name, payload: workOf(job), now: deps.clock.now() };
  await closeDeadLetterOfJob(deps.store, letter).catch((error: unknown) =>
    deps.log.warn({ err: error, job: job.name }, 'a dead letter could not be closed; the next success does it'),
  );
}

async function bury(tools: WorkerTools, job: RunningJob, error: unknown, accountId: string | null): Promise<void> {
  const sentence = sentenceOf(job, error, accountId);
  await writeDeadLetter(tools.deps.store, {
    jobName: job.name,
    payload: workOf(job),
    accountId,
    sku: null,
    kind: isChannelError(error) ? error.kind : 'fault',
    code: codeOf(error),
    messageKo: sentence.ko,
    messageEn: sentence.en,
    attempts: job.attemptsMade + 1,
    now: tools.deps.clock.now(),
  });
}

/** Whoever waits for the run of this job is told that it ended, and how. */
async function tellRun(tools: WorkerTools, job: RunningJob, error: unknown, accountId: string | null): Promise<void> {
  if (job.name !== 'pull' || typeof job.data !== 'object' || job.data === null || !('runId' in job.data)) return;
  if (typeof job.data.runId !== 'string') return;
  const sentence = sentenceOf(job, error, accountId);
  const failure = { code: codeOf(error), messageKo: sentence.ko, messageEn: sentence.en };
  await closeRun(tools.deps.store, { runId: job.data.runId, result: { failure }, now: tools.deps.clock.now() });
}

function sentenceOf(job: RunningJob, error: unknown, accountId: string | null): { ko: string; en: string } {
  if (isChannelError(error)) {
    const { kind, code, channelMessage } = error;
    return sentenceFor({ sku: null, accountId: accountId ?? '-', operation: null, kind, code, channelMessage });
  }
  if (isPeopleError(error)) return { ko: error.messageKo, en: error.messageEn };
  return {
    ko: `작업 ${job.name}이(가) 실패했습니다. 로그에서 jobId ${job.id}를 찾아 원인을 확인한 뒤 \`naru dead-letters replay\`로 다시 실행해 주십시오.`,
    en: `Job ${job.name} failed. Find jobId ${job.id} in the log, settle the cause, and run it again with \`naru dead-letters replay\`.`,
  };
}

function codeOf(error: unknown): string {
  if (isChannelError(error)) return error.code;
  return isPeopleError(error) ? codeOfPeopleError(error) : 'FAULT';
}

function accountOf(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('accountId' in data)) return null;
  return typeof data.accountId === 'string' ? data.accountId : null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'a fault without a message';
}
