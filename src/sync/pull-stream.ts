import type { OrdersGroup, PulledRecord, PullPage, StreamGroup } from '../channel/contract.ts';
import type { Claim } from '../domain/claim.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Order } from '../domain/order.ts';
import type { Settlement } from '../domain/settlement.ts';
import type { Stream } from '../domain/stream.ts';
import { createId } from '../runtime/ids.ts';
import { clockToleranceMs, countStockFromNow } from '../store/ahead-of-clock.ts';
import { type Bookmark, leaseBookmark, moveBookmark, releaseBookmark } from '../store/bookmarks.ts';
import { ordersAwaited } from '../store/claims.ts';
import { unknownOrders } from '../store/orders.ts';
import { commitPage, type PageCounts, type PageRecords } from './commit-page.ts';
import type { SyncDependencies } from './dependencies.ts';
import { type OpenAccount, openAccount } from './open-account.ts';

export interface PullRequest {
  accountId: string;
  stream: Stream;
  runId: string | null;
  /** A window asked for by a person; the bookmark stays where it is. */
  window: { from: Date; to: Date } | null;
  /** Read back as far as the adapter's sweep instead of its overlap: what proves completeness. */
  sweep?: boolean;
}

export interface PullResult extends PageCounts {
  account: string;
  stream: Stream;
  /** Everything before this instant is committed; null when the stream was never read to an end. */
  bookmark: string | null;
  /** Another process was reading the stream; nothing was done here. */
  busy: boolean;
}

/** Renewed with every page; a dead process loses its lease at once anyway. */
const leaseMs = 10 * 60_000;
/** Orders asked for by number at the end of a run; the rest comes with the next one. */
const awaitedAtOnce = 50;

/**
 * Reads one stream of one account from its bookmark to now, window by window and page by page. Each page's records, what
 * is derived from them and the bookmark are committed together: a stop at any point loses nothing and repeats at most
 * one page, and a repeat changes nothing.
 *
 * Throws ChannelError when the channel fails; what was committed before it stays.
 */
export async function pullStream(deps: SyncDependencies, request: PullRequest): Promise<PullResult> {
  const account = await openAccount(deps, request.accountId, {
    run: request.runId ?? undefined,
    stream: request.stream,
  });
  const source = account.adapter[request.stream];
  const result: PullResult = {
    account: request.accountId,
    stream: request.stream,
    records: 0,
    new: 0,
    changed: 0,
    unchanged: 0,
    bookmark: null,
    busy: false,
  };
  if (!source || account.stored.state === 'paused') return result;
  const token = createId('lease', deps.clock);
  const now = deps.clock.now();
  const leased = await leaseBookmark(deps.store, {
    accountId: request.accountId,
    stream: request.stream,
    process: deps.processNumber,
    token,
    until: new Date(now.getTime() + leaseMs),
    now,
  });
  if (!leased) return { ...result, busy: true };
  try {
    await countStockFromNow(deps.store, now);
    const bookmark = isAhead(leased, now) ? { ...leased, through: null, begun: null } : leased;
    const pull: PullInProgress = { deps, account, source, request, token, result, bookmark };
    for (const window of windowsOf(pull, now)) await readWindow(pull, window);
    if (request.sweep && !request.window) await setSwept(pull, now);
    await fetchAwaitedOrders(pull);
    result.bookmark = pull.bookmark.through?.toISOString() ?? null;
    return result;
  } finally {
    await releaseBookmark(deps.store, { accountId: request.accountId, stream: request.stream, token });
  }
}

/** Written while the clock ran ahead: what came since is behind it, so the stream is read as if it were for the first time. */
function isAhead({ through, begun }: Bookmark, now: Date): boolean {
  const latest = Math.max(through?.getTime() ?? 0, begun?.to.getTime() ?? 0);
  return latest > now.getTime() + clockToleranceMs;
}

interface PullInProgress {
  deps: SyncDependencies;
  account: OpenAccount;
  source: StreamGroup<never, never, Order | Claim | Settlement>;
  request: PullRequest;
  token: string;
  result: PullResult;
  bookmark: Bookmark;
}

interface Window {
  from: Date;
  to: Date;
  cursor: string | null;
  /** True when the end of this window is a place the bookmark may move to. */
  moves: boolean;
}

/** The windows to read, oldest first, none longer than the channel allows. */
function windowsOf(pull: PullInProgress, now: Date): Window[] {
  const { source, request, bookmark } = pull;
  const end = new Date(now.getTime() - source.settledAfterMs);
  if (request.window) {
    const to = new Date(Math.min(request.window.to.getTime(), end.getTime()));
    return split(request.window.from, to, source.maxWindowMs, false);
  }
  const windows: Window[] = [];
  const sweepFrom = now.getTime() - source.sweepMs;
  let from = bookmark.through ? bookmark.through.getTime() - source.overlapMs : sweepFrom;
  if (request.sweep) {
    // A first run that never ended may have begun further back than a sweep reaches today.
    from = Math.min(from, sweepFrom, bookmark.through ? from : (bookmark.begun?.from.getTime() ?? from));
  } else if (bookmark.begun) {
    windows.push({ ...bookmark.begun, moves: true });
    from = bookmark.begun.to.getTime() - source.overlapMs;
  }
  return [...windows, ...split(new Date(from), end, source.maxWindowMs, true)];
}

function split(from: Date, to: Date, maxMs: number, moves: boolean): Window[] {
  const windows: Window[] = [];
  for (let start = from.getTime(); start < to.getTime(); start += maxMs) {
    const stop = Math.min(start + maxMs, to.getTime());
    windows.push({ from: new Date(start), to: new Date(stop), cursor: null, moves });
  }
  return windows;
}

async function readWindow(pull: PullInProgress, window: Window): Promise<void> {
  const { deps, account, source, request, token } = pull;
  let { cursor } = window;
  for (;;) {
    deps.signal.throwIfAborted();
    const page: PullPage<Order | Claim | Settlement> = await source.pull(account.context as never, {
      ...window,
      cursor,
    });
    const records = recordsOf(request.stream, page.records);
    const missing = await lookUpMissing(pull, records);
    const { through } = pull.bookmark;
    const done = page.next === null;
    const next: Bookmark = {
      ...pull.bookmark,
      ...(window.moves && {
        through: done ? later(through, window.to) : through,
        begun: done ? null : { from: window.from, to: window.to, cursor: page.next },
      }),
    };
    const now = deps.clock.now();
    await deps.store.transaction(async (tx) => {
      const counts = await commitPage(tx, { account, stream: request.stream, runId: request.runId, now, records });
      await commitPage(tx, {
        account,
        stream: 'orders',
        runId: request.runId,
        now,
        records: { ...empty, orders: missing },
      });
      const target = { accountId: request.accountId, stream: request.stream, token, now };
      const held = await moveBookmark(tx, { ...target, until: new Date(now.getTime() + leaseMs) }, next);
      // Another process took the stream over: it reads this page itself, and must not find two bookmarks.
      if (!held) throw new Error(`the lease of stream ${request.stream} of account ${request.accountId} was lost`);
      for (const key of ['records', 'new', 'changed', 'unchanged'] as const) pull.result[key] += counts[key];
    });
    pull.bookmark = next;
    if (done) return;
    cursor = page.next;
  }
}

const empty: PageRecords = { orders: [], claims: [], settlements: [] };

/** The core knows by the stream's name what its records are; the adapter's types said so when it was declared. */
function recordsOf(stream: Stream, records: PulledRecord<Order | Claim | Settlement>[]): PageRecords {
  return { ...empty, [stream]: records };
}

function later(a: Date | null, b: Date): Date {
  return a && a > b ? a : b;
}

/**
 * Orders that claims and settlements speak of and that we do not know: some channels hide an order from their order list
 * while a claim is open, so it can be cancelled without ever having been listed.
 */
async function lookUpMissing(pull: PullInProgress, records: PageRecords): Promise<PulledRecord<Order>[]> {
  // A shipping fee belongs to a cart; where it is named by the cart's number, no order has that number.
  const settled = records.settlements.filter(({ value }) => value.kind !== 'shipping');
  const named = [...records.claims, ...settled].map(({ value }) => ({ site: value.site, orderId: value.orderId }));
  if (named.length === 0) return [];
  return lookUpOrders(pull, await unknownOrders(pull.deps.store, pull.request.accountId, named));
}

async function lookUpOrders(
  pull: PullInProgress,
  orders: readonly { site: string; orderId: string }[],
): Promise<PulledRecord<Order>[]> {
  const group: OrdersGroup<never, never> | undefined = pull.account.adapter.orders;
  if (!group?.lookUp || orders.length === 0) return [];
  const found: PulledRecord<Order>[] = [];
  for (const [site, ofSite] of groupBy(orders, (order) => order.site)) {
    const orderIds = [...new Set(ofSite.map((order) => order.orderId))];
    found.push(...(await group.lookUp(pull.account.context as never, { site, orderIds })));
  }
  return found;
}

/** Claims that came before their order could be had are asked for again at the end of each run. */
async function fetchAwaitedOrders(pull: PullInProgress): Promise<void> {
  if (pull.request.stream !== 'claims') return;
  const turn = pull.deps.clock.now().toISOString();
  const awaited = await ordersAwaited(pull.deps.store, pull.request.accountId, awaitedAtOnce, turn);
  const orders = await lookUpOrders(pull, awaited);
  if (orders.length === 0) return;
  await pull.deps.store.transaction((tx) =>
    commitPage(tx, {
      account: pull.account,
      stream: 'orders',
      runId: pull.request.runId,
      now: pull.deps.clock.now(),
      records: { ...empty, orders },
    }),
  );
}

async function setSwept(pull: PullInProgress, now: Date): Promise<void> {
  const { request, token, deps } = pull;
  const target = { accountId: request.accountId, stream: request.stream, token, now };
  pull.bookmark = { ...pull.bookmark, sweptAt: now };
  await moveBookmark(deps.store, { ...target, until: new Date(now.getTime() + leaseMs) }, pull.bookmark);
}
