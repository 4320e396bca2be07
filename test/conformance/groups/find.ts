import assert from 'node:assert/strict';
import { observedListingSchema } from '../../../src/domain/listing.ts';
import { channelErrorFrom } from '../channel-error.ts';
import { booksOf, changeOf, findAll, listingsOf, pushAccepted, pushAll, putOnSale } from '../listing-steps.ts';
import { type ConformanceCase, onStage } from '../stage.ts';

/** More than any channel's batch would be a test of the machine. */
const mostListings = 500;

export const findCases: ConformanceCase[] = [
  {
    name: 'find: a full batch comes back whole, and one listing more than a full page too',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const { group } = listingsOf(stage);
        const size = Math.min(group.find?.maxBatch ?? 0, mostListings);
        const skus = Array.from({ length: size }, (_, index) => `MANY-${index + 1}`);
        const last = skus.at(-1) as string;
        const template = await changeOf(stage, 'create', 'MANY-1');
        const changes = await Promise.all(
          [...skus, last].map(async (sku) => (sku === 'MANY-1' ? template : changeOf(stage, 'create', sku))),
        );
        await pushAll(stage, changes);
        const found = await findAll(stage, skus);
        assert.deepEqual([...new Set(found.map((listing) => listing.sku))].sort(), [...skus].sort());
        assert.equal(found.length, size + 1, 'the doubled one is shown twice');
      }),
  },
  {
    name: 'find: unknown SKUs are left out, also when nothing is asked for that exists',
    run: (subject) =>
      onStage(subject, async (stage) => {
        await putOnSale(stage, ['KNOWN-1']);
        assert.deepEqual(
          (await findAll(stage, ['UNKNOWN-1', 'KNOWN-1', 'UNKNOWN-2'])).map((listing) => listing.sku),
          ['KNOWN-1'],
        );
        assert.deepEqual(await findAll(stage, ['UNKNOWN-1']), []);
        assert.deepEqual(await findAll(stage, []), []);
      }),
  },
  {
    name: 'find: only the exact SKU, whatever characters it holds',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const odd = ['Ab/1 %+&"\'<가>', 'AB-1', 'AB-10', 'ab-1'];
        for (const sku of odd) await pushAccepted(stage, await changeOf(stage, 'create', sku));
        for (const sku of odd) {
          assert.deepEqual(
            (await findAll(stage, [sku])).map((listing) => listing.sku),
            [sku],
          );
          assert.ok(booksOf(stage, sku).length > 0, `the channel does not know ${sku}`);
        }
      }),
  },
  {
    name: 'find: a SKU that exists twice is shown twice, with different numbers',
    run: (subject) =>
      onStage(subject, async (stage) => {
        for (const _ of ['one', 'two']) await pushAccepted(stage, await changeOf(stage, 'create', 'TWICE-1'));
        const found = await findAll(stage, ['TWICE-1']);
        assert.equal(found.length, 2);
        assert.notDeepEqual(found[0]?.externalIds, found[1]?.externalIds);
      }),
  },
  {
    name: 'find: what it returns is well formed before and after the channel is done with it',
    run: (subject) =>
      onStage(subject, async (stage) => {
        await pushAccepted(stage, await changeOf(stage, 'create', 'FORM-1'));
        const sites = [...listingsOf(stage).group.sites(stage.context().account.settings)].sort();
        for (const listing of [...(await findAll(stage, ['FORM-1'])), ...(await putOnSale(stage, ['FORM-2']))]) {
          assert.deepEqual(observedListingSchema.parse(listing), listing);
          assert.deepEqual(listing.sites.map((site) => site.site).sort(), sites);
        }
      }),
  },
  {
    name: 'find: a sale that the channel ends by itself is carried on by a resume in time, and not by one before',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const saleEnds = listingsOf(stage).group.find?.saleEnds;
        if (!saleEnds) return;
        const [observed] = await putOnSale(stage, ['ENDS-1']);
        assert.ok(observed);
        const resume = async () => pushAccepted(stage, await changeOf(stage, 'resume', 'ENDS-1', { observed }));
        const endsNow = () => saleEnds.of(stage.context(), observed.externalIds);
        const first = await endsNow();
        const ends = Object.values(first).map((end) => end.getTime());
        assert.ok(ends.length > 0 && Math.min(...ends) > stage.clock.now().getTime(), 'no end is told, or one gone by');
        await resume();
        assert.deepEqual(await endsNow(), first);
        stage.clock.jumpTo(new Date(Math.min(...ends) - saleEnds.renewBeforeMs + 1));
        await resume();
        for (const [site, end] of Object.entries(await endsNow())) {
          assert.ok(end.getTime() > (first[site]?.getTime() ?? 0), `the sale on ${site} was not carried on`);
        }
        stage.clock.jumpTo(new Date(Math.max(...ends) + 2 * 24 * 3_600_000));
        assert.deepEqual([...new Set(booksOf(stage, 'ENDS-1').map((listing) => listing.state))], ['on-sale']);
      }),
  },
  {
    name: 'find: half an answer is a protocol error, not an empty list',
    run: (subject) =>
      onStage(subject, async (stage) => {
        await putOnSale(stage, ['CUT-1']);
        stage.fault({ match: listingsOf(stage).brought.endpoints.find ?? '', fault: 'cut-json' });
        assert.equal((await channelErrorFrom(findAll(stage, ['CUT-1']))).kind, 'protocol');
      }),
  },
];
