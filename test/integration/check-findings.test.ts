import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listingsCommand } from '../../src/cli/commands/reports.ts';
import { examine } from '../../src/sync/doctor.ts';
import { runPush } from '../../src/sync/push-run.ts';
import { replayDeadLetter } from '../../src/sync/replay-dead-letter.ts';
import { listingJson } from '../../src/sync/report.ts';
import { maxFailures } from '../../src/sync/retry-policy.ts';
import { set } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, MINUTE_MS, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const create = 'POST /item/v1/goods';
const update = 'PUT /item/v1/goods/{goodsNo}';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
});
afterEach(() => house.close());

const audit = async () => {
  await house.queues.add('audit', { accountId: ACCOUNT });
  await house.work();
};
const atChannel = async (change: Record<string, unknown>) => {
  const response = await fetch(`${house.sandbox.url}/_listings/${paper}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  expect(response.status).toBe(200);
};
const letters = async () => (await house.deadLetters()).map(({ code }) => code);
const writes = () => [house.calls(create), house.calls(update)];
const live = () => house.books(paper).filter(({ state }) => state === 'on-sale');
const told = async () => (await examine(house.deps, house.queues)).filter(({ code }) => code.startsWith('listing_'));

describe('a product that one site has no more', () => {
  beforeEach(async () => {
    await house.putOnSale([paper]);
    await atChannel({ site: 'iac', state: 'deleted' });
    await audit();
  });

  it('is on sale in part, and told with what to do', async () => {
    expect(await house.listing(paper)).toMatchObject({
      state: 'partial',
      refusal: { code: 'MISSING_ON_SITE', site: 'iac' },
    });
    const [letter] = await house.deadLetters();
    expect(letter).toMatchObject({ sku: paper, code: 'MISSING_ON_SITE' });
    for (const sentence of [letter?.messageKo, letter?.messageEn]) {
      for (const part of [paper, ACCOUNT, 'iac', 'naru dead-letters replay']) expect(sentence).toContain(part);
    }
  });

  it('is shown with state, sites and what to do, in both languages', async () => {
    const shown = listingsCommand.text({ listings: [listingJson(await house.listing(paper))] });
    for (const part of [
      '일부 사이트 판매',
      'partial',
      '상품 없음',
      'missing',
      '이 사이트에 상품이 없습니다',
      'this site does not',
    ]) {
      expect(shown).toContain(part);
    }
  });

  it('is not put up there by itself, and stays told', async () => {
    const before = writes();
    await house.sweep();
    await house.push();
    await audit();
    await house.sweep();
    expect(writes()).toEqual(before);
    expect(await house.listing(paper)).toMatchObject({ state: 'partial', refusal: { code: 'MISSING_ON_SITE' } });
    expect(await letters()).toEqual(['MISSING_ON_SITE']);
  });

  it('is put up there again once, by a replay, and nothing is doubled', async () => {
    const [letter] = await house.deadLetters();
    await replayDeadLetter(house.deps, house.queues, letter?.id ?? 0);
    await house.work();
    await house.sweep();
    expect(writes()).toEqual([1, 1]);
    expect(
      live()
        .map(({ site }) => site)
        .sort(),
    ).toEqual(['gmkt', 'iac']);
    expect(await house.listing(paper)).toMatchObject({ state: 'on-sale', refusal: null });
    expect(await letters()).toEqual([]);
  });

  it('is as it was when the site shows it again', async () => {
    // The marketplace brings its product back.
    await atChannel({ site: 'iac', state: 'on-sale' });
    await audit();
    expect(await house.listing(paper)).toMatchObject({ state: 'on-sale', refusal: null });
    expect(await letters()).toEqual([]);
    const before = writes();
    await house.push();
    expect(writes()).toEqual(before);
  });
});

it('a refusal that is in force is told until it is over, however often the channel is read', async () => {
  await house.putOnSale([paper]);
  await house.importDemo([paper], (row) => set(row, 'description_ko', '설명을 새로 썼습니다.'));
  house.fault({ match: update, fault: 'business-error', times: 1 });
  await house.push();
  expect(await letters()).toEqual(['1000']);
  await audit();
  expect(await letters()).toEqual(['1000']);
  expect(await house.listing(paper)).toMatchObject({
    state: 'on-sale',
    refusal: { operation: 'update', code: '1000' },
  });
});

it('a failure that lasts is told although the channel is read in between', async () => {
  await house.putOnSale([paper]);
  await house.importDemo([paper], (row) => set(row, 'price_krw', 11_900));
  house.fault({ match: 'PUT /item/v1/goods/{goodsNo}/price', fault: 'status', status: 500, times: 1_000 });
  await runPush(house.deps, house.queues, { wait: false, dryRun: false });
  for (let minute = 0; minute < 12; minute += 1) {
    await house.queues.add('audit', { accountId: ACCOUNT });
    await house.work({ forMs: 0 });
    house.pass(MINUTE_MS);
  }
  expect(await house.deadLetters()).toMatchObject([{ sku: paper, kind: 'unavailable', attempts: maxFailures }]);
});

it("the channel's stop is told no more once it is lifted", async () => {
  await house.putOnSale([paper]);
  await atChannel({ state: 'stopped-by-channel' });
  await audit();
  expect(await letters()).toEqual(['BLOCKED_BY_CHANNEL']);
  await atChannel({ state: 'on-sale' });
  await audit();
  expect(await house.listing(paper)).toMatchObject({ state: 'on-sale', refusal: null });
  expect(await letters()).toEqual([]);
  expect((await house.push()).blocked).toEqual([]);
});

describe('what was changed by hand at the channel is told and left alone:', () => {
  beforeEach(() => house.putOnSale([paper]));

  it('a price', async () => {
    await atChannel({ price: 9_990 });
    await audit();
    const before = house.calls();
    await house.sweep();
    expect(house.calls()).toBe(before);
    const row = await house.listing(paper);
    expect(row).toMatchObject({ state: 'on-sale', refusal: null });
    expect(listingJson(row).remarks).toMatchObject([
      { code: 'PRICE_CHANGED', site: 'gmkt', message_ko: expect.stringContaining('12800 → 9990') },
      { code: 'PRICE_CHANGED', site: 'iac', message_en: expect.stringContaining('12800 → 9990') },
    ]);
    expect(await told()).toMatchObject([{ account: ACCOUNT, severity: 'problem' }, { messageKo: expect.anything() }]);
    await atChannel({ price: 12_800 });
    await audit();
    expect(await told()).toEqual([]);
  });

  it('a stop, as long as the product should be on sale', async () => {
    await atChannel({ state: 'stopped' });
    await audit();
    expect((await told()).map(({ code }) => code)).toEqual([
      'listing_stopped_at_channel',
      'listing_stopped_at_channel',
    ]);
    await house.importDemo([paper], (row) => set(row, 'stock_qty', 0));
    await audit();
    expect(await told()).toEqual([]);
  });
});
