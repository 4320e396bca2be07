import type { App } from '../app.ts';
import type { ChannelRegistry } from '../channel/registry.ts';
import type { StartSandbox } from '../channel/sandbox.ts';

/**
 * What the entry point hands to the commands: the parts that know marketplaces or consume queues. The core itself
 * imports neither.
 */
export interface Entry {
  registry: ChannelRegistry;
  /** Loaded when asked for: a sandbox is of no use in production. */
  loadSandbox(adapterId: string): Promise<StartSandbox | null>;
  sandboxIds: readonly string[];
  startWorkers(app: App, options: { core: boolean }): Promise<{ close(): Promise<void> }>;
  startScheduler(app: App): Promise<{ close(): Promise<void> }>;
}
