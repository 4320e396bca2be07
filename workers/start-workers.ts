import type { App } from '../src/app.ts';
import type { JobWorker } from '../src/queue/backend.ts';
import { accountQueueName, coreQueueName } from '../src/queue/jobs.ts';
import { listAccounts } from '../src/store/accounts.ts';
import { defineWorker, type WorkerTools } from './define-worker.ts';
import { createProcessors } from './processors.ts';

/** Jobs of one account at a time in one process: enough to keep a channel busy, few enough to leave it in order. */
const accountConcurrency = 8;
const lookForAccountsMs = 2_000;

interface RunningWorkers {
  close(): Promise<void>;
}

/**
 * Starts consumers for all accounts, and with `core` for the jobs that concern none. Accounts that are added later get
 * theirs within seconds. Closing lets running jobs finish; the queue's own close then ends what is left.
 */
export async function startWorkers(app: App, options: { core: boolean }): Promise<RunningWorkers> {
  const tools: WorkerTools = {
    deps: app.deps,
    backend: app.queueBackend,
    processors: createProcessors(app.deps, app.queues),
    onJob: (job) => app.metrics.countJob(job),
  };
  const workers = new Map<string, JobWorker>();
  if (options.core) workers.set(coreQueueName, defineWorker(tools, coreQueueName, 1));
  const openNew = async () => {
    for (const { accountId } of await listAccounts(app.store)) {
      const name = accountQueueName(accountId);
      if (!workers.has(name)) workers.set(name, defineWorker(tools, name, accountConcurrency));
    }
  };
  await openNew();
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    looking = openNew().catch((error: unknown) => app.log.error({ err: error }, 'new accounts could not be looked up'));
  }, lookForAccountsMs);
  app.log.info({ queues: [...workers.keys()] }, 'workers started');
  const stop = async () => {
    clearInterval(timer);
    await looking;
  };
  app.onClose(stop);
  return { close: stop };
}
