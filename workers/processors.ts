import { priorityOf } from '../src/domain/listing.ts';
import type { JobQueues } from '../src/queue/job-queues.ts';
import type { JobName, JobPayload } from '../src/queue/jobs.ts';
import { closeRun } from '../src/store/runs.ts';
import { followCertificates } from '../src/sync/approve-products.ts';
import { auditListings, checkListings } from '../src/sync/check-listings.ts';
import type { SyncDependencies } from '../src/sync/dependencies.ts';
import { dropTraces } from '../src/sync/drop-traces.ts';
import { pullStream } from '../src/sync/pull-stream.ts';
import { pushListings } from '../src/sync/push-listings.ts';
import { sweep } from '../src/sync/sweep.ts';
import { pushJobId } from '../src/sync/wake-workers.ts';

/** What a processor answers: done, or come back after so many milliseconds of our clock. */
export interface JobAnswer {
  againAfterMs: number | null;
}

/** Exactly one processor per job; the compiler refuses a missing or an extra one. */
export type Processors = { [Name in JobName]: (payload: JobPayload<Name>) => Promise<JobAnswer> };

const done: JobAnswer = { againAfterMs: null };

/** The table of jobs: parsed payload in, one use case, answer out. */
export function createProcessors(deps: SyncDependencies, queues: JobQueues): Processors {
  return {
    push: async (payload) => {
      const answer = await pushListings(deps, payload);
      await queues.addMany(
        'push',
        answer.apart.map(({ listingIds, operation, afterMs }) => {
          const priority = priorityOf(operation);
          const delayMs = deps.clock.realMs(afterMs);
          return {
            payload: { ...payload, listingIds },
            options: { priority, once: pushJobId(listingIds, priority), delayMs },
          };
        }),
      );
      await queues.add('check', { accountId: payload.accountId }, { once: 'check', priority: 1 });
      return answer;
    },
    check: (payload) => checkListings(deps, payload.accountId),
    pull: async (payload) => {
      const window = payload.from && payload.to ? { from: new Date(payload.from), to: new Date(payload.to) } : null;
      const result = await pullStream(deps, { ...payload, window });
      if (result.busy) return { againAfterMs: 2_000 };
      if (payload.runId)
        await closeRun(deps.store, { runId: payload.runId, result: { result }, now: deps.clock.now() });
      return done;
    },
    audit: async (payload) => {
      await auditListings(deps, payload.accountId);
      await queues.add('check', { accountId: payload.accountId }, { once: 'check' });
      return done;
    },
    sweep: async () => {
      await sweep(deps, queues);
      return done;
    },
    certificates: async () => {
      await followCertificates(deps);
      await sweep(deps, queues);
      return done;
    },
    retention: async () => {
      await dropTraces(deps);
      return done;
    },
  };
}
