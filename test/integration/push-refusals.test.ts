import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replayDeadLetter } from '../../src/sync/replay-dead-letter.ts';
import { set } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, MINUTE_MS, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const notebook = 'SG-01-003';
const create = 'POST /item/v1/goods';
const price = 'PUT /item/v1/goods/{goodsNo}/price';
const sellStatus = 'PUT /item/v1/goods/{goodsNo}/sell-status';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
});
afterEach(() => house.close());

const theLetter = async () => {
  const letters = await house.deadLetters();
  expect(letters).toHaveLength(1);
  const [letter] = letters;
  if (!letter) throw new Error('no letter');
  expect(letter).toMatchObject({ sku: paper, accountId: ACCOUNT, jobName: 'push' });
  for (const sentence of [letter.messageKo, letter.messageEn]) {
    expect(sentence).toContain(paper);
    expect(sentence).toContain(ACCOUNT);
  }
  expect(letter.messageKo).toMatch(/[가-힣]/);
  return letter;
};

const replay = async () => {
  await replayDeadLetter(house.deps, house.queues, (await theLetter()).id);
  await house.work();
};

describe('a change that the channel rejects', () => {
  const withPrice = (won: number) => house.importDemo([paper], (row) => set(row, 'price_krw', won));
  beforeEach(async () => {
    await house.putOnSale([paper]);
    house.fault({ match: price, fault: 'business-error', times: 1 });
    await withPrice(11_900);
    await house.push();
    expect((await theLetter()).kind).toBe('rejected');
  });

  it.each([
    ['push', () => house.push()],
    ['sweep', () => house.sweep()],
  ])('is forgotten with its letter by the next %s once it was taken back', async (_name, look) => {
    await house.importDemo([paper]);
    const before = house.calls();
    await look();
    expect(await house.deadLetters()).toEqual([]);
    expect(await house.listing(paper)).toMatchObject({ state: 'on-sale', refusal: null });
    expect(house.calls()).toBe(before);
    await withPrice(11_900);
    await house.push();
    expect(house.books(paper).map((site) => site.price)).toEqual([11_900, 11_900]);
  });

  it('keeps its letter while it is wanted, and a dry run closes none', async () => {
    await house.sweep();
    expect(await house.deadLetters()).toHaveLength(1);
    await house.importDemo([paper]);
    await house.push({ dryRun: true });
    expect(await house.deadLetters()).toHaveLength(1);
  });
});

describe('a product that the channel rejects', () => {
  beforeEach(async () => {
    await house.importDemo([paper, notebook]);
    await house.approveAll([paper]);
    house.fault({ match: create, fault: 'business-error', times: 1 });
    await house.push();
  });

  it('is told with what the channel said, and is not sent again while nothing changes', async () => {
    expect(await house.listing(paper)).toMatchObject({
      state: 'rejected',
      refusal: { operation: 'create', code: '1000' },
    });
    expect(await theLetter()).toMatchObject({ kind: 'rejected', code: '1000', attempts: 1 });
    expect((await theLetter()).messageKo).toContain('일시적으로 요청을 처리할 수 없습니다');
    const before = house.calls();
    await house.sweep();
    const { blocked } = await house.push();
    expect(blocked.filter(({ sku }) => sku === paper)).toMatchObject([{ rule: 'refused_by_channel' }]);
    house.pass(24 * 60 * MINUTE_MS);
    await house.sweep();
    expect(house.calls()).toBe(before);
  });

  it('holds up no other product', async () => {
    await house.approveAll([notebook]);
    await house.push();
    expect(await house.listing(notebook)).toMatchObject({ state: 'on-sale' });
  });

  it('is sent by itself once it was corrected, and the letter is closed', async () => {
    await house.importDemo([paper], (row) => set(row, 'description_ko', '고친 설명입니다.'));
    await house.sweep();
    expect(house.calls(create)).toBe(2);
    expect(await house.listing(paper)).toMatchObject({ state: 'on-sale', refusal: null });
    expect(await house.deadLetters()).toEqual([]);
  });

  it('is sent once more by a replay, and told again when it is refused again', async () => {
    house.fault({ match: create, fault: 'business-error', times: 1 });
    const { id } = await theLetter();
    await replay();
    expect(house.calls(create)).toBe(2);
    expect((await theLetter()).id).not.toBe(id);
    await expect(replayDeadLetter(house.deps, house.queues, id)).rejects.toMatchObject({ code: 'dead_letter_unknown' });
    await house.sweep();
    expect(house.calls(create)).toBe(2);
    await replay();
    expect(await house.listing(paper)).toMatchObject({ state: 'on-sale' });
    expect(await house.deadLetters()).toEqual([]);
  });
});

describe('what the channel takes without doing it', () => {
  beforeEach(() => house.putOnSale([paper]));

  it('a price: told when it will not come any more, not sent for ever, and sent again by a replay', async () => {
    await house.importDemo([paper], (row) => set(row, 'price_krw', 11_900));
    house.fault({ match: price, fault: 'ignore-silently', times: 1 });
    await house.push();
    expect(house.books(paper).map((one) => one.price)).toEqual([12_800, 12_800]);
    expect(await house.listing(paper)).toMatchObject({
      state: 'on-sale',
      refusal: { code: 'SILENTLY_REFUSED', field: 'price' },
    });
    const letter = await theLetter();
    expect(letter).toMatchObject({ code: 'SILENTLY_REFUSED' });
    expect(letter.messageKo).toContain('11900 → 12800');
    const before = house.calls();
    await house.push();
    await house.sweep();
    expect(house.calls()).toBe(before);
    await replay();
    expect(house.books(paper).map((one) => one.price)).toEqual([11_900, 11_900]);
    expect(await house.listing(paper)).toMatchObject({ state: 'on-sale', refusal: null });
    expect(await house.deadLetters()).toEqual([]);
  });

  it('a stop: sent again by the sweep until it holds', async () => {
    await house.importDemo([paper], (row) => set(row, 'stock_qty', 0));
    house.fault({ match: sellStatus, fault: 'ignore-silently', times: 2 });
    await house.push();
    expect(house.books(paper).map(({ state }) => state)).toEqual(['on-sale', 'on-sale']);
    await theLetter();
    await house.sweep();
    expect(house.books(paper).map(({ state }) => state)).toEqual(['on-sale', 'on-sale']);
    await house.sweep();
    expect(house.calls(sellStatus)).toBe(3);
    expect(house.books(paper).map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    expect(await house.listing(paper)).toMatchObject({ state: 'stopped' });
    expect(await house.deadLetters()).toEqual([]);
  });
});

it('a create that is taken and never shows is told, and not made again by itself', async () => {
  await house.importDemo([paper]);
  await house.approveAll();
  house.fault({ match: create, fault: 'ignore-silently', times: 1 });
  await house.push();
  expect(await theLetter()).toMatchObject({ code: 'STUCK' });
  await house.sweep();
  expect(house.calls(create)).toBe(1);
  await replay();
  expect(house.calls(create)).toBe(2);
  expect(await house.listing(paper)).toMatchObject({ state: 'on-sale' });
  expect(await house.deadLetters()).toEqual([]);
});

it('a product that one of two sites refuses is on sale in part, and told', async () => {
  await house.importDemo([paper]);
  await house.approveAll();
  house.fault({ match: create, fault: 'one-site-fails', times: 1 });
  await house.push();
  expect(await house.listing(paper)).toMatchObject({ state: 'partial', refusal: { site: 'iac' } });
  const before = house.calls();
  const result = await house.push();
  expect(result.blocked).toMatchObject([{ sku: paper, rule: 'refused_by_channel' }]);
  await house.sweep();
  expect(house.calls()).toBe(before);
});
