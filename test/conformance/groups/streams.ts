import assert from 'node:assert/strict';
import type { z } from 'zod';
import { claimSchema } from '../../../src/domain/claim.ts';
import { orderSchema } from '../../../src/domain/order.ts';
import { settlementSchema } from '../../../src/domain/settlement.ts';
import type { Stream } from '../../../src/domain/stream.ts';
import { channelErrorFrom, spelledOut } from '../channel-error.ts';
import type { ConformanceCase } from '../stage.ts';
import {
  assertSame,
  broughtFor,
  latest,
  pullAll,
  pullPages,
  streamOf,
  windowsWithin,
  withRecords,
} from '../stream-steps.ts';

const schemas: Record<Stream, z.ZodType> = { orders: orderSchema, claims: claimSchema, settlements: settlementSchema };
const dayMs = 86_400_000;

/** What holds for every stream, whatever its records are. */
export const streamCases = (name: Stream): ConformanceCase[] => [
  {
    name: `${name}: every record on every page arrives, with its status`,
    run: (subject) =>
      withRecords(subject, name, async (stage, staged) => {
        const records = await pullAll(stage, name, staged);
        assertSame(
          staged.expected,
          records.map((record) => record.value),
        );
        // A key that two records share would make one of them vanish in the store.
        assertSame(staged.expected, latest(records));
        assert.ok(records.every((record) => record.externalId.length > 0 && record.raw !== null));
        for (const { value } of records) assert.deepEqual(schemas[name].parse(value), value);
      }),
  },
  {
    name: `${name}: the same call twice gives the same records`,
    run: (subject) =>
      withRecords(subject, name, async (stage, staged) => {
        assert.deepEqual(await pullAll(stage, name, staged), await pullAll(stage, name, staged));
      }),
  },
  {
    name: `${name}: a run can be taken up at any page by somebody who knows the cursor alone`,
    run: (subject) =>
      withRecords(subject, name, async (stage, staged) => {
        let morePages = 0;
        for (const window of windowsWithin(staged, streamOf(stage, name).maxWindowMs)) {
          const pages = await pullPages(stage, name, window);
          morePages += pages.length - 1;
          // Every page leads to the same next one, so any of them leads to all that follow. Backwards, because an adapter
          // that counts pages by itself would count along.
          for (const { cursor, records, next } of pages.toReversed()) {
            const again = await streamOf(stage, name).pull(stage.context(), { ...window, cursor });
            assert.deepEqual(again, { records, next }, `the page of cursor ${cursor}`);
          }
        }
        assert.ok(morePages > 0, 'the harness staged one page only');
      }),
  },
  {
    name: `${name}: a window in which nothing happened is empty and ends`,
    run: (subject) =>
      withRecords(subject, name, async (stage, staged) => {
        const to = new Date(staged.from.getTime() - 40 * dayMs);
        const from = new Date(to.getTime() - Math.min(dayMs, streamOf(stage, name).maxWindowMs));
        assert.deepEqual(await pullAll(stage, name, { from, to }), []);
      }),
  },
  {
    name: `${name}: a window cut in two loses nothing at the cut`,
    run: (subject) =>
      withRecords(subject, name, async (stage, staged) => {
        const cut = new Date(Math.floor((staged.from.getTime() + staged.to.getTime()) / 2));
        const before = await pullAll(stage, name, { from: staged.from, to: cut });
        const after = await pullAll(stage, name, { from: cut, to: staged.to });
        assertSame(
          staged.expected,
          [...before, ...after].map((record) => record.value),
        );
      }),
  },
  {
    name: `${name}: fields nobody knows are no trouble`,
    run: (subject) =>
      withRecords(subject, name, async (stage, staged) => {
        const plain = await pullAll(stage, name, staged);
        const withMore = await pullAll(stage, name, staged, { tamper: withNewFields });
        assert.deepEqual(
          withMore.map((record) => record.value),
          plain.map((record) => record.value),
        );
      }),
  },
  {
    name: `${name}: a word nobody knows is kept, and no record is lost over it`,
    run: (subject) =>
      withRecords(subject, name, async (stage, staged) => {
        const tamper = broughtFor(stage, name).withUnknownWord;
        const records = await pullAll(stage, name, staged, { tamper });
        for (const { value } of records) assert.deepEqual(schemas[name].parse(value), value);
        assertSame(
          staged.expected.map(({ orderId, site }) => ({ orderId, site })),
          latest(records),
        );
      }),
  },
  {
    name: `${name}: a record without a field it needs is a protocol error that tells nothing of the record`,
    run: (subject) =>
      withRecords(subject, name, async (stage, staged) => {
        const tamper = broughtFor(stage, name).withoutRequired;
        const error = await channelErrorFrom(pullAll(stage, name, staged, { tamper }));
        assert.equal(error.kind, 'protocol');
        const told = spelledOut(error);
        const personal = await stage.harness.personalData(stage.sandbox);
        assert.deepEqual(
          personal.filter((text) => told.includes(text)),
          [],
        );
      }),
  },
  {
    name: `${name}: no record holds anything about a buyer`,
    run: (subject) =>
      withRecords(subject, name, async (stage, staged) => {
        const told = JSON.stringify(await pullAll(stage, name, staged));
        const personal = await stage.harness.personalData(stage.sandbox);
        assert.ok(personal.length > 0, 'the sandbox has no buyers');
        assert.deepEqual(
          personal.filter((text) => told.includes(text)),
          [],
        );
      }),
  },
];

/** A copy in which every object has a field more. */
function withNewFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNewFields);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, withNewFields(part)]);
  return { ...Object.fromEntries(entries), naruNeverSawThis: { since: '2031-01-01', deep: [1, null] } };
}
