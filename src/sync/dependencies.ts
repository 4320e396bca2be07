import type { Logger } from 'pino';
import type { Limiter } from '../channel/limits.ts';
import type { ChannelRegistry } from '../channel/registry.ts';
import type { Clock } from '../runtime/clock.ts';
import type { SecretBox } from '../runtime/secrets.ts';
import type { Database } from '../store/database.ts';

/** Told about every call to a channel. */
type CallObserver = (call: { account: string; family: string; outcome: string; durationMs: number }) => void;

/** What every use case is given; made once, in `app.ts`. */
export interface SyncDependencies {
  store: Database;
  registry: ChannelRegistry;
  secrets: SecretBox;
  limiter: Limiter;
  clock: Clock;
  log: Logger;
  /** Number of this process among those that share the store; leases carry it. */
  processNumber: number;
  /** Where channels fetch images, without a trailing slash. */
  publicUrl: string;
  /** Documents are made again after an upgrade, and sent again only when they differ. */
  version: string;
  onCall: CallObserver;
  /** Aborted when the process stops. */
  signal: AbortSignal;
}
