import assert from 'node:assert/strict';
import type { BatchAction, BatchesGroup, Receipt } from '../../../src/channel/batches.ts';
import type { BaseSettings } from '../../../src/channel/contract.ts';
import type { BatchesHarness } from '../../../src/channel/harness.ts';
import { PeopleError } from '../../../src/domain/people-error.ts';
import { renderGood } from '../listing-steps.ts';
import { type ConformanceCase, onStage, type Stage } from '../stage.ts';

const skus = ['BATCH-1', 'BATCH-2', 'BATCH-3'];

function batchesOf({ adapter, harness }: Stage): {
  group: BatchesGroup<BaseSettings, unknown>;
  brought: BatchesHarness;
} {
  assert.ok(adapter.batches && harness.batches, 'the adapter or its harness has no batches');
  return { group: adapter.batches, brought: harness.batches };
}

async function built(
  stage: Stage,
  number: number,
  action: BatchAction,
  externalIds: Readonly<Record<string, Record<string, string>>> = {},
  builtAt = stage.clock.now(),
): Promise<Uint8Array> {
  const { group, brought } = batchesOf(stage);
  const { settings } = stage.context().account;
  const items = await Promise.all(
    skus.map(async (sku) => ({
      action,
      sku,
      document: (await renderGood(stage, brought.product(sku))).document,
      externalIds: externalIds[sku] ?? {},
      images: [],
    })),
  );
  const batchId = `conformance-b000${number}`;
  const file = group.build({ batchId, accountId: 'conformance', builtAt, settings, items });
  assert.match(file.name, /^[\x21-\x7e]+$/, 'the name of the file is not plain ASCII');
  const pieces: Uint8Array[] = [];
  for await (const piece of file.content) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function carried(stage: Stage, zip: Uint8Array, refuse: Record<string, string> = {}): Promise<Receipt> {
  const { group, brought } = batchesOf(stage);
  return group.readReceipt(await brought.carry(stage, zip, refuse));
}

export const batchesCases: ConformanceCase[] = [
  {
    name: 'batches: the same batch gives the same bytes, at whatever moment of its Seoul day',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const moments = ['2026-11-23T00:00:00+09:00', '2026-11-23T23:59:59.999+09:00'];
        const [first, last] = await Promise.all(moments.map((at) => built(stage, 1, 'add', {}, new Date(at))));
        assert.ok(first && last && Buffer.from(first).equals(last));
      }),
  },
  {
    name: 'batches: what a person carries arrives, and the receipt names each product’s number at the channel',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const receipt = await carried(stage, await built(stage, 1, 'add'));
        assert.equal(receipt.batchId, 'conformance-b0001');
        assert.deepEqual(receipt.faults, []);
        const books = stage.sandbox.ledger().listings;
        for (const sku of skus) {
          const row = receipt.rows.find((one) => one.sku === sku);
          assert.equal(row?.outcome, 'confirmed', sku);
          const there = books.find((one) => one.sku === sku);
          assert.ok(
            there && Object.values(row?.externalIds ?? {}).includes(there.externalId),
            `${sku}: another number`,
          );
        }
      }),
  },
  {
    name: 'batches: a refusal comes back with its reason, and the others are confirmed',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const receipt = await carried(stage, await built(stage, 1, 'add'), { 'BATCH-2': 'no such category' });
        assert.deepEqual(receipt.rows.map(({ sku, outcome }) => [sku, outcome]).sort(), [
          ['BATCH-1', 'confirmed'],
          ['BATCH-2', 'refused'],
          ['BATCH-3', 'confirmed'],
        ]);
        assert.equal(receipt.rows.find((row) => row.sku === 'BATCH-2')?.note, 'no such category');
      }),
  },
  {
    name: 'batches: a delete takes it away at the channel',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const first = await carried(stage, await built(stage, 1, 'add'));
        const ids = Object.fromEntries(first.rows.map((row) => [row.sku, row.externalIds]));
        const receipt = await carried(stage, await built(stage, 2, 'delete', ids));
        assert.deepEqual([...new Set(receipt.rows.map((row) => row.outcome))], ['confirmed']);
        const left = stage.sandbox.ledger().listings.filter((one) => one.state === 'on-sale');
        assert.deepEqual(left, []);
      }),
  },
  {
    name: 'batches: another file is no receipt, and people are told so',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const { group } = batchesOf(stage);
        for (const bytes of [Buffer.from('no receipt'), Buffer.alloc(0), await built(stage, 1, 'add')]) {
          await assert.rejects(group.readReceipt({ name: 'receipt.xlsx', bytes }), PeopleError);
        }
      }),
  },
];
