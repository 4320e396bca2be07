import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock, type MovableClock } from '../../src/runtime/clock.ts';
import { createStoreLimiter } from '../../src/store/rate-limits.ts';
import { examine } from '../../src/sync/doctor.ts';
import { openAccount } from '../../src/sync/open-account.ts';
import { planPush } from '../../src/sync/plan-push.ts';
import { pullStream } from '../../src/sync/pull-stream.ts';
import { runPush } from '../../src/sync/push-run.ts';
import { goodRow } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, MINUTE_MS, MORNING, openHouse } from '../support/house.ts';
import { createMemoryChannel, DAY_MS, lineOf, orderOf, withMemoryAccount } from '../support/memory-channel.ts';

const sku = 'SG-01-002';
let house: House;
/** The clock of this machine once it is right; the channel's is right all along. */
let right: MovableClock;
let ahead: MovableClock;

beforeEach(async () => {
  house = await openHouse();
  right = house.clock;
  ahead = createManualClock(new Date(Date.parse(MORNING) + 9 * 60 * MINUTE_MS + 10 * DAY_MS));
  setClock(ahead);
});
afterEach(() => house.close());

/** As a start with another time does: everything that is made with a clock is made anew. */
function setClock(clock: MovableClock): void {
  house.deps.clock = clock;
  house.deps.limiter = createStoreLimiter(house.store, clock);
}

describe('after a clock that ran ahead was put right', () => {
  it('what was accepted is read back, and the doctor tells of the store', async () => {
    await house.addAccount();
    await house.importDemo([sku]);
    await house.approveAll();
    await runPush(house.deps, house.queues, { wait: false, dryRun: false });
    await house.work({ forMs: 0 });
    expect(await house.listing(sku)).toMatchObject({ state: 'accepted' });
    expect((await examine(house.deps, house.queues)).map(({ code }) => code)).not.toContain('clock_behind');
    setClock(right);
    await house.push();
    expect(await house.listing(sku)).toMatchObject({ state: 'on-sale' });
    const told = (await examine(house.deps, house.queues)).find(({ code }) => code === 'clock_behind');
    expect(told).toMatchObject({ severity: 'problem', messageKo: expect.stringContaining('2026-12-03') });
    expect(told?.messageEn).toContain('2026-11-23');
  });

  it('what was to be tried again later is found by the next sweep', async () => {
    await house.addAccount();
    setClock(right);
    await house.putOnSale([sku]);
    setClock(ahead);
    house.fault({ match: 'PUT /item/v1/goods/{goodsNo}/price', fault: 'status', status: 503, times: 50 });
    await house.importDemo([sku], (row) => {
      row.price_krw = 11_900;
    });
    await runPush(house.deps, house.queues, { wait: false, dryRun: false });
    await house.work({ forMs: 0 });
    const { rows } = await house.store.query<{ waits: boolean }>('select retry_after > $1 as waits from naru.listing', [
      new Date(right.now().getTime() + 2 * DAY_MS),
    ]);
    expect(rows).toEqual([{ waits: true }]);
    setClock(right);
    const plan = await planPush(house.deps, await openAccount(house.deps, ACCOUNT), { byPerson: false });
    expect(plan.listings).toMatchObject([{ sku, operations: ['price'] }]);
  });

  it('orders come in again, and are taken off the stock from then on', async () => {
    const channel = createMemoryChannel();
    const deps = await withMemoryAccount(house.deps, channel);
    await house.importRows([goodRow(sku)]);
    const pull = () =>
      pullStream(
        { ...deps, clock: house.deps.clock },
        { accountId: 'memory', stream: 'orders', runId: null, window: null },
      );
    const sold = async () =>
      (await house.store.query<{ sold_units: number }>('select sold_units from naru.product')).rows[0]?.sold_units;
    await pull();
    setClock(right);
    const line = lineOf({ sku, minor: 12_800, units: 2 });
    channel.orders.push(orderOf('before', new Date(right.now().getTime() - MINUTE_MS), { lines: [line] }));
    expect(await pull()).toMatchObject({ new: 1, bookmark: right.now().toISOString() });
    right.jumpTo(new Date(right.now().getTime() + 60 * MINUTE_MS));
    channel.orders.push(orderOf('after', new Date(right.now().getTime() - MINUTE_MS), { lines: [line] }));
    expect(await pull()).toMatchObject({ new: 1, bookmark: right.now().toISOString() });
    expect(await sold()).toBe(2);
  });
});
