import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AnyChannel } from '../../src/channel/contract.ts';
import { createRegistry } from '../../src/channel/registry.ts';
import { findAccount } from '../../src/store/accounts.ts';
import { fetchMissingMappings } from '../../src/sync/fetch-mappings.ts';
import { importMappings } from '../../src/sync/manage-accounts.ts';
import { type House, openHouse } from '../support/house.ts';
import { createMemoryChannel, withMemoryAccount } from '../support/memory-channel.ts';

/** Mappings that are written by two at once: nobody's entries get lost, and those of people come first. */

const account = 'memory';
let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const mappingsNow = async () => (await findAccount(house.store, account))?.mappings;

it('what people import while the channel is asked stays, also where the channel knows a word too', async () => {
  await house.importDemo(['SG-01-002']);
  const channel = createMemoryChannel();
  const adapter: AnyChannel = {
    ...channel.adapter,
    mappings: {
      defaults: async (_context, { productGroups }) => {
        // The answer of the channel is still out when staff import theirs.
        const categories = { ...entries(productGroups, 'of the staff'), 우리말: { main: 'of the staff' } };
        await importMappings(deps, { accountId: account, file: { categories } });
        const found = { ...entries(productGroups, 'of the channel'), 채널말: { main: 'of the channel' } };
        return { categories: found, notices: {}, shipping: {} };
      },
    },
  };
  await withMemoryAccount(house.deps, channel);
  const deps = { ...house.deps, registry: createRegistry([adapter]) };
  const stored = await findAccount(house.store, account);
  if (!stored) throw new Error('no account');
  const after = await fetchMissingMappings(deps, stored);
  const categories = (await mappingsNow())?.categories ?? {};
  expect(after.mappings.categories).toEqual(categories);
  const { 우리말, 채널말, ...both } = categories;
  expect([우리말, 채널말]).toEqual([{ main: 'of the staff' }, { main: 'of the channel' }]);
  expect(Object.values(both)).toEqual([{ main: 'of the staff' }]);
});

const entries = (words: readonly string[], category: string) =>
  Object.fromEntries(words.map((word) => [word, { main: category }]));

it('of two imports at once neither loses its entries', async () => {
  const deps = await withMemoryAccount(house.deps, createMemoryChannel());
  const words = ['하나', '둘', '셋'];
  const files = words.map((word) => ({ categories: entries([word], '1') }));
  await Promise.all(files.map((file) => importMappings(deps, { accountId: account, file })));
  expect(Object.keys((await mappingsNow())?.categories ?? {}).sort()).toEqual([...words].sort());
});
