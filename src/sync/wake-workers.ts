import { groupBy } from '../domain/group-by.ts';
import type { JobQueues } from '../queue/job-queues.ts';
import { contentHash } from '../runtime/content-hash.ts';
import type { PushPlan } from './plan-push.ts';

/** Listings that share a job when there are many: leasing, reading and rendering them together costs as much as one. */
const listingsPerJob = 16;
/** With fewer listings than this, jobs of one keep all workers busy. */
const manyListings = 128;
/** Longer lists of numbers than this are named by their hash: the queue's own index has a longest id. */
const mostNamed = listingsPerJob;

/**
 * Wakes workers for planned listings. The same listings with the same urgency are not queued twice. Where a channel
 * takes many listings in one call, a job holds as many.
 */
export async function wake(
  queues: JobQueues,
  plans: readonly Pick<PushPlan, 'accountId' | 'maxBatch' | 'listings'>[],
  runId: string | null,
  byPerson: boolean,
): Promise<void> {
  const total = plans.reduce((sum, plan) => sum + plan.listings.length, 0);
  const jobs = plans.flatMap(({ accountId, maxBatch, listings }) => {
    const size = maxBatch > 1 ? maxBatch : total < manyListings ? 1 : listingsPerJob;
    // Listings with neighbouring numbers, wherever the work begins: the next sweep must find the groups that wait.
    const groups = groupBy(listings, ({ priority, listingId }) => `${priority} ${Math.floor(listingId / size)}`);
    return [...groups.values()].flatMap((group) => {
      const [first] = group;
      if (!first) return [];
      const listingIds = group.map(({ listingId }) => listingId);
      const { priority } = first;
      return {
        payload: { accountId, listingIds, runId, byPerson },
        options: { priority, once: pushJobId(listingIds, priority) },
      };
    });
  });
  await queues.addMany('push', jobs);
}

/** What tells one push job of an account from another: the same listings with the same urgency are one. */
export function pushJobId(listingIds: readonly number[], priority: number): string {
  const named = listingIds.length > mostNamed ? contentHash(listingIds) : listingIds.join('.');
  return `push-${named}-${priority}`;
}
