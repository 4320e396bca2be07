import type { App } from '../src/app.ts';
import { PeopleError } from '../src/domain/people-error.ts';
import { streams } from '../src/domain/stream.ts';
import { pullScheduleKey } from '../src/queue/jobs.ts';
import { listAccounts, type StoredAccount } from '../src/store/accounts.ts';
import { openStoredAccount } from '../src/sync/open-account.ts';

const refreshMs = 15_000;

/** What the scheduler needs of the house. */
type ScheduledApp = Pick<App, 'store' | 'queues' | 'deps' | 'log' | 'onClose'>;

/**
 * Keeps the queue's schedules equal to the accounts and their settings. Schedules are upserted, never added, so any
 * number of schedulers and restarts leaves exactly one of each.
 */
export async function startScheduler(app: ScheduledApp): Promise<{ close(): Promise<void> }> {
  await scheduleCore(app);
  const done = new Map<string, string>();
  const refresh = async () => {
    for (const account of await listAccounts(app.store)) {
      const key = `${account.accountId} ${account.revision} ${account.state}`;
      if (done.get(account.accountId) === key) continue;
      // One account that cannot be opened never keeps the others, or the whole service, from starting.
      try {
        await scheduleAccount(app, account);
      } catch (error) {
        app.log.error({ account: account.accountId, err: error }, 'an account could not be scheduled; see naru doctor');
        // What people have to mend stays so until the account changes; anything else is tried again at the next look.
        if (!(error instanceof PeopleError)) continue;
      }
      done.set(account.accountId, key);
    }
  };
  await refresh();
  let refreshing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    refreshing = refresh().catch((error: unknown) => app.log.error({ err: error }, 'schedules could not be refreshed'));
  }, refreshMs);
  const stop = async () => {
    clearInterval(timer);
    await refreshing;
  };
  app.onClose(stop);
  app.log.info('scheduler started');
  return { close: stop };
}

async function scheduleCore(app: ScheduledApp): Promise<void> {
  const { queues } = app;
  await queues.schedule('sweep', 'sweep', {}, { everyMs: 60_000 });
  // Just after midnight in Seoul, when certificates end and campaigns open and close; hourly as a second chance.
  await queues.schedule('certificates-at-midnight', 'certificates', {}, { cron: '0 0 0 * * *' });
  await queues.schedule('certificates-hourly', 'certificates', {}, { cron: '0 7 * * * *' });
  await queues.schedule('retention', 'retention', {}, { cron: '0 40 3 * * *' });
}

async function scheduleAccount(app: ScheduledApp, stored: StoredAccount): Promise<void> {
  const { queues } = app;
  const { accountId } = stored;
  const { adapter, settings } = openStoredAccount(app.deps, stored);
  for (const stream of streams) {
    const key = pullScheduleKey(stream);
    const sweepKey = `sweep-${stream}`;
    if (!adapter[stream] || stored.state === 'paused') {
      await queues.unschedule(accountId, key);
      await queues.unschedule(accountId, sweepKey);
      continue;
    }
    const payload = { accountId, stream, runId: null, from: null, to: null };
    const minutes = settings.schedule[`${stream}Minutes`];
    await queues.schedule(key, 'pull', { ...payload, sweep: false }, { everyMs: minutes * 60_000 });
    await queues.schedule(sweepKey, 'pull', { ...payload, sweep: true }, { cron: settings.schedule.sweepCron });
  }
  if (adapter.listings?.find)
    await queues.schedule('audit', 'audit', { accountId }, { cron: settings.schedule.auditCron });
}
