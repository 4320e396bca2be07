import type { Logger } from 'pino';
import type { JobQueues } from '../queue/job-queues.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { Database } from '../store/database.ts';
import type { SyncDependencies } from '../sync/dependencies.ts';

/** What the API needs of the house it serves. */
export interface ServedApp {
  log: Logger;
  store: Database;
  queues: JobQueues;
  deps: SyncDependencies;
  metrics: Metrics;
}
