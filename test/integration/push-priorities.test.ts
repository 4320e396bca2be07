import { afterEach, beforeEach, expect, it } from 'vitest';
import { accountQueueName } from '../../src/queue/jobs.ts';
import { runPush } from '../../src/sync/push-run.ts';
import { sweep } from '../../src/sync/sweep.ts';
import { defineWorker } from '../../workers/define-worker.ts';
import { createProcessors } from '../../workers/processors.ts';
import { goodRows, set } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
/** Fewer than what is packed into common jobs, so that every listing has a job of its own. */
const others = goodRows
  .map((row) => String(row.sku))
  .filter((sku) => sku !== paper)
  .slice(0, 20);

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
});
afterEach(() => house.close());

it('a stop that comes last runs before all creates that wait, on the real queue, one at a time', async () => {
  await house.importDemo(
    [paper, ...others],
    (row) => row.sku === paper && set(row, 'certificates[0].valid_to', '2026-12-31'),
  );
  await house.approveAll([paper]);
  await house.push();
  await house.approveAll(others);
  await runPush(house.deps, house.queues, { wait: false, dryRun: false });
  expect((await house.queues.pushDepth(ACCOUNT)).ready).toBe(others.length);
  house.clock.jumpTo(new Date('2027-01-01T00:00:00+09:00'));
  await sweep(house.deps, house.queues);
  const before = house.sent().length;
  const created = house.calls('POST /item/v1/goods');
  const done: string[] = [];
  const tools = {
    deps: house.deps,
    backend: house.backend,
    processors: createProcessors(house.deps, house.queues),
    onJob: (job: { name: string; outcome: string }) => void done.push(`${job.name} ${job.outcome}`),
  };
  defineWorker(tools, accountQueueName(ACCOUNT), 1);
  await expect.poll(() => house.calls('POST /item/v1/goods')).toBe(created + others.length);
  const writesSince = () =>
    house
      .sent()
      .slice(before)
      .filter((call) => /^PUT|^POST \/item\/v1\/goods$/.test(call));
  // The sandbox counts a call when it comes, our log when it is answered.
  await expect.poll(() => writesSince().length).toBe(1 + others.length);
  const writes = writesSince();
  expect(writes[0]).toMatch(/^PUT .*\/sell-status$/);
  expect(writes.slice(1)).toEqual(others.map(() => 'POST /item/v1/goods'));
  expect(house.books(paper).map(({ state }) => state)).toEqual(['stopped', 'stopped']);
  expect(done).not.toContain('push failed');
});
