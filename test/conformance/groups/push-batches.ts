import assert from 'node:assert/strict';
import { booksOf, changeOf, listingsOf, pushAccepted, pushAll } from '../listing-steps.ts';
import { type ConformanceCase, onStage } from '../stage.ts';

export const pushBatchesCases: ConformanceCase[] = [
  {
    name: 'push: one outcome for every change, in the order of the changes',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const skus = ['ORDER-3', 'ORDER-1', 'ORDER-2'];
        const outcomes = await pushAll(stage, await Promise.all(skus.map((each) => changeOf(stage, 'create', each))));
        assert.deepEqual(
          outcomes.map((outcome) => outcome.sku),
          skus,
        );
        assert.deepEqual([...new Set(outcomes.map((outcome) => outcome.status))], ['accepted']);
      }),
  },
  {
    name: 'push: one rejected item leaves the others accepted',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const skus = ['ITEM-1', 'ITEM-2', 'ITEM-3'];
        stage.fault({ match: listingsOf(stage).brought.endpoints.create, fault: 'business-error', after: 1, times: 1 });
        const outcomes = await pushAll(stage, await Promise.all(skus.map((each) => changeOf(stage, 'create', each))));
        assert.deepEqual(
          outcomes.map((outcome) => outcome.status),
          ['accepted', 'rejected', 'accepted'],
        );
        assert.deepEqual(
          skus.map((each) => booksOf(stage, each).length > 0),
          [true, false, true],
        );
        const [, refused] = outcomes;
        assert.ok(
          refused?.status === 'rejected' && refused.code && refused.message,
          "a refusal without the channel's word",
        );
      }),
  },
  {
    name: 'push: a partial success names the site that refused',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const { group, brought } = listingsOf(stage);
        const sites = group.sites(stage.context().account.settings);
        assert.ok(sites.length > 1, 'the account has one site only');
        stage.fault({ match: brought.endpoints.create, fault: 'one-site-fails' });
        const outcome = await pushAccepted(stage, await changeOf(stage, 'create', 'PARTIAL-1'));
        const present = booksOf(stage, 'PARTIAL-1').map((listing) => listing.site);
        assert.deepEqual(
          outcome.refusals.map((refusal) => refusal.site).sort(),
          sites.filter((site) => !present.includes(site)).sort(),
        );
        assert.ok(outcome.refusals.length > 0 && outcome.refusals.every((refusal) => refusal.message.length > 0));
      }),
  },
];
