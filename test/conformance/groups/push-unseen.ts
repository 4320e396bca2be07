import assert from 'node:assert/strict';
import { booksOf, changeOf, listingsOf, pushAccepted } from '../listing-steps.ts';
import { type ConformanceCase, onStage } from '../stage.ts';

const sku = 'UNSEEN-1';

/** For channels that nobody can ask: the sandbox's own books are the only witness. */
export const pushUnseenCases: ConformanceCase[] = [
  {
    name: 'push: a created listing is in the channel’s books as sent, and the same create again never doubles it',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const { brought } = listingsOf(stage);
        for (const _ of ['first', 'again']) {
          const { externalIds } = await pushAccepted(stage, await changeOf(stage, 'create', sku));
          assert.ok(Object.keys(externalIds).length > 0 && Object.values(externalIds).every(Boolean), 'no numbers');
          const books = booksOf(stage, sku);
          assert.equal(books.length, 1);
          assert.deepEqual([books[0]?.state, books[0]?.price], ['on-sale', brought.prices[0].minor]);
        }
      }),
  },
  {
    name: 'push: price and stop reach the channel, and stopping again is no error',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const { group, brought } = listingsOf(stage);
        const first = await pushAccepted(stage, await changeOf(stage, 'create', sku));
        const known = { externalIds: first.externalIds };
        if (group.parts.includes('price')) {
          await pushAccepted(stage, { ...(await changeOf(stage, 'price', sku, { price: 1 })), ...known });
          assert.equal(booksOf(stage, sku)[0]?.price, brought.prices[1].minor);
        }
        for (const _ of ['first', 'again']) {
          await pushAccepted(stage, { ...(await changeOf(stage, 'stop', sku)), ...known });
          assert.deepEqual(
            booksOf(stage, sku).filter((listing) => listing.state === 'on-sale'),
            [],
          );
        }
        await pushAccepted(stage, { ...(await changeOf(stage, 'resume', sku)), ...known });
        assert.equal(booksOf(stage, sku)[0]?.state, 'on-sale');
      }),
  },
];
