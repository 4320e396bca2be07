import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { b2bCxml } from '../../adapters/b2b-cxml/index.ts';
import { exportPortal } from '../../adapters/export-portal/index.ts';
import { gmarketEsm } from '../../adapters/gmarket-esm/index.ts';
import {
  type GmarketSandbox,
  type GmarketSandboxOptions,
  startGmarketSandboxWith,
} from '../../adapters/gmarket-esm/sandbox/index.ts';
import type { AnyChannel, ChannelContext } from '../../src/channel/contract.ts';
import { createRegistry } from '../../src/channel/registry.ts';
import type { SandboxFaultRule, SandboxFaults, SandboxListing } from '../../src/channel/sandbox.ts';
import type { QueueBackend } from '../../src/queue/backend.ts';
import { createJobQueues, type JobQueues } from '../../src/queue/job-queues.ts';
import { accountQueueName, coreQueueName, type JobName, jobPayloads } from '../../src/queue/jobs.ts';
import { createManualClock, type MovableClock } from '../../src/runtime/clock.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { createSecretBox } from '../../src/runtime/secrets.ts';
import { listAccounts } from '../../src/store/accounts.ts';
import type { Database } from '../../src/store/database.ts';
import { type DeadLetter, listDeadLetters } from '../../src/store/dead-letters.ts';
import { type ListingRow, listListings } from '../../src/store/listing-rows.ts';
import { announceProcess } from '../../src/store/process-presence.ts';
import { createStoreLimiter } from '../../src/store/rate-limits.ts';
import { applyCampaign } from '../../src/sync/apply-campaign.ts';
import { type ApprovalResult, approveProducts } from '../../src/sync/approve-products.ts';
import type { SyncDependencies } from '../../src/sync/dependencies.ts';
import { type ImportResult, importCatalogue } from '../../src/sync/import-catalogue.ts';
import { addAccount } from '../../src/sync/manage-accounts.ts';
import { type PushRunOptions, type PushRunResult, runPush } from '../../src/sync/push-run.ts';
import { createProcessors } from '../../workers/processors.ts';
import { goodRow, goodRows, type RawRow } from './catalogue-rows.ts';
import { openTestDatabase, openTestQueueBackend } from './database.ts';

export const MINUTE_MS = 60_000;
/** The account that `addAccount` adds unless told otherwise. */
export const ACCOUNT = 'esm';
/** A morning on which the whole demo catalogue comes in without a warning. */
export const MORNING = '2026-11-23T09:00:00+09:00';
/** A call that is left without an answer ends after this much real time. */
const CALL_TIMEOUT_MS = 500;
/** More of our time than any listing may need; beyond it a test is told instead of running on. */
const LONGEST_WORK_MS = 3 * 3_600_000;

export interface HouseOptions {
  /** Where the clock of the core and of the sandbox starts; default `MORNING`. */
  now?: Date | string;
  faults?: SandboxFaults;
  /** Lives by the clock of this house and at its channel, with a store of its own. */
  beside?: House;
}

/** The whole core on a store, a queue and a sandbox of its own; time stands still unless a wait or a test moves it. */
export interface House {
  deps: SyncDependencies;
  store: Database;
  backend: QueueBackend;
  queues: JobQueues;
  sandbox: GmarketSandbox;
  clock: MovableClock;
  /** Every line the core has logged. */
  logLines: string[];
  /** A further seller at a sandbox of its own, closed with the house. */
  openSandbox(options?: Partial<GmarketSandboxOptions>): Promise<GmarketSandbox>;
  addAccount(
    accountId?: string,
    options?: { sandbox?: GmarketSandbox; settings?: RawRow; credentials?: RawRow },
  ): Promise<void>;
  /** Imports rows as one catalogue file; `files` are put beside it. */
  importRows(
    rows: readonly RawRow[],
    options?: { files?: Record<string, Uint8Array>; allowRename?: boolean },
  ): Promise<ImportResult>;
  /** Imports these demo products, each changed by `change`; all of them when `skus` is left out. */
  importDemo(skus?: readonly string[], change?: (row: RawRow) => void): Promise<ImportResult>;
  approveAll(skus?: readonly string[]): Promise<ApprovalResult>;
  /** Import, approve, push; ends with these products on sale. */
  putOnSale(skus: readonly string[], change?: (row: RawRow) => void): Promise<void>;
  campaign(file: RawRow): Promise<void>;
  /** A person's push, then all the work that follows from it. */
  push(options?: Partial<PushRunOptions>): Promise<PushRunResult>;
  /** The minute's sweep, then all the work that follows from it. */
  sweep(): Promise<void>;
  /**
   * Does all jobs of all queues, the most urgent first, one at a time; when nothing waits it moves the clock to the next
   * thing due. With `forMs` it ends once nothing more is due within that time, and what is left stays for the next call.
   */
  work(options?: { forMs?: number }): Promise<void>;
  /** Moves the clock on by `ms`. */
  pass(ms: number): void;
  fault(...rules: SandboxFaultRule[]): void;
  /** The one listing of a product on an account. */
  listing(sku: string, accountId?: string): Promise<ListingRow>;
  deadLetters(): Promise<DeadLetter[]>;
  /** What the channel itself holds under a SKU, one entry per site. */
  books(sku: string, sandbox?: GmarketSandbox): SandboxListing[];
  /** Calls the channel has seen, all or by endpoint (`POST /item/v1/goods`). */
  calls(endpoint?: string): number;
  /** Every call the core has made, `METHOD /path`, oldest first. */
  sent(): string[];
  close(): Promise<void>;
}

interface LaterJob {
  at: number;
  name: JobName;
  data: unknown;
}

/** Opens a house; close it after the test. */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const { beside } = options;
  const clock = beside?.clock ?? createManualClock(new Date(options.now ?? MORNING));
  const store = await openTestDatabase();
  const backend = await openTestQueueBackend(store);
  const queues = createJobQueues(backend);
  const presence = await announceProcess(store);
  const stopping = new AbortController();
  const sandboxes: GmarketSandbox[] = [];
  const folders: string[] = [];
  const logLines: string[] = [];
  const openSandbox: House['openSandbox'] = async (more = {}) => {
    const sandbox = await startGmarketSandboxWith({ now: () => clock.now().getTime(), ...more });
    sandboxes.push(sandbox);
    return sandbox;
  };
  const sandbox = beside?.sandbox ?? (await openSandbox({ ...(options.faults && { faults: options.faults }) }));
  const deps: SyncDependencies = {
    store,
    registry: createRegistry([withShortTimeout(gmarketEsm), exportPortal, b2bCxml]),
    secrets: createSecretBox(randomBytes(32).toString('base64')),
    limiter: createStoreLimiter(store, clock),
    clock,
    log: createLogger({ level: 'debug', destination: { write: (line) => void logLines.push(line) } }),
    processNumber: presence.number,
    // Not loopback: the sandbox takes such an address without fetching it.
    publicUrl: 'https://naru.example',
    version: '0.0.0',
    onCall: () => undefined,
    signal: stopping.signal,
  };
  const worker = createQueueDriver(deps, queues, backend);

  const importRows: House['importRows'] = async (rows, { files = {}, allowRename = false } = {}) => {
    const folder = await mkdtemp(join(tmpdir(), 'naru-house-'));
    folders.push(folder);
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
    const path = join(folder, 'products.json');
    await writeFile(path, JSON.stringify(rows));
    return importCatalogue(deps, { path, allowRename });
  };
  const house: House = {
    deps,
    store,
    backend,
    queues,
    sandbox,
    clock,
    logLines,
    openSandbox,
    addAccount: async (accountId = ACCOUNT, { sandbox: at = sandbox, settings = {}, credentials = {} } = {}) => {
      const given = at.accountConfig();
      const file = {
        settings: { ...given.settings, ...settings },
        credentials: { ...given.credentials, ...credentials },
      };
      await addAccount(deps, { accountId, adapterId: gmarketEsm.id, file });
    },
    importRows,
    importDemo: (skus, change = () => undefined) => {
      const rows = skus ? skus.map(goodRow) : structuredClone(goodRows);
      for (const row of rows) change(row);
      return importRows(rows);
    },
    approveAll: (skus) => approveProducts(deps, { skus: skus ?? null, by: '담당자', acceptWarnings: null }),
    putOnSale: async (skus, change) => {
      const imported = await house.importDemo(skus, change);
      expect(imported.refused).toEqual([]);
      await house.approveAll();
      await house.push();
      for (const sku of skus) expect(await house.listing(sku)).toMatchObject({ state: 'on-sale', refusal: null });
    },
    campaign: async (file) => void (await applyCampaign(deps, file)),
    push: async (more = {}) => {
      const result = await runPush(deps, queues, { wait: false, dryRun: false, ...more });
      await worker.work();
      return result;
    },
    sweep: async () => {
      await queues.add('sweep', {});
      await worker.work();
    },
    work: worker.work,
    pass: (ms) => clock.jumpTo(new Date(clock.now().getTime() + ms)),
    fault: (...rules) => sandbox.setFaults({ rules }),
    listing: async (sku, accountId = ACCOUNT) => {
      const rows = await listListings(store, { accountId, skus: [sku] });
      expect(rows, `listings of ${sku} on ${accountId}`).toHaveLength(1);
      return rows[0] as ListingRow;
    },
    deadLetters: () => listDeadLetters(store),
    books: (sku, at = sandbox) => at.ledger().listings.filter((listing) => listing.sku === sku),
    calls: (endpoint) => {
      const { traffic } = sandbox.ledger();
      return endpoint === undefined ? traffic.calls : (traffic.byEndpoint[endpoint] ?? 0);
    },
    sent: () =>
      logLines.flatMap((line) => {
        const { msg, method, path } = JSON.parse(line) as Record<string, string>;
        return msg === 'channel call' ? [`${method} ${path}`] : [];
      }),
    close: async () => {
      stopping.abort(new Error('the house closes'));
      await backend.close();
      await presence.release();
      await store.close();
      await Promise.all(sandboxes.map((each) => each.close()));
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
  return house;
}

/** The adapter as it is; only its patience is shorter, so that an answer that never comes costs a test half a second. */
function withShortTimeout(adapter: AnyChannel): AnyChannel {
  const { listings } = adapter;
  if (!listings?.find) throw new Error('the adapter has no listings that can be asked for');
  const { find } = listings;
  const hasty = (context: ChannelContext): ChannelContext => ({
    ...context,
    http: { request: (call) => context.http.request({ timeoutMs: CALL_TIMEOUT_MS, ...call }) },
  });
  return {
    ...adapter,
    listings: {
      ...listings,
      push: (context, changes) => listings.push(hasty(context), changes),
      find: { ...find, bySku: (context, skus) => find.bySku(hasty(context), skus) },
    },
  };
}

/** Takes jobs from the real queues and hands them to the real processors, in an order and at a time a test can know. */
function createQueueDriver(deps: SyncDependencies, queues: JobQueues, backend: QueueBackend): Pick<House, 'work'> {
  const processors = createProcessors(deps, queues);
  const opened = new Map<string, ReturnType<QueueBackend['createQueue']>>();
  const later = new Map<string, LaterJob>();

  const takeAll = async (): Promise<LaterJob[]> => {
    const accounts = await listAccounts(deps.store);
    const found = [];
    for (const name of [coreQueueName, ...accounts.map(({ accountId }) => accountQueueName(accountId))]) {
      const queue = opened.get(name) ?? backend.createQueue(name);
      opened.set(name, queue);
      for (const job of await queue.getJobs(['waiting', 'prioritized'], 0, -1, true)) {
        found.push({ job, urgency: job.opts.priority ?? 0 });
      }
    }
    found.sort((a, b) => a.urgency - b.urgency);
    const at = deps.clock.now().getTime();
    for (const { job } of found) await job.remove();
    return found.map(({ job }) => ({ at, name: job.name as JobName, data: job.data }));
  };

  const run = async ({ name, data }: LaterJob): Promise<void> => {
    const processor = processors[name] as (payload: unknown) => Promise<{ againAfterMs: number | null }>;
    const { againAfterMs } = await processor(jobPayloads[name].parse(data));
    const key = JSON.stringify([name, data]);
    later.delete(key);
    if (againAfterMs !== null) later.set(key, { at: deps.clock.now().getTime() + againAfterMs, name, data });
  };

  const work: House['work'] = async ({ forMs } = {}) => {
    const end = deps.clock.now().getTime() + (forMs ?? LONGEST_WORK_MS);
    for (;;) {
      const taken = await takeAll();
      for (const job of taken) await run(job);
      if (taken.length > 0) continue;
      const [next] = [...later.values()].sort((a, b) => a.at - b.at);
      if (!next) return;
      if (next.at > end) {
        if (forMs !== undefined) return;
        throw new Error(`still at work after three hours: ${next.name} ${JSON.stringify(next.data)}`);
      }
      await deps.clock.sleep(next.at - deps.clock.now().getTime());
      await run(next);
    }
  };
  return { work };
}
