import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app.ts';
import type { AnyChannel } from '../channel/contract.ts';
import type { RunningSandbox } from '../channel/sandbox.ts';
import type { MovableClock } from '../runtime/clock.ts';
import { packageRoot } from '../runtime/package-files.ts';
import { addAccount } from '../sync/manage-accounts.ts';
import type { Entry } from './entry.ts';

/** One channel of the demo: an account of ours, and its counterpart with books of its own. */
export interface DemoChannel {
  adapter: AnyChannel;
  accountId: string;
  sandbox: RunningSandbox;
}

export interface DemoStage {
  app: App;
  clock: MovableClock;
  /** A throw-away folder for files that are carried. */
  folder: string;
  say: (line: string) => void;
}

/** Starts the sandbox of every adapter of this build. */
export async function openChannels(entry: Entry, clock: MovableClock): Promise<DemoChannel[]> {
  const channels: DemoChannel[] = [];
  for (const adapter of entry.registry.list()) {
    const start = await entry.loadSandbox(adapter.id);
    if (!start) throw new Error(`no sandbox for ${adapter.id}`);
    // A marketplace takes some minutes to show a new product; where nothing is shown, nothing is delayed.
    const faults = adapter.listings?.find ? { feedDelayMs: 180_000 } : {};
    const sandbox = await start({ now: () => clock.now().getTime(), faults });
    channels.push({ adapter, accountId: `${adapter.id}-demo`, sandbox });
  }
  return channels;
}

/** Adds the account of a channel: what the sandbox gives out, over what staff would have written in its files. */
export async function addDemoAccount(stage: DemoStage, { adapter, accountId, sandbox }: DemoChannel): Promise<void> {
  const given = sandbox.accountConfig();
  const written = await demoFile(`account.${adapter.id}.json`);
  const settings = { ...(written?.settings as object | undefined), ...given.settings };
  // Where the channel can be asked for its codes nothing needs to be written down.
  const mappings = adapter.mappings ? null : await demoFile(`mappings.${adapter.id}.json`);
  const file = { settings, credentials: given.credentials, ...(mappings && { mappings }) };
  await addAccount(stage.app.deps, { accountId, adapterId: adapter.id, file });
}

/** A file of the demo as JSON; null when there is none of this name. */
async function demoFile(name: string): Promise<Record<string, unknown> | null> {
  const path = join(packageRoot(), 'demo', 'files', name);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : (JSON.parse(text) as Record<string, unknown>);
}
