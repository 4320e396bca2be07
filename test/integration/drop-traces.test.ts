import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeDeadLetter } from '../../src/store/dead-letters.ts';
import { closeRun, openRun } from '../../src/store/runs.ts';
import { dropTraces } from '../../src/sync/drop-traces.ts';
import { replayDeadLetter } from '../../src/sync/replay-dead-letter.ts';
import { ACCOUNT, type House, MINUTE_MS, openHouse } from '../support/house.ts';

/** What only helps to look back goes after its time; what waits for people stays. */

const DAY_MS = 24 * 60 * MINUTE_MS;
let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
});
afterEach(() => house.close());

const count = async (table: 'run' | 'dead_letter') =>
  (await house.store.query<{ n: number }>(`select count(*) as n from naru.${table}`)).rows[0]?.n;

async function bury(stream: 'orders' | 'claims'): Promise<number> {
  const payload = { accountId: ACCOUNT, stream };
  const letter = { jobName: 'pull', payload, accountId: ACCOUNT, sku: null, kind: 'timeout', code: 'LATE' };
  const now = house.clock.now();
  return writeDeadLetter(house.store, { ...letter, messageKo: '늦음', messageEn: 'late', attempts: 5, now });
}

it('drops replayed dead letters after 180 days, and never an open one', async () => {
  const replayed = await bury('orders');
  const open = await bury('claims');
  await replayDeadLetter(house.deps, house.queues, replayed);
  house.pass(179 * DAY_MS);
  await dropTraces(house.deps);
  expect(await count('dead_letter')).toBe(2);
  house.pass(2 * DAY_MS);
  await dropTraces(house.deps);
  expect((await house.deadLetters()).map(({ id }) => id)).toEqual([open]);
  expect(await count('dead_letter')).toBe(1);
});

it('drops runs after 180 days, also those that a kill cut off', async () => {
  const now = house.clock.now();
  for (const runId of ['ended', 'cut off']) await openRun(house.store, { runId, kind: 'push', accountId: null, now });
  await closeRun(house.store, { runId: 'ended', result: {}, now });
  house.pass(179 * DAY_MS);
  await dropTraces(house.deps);
  expect(await count('run')).toBe(2);
  house.pass(2 * DAY_MS);
  await dropTraces(house.deps);
  expect(await count('run')).toBe(0);
});
