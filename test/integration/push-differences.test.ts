import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAccount } from '../../src/store/accounts.ts';
import { importMappings } from '../../src/sync/manage-accounts.ts';
import { replayDeadLetter } from '../../src/sync/replay-dead-letter.ts';
import { set } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const notebook = 'SG-01-003';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
  await house.putOnSale([paper, notebook]);
});
afterEach(() => house.close());

/** Writes that a push causes, without product numbers; read-backs are left out. */
async function writesOf(push: () => Promise<unknown>): Promise<string[]> {
  const before = house.sent().length;
  await push();
  return house
    .sent()
    .slice(before)
    .filter((call) => !call.startsWith('GET') && !call.endsWith('/search'))
    .map((call) => call.replace(/\/\d+/, '/{goodsNo}'));
}

/** After it the store and the channel agree: nothing is left to say. */
async function expectQuiet(): Promise<void> {
  const before = house.calls();
  const { planned } = await house.push();
  expect(planned).toMatchObject({ create: 0, update: 0, price: 0, stock: 0, stop: 0, resume: 0 });
  await house.sweep();
  expect(house.calls()).toBe(before);
}

const winter = (members: Record<string, unknown>[], days: [string, string]) => ({
  id: 'winter',
  name: '겨울 기획전',
  start: days[0],
  end: days[1],
  accounts: [ACCOUNT],
  members,
});

it('a second push with nothing changed makes no call at all', async () => {
  await expectQuiet();
});

describe('only what changed is sent:', () => {
  it('a price', async () => {
    await house.importDemo([paper], (row) => set(row, 'price_krw', 11_900));
    expect(await writesOf(() => house.push())).toEqual(['PUT /item/v1/goods/{goodsNo}/price']);
    expect(house.books(paper).map(({ price }) => price)).toEqual([11_900, 11_900]);
    await expectQuiet();
  });

  it('a stock', async () => {
    await house.importDemo([paper], (row) => set(row, 'stock_qty', 7));
    expect(await writesOf(() => house.push())).toEqual(['PUT /item/v1/goods/{goodsNo}/stock']);
    expect(house.books(paper).map(({ stock }) => stock)).toEqual([7, 7]);
    await expectQuiet();
  });

  it('the content, with price and stock in the same write', async () => {
    await house.importDemo([paper], (row) => {
      set(row, 'description_ko', '설명을 새로 썼습니다.');
      set(row, 'price_krw', 11_900);
      set(row, 'stock_qty', 7);
    });
    expect(await writesOf(() => house.push())).toEqual(['PUT /item/v1/goods/{goodsNo}']);
    expect(house.books(paper)).toMatchObject([
      { price: 11_900, stock: 7 },
      { price: 11_900, stock: 7 },
    ]);
    await expectQuiet();
  });

  it('a mapping, for the products that it concerns', async () => {
    const { mappings } = (await findAccount(house.store, ACCOUNT)) ?? {};
    const groups = Object.entries(mappings?.categories ?? {});
    expect(groups.length).toBeGreaterThan(0);
    const [group, codes] = groups[0] ?? ['', {}];
    const swapped = groups.find(([name]) => name !== group)?.[1] ?? codes;
    const before = await house.store.query<{ sku: string }>(
      `select sku from naru.product where content -> 'group' ->> 'ko' = $1`,
      [group],
    );
    await importMappings(house.deps, { accountId: ACCOUNT, file: { categories: { [group]: swapped } } });
    const writes = await writesOf(() => house.push());
    expect(writes).toEqual(before.rows.map(() => 'PUT /item/v1/goods/{goodsNo}'));
    await expectQuiet();
  });

  it('nothing, when the service moves to another public address', async () => {
    house.deps.publicUrl = 'https://elsewhere.example';
    // An upgrade at the same time has every document made again.
    house.deps.version = '9.9.9';
    await expectQuiet();
  });

  it('nothing, after an upgrade that makes the same documents', async () => {
    house.deps.version = '9.9.9';
    await expectQuiet();
  });

  it('a stop, when the stock is gone, and a resume with the new count', async () => {
    await house.importDemo([paper], (row) => set(row, 'stock_qty', 0));
    expect(await writesOf(() => house.push())).toEqual(['PUT /item/v1/goods/{goodsNo}/sell-status']);
    expect(house.books(paper).map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    await expectQuiet();
    await house.importDemo([paper], (row) => {
      set(row, 'stock_qty', 12);
      set(row, 'price_krw', 11_900);
    });
    expect(await writesOf(() => house.push())).toEqual(['PUT /item/v1/goods/{goodsNo}/sell-status']);
    expect(house.books(paper)).toMatchObject([
      { state: 'on-sale', stock: 12, price: 11_900 },
      { state: 'on-sale', stock: 12, price: 11_900 },
    ]);
    await expectQuiet();
  });
});

describe('several differences at once are settled in one push:', () => {
  it('a campaign that opens on the day the content changes', async () => {
    await house.campaign(winter([{ sku: paper, price_krw: 11_800 }], ['2026-11-23', '2026-11-30']));
    await house.importDemo([paper], (row) => set(row, 'description_ko', '설명을 새로 썼습니다.'));
    const writes = await writesOf(() => house.push());
    expect(writes).toContain('POST /item/v1/goods/{goodsNo}/seller-discounts');
    expect(writes).toContain('PUT /item/v1/goods/{goodsNo}');
    await expectQuiet();
  });

  it('a campaign that opens for a product it had kept off sale', async () => {
    await house.campaign(winter([{ sku: paper, price_krw: 11_800 }], ['2026-11-25', '2026-11-30']));
    await house.push();
    expect(house.books(paper).map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    house.clock.jumpTo(new Date('2026-11-25T00:00:00+09:00'));
    const writes = await writesOf(() => house.sweep());
    expect(writes).toContain('PUT /item/v1/goods/{goodsNo}/sell-status');
    expect(writes).toContain('POST /item/v1/goods/{goodsNo}/seller-discounts');
    expect(house.books(paper).map(({ state }) => state)).toEqual(['on-sale', 'on-sale']);
    await expectQuiet();
  });
});

describe('what happened at the channel', () => {
  const atChannel = async (change: Record<string, unknown>) => {
    const response = await fetch(`${house.sandbox.url}/_listings/${paper}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(change),
    });
    expect(response.status).toBe(200);
    await house.queues.add('audit', { accountId: ACCOUNT });
    await house.work();
  };

  it("a seller's own stop is not undone by the sweep, and is by a person", async () => {
    await atChannel({ state: 'stopped' });
    expect(await house.listing(paper)).toMatchObject({ state: 'stopped' });
    expect(await writesOf(() => house.sweep())).toEqual([]);
    expect(await writesOf(() => house.push())).toEqual(['PUT /item/v1/goods/{goodsNo}/sell-status']);
    expect(await house.listing(paper)).toMatchObject({ state: 'on-sale' });
  });

  it("the channel's own stop is told, and nobody fights it", async () => {
    await atChannel({ state: 'stopped-by-channel' });
    expect(await house.listing(paper)).toMatchObject({ state: 'stopped', refusal: { code: 'BLOCKED_BY_CHANNEL' } });
    expect(await house.deadLetters()).toMatchObject([{ sku: paper, code: 'BLOCKED_BY_CHANNEL' }]);
    await house.importDemo([paper], (row) => set(row, 'price_krw', 11_900));
    expect(await writesOf(() => house.push())).toEqual([]);
  });

  it('a product that was deleted there is told, and listed anew when a person says so', async () => {
    await atChannel({ state: 'deleted' });
    await house.sweep();
    expect(house.calls('POST /item/v1/goods')).toBe(2);
    const [letter] = await house.deadLetters();
    expect(letter).toMatchObject({ sku: paper, code: 'STUCK' });
    await replayDeadLetter(house.deps, house.queues, letter?.id ?? 0);
    await house.work();
    expect(house.calls('POST /item/v1/goods')).toBe(3);
    expect(await house.listing(paper)).toMatchObject({ state: 'on-sale' });
    expect(house.books(paper).filter(({ state }) => state === 'on-sale')).toHaveLength(2);
  });
});
