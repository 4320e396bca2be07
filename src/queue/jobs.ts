import { z } from 'zod';
import { type Stream, streams } from '../domain/stream.ts';

/**
 * Every job there is: its name, what it carries, and on which queue it runs. A job is a wake-up: it carries ids, never
 * content or secrets, and losing all of them loses nothing, because the sweep finds the differences again.
 */
export const jobPayloads = {
  /** Bring these listings to what they should be. */
  push: z.object({
    accountId: z.string(),
    listingIds: z.array(z.int()),
    runId: z.string().nullable(),
    byPerson: z.boolean(),
  }),
  /** Read back what was accepted. */
  check: z.object({ accountId: z.string() }),
  /** Read one stream to now, or one window of it. */
  pull: z.object({
    accountId: z.string(),
    stream: z.enum(streams),
    runId: z.string().nullable(),
    from: z.iso.datetime().nullable(),
    to: z.iso.datetime().nullable(),
    sweep: z.boolean(),
  }),
  /** Read back everything an account lists, to see what the channel changed on its own. */
  audit: z.object({ accountId: z.string() }),
  /** Compare wanted and observed for all accounts. */
  sweep: z.object({}),
  /** Approvals follow their certificates. */
  certificates: z.object({}),
  /** Drop old traces. */
  retention: z.object({}),
} as const;

export type JobName = keyof typeof jobPayloads;
export type JobPayload<Name extends JobName> = z.infer<(typeof jobPayloads)[Name]>;

/** True for the name of a job that there is; a stored name may be of a former version. */
export function isJobName(name: string): name is JobName {
  return Object.hasOwn(jobPayloads, name);
}

/** Jobs that concern no single account. */
export const coreJobs = ['sweep', 'certificates', 'retention'] as const satisfies readonly JobName[];

export const coreQueueName = 'naru-core';

/** One queue per account: an outage, a limit or a pause of one channel never blocks another. */
export function accountQueueName(accountId: string): string {
  return `naru-account-${accountId}`;
}

/** The key under which the reading of a stream is scheduled on its account's queue. */
export function pullScheduleKey(stream: Stream): string {
  return `pull-${stream}`;
}
