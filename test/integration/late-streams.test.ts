import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Stream } from '../../src/domain/stream.ts';
import { announceProcess } from '../../src/store/process-presence.ts';
import { examine } from '../../src/sync/doctor.ts';
import { pullStream } from '../../src/sync/pull-stream.ts';
import { startScheduler } from '../../workers/scheduler.ts';
import { ACCOUNT, type House, MINUTE_MS, openHouse } from '../support/house.ts';

/** A stream is late by its account's own schedule, in a process that does everything as well as beside others. */

const HOUR_MS = 60 * MINUTE_MS;
let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
  for (const stream of ['orders', 'settlements'] as const) await pull(stream);
});
afterEach(() => house.close());

const pull = (stream: Stream) =>
  pullStream(house.deps, { accountId: ACCOUNT, stream, runId: null, window: null }).then(() => undefined);

/** Leaves the schedules in the queue, as a service that ran here does. */
async function schedule(): Promise<void> {
  const { deps, store, queues } = house;
  const scheduler = await startScheduler({ deps, store, queues, log: deps.log, onClose: () => undefined });
  await scheduler.close();
}

const lateStreams = async () =>
  (await examine(house.deps, house.queues))
    .filter(({ code }) => code === 'stream_late')
    .map(({ messageEn }) => /^Stream (\w+)/.exec(messageEn)?.[1]);

it('is seen by a service that is its only process', async () => {
  await schedule();
  expect(await lateStreams()).toEqual([]);
  house.pass(10 * 24 * HOUR_MS);
  expect(await lateStreams()).toEqual(['orders', 'settlements']);
});

it('is no settlement stream that is read every six hours', async () => {
  await schedule();
  const other = await announceProcess(house.store);
  house.pass(5 * HOUR_MS);
  expect(await lateStreams()).toEqual(['orders']);
  await pull('orders');
  house.pass(9 * HOUR_MS);
  await pull('orders');
  expect(await lateStreams()).toEqual([]);
  house.pass(2 * HOUR_MS);
  await pull('orders');
  expect(await lateStreams()).toEqual(['settlements']);
  await other.release();
});

it('is nothing where people read by hand, however many processes there are', async () => {
  const other = await announceProcess(house.store);
  house.pass(10 * 24 * HOUR_MS);
  expect(await lateStreams()).toEqual([]);
  await other.release();
});
