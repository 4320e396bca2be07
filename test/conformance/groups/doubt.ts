import assert from 'node:assert/strict';
import type { ChannelErrorKind } from '../../../src/channel/errors.ts';
import type { SandboxFaultRule } from '../../../src/channel/sandbox.ts';
import {
  booksOf,
  changeOf,
  findAll,
  findOne,
  listingsOf,
  pushAccepted,
  pushAll,
  putOnSale,
  settle,
} from '../listing-steps.ts';
import { type ConformanceCase, onStage } from '../stage.ts';

const sku = 'DOUBT-1';
/** Real time; long enough for a busy machine, short enough to wait for. */
const timeoutMs = 600;

/** A create that goes wrong on the way: what the adapter says, what the channel holds, and how often it was asked. */
const createThatEndsIn = (
  fault: SandboxFaultRule['fault'],
  wanted: { kinds: ChannelErrorKind[]; listings: 0 | 1 },
): ConformanceCase => ({
  name: `doubt: ${fault} on a create is failed and in doubt, sent once, and finding it tells the truth`,
  run: (subject) =>
    onStage(subject, async (stage) => {
      const { create } = listingsOf(stage).brought.endpoints;
      stage.fault({ match: create, fault });
      const outcomes = await pushAll(stage, [await changeOf(stage, 'create', sku)], { timeoutMs });
      assert.equal(outcomes.length, 1);
      const [outcome] = outcomes;
      assert.ok(outcome?.status === 'failed', `said ${outcome?.status}`);
      assert.ok(wanted.kinds.includes(outcome.error.kind), outcome.error.message);
      assert.equal(outcome.error.sent, true, 'a request that was sent is called unsent');
      assert.equal(stage.sandbox.ledger().traffic.byEndpoint[create], 1, 'an unsafe call was repeated');
      const found = wanted.listings > 0 ? await settle(stage, [sku]) : await findAll(stage, [sku]);
      assert.equal(found.length, wanted.listings);
      assert.equal(booksOf(stage, sku).length > 0, wanted.listings > 0);
    }),
});

export const doubtCases: ConformanceCase[] = [
  createThatEndsIn('timeout-after-commit', { kinds: ['timeout'], listings: 1 }),
  createThatEndsIn('timeout-before-commit', { kinds: ['timeout'], listings: 0 }),
  createThatEndsIn('reset-after-commit', { kinds: ['unavailable'], listings: 1 }),
  createThatEndsIn('reset-before-commit', { kinds: ['unavailable'], listings: 0 }),
  createThatEndsIn('cut-json', { kinds: ['protocol'], listings: 1 }),
  {
    name: 'doubt: what was adopted after a lost answer can be worked with',
    run: (subject) =>
      onStage(subject, async (stage) => {
        stage.fault({ match: listingsOf(stage).brought.endpoints.create, fault: 'reset-after-commit' });
        await pushAll(stage, [await changeOf(stage, 'create', sku)]);
        const [observed] = await settle(stage, [sku]);
        assert.ok(observed);
        await pushAccepted(stage, await changeOf(stage, 'stop', sku, { observed }));
        assert.deepEqual([...new Set(booksOf(stage, sku).map((listing) => listing.state))], ['stopped']);
      }),
  },
  {
    name: 'doubt: a change the channel silently ignored is visible by reading back',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const [observed] = await putOnSale(stage, [sku]);
        assert.ok(observed);
        const { brought } = listingsOf(stage);
        stage.fault({ match: brought.endpoints.price, fault: 'ignore-silently' });
        await pushAll(stage, [await changeOf(stage, 'price', sku, { price: 1, observed })]);
        const seen = await findOne(stage, sku);
        assert.deepEqual(
          seen.sites.map((site) => site.price),
          seen.sites.map(() => brought.prices[0]),
        );
      }),
  },
];
