import assert from 'node:assert/strict';
import type { SandboxListing } from '../../../src/channel/sandbox.ts';
import type { ObservedListing } from '../../../src/domain/listing.ts';
import {
  booksOf,
  changeOf,
  findAll,
  findOne,
  listingsOf,
  pushAccepted,
  putOnSale,
  renderGood,
  settle,
} from '../listing-steps.ts';
import { type ConformanceCase, onStage, type Stage, type Subject } from '../stage.ts';

const sku = 'PUSH-1';

/** Plays on a stage where one listing is on sale. */
const withListing = (subject: Subject, play: (stage: Stage, listed: ObservedListing) => Promise<void>): Promise<void> =>
  onStage(subject, async (stage) => {
    const [listed] = await putOnSale(stage, [sku]);
    assert.ok(listed);
    await play(stage, listed);
  });

/** Every configured site shows these values, in the channel's own books and as the adapter reads them back. */
async function assertEverywhere(
  stage: Stage,
  wanted: { state: SandboxListing['state']; price: 0 | 1; stock: number },
): Promise<void> {
  const { group, brought } = listingsOf(stage);
  const sites = [...group.sites(stage.context().account.settings)].sort();
  assert.ok(sites.length > 0 && new Set(sites).size === sites.length, 'sites');
  const price = brought.prices[wanted.price];
  const books = booksOf(stage, sku).sort((a, b) => a.site.localeCompare(b.site));
  const expected = sites.map((site) => ({
    site,
    state: wanted.state,
    price: price.minor,
    currency: price.currency,
    stock: wanted.stock,
  }));
  assert.deepEqual(
    books.map(({ site, state, price: paid, currency, stock }) => ({ site, state, price: paid, currency, stock })),
    expected,
  );
  if (!group.find) return;
  const seen = await findOne(stage, sku);
  const shown = [...seen.sites].sort((a, b) => a.site.localeCompare(b.site));
  assert.deepEqual(
    shown.map((site) => ({ ...site, note: null })),
    books.map(({ site, externalId, stock }) => ({ site, externalId, state: wanted.state, price, stock, note: null })),
  );
}

export const pushCases: ConformanceCase[] = [
  {
    name: 'push: a created listing is on sale on every site, as sent, once',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const change = await changeOf(stage, 'create', sku);
        const outcome = await pushAccepted(stage, change);
        assert.deepEqual(outcome.refusals, []);
        assert.ok(
          Object.keys(outcome.externalIds).length > 0 && Object.values(outcome.externalIds).every(Boolean),
          'no numbers came back',
        );
        const [seen] = await settle(stage, [sku]);
        await assertEverywhere(stage, { state: 'on-sale', price: 0, stock: 50 });
        assert.equal(seen?.title, (await renderGood(stage, listingsOf(stage).brought.product(sku))).title);
        for (const [key, value] of Object.entries(outcome.externalIds))
          assert.equal(seen?.externalIds[key], value, key);
      }),
  },
  {
    name: 'push: price and stock reach every site',
    run: (subject) =>
      withListing(subject, async (stage, observed) => {
        await pushAccepted(stage, await changeOf(stage, 'price', sku, { price: 1, observed }));
        await assertEverywhere(stage, { state: 'on-sale', price: 1, stock: 50 });
        await pushAccepted(
          stage,
          await changeOf(stage, 'stock', sku, { price: 1, stock: 7, observed: await findOne(stage, sku) }),
        );
        await assertEverywhere(stage, { state: 'on-sale', price: 1, stock: 7 });
      }),
  },
  {
    name: 'push: stop ends the sale on every site, and stopping again is no error',
    run: (subject) =>
      withListing(subject, async (stage, observed) => {
        for (const _ of ['first', 'again']) {
          await pushAccepted(stage, await changeOf(stage, 'stop', sku, { observed }));
          assert.deepEqual(
            booksOf(stage, sku).filter((listing) => listing.state !== 'stopped'),
            [],
          );
        }
        const seen = await findOne(stage, sku);
        assert.deepEqual([...new Set(seen.sites.map((site) => site.state))], ['stopped']);
      }),
  },
  {
    name: 'push: resume brings it back with the price and stock of now',
    run: (subject) =>
      withListing(subject, async (stage, observed) => {
        await pushAccepted(stage, await changeOf(stage, 'stop', sku, { observed }));
        const stopped = await findOne(stage, sku);
        await pushAccepted(stage, await changeOf(stage, 'resume', sku, { price: 1, stock: 9, observed: stopped }));
        await settle(stage, [sku]);
        await assertEverywhere(stage, { state: 'on-sale', price: 1, stock: 9 });
      }),
  },
  {
    name: 'push: update changes the content and leaves the listing on sale, undoubled',
    run: (subject) =>
      withListing(subject, async (stage, observed) => {
        const good = listingsOf(stage).brought.product(sku);
        const product = { ...good, name: { ...good.name, ko: `${good.name.ko} 개정` } };
        await pushAccepted(stage, await changeOf(stage, 'update', sku, { product, observed }));
        await settle(stage, [sku]);
        assert.deepEqual([...new Set(booksOf(stage, sku).map((listing) => listing.name.includes('개정')))], [true]);
        await assertEverywhere(stage, { state: 'on-sale', price: 0, stock: 50 });
      }),
  },
  {
    name: 'push: remove takes it away even while it is on sale',
    run: (subject) =>
      withListing(subject, async (stage, observed) => {
        await pushAccepted(stage, await changeOf(stage, 'remove', sku, { observed }));
        assert.deepEqual(booksOf(stage, sku), []);
        const left = (await findAll(stage, [sku])).flatMap((listing) => listing.sites);
        assert.deepEqual(
          left.filter((site) => site.state !== 'missing'),
          [],
        );
      }),
  },
];
