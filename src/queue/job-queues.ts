import type { JobsOptions } from 'bullmq';
import { groupBy } from '../domain/group-by.ts';
import { realNowMs } from '../runtime/clock.ts';
import type { JobQueue, QueueBackend } from './backend.ts';
import { accountQueueName, coreJobs, coreQueueName, type JobName, type JobPayload } from './jobs.ts';

interface JobOptions {
  /** Smaller runs first; 0 before all. */
  priority?: number;
  /** Real milliseconds. */
  delayMs?: number;
  /** Work that is waiting under this name already is not queued twice. */
  once?: string;
}

/** Repeats: every so many real milliseconds, or by cron in Asia/Seoul. */
type Repeat = { everyMs: number } | { cron: string };

/** The queues, as the rest of the house sees them. */
export interface JobQueues {
  add<Name extends JobName>(name: Name, payload: JobPayload<Name>, options?: JobOptions): Promise<void>;
  addMany<Name extends JobName>(
    name: Name,
    jobs: readonly { payload: JobPayload<Name>; options?: JobOptions }[],
  ): Promise<void>;
  /** Makes or changes a schedule; the same key again replaces it. */
  schedule<Name extends JobName>(key: string, name: Name, payload: JobPayload<Name>, repeat: Repeat): Promise<void>;
  unschedule(accountId: string | null, key: string): Promise<void>;
  /** Keys of the schedules of an account's queue, or of the core's. */
  scheduled(accountId: string | null): Promise<string[]>;
  /** Waiting, running and delayed jobs of an account, and how old the oldest waiting one is, in real ms. */
  depth(accountId: string | null): Promise<{ waiting: number; active: number; delayed: number; oldestMs: number }>;
  /** Throws when no job can be put into the queues now. */
  assertReady(): Promise<void>;
  /** Push jobs of an account that have not ended yet: those that run or could, and those that wait for their time. */
  pushDepth(accountId: string): Promise<{ ready: number; delayed: number }>;
}

/** Tries of a failing job; what is left then is in the dead letters, and the next sweep plans it anew. */
const attempts = 5;

/** Queues over one backend, opened when first used. */
export function createJobQueues(backend: QueueBackend): JobQueues {
  const open = new Map<string, JobQueue>();
  const queueOf = (accountId: string | null): JobQueue => {
    const name = accountId === null ? coreQueueName : accountQueueName(accountId);
    const known = open.get(name);
    if (known) return known;
    const queue = backend.createQueue(name);
    open.set(name, queue);
    return queue;
  };
  return {
    add: async (name, payload, options = {}) => {
      await queueOf(accountOf(name, payload)).add(name, payload, jobOptions(options));
    },
    addMany: async (name, jobs) => {
      const byAccount = groupBy(jobs, (job) => accountOf(name, job.payload));
      for (const [accountId, own] of byAccount) {
        const bulk = own.map((job) => ({ name, data: job.payload as unknown, opts: jobOptions(job.options ?? {}) }));
        // In slices: one statement per thousand keeps memory and lock times flat.
        for (let start = 0; start < bulk.length; start += 1_000) {
          await queueOf(accountId).addBulk(bulk.slice(start, start + 1_000));
        }
      }
    },
    schedule: async (key, name, payload, repeat) => {
      const when = 'cron' in repeat ? { pattern: repeat.cron, tz: 'Asia/Seoul' } : { every: repeat.everyMs };
      await queueOf(accountOf(name, payload)).upsertJobScheduler(key, when, {
        name,
        data: payload,
        // Tried again like any other job: what is read once a day would otherwise wait a day for a lost connection.
        opts: jobOptions({}),
      });
    },
    unschedule: async (accountId, key) => {
      await queueOf(accountId).removeJobScheduler(key);
    },
    scheduled: async (accountId) => {
      const schedulers = await queueOf(accountId).getJobSchedulers();
      return schedulers.map((scheduler) => scheduler.key);
    },
    depth: async (accountId) => {
      const queue = queueOf(accountId);
      const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed');
      const [oldest] = await queue.getJobs(['waiting', 'prioritized'], 0, 0, true);
      const { waiting = 0, prioritized = 0, active = 0, delayed = 0 } = counts;
      const oldestMs = oldest ? Math.max(0, realNowMs() - oldest.timestamp) : 0;
      return { waiting: waiting + prioritized, active, delayed, oldestMs };
    },
    assertReady: async () => {
      await backend.assertWritable();
      await queueOf(null).getJobCounts('waiting');
    },
    pushDepth: async (accountId) => {
      const queue = queueOf(accountId);
      const count = async (states: ('waiting' | 'prioritized' | 'active' | 'delayed')[]) =>
        (await queue.getJobs(states, 0, 200)).filter((job) => job?.name === 'push').length;
      // Delayed first: a job that comes due between the two looks is then seen twice, not never.
      const delayed = await count(['delayed']);
      return { ready: await count(['waiting', 'prioritized', 'active']), delayed };
    },
  };
}

function accountOf(name: JobName, payload: object): string | null {
  if ((coreJobs as readonly JobName[]).includes(name)) return null;
  return 'accountId' in payload && typeof payload.accountId === 'string' ? payload.accountId : null;
}

function jobOptions(options: JobOptions): JobsOptions {
  return {
    attempts,
    backoff: { type: 'naru' },
    ...(options.priority !== undefined && { priority: options.priority }),
    ...(options.delayMs !== undefined && { delay: Math.max(0, Math.round(options.delayMs)) }),
    ...(options.once !== undefined && { deduplication: { id: options.once } }),
  };
}
