import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gmarketEsm } from '../../adapters/gmarket-esm/index.ts';
import type { SandboxFaultRule } from '../../src/channel/sandbox.ts';
import { won } from '../../src/domain/money.ts';
import { listingsInDoubt, openAttempt } from '../../src/store/attempts.ts';
import { announceProcess } from '../../src/store/process-presence.ts';
import { openAccount } from '../../src/sync/open-account.ts';
import { pushListings } from '../../src/sync/push-listings.ts';
import { runPush } from '../../src/sync/push-run.ts';
import { maxFailures } from '../../src/sync/retry-policy.ts';
import { settleDoubts } from '../../src/sync/settle-doubts.ts';
import { ACCOUNT, type House, MINUTE_MS, openHouse } from '../support/house.ts';
import { openRoad } from '../support/road.ts';

const paper = 'SG-01-002';
/** How long the adapter wants an absence to last before it is believed. */
const absenceMs = gmarketEsm.listings?.settle.absenceMs ?? 0;
const create = 'POST /item/v1/goods';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
  await house.importDemo([paper]);
  await house.approveAll();
});
afterEach(() => house.close());

const outcomes = async () => {
  const { rows } = await house.store.query<{ operation: string; outcome: string | null }>(
    'select operation, outcome from naru.attempt order by attempt_id',
  );
  return rows.map(({ operation, outcome }) => `${operation} ${outcome}`);
};

async function expectOnSaleOnce(): Promise<void> {
  expect(house.books(paper).map(({ site, state }) => `${site} ${state}`)).toEqual(['gmkt on-sale', 'iac on-sale']);
  expect(await house.listing(paper)).toMatchObject({ state: 'on-sale', refusal: null });
  const before = house.calls();
  await house.push();
  expect(house.calls()).toBe(before);
  expect(await house.deadLetters()).toEqual([]);
}

describe('a create whose answer nobody got', () => {
  it.each<SandboxFaultRule['fault']>(['timeout-after-commit', 'reset-after-commit', 'cut-json'])(
    'was done (%s): it is found, adopted and never doubled',
    async (fault) => {
      house.fault({ match: create, fault });
      await house.push();
      expect(house.calls(create)).toBe(1);
      expect((await outcomes())[0]).toBe('create found');
      await expectOnSaleOnce();
    },
  );

  it.each<SandboxFaultRule['fault']>(['timeout-before-commit', 'reset-before-commit'])(
    'was not done (%s): it is sent once more, when its absence is certain',
    async (fault) => {
      house.fault({ match: create, fault });
      const startedAt = house.clock.now().getTime();
      await house.push();
      expect(house.clock.now().getTime() - startedAt).toBeGreaterThanOrEqual(absenceMs);
      expect(house.calls(create)).toBe(2);
      expect(await outcomes()).toEqual(['create absent', 'create accepted']);
      await expectOnSaleOnce();
    },
  );

  it('is told as in doubt until then, and no second one is sent', async () => {
    house.fault({ match: create, fault: 'reset-before-commit' });
    await runPush(house.deps, house.queues, { wait: false, dryRun: false });
    await house.work({ forMs: absenceMs - 1 });
    expect(await house.listing(paper)).toMatchObject({ state: 'in-doubt' });
    expect(house.calls(create)).toBe(1);
    await house.work();
    expect(house.calls(create)).toBe(2);
    await expectOnSaleOnce();
  });

  it('again and again is told to people, and is settled when the channel is well again', async () => {
    house.fault({ match: create, fault: 'status', status: 503, times: maxFailures });
    await runPush(house.deps, house.queues, { wait: false, dryRun: false });
    const [letter] = await untilTold();
    expect(letter).toMatchObject({ sku: paper, kind: 'unavailable', attempts: maxFailures });
    expect(letter?.messageKo).toContain(paper);
    expect(house.calls(create)).toBe(maxFailures);
    await house.work();
    expect(house.calls(create)).toBe(maxFailures + 1);
    await expectOnSaleOnce();
  });

  const untilTold = async () => {
    for (let minutes = 0; minutes < 60; minutes += 1) {
      await house.work({ forMs: MINUTE_MS });
      const letters = await house.deadLetters();
      if (letters.length > 0) return letters;
      house.pass(MINUTE_MS);
    }
    throw new Error('nobody was told in an hour');
  };
});

describe('after the death of a process', () => {
  /** A row as a killed process leaves it: leased, with an attempt that has no outcome. */
  const leaveOpen = async (processNumber: number): Promise<void> => {
    // Planned and queued, not yet sent.
    await runPush(house.deps, house.queues, { wait: false, dryRun: false });
    const { listingId } = await house.listing(paper);
    const now = house.clock.now();
    await house.store.query(
      `update naru.listing set lease_process = $2, lease_token = 'of-the-other', lease_until = $3 where listing_id = $1`,
      [listingId, processNumber, new Date(now.getTime() + 10 * MINUTE_MS)],
    );
    const wanted = { onSale: true, offReason: null, contentHash: 'x', price: won(1), stock: 1, discount: null };
    await openAttempt(house.store, { listingId, operation: 'create', wanted, runId: null, now });
  };

  it('its lease counts for nothing, and what it began is looked up first', async () => {
    const gone = await announceProcess(house.store);
    await gone.release();
    await leaveOpen(gone.number);
    const startedAt = house.clock.now().getTime();
    await house.sweep();
    expect(house.clock.now().getTime() - startedAt).toBeLessThan(6 * MINUTE_MS);
    expect(house.calls(create)).toBe(1);
    expect(await outcomes()).toEqual(['create absent', 'create accepted']);
    await expectOnSaleOnce();
  });

  it('a push asks for all that is in doubt at once, instead of once for each', async () => {
    const skus = [paper, 'SG-01-003', 'SG-02-001'];
    await house.importDemo(skus);
    await house.approveAll();
    await runPush(house.deps, house.queues, { wait: false, dryRun: false });
    const now = house.clock.now();
    const wanted = { onSale: true, offReason: null, contentHash: 'x', price: won(1), stock: 1, discount: null };
    for (const sku of skus) {
      const { listingId } = await house.listing(sku);
      await openAttempt(house.store, { listingId, operation: 'create', wanted, runId: null, now });
    }
    house.pass(absenceMs);
    const asked = house.sent().length;
    await runPush(house.deps, house.queues, { wait: false, dryRun: false });
    expect(await outcomes()).toEqual(skus.map(() => 'create absent'));
    expect(house.sent().slice(asked)).toEqual(['POST /item/v1/goods/search']);
  });

  it('the lease of a process that lives is respected, and its listing waits for it', async () => {
    const other = await announceProcess(house.store);
    await leaveOpen(other.number);
    await house.push();
    await house.sweep();
    expect(house.calls(create)).toBe(0);
    expect(await outcomes()).toEqual(['create null']);
    await other.release();
    await house.sweep();
    await expectOnSaleOnce();
  });
});

describe('a process that loses its lease in the middle', () => {
  /** Its presence is gone for the others, and it does not know. */
  const unnoticed = async () => {
    const gone = await announceProcess(house.store);
    await gone.release();
    return { ...house.deps, processNumber: gone.number };
  };

  /** A push of `paper` during which `meanwhile` happens while a call of this kind is out. */
  const pushWhile = async (call: RegExp, meanwhile: () => Promise<void>) => {
    const road = await openRoad(String((house.sandbox.accountConfig().settings as { baseUrl: string }).baseUrl));
    await house.addAccount(ACCOUNT, { settings: { baseUrl: road.url } });
    const result = await runPush(house.deps, house.queues, { wait: false, dryRun: false });
    // As if nobody had asked yet, so that the worker has a question to ask first.
    await house.store.query('update naru.listing set observed_at = null');
    const deps = await unnoticed();
    road.toll = {
      call,
      meet: async () => {
        road.toll = null;
        await meanwhile();
        return true;
      },
    };
    const { listingId } = await house.listing(paper);
    await pushListings(deps, { accountId: ACCOUNT, listingIds: [listingId], runId: result.runId, byPerson: false });
    await house.addAccount();
    await road.close();
  };

  it('while a create is out: what it made is found and not made again', async () => {
    await pushWhile(/^POST \/item\/v1\/goods$/, async () =>
      settleDoubts(house.deps, await openAccount(house.deps, ACCOUNT)),
    );
    expect(house.calls(create)).toBe(1);
    expect(await outcomes()).toEqual(['create null']);
    await house.sweep();
    expect(house.calls(create)).toBe(1);
    expect((await outcomes())[0]).toBe('create found');
    await expectOnSaleOnce();
  });

  it('before a create is sent: it sends nothing', async () => {
    await pushWhile(/^POST .*\/search$/, async () => {
      await house.store.query('update naru.listing set lease_process = null, lease_token = null, lease_until = null');
    });
    expect(house.calls(create)).toBe(0);
    expect(await outcomes()).toEqual([]);
    await house.push();
    await expectOnSaleOnce();
  });
});

it('an attempt that somebody is at right now is not in doubt', async () => {
  const other = await announceProcess(house.store);
  await runPush(house.deps, house.queues, { wait: false, dryRun: false });
  const { listingId } = await house.listing(paper);
  const now = house.clock.now();
  const wanted = { onSale: true, offReason: null, contentHash: 'x', price: won(1), stock: 1, discount: null };
  await openAttempt(house.store, { listingId, operation: 'create', wanted, runId: null, now });
  await house.store.query(
    `update naru.listing set lease_process = $1, lease_token = 'of-the-other', lease_until = $2`,
    [other.number, new Date(now.getTime() + MINUTE_MS)],
  );
  expect(await listingsInDoubt(house.store, ACCOUNT, now)).toEqual([]);
  await other.release();
  expect(await listingsInDoubt(house.store, ACCOUNT, now)).toEqual([{ listingId, sku: paper }]);
});
