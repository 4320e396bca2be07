#!/usr/bin/env node
import { adapters } from '../adapters/index.ts';
import { startScheduler } from '../workers/scheduler.ts';
import { startWorkers } from '../workers/start-workers.ts';
import { createRegistry } from './channel/registry.ts';
import type { Entry } from './cli/entry.ts';
import { runCli } from './cli/program.ts';

/** The entry point: the one file of the core that sees adapters and workers, and hands them in. */
const entry: Entry = {
  registry: createRegistry(adapters),
  sandboxIds: adapters.map((adapter) => adapter.id),
  loadSandbox: async (adapterId) => {
    const { sandboxes } = await import('../adapters/sandboxes.ts');
    return sandboxes[adapterId] ?? null;
  },
  startWorkers,
  startScheduler,
};

process.exitCode = await runCli(entry, process.argv.slice(2));
