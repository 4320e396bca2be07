import { afterEach, beforeEach, expect, it } from 'vitest';
import { seoulDayOf } from '../../src/domain/seoul-time.ts';
import { accountQueueName } from '../../src/queue/jobs.ts';
import { leaseListings, releaseListings } from '../../src/store/listings.ts';
import { openAccount } from '../../src/sync/open-account.ts';
import { planPush } from '../../src/sync/plan-push.ts';
import { pushListings } from '../../src/sync/push-listings.ts';
import { runPush } from '../../src/sync/push-run.ts';
import { defineWorker } from '../../workers/define-worker.ts';
import { createProcessors } from '../../workers/processors.ts';
import { set } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, MINUTE_MS, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
});
afterEach(() => house.close());

function startWorker(): void {
  const tools = {
    deps: house.deps,
    backend: house.backend,
    processors: createProcessors(house.deps, house.queues),
    onJob: () => undefined,
  };
  defineWorker(tools, accountQueueName(ACCOUNT), 1);
}

it('a waited push also waits for what an earlier push sent and did not see settle', async () => {
  await house.importDemo([paper]);
  await house.approveAll([paper]);
  await runPush(house.deps, house.queues, { wait: false, dryRun: false });
  // As after a kill: the create was accepted, and nobody has read it back.
  const account = await openAccount(house.deps, ACCOUNT);
  const plan = await planPush(house.deps, account, { byPerson: true });
  await pushListings(house.deps, {
    accountId: ACCOUNT,
    listingIds: plan.listings.map((listing) => listing.listingId),
    runId: null,
    byPerson: true,
  });
  expect((await house.listing(paper)).state).toBe('accepted');
  startWorker();
  await runPush(house.deps, house.queues, { wait: true, dryRun: false });
  expect((await house.listing(paper)).state).toBe('on-sale');
});

it('a waited push counts as done what it waited for, although an earlier push had woken the worker', async () => {
  await house.importDemo([paper]);
  await house.approveAll([paper]);
  await runPush(house.deps, house.queues, { wait: false, dryRun: false });
  let working = false;
  const { planned, done } = await runPush(house.deps, house.queues, {
    wait: true,
    dryRun: false,
    onProgress: () => {
      if (!working) startWorker();
      working = true;
    },
  });
  expect({ planned: planned.create, done: done.create }).toEqual({ planned: 1, done: 1 });
  expect((await runPush(house.deps, house.queues, { wait: true, dryRun: false })).done.create).toBe(0);
});

it('a waited push also waits for what a worker of an earlier push has in its hands', async () => {
  await house.importDemo([paper]);
  await house.approveAll([paper]);
  await runPush(house.deps, house.queues, { wait: false, dryRun: false });
  const { listingId } = await house.listing(paper);
  const now = house.clock.now();
  const lease = {
    accountId: ACCOUNT,
    listingIds: [listingId],
    process: house.deps.processNumber,
    token: 'worker',
    until: new Date(now.getTime() + MINUTE_MS),
    today: seoulDayOf(now),
    now,
  };
  expect(await leaseListings(house.store, lease)).toHaveLength(1);
  let tellWaiting: (answer: string) => void = () => undefined;
  const waiting = new Promise<string>((resolve) => {
    tellWaiting = resolve;
  });
  const options = { wait: true, dryRun: false, onProgress: () => tellWaiting('waiting') };
  const waited = runPush(house.deps, house.queues, options);
  expect(await Promise.race([waiting, waited.then(() => 'ended')])).toBe('waiting');
  await releaseListings(house.store, [listingId], 'worker');
  startWorker();
  await waited;
  expect((await house.listing(paper)).state).toBe('on-sale');
});

it('a waited push of a product that is on sale already ends after its change has happened', async () => {
  await house.putOnSale([paper]);
  await house.importDemo([paper], (row) => set(row, 'price_krw', 9_900));
  const waited = runPush(house.deps, house.queues, { wait: true, dryRun: false });
  // The worker comes late: a run that looked at the listing's state alone would have ended by now.
  await expect.poll(async () => (await house.queues.pushDepth(ACCOUNT)).ready).toBe(1);
  startWorker();
  const result = await waited;
  expect(result.done.price).toBe(1);
  expect(result.failed).toEqual([]);
  expect(house.books(paper).map(({ price }) => price)).toEqual([9_900, 9_900]);
});
