import assert from 'node:assert/strict';
import type { BaseSettings, PulledRecord, StreamGroup } from '../../src/channel/contract.ts';
import type {
  ExpectedClaim,
  ExpectedOrder,
  ExpectedSettlement,
  StagedRecords,
  StreamHarness,
} from '../../src/channel/harness.ts';
import type { Claim } from '../../src/domain/claim.ts';
import type { Discount } from '../../src/domain/listing.ts';
import type { Order } from '../../src/domain/order.ts';
import { addDays, seoulDayOf } from '../../src/domain/seoul-time.ts';
import type { Settlement } from '../../src/domain/settlement.ts';
import type { Stream } from '../../src/domain/stream.ts';
import { offer } from './listing-steps.ts';
import { type ContextOptions, onStage, type Stage, type Subject } from './stage.ts';

export interface StreamValues {
  orders: Order;
  claims: Claim;
  settlements: Settlement;
}

export interface Window {
  from: Date;
  to: Date;
}

/** No window of the suite has that many pages: a cursor that goes round in circles ends here. */
const mostPages = 500;

export function streamOf<Name extends Stream>(
  stage: Pick<Stage, 'adapter'>,
  name: Name,
): StreamGroup<BaseSettings, unknown, StreamValues[Name]> {
  const group = stage.adapter[name];
  assert.ok(group, `the adapter has no ${name}`);
  return group as unknown as StreamGroup<BaseSettings, unknown, StreamValues[Name]>;
}

interface ExpectedRecords {
  orders: ExpectedOrder;
  claims: ExpectedClaim;
  settlements: ExpectedSettlement;
}

export function broughtFor<Name extends Stream>(
  stage: Pick<Stage, 'harness'>,
  name: Name,
): StreamHarness<ExpectedRecords[Name]> {
  const brought = stage.harness[name];
  assert.ok(brought, `the harness has no ${name}`);
  return brought as unknown as StreamHarness<ExpectedRecords[Name]>;
}

/** Plays on a stage where products are on sale and the harness has made its records happen. */
export const withRecords = <Name extends Stream>(
  subject: Subject,
  name: Name,
  play: (stage: Stage, staged: StagedRecords<ExpectedRecords[Name]>) => Promise<void>,
): Promise<void> =>
  onStage(subject, async (stage) => {
    const skus = ['SOLD-1', 'SOLD-2'];
    await offer(stage, skus, { stock: 5_000, discount: discountOf(stage) });
    const staged = await broughtFor(stage, name).stage(stage, skus);
    assert.ok(staged.expected.length > 0 && staged.from < staged.to, 'the harness staged nothing');
    const youngest = stage.clock.now().getTime() - streamOf(stage, name).settledAfterMs;
    assert.ok(staged.to.getTime() <= youngest, 'the harness left the clock where the records cannot be asked for');
    await play(stage, staged);
  });

/** A tenth off, for ten days. */
function discountOf(stage: Stage): Discount | null {
  const [price] = stage.harness.listings?.prices ?? [];
  if (!price) return null;
  const firstDay = seoulDayOf(stage.clock.now());
  return { amount: { ...price, minor: Math.floor(price.minor / 100) * 10 }, firstDay, lastDay: addDays(firstDay, 10) };
}

/** A window cut into pieces the channel allows. */
export function windowsWithin({ from, to }: Window, longestMs: number): Window[] {
  const windows: Window[] = [];
  for (let start = from.getTime(); start < to.getTime(); start += longestMs) {
    windows.push({ from: new Date(start), to: new Date(Math.min(start + longestMs, to.getTime())) });
  }
  return windows;
}

export interface PulledPage<Value> {
  window: Window;
  cursor: string | null;
  records: PulledRecord<Value>[];
  next: string | null;
}

/** Every page of one window, from `cursor` on, each with the cursor it was asked for with. */
export async function pullPages<Name extends Stream>(
  stage: Stage,
  name: Name,
  window: Window,
  options: ContextOptions & { cursor?: string | null } = {},
): Promise<PulledPage<StreamValues[Name]>[]> {
  const pages: PulledPage<StreamValues[Name]>[] = [];
  let cursor = options.cursor ?? null;
  do {
    assert.ok(pages.length < mostPages, `more than ${mostPages} pages`);
    const page = await streamOf(stage, name).pull(stage.context(options), { ...window, cursor });
    pages.push({ window, cursor, ...page });
    cursor = page.next;
  } while (cursor !== null);
  return pages;
}

/** Everything in a window of any length. */
export async function pullAll<Name extends Stream>(
  stage: Stage,
  name: Name,
  window: Window,
  options: ContextOptions = {},
): Promise<PulledRecord<StreamValues[Name]>[]> {
  const pages: PulledPage<StreamValues[Name]>[] = [];
  for (const part of windowsWithin(window, streamOf(stage, name).maxWindowMs)) {
    pages.push(...(await pullPages(stage, name, part, options)));
  }
  return pages.flatMap((page) => page.records);
}

/** One record per key; the last one wins, as it does in the store. Fails when the wider `raw` changed between two. */
export function latest<Value>(records: PulledRecord<Value>[]): Value[] {
  return [...new Map(records.map((record) => [record.externalId, record.value])).values()];
}

/** Records that must be there and records that are, reduced to the fields that the harness promised. */
export function assertSame(expected: readonly object[], values: readonly object[]): void {
  const keys = Object.keys(expected[0] ?? {}).sort();
  const reduced = (value: object) => JSON.stringify(keys.map((key) => (value as Record<string, unknown>)[key]));
  assert.deepEqual([...new Set(values.map(reduced))].sort(), [...new Set(expected.map(reduced))].sort());
}
