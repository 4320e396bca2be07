import type { JobQueues } from '../queue/job-queues.ts';
import { listAccounts } from '../store/accounts.ts';
import { listingsInDoubt } from '../store/attempts.ts';
import { nextCheckAt } from '../store/listing-checks.ts';
import { findBatchNeeds, showBatchStates } from './batch-needs.ts';
import type { SyncDependencies } from './dependencies.ts';
import { openStoredAccount } from './open-account.ts';
import { planPush } from './plan-push.ts';
import { wake } from './wake-workers.ts';

/**
 * Looks at every active account for differences between wanted and observed, and wakes workers for them. This is what
 * makes all other wake-ups expendable: a lost job, a killed worker or an emptied queue is found again within a minute.
 * One account that cannot be opened never keeps the others from being swept.
 */
export async function sweep(deps: SyncDependencies, queues: JobQueues): Promise<{ woken: number }> {
  let woken = 0;
  for (const stored of await listAccounts(deps.store)) {
    if (stored.state === 'paused') continue;
    const { accountId } = stored;
    try {
      const account = openStoredAccount(deps, stored);
      if (account.adapter.batches) {
        await showBatchStates(deps, accountId, await findBatchNeeds(deps, account, { tellBlocked: false }));
        continue;
      }
      const plan = await planPush(deps, account, { byPerson: false });
      await wake(queues, [plan], null, false);
      woken += plan.listings.length;
      const open =
        (await listingsInDoubt(deps.store, accountId, deps.clock.now())).length > 0 ||
        (await nextCheckAt(deps.store, accountId));
      if (open) await queues.add('check', { accountId }, { once: 'check', priority: 1 });
    } catch (error) {
      deps.log.error({ account: accountId, err: error }, 'an account could not be swept');
    }
  }
  return { woken };
}
