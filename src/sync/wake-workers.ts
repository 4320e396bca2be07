import { groupBy } from '../domain/group-by.ts';
import type { JobQueues } from '../queue/job-queues.ts';
import type { PlannedListing } from './plan-push.ts';

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
