import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChannelError } from '../../src/channel/errors.ts';
import { createJobQueues } from '../../src/queue/job-queues.ts';
import { accountQueueName, type JobPayload } from '../../src/queue/jobs.ts';
import { findAccount, pauseAccount, resumeAccount } from '../../src/store/accounts.ts';
import { writeDeadLetter } from '../../src/store/dead-letters.ts';
import type { SyncDependencies } from '../../src/sync/dependencies.ts';
import { examine } from '../../src/sync/doctor.ts';
import { replayDeadLetter } from '../../src/sync/replay-dead-letter.ts';
import { defineWorker } from '../../workers/define-worker.ts';
import { createProcessors } from '../../workers/processors.ts';
import { openTestQueueBackend } from '../support/database.ts';
import { type House, openHouse } from '../support/house.ts';
import { createMemoryChannel, type MemoryChannel, withMemoryAccount } from '../support/memory-channel.ts';

/** What becomes of the dead letter of a job, by the worker as it runs in a service. */

const account = 'memory';
let house: House;
let channel: MemoryChannel;
let deps: SyncDependencies;
let ended: (outcome: string) => void;

beforeEach(async () => {
  house = await openHouse();
  channel = createMemoryChannel();
  deps = await withMemoryAccount(house.deps, channel);
  const tools = { deps, backend: house.backend, processors: createProcessors(deps, house.queues) };
  const onJob = ({ outcome }: { outcome: string }) => ended(outcome);
  defineWorker({ ...tools, onJob }, accountQueueName(account), 1);
});
afterEach(() => house.close());

/** Runs one pull of orders by the worker; what the channel does is `fault`. Gives how it ended. */
async function pull(fault: ChannelError | null, change: Partial<JobPayload<'pull'>> = {}): Promise<string> {
  channel.beforePage = () => {
    if (fault) throw fault;
  };
  const end = new Promise<string>((resolve) => {
    ended = resolve;
  });
  const payload = { accountId: account, stream: 'orders' as const, runId: null, from: null, to: null, sweep: false };
  await house.queues.add('pull', { ...payload, ...change });
  return end;
}

const broken = () => new ChannelError('protocol', { code: 'CUT_SHORT', sent: true });
const open = async () => (await house.deadLetters()).map(({ jobName, code }) => `${jobName} ${code}`);

describe('the dead letter of a pull', () => {
  it('is closed by the next success of the same work, and the doctor is content again', async () => {
    const problems = async () => (await examine(deps, house.queues)).filter(({ severity }) => severity === 'problem');
    expect(await pull(broken(), { runId: 'run_somebody_waited_for' })).toBe('failed');
    expect(await pull(broken())).toBe('failed');
    expect(await open()).toEqual(['pull CUT_SHORT']);
    expect(await problems()).toHaveLength(1);
    expect(await pull(null)).toBe('done');
    expect(await open()).toEqual([]);
    expect(await problems()).toEqual([]);
  });

  it('stays open while only other work succeeds: another stream, the daily look, a window', async () => {
    await pull(broken());
    await pull(null, { stream: 'claims' });
    await pull(null, { sweep: true });
    await pull(null, { from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' });
    expect(await open()).toEqual(['pull CUT_SHORT']);
  });

  it('stays open while the account is paused, when a pull ends at once and reads nothing', async () => {
    await pull(broken());
    const pause = { accountId: account, kind: 'forbidden', messageKo: '멈춤', messageEn: 'paused' };
    await pauseAccount(house.store, { ...pause, now: house.clock.now() });
    const asked = channel.asked.length;
    expect(await pull(null)).toBe('done');
    expect(channel.asked).toHaveLength(asked);
    expect(await open()).toEqual(['pull CUT_SHORT']);
    await resumeAccount(house.store, account);
    expect((await findAccount(house.store, account))?.state).toBe('active');
    await pull(null);
    expect(await open()).toEqual([]);
  });
});

it('a scheduled job that fails in passing is tried again before it becomes a dead letter', async () => {
  const outcomes: string[] = [];
  const done = new Promise<void>((resolve) => {
    ended = (outcome) => {
      outcomes.push(outcome);
      if (outcome === 'done') resolve();
    };
  });
  let failures = 0;
  channel.beforePage = () => {
    failures += 1;
    if (failures === 1) throw new ChannelError('unavailable', { code: 'ECONNRESET', sent: true });
  };
  const payload = { accountId: account, stream: 'orders' as const, runId: null, from: null, to: null, sweep: false };
  // Once a day: the next one cannot be what makes it good.
  await house.queues.schedule('pull-orders', 'pull', payload, { everyMs: 86_400_000 });
  await done;
  expect(outcomes).toEqual(['failed', 'done']);
  expect(await open()).toEqual([]);
});

describe('a dead letter that is replayed', () => {
  const idOf = async () => (await house.deadLetters())[0]?.id ?? 0;

  it('stays open while the queue is away, and its window is read once the queue is back', async () => {
    const window = { from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' };
    await pull(broken(), window);
    const away = await openTestQueueBackend(house.store);
    await away.close();
    await expect(replayDeadLetter(deps, createJobQueues(away), await idOf())).rejects.toThrow('closed');
    expect(await open()).toEqual(['pull CUT_SHORT']);
    channel.beforePage = () => undefined;
    const end = new Promise<string>((resolve) => {
      ended = resolve;
    });
    await replayDeadLetter(deps, house.queues, await idOf());
    expect(await end).toBe('done');
    expect(channel.asked.at(-1)).toMatchObject({ from: new Date(window.from), to: new Date(window.to) });
    expect(await open()).toEqual([]);
  });

  it.each([
    ['a job of a former version', 'fetch', { accountId: account }],
    ['a word every object has', 'constructor', {}],
    ['a payload of a former version', 'pull', { accountId: account, stream: 'parcels' }],
  ])('is told and stays open when it is of %s', async (_name, jobName, payload) => {
    const sentences = { messageKo: '실패', messageEn: 'failed' };
    const letter = { jobName, payload, accountId: account, sku: null, kind: 'fault', code: 'FAULT', ...sentences };
    const id = await writeDeadLetter(house.store, { ...letter, attempts: 1, now: house.clock.now() });
    await expect(replayDeadLetter(deps, house.queues, id)).rejects.toMatchObject({ code: 'dead_letter_unusable' });
    expect(await idOf()).toBe(id);
  });
});
