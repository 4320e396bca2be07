import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChannelError } from '../../src/channel/errors.ts';
import { createSecretBox } from '../../src/runtime/secrets.ts';
import { releaseBookmark } from '../../src/store/bookmarks.ts';
import type { Database } from '../../src/store/database.ts';
import { announceProcess } from '../../src/store/process-presence.ts';
import { readSales } from '../../src/store/sales.ts';
import type { SyncDependencies } from '../../src/sync/dependencies.ts';
import { runPull } from '../../src/sync/pull-run.ts';
import { type PullRequest, pullStream } from '../../src/sync/pull-stream.ts';
import { type House, openHouse } from '../support/house.ts';
import {
  createMemoryChannel,
  DAY_MS,
  type MemoryChannel,
  orderOf,
  withMemoryAccount,
} from '../support/memory-channel.ts';
import { forgetPulled } from '../support/sales-figures.ts';

const hourMs = 3_600_000;
let house: House;
let deps: SyncDependencies;
let channel: MemoryChannel;

beforeEach(async () => {
  house = await openHouse();
  channel = createMemoryChannel();
  deps = await withMemoryAccount(house.deps, channel);
});
afterEach(() => house.close());

const ago = (ms: number) => new Date(house.clock.now().getTime() - ms);
const pull = (change: Partial<PullRequest> = {}, from: SyncDependencies = deps) =>
  pullStream(from, { accountId: 'memory', stream: 'orders', runId: null, window: null, ...change });

interface BookmarkRow {
  through: Date | null;
  window_from: Date | null;
  window_to: Date | null;
  cursor: string | null;
  lease_token: string | null;
}

async function bookmark(store: Database): Promise<BookmarkRow | undefined> {
  const { rows } = await store.query<BookmarkRow>(
    `select through, window_from, window_to, cursor, lease_token from naru.bookmark
     where account_id = 'memory' and stream = 'orders'`,
  );
  return rows[0];
}

async function orderIds(): Promise<string[]> {
  const { rows } = await house.store.query<{ order_id: string }>(
    'select order_id from naru.order_line order by order_id',
  );
  return rows.map((row) => row.order_id);
}

/** The windows that were asked for, without their further pages, in days before now. */
function windowsAsked(): [from: number, to: number][] {
  const now = house.clock.now().getTime();
  const first = channel.asked.filter(({ cursor }) => cursor === null);
  return first.map(({ from, to }) => [(now - from.getTime()) / DAY_MS, (now - to.getTime()) / DAY_MS]);
}

it('under another key nothing is queued, and the command says so', async () => {
  const secrets = createSecretBox(Buffer.alloc(32, 9).toString('base64'));
  const asked = runPull({ ...deps, secrets }, house.queues, { stream: 'all', window: null, sweep: false, wait: false });
  await expect(asked).rejects.toMatchObject({ code: 'secret_key_wrong' });
  expect((await house.queues.depth('memory')).waiting).toBe(0);
});

describe('the windows of a run', () => {
  it('go back as far as a sweep the first time, and from then on to the bookmark with an overlap', async () => {
    expect(await pull()).toMatchObject({ bookmark: house.clock.now().toISOString(), busy: false });
    expect(windowsAsked()).toEqual([[10, 0]]);
    channel.asked.length = 0;
    house.pass(2 * hourMs);
    await pull();
    expect(windowsAsked()).toEqual([[1 + 2 / 24, 0]]);
    expect(await bookmark(house.store)).toMatchObject({ through: house.clock.now(), cursor: null, lease_token: null });
  });

  it('are never longer than the channel allows, and leave no gap', async () => {
    channel = createMemoryChannel({ maxWindowMs: 31 * DAY_MS, sweepMs: 100 * DAY_MS });
    deps = await withMemoryAccount(house.deps, channel);
    await pull();
    expect(windowsAsked()).toEqual([
      [100, 69],
      [69, 38],
      [38, 7],
      [7, 0],
    ]);
    channel.asked.length = 0;
    house.pass(80 * DAY_MS);
    await pull();
    expect(windowsAsked()).toEqual([
      [81, 50],
      [50, 19],
      [19, 0],
    ]);
  });

  it('end where the channel can first be asked about', async () => {
    channel = createMemoryChannel({ settledAfterMs: DAY_MS });
    deps = await withMemoryAccount(house.deps, channel);
    expect(await pull()).toMatchObject({ bookmark: ago(DAY_MS).toISOString() });
    expect(windowsAsked()).toEqual([[10, 1]]);
    channel.asked.length = 0;
    await pull({ window: { from: ago(3 * DAY_MS), to: ago(0) } });
    expect(windowsAsked()).toEqual([[3, 1]]);
  });

  it('go back to the sweep’s reach in a sweep, without moving the bookmark back', async () => {
    await pull();
    channel.asked.length = 0;
    expect(await pull({ sweep: true })).toMatchObject({ bookmark: house.clock.now().toISOString() });
    expect(windowsAsked()).toEqual([[10, 0]]);
    const { rows } = await house.store.query<{ swept_at: Date }>('select swept_at from naru.bookmark');
    expect(rows).toEqual([{ swept_at: house.clock.now() }]);
  });

  it('asked for by a person are read as they are and leave the bookmark alone', async () => {
    await pull();
    const before = await bookmark(house.store);
    channel.asked.length = 0;
    channel.orders.push(orderOf('old', ago(60 * DAY_MS)));
    const window = { from: ago(80 * DAY_MS), to: ago(40 * DAY_MS) };
    expect(await pull({ window })).toMatchObject({ new: 1, bookmark: before?.through?.toISOString() });
    expect(windowsAsked()).toEqual([
      [80, 49],
      [49, 40],
    ]);
    expect(await bookmark(house.store)).toEqual(before);
    expect(await orderIds()).toEqual(['old']);
    // Nor does a window that ends later than the bookmark, whether it is read to its end or not.
    house.pass(5 * DAY_MS);
    channel.orders.push(orderOf('o1', ago(3)), orderOf('o2', ago(2)), orderOf('o3', ago(1)));
    const today = { from: ago(DAY_MS), to: ago(0) };
    expect(await pull({ window: today })).toMatchObject({ new: 3 });
    expect(await bookmark(house.store)).toEqual(before);
    channel.beforePage = (_stream, page) => {
      if (page === 1) throw new ChannelError('timeout', { code: 'X', sent: true });
    };
    await expect(pull({ window: today })).rejects.toThrow('timeout');
    expect(await bookmark(house.store)).toEqual(before);
  });

  it('sweep from where a first run began that never came to an end', async () => {
    channel.orders.push(orderOf('early', ago(9.5 * DAY_MS)));
    channel.beforePage = () => {
      throw new ChannelError('unavailable', { code: 'X', sent: true });
    };
    await expect(pull()).rejects.toThrow('unavailable');
    channel.beforePage = (_stream, page) => {
      if (page > 0) throw new ChannelError('unavailable', { code: 'X', sent: true });
    };
    channel.orders.push(orderOf('o2', ago(9 * DAY_MS)), orderOf('o3', ago(DAY_MS)));
    await expect(pull()).rejects.toThrow('unavailable');
    expect(await bookmark(house.store)).toMatchObject({ through: null, cursor: '2' });
    house.pass(5 * DAY_MS);
    channel.orders.push(orderOf('between', ago(12 * DAY_MS)));
    channel.beforePage = () => undefined;
    await pull({ sweep: true });
    expect(await orderIds()).toEqual(['between', 'early', 'o2', 'o3']);
  });
});

describe('a stop between two pages', () => {
  beforeEach(() => {
    for (let hour = 1; hour <= 6; hour += 1) channel.orders.push(orderOf(`o${hour}`, ago(hour * hourMs)));
  });

  it('keeps what was read, and the next run goes on at the page it stopped at', async () => {
    channel.beforePage = (_stream, page) => {
      if (page === 2) throw new ChannelError('timeout', { code: 'X', sent: true });
    };
    await expect(pull()).rejects.toMatchObject({ kind: 'timeout' });
    expect(await orderIds()).toHaveLength(4);
    const begun = { window_from: ago(10 * DAY_MS), window_to: house.clock.now(), cursor: '4' };
    expect(await bookmark(house.store)).toMatchObject({ through: null, lease_token: null, ...begun });
    channel.beforePage = () => undefined;
    channel.asked.length = 0;
    house.pass(hourMs);
    expect(await pull()).toMatchObject({ new: 2, unchanged: 6 });
    expect(channel.asked[0]).toMatchObject({ from: begun.window_from, to: begun.window_to, cursor: '4' });
    // What came in while the window was open is read with an overlap behind its end.
    expect(channel.asked[1]).toMatchObject({ from: new Date(begun.window_to.getTime() - DAY_MS), cursor: null });
    expect(await orderIds()).toHaveLength(6);
    expect(await bookmark(house.store)).toMatchObject({ through: house.clock.now(), window_from: null, cursor: null });
  });

  it('never has records without their bookmark, nor a bookmark without its records', async () => {
    for (let page = 0; page < 3; page += 1) {
      let statements = 0;
      // The store itself fails, at the last statement of the page's transaction.
      const failing: Database = {
        ...house.store,
        query: house.store.query.bind(house.store),
        holdLock: house.store.holdLock.bind(house.store),
        close: house.store.close.bind(house.store),
        transaction: (work) =>
          house.store.transaction((tx) =>
            work({
              query: async (text, values) => {
                if (text.includes('update naru.bookmark') && statements++ === page) throw new Error('the disk is full');
                return tx.query(text, values);
              },
            }),
          ),
      };
      await forgetPulled(house.store);
      await expect(pull({}, { ...deps, store: failing })).rejects.toThrow('the disk is full');
      expect(await orderIds()).toHaveLength(page * 2);
      expect(await bookmark(house.store)).toMatchObject({
        through: null,
        cursor: page === 0 ? null : String(page * 2),
      });
      expect(await pull()).toMatchObject({ new: 6 - page * 2, busy: false });
      expect(await readSales(house.store, { by: null, asOf: null })).toMatchObject([{ orderLines: 6, gross: 6_000 }]);
    }
  });

  it('ends a run that was told to stop', async () => {
    const stopping = new AbortController();
    channel.beforePage = (_stream, page) => {
      if (page === 1) stopping.abort(new Error('naru is stopping'));
    };
    await expect(pull({}, { ...deps, signal: stopping.signal })).rejects.toThrow('naru is stopping');
    expect(await bookmark(house.store)).toMatchObject({ cursor: '4', lease_token: null });
  });
});

describe('the lease of a stream', () => {
  it('keeps a second puller away, of this stream alone', async () => {
    channel.orders.push(orderOf('o1', ago(hourMs)));
    const seen: unknown[] = [];
    channel.beforePage = async (stream) => {
      if (stream !== 'orders') return;
      seen.push(
        await pull(),
        await pull({ window: { from: ago(DAY_MS), to: ago(0) } }),
        await pull({ stream: 'claims' }),
      );
    };
    expect(await pull()).toMatchObject({ busy: false, new: 1 });
    expect(seen).toMatchObject([{ busy: true, records: 0 }, { busy: true }, { busy: false }]);
    channel.beforePage = () => undefined;
    expect(await pull()).toMatchObject({ busy: false, unchanged: 1 });
  });

  it('of a process that died is taken over at once, and what the dead one still sends is refused', async () => {
    channel.orders.push(orderOf('o1', ago(2 * hourMs)), orderOf('o2', ago(hourMs)), orderOf('o3', ago(hourMs)));
    const dying = await announceProcess(house.store);
    channel.beforePage = async (_stream, page) => {
      if (page !== 1) return;
      expect(await pull()).toMatchObject({ busy: true });
      await dying.release();
      channel.beforePage = () => undefined;
      expect(await pull()).toMatchObject({ busy: false, bookmark: house.clock.now().toISOString() });
    };
    await expect(pull({}, { ...deps, processNumber: dying.number })).rejects.toThrow(/lease .* was lost/);
    expect(await orderIds()).toEqual(['o1', 'o2', 'o3']);
    expect(await bookmark(house.store)).toMatchObject({ through: house.clock.now(), cursor: null, lease_token: null });
  });

  it('of a living process that stands still is taken over when it has run out', async () => {
    channel.orders.push(orderOf('o1', ago(hourMs)));
    channel.beforePage = async () => {
      channel.beforePage = () => undefined;
      house.pass(10 * 60_000 - 1);
      expect(await pull()).toMatchObject({ busy: true });
      house.pass(1);
      expect(await pull()).toMatchObject({ busy: false, new: 1 });
    };
    await expect(pull()).rejects.toThrow(/lease .* was lost/);
  });

  it('is given back by nobody but its holder', async () => {
    channel.beforePage = async () => {
      await releaseBookmark(house.store, { accountId: 'memory', stream: 'orders', token: 'another' });
      expect(await pull()).toMatchObject({ busy: true });
    };
    await pull();
  });
});

it('reads nothing of a paused account', async () => {
  await house.store.query(`update naru.account set state = 'paused' where account_id = 'memory'`);
  expect(await pull()).toMatchObject({ records: 0, bookmark: null, busy: false });
  expect(channel.asked).toEqual([]);
});
