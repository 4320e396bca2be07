import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GmarketSandbox } from '../../adapters/gmarket-esm/sandbox/index.ts';
import type { SandboxFaultRule } from '../../src/channel/sandbox.ts';
import { findAccount } from '../../src/store/accounts.ts';
import { resumePausedAccount } from '../../src/sync/manage-accounts.ts';
import { pushListings } from '../../src/sync/push-listings.ts';
import { runPush } from '../../src/sync/push-run.ts';
import { maxFailures } from '../../src/sync/retry-policy.ts';
import { set } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, MINUTE_MS, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const notebook = 'SG-01-003';
const create = 'POST /item/v1/goods';
const stock = 'PUT /item/v1/goods/{goodsNo}/stock';

let house: House;
let other: GmarketSandbox;
beforeEach(async () => {
  house = await openHouse();
  other = await house.openSandbox();
  await house.addAccount();
  await house.addAccount('other', { sandbox: other });
  await house.importDemo([paper, notebook]);
  await house.approveAll([paper]);
});
afterEach(() => house.close());

const status = (code: number, match = create, times = 1_000): SandboxFaultRule => ({
  match,
  fault: 'status',
  status: code,
  times,
});
const sells = (sku: string, at?: GmarketSandbox) => house.books(sku, at).map(({ state }) => state);

describe.each([
  [401, 'unauthorized', 'naru accounts add'],
  [403, 'forbidden', 'naru accounts resume'],
])('HTTP %s', (code, kind, advice) => {
  it('pauses its account with a sentence, and no other', async () => {
    house.fault(status(code));
    await house.approveAll([notebook]);
    await house.push();
    const account = await findAccount(house.store, ACCOUNT);
    expect(account).toMatchObject({ state: 'paused', pause: { kind } });
    for (const sentence of [account?.pause?.messageKo, account?.pause?.messageEn]) {
      expect(sentence).toContain(ACCOUNT);
      expect(sentence).toContain(advice);
    }
    // One of two products was tried; the pause kept the other from the same answer.
    expect(house.calls(create)).toBe(1);
    expect(sells(paper, other)).toEqual(['on-sale', 'on-sale']);
    expect(sells(notebook, other)).toEqual(['on-sale', 'on-sale']);
    const before = house.calls();
    await house.sweep();
    expect((await house.push()).failed).toMatchObject([{ account: ACCOUNT, code: kind }]);
    expect(house.calls()).toBe(before);
  });
});

it.each([
  ['adding the account again', () => house.addAccount()],
  ['resuming it', () => resumePausedAccount(house.deps, ACCOUNT)],
])('%s lets a paused account work again', async (_name, answer) => {
  house.fault(status(401, create, 1));
  await house.push();
  expect(sells(paper)).toEqual([]);
  await answer();
  expect(await findAccount(house.store, ACCOUNT)).toMatchObject({ state: 'active', pause: null });
  await house.sweep();
  expect(sells(paper)).toEqual(['on-sale', 'on-sale']);
  expect(house.books(paper)).toHaveLength(2);
});

it('credentials that are wrong from the start pause the account at its first call', async () => {
  const before = house.calls();
  await house.addAccount('wrong', { credentials: { secretKey: 'not-the-key' } });
  expect(await findAccount(house.store, 'wrong')).toMatchObject({ state: 'paused', pause: { kind: 'unauthorized' } });
  const result = await house.push({ accountId: 'wrong' });
  expect(result).toMatchObject({ failed: [{ account: 'wrong', code: 'unauthorized' }], blocked: [] });
  // The look-ups run side by side, so more than one of them may have been on its way.
  expect(house.calls() - before).toBeLessThanOrEqual(6);
});

it('a pause in the middle of a job ends the job: the channel is not asked for the rest', async () => {
  house.fault(status(401));
  await house.approveAll([notebook]);
  await runPush(house.deps, house.queues, { accountId: ACCOUNT, wait: false, dryRun: false });
  const listingIds = [(await house.listing(paper)).listingId, (await house.listing(notebook)).listingId];
  await pushListings(house.deps, { accountId: ACCOUNT, listingIds, runId: null, byPerson: true });
  expect(house.calls(create)).toBe(1);
});

it('a limit of the channel is waited for: no letter, no second create', async () => {
  house.fault({ match: 'POST /item/v1/goods/search', fault: 'rate-limited', times: 3 });
  await house.push();
  await house.sweep();
  expect(sells(paper)).toEqual(['on-sale', 'on-sale']);
  expect(house.calls(create)).toBe(1);
  expect(await house.deadLetters()).toEqual([]);
});

describe('a channel that is away', () => {
  /** Works until `enough`, an hour at most. */
  const workUntil = async (enough: () => Promise<boolean>) => {
    for (let minutes = 0; minutes < 60; minutes += 1) {
      await house.work({ forMs: MINUTE_MS });
      if (await enough()) return;
      house.pass(MINUTE_MS);
    }
    throw new Error('not within an hour');
  };

  it('is told after so many tries, asked ever less often, and served when it is back', async () => {
    await house.push();
    await house.importDemo([paper], (row) => set(row, 'stock_qty', 7));
    house.fault(status(503, stock));
    await runPush(house.deps, house.queues, { accountId: ACCOUNT, wait: false, dryRun: false });
    await workUntil(async () => (await house.deadLetters()).length > 0);
    const [letter, ...more] = await house.deadLetters();
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ sku: paper, accountId: ACCOUNT, kind: 'unavailable', attempts: maxFailures });
    expect(letter?.messageKo).toContain('재고 변경');
    const before = house.calls(stock);
    await house.work({ forMs: 30 * MINUTE_MS });
    // Every try is three calls; one try in two and a half to five minutes at most.
    expect(house.calls(stock) - before).toBeLessThanOrEqual(3 * 12);
    expect(await house.deadLetters()).toHaveLength(1);
    house.fault();
    await workUntil(async () => house.books(paper).every((one) => one.stock === 7));
    await house.work();
    expect(await house.listing(paper)).toMatchObject({ state: 'on-sale', refusal: null });
    expect(await house.deadLetters()).toEqual([]);
  });

  it('holds up no other account', async () => {
    house.fault(status(503, 'POST /item/v1/goods/search'));
    await runPush(house.deps, house.queues, { wait: false, dryRun: false });
    await house.work({ forMs: MINUTE_MS });
    expect(sells(paper)).toEqual([]);
    expect(house.calls(create)).toBe(0);
    expect(sells(paper, other)).toEqual(['on-sale', 'on-sale']);
  });
});

it('an account that cannot be opened is told, and keeps no other from its push', async () => {
  await house.store.query(`update naru.account set settings = '{}' where account_id = $1`, [ACCOUNT]);
  const result = await house.push();
  expect(result.failed).toMatchObject([{ sku: null, account: ACCOUNT, code: 'account_unusable' }]);
  expect(sells(paper, other)).toEqual(['on-sale', 'on-sale']);
  // Where nothing else was asked for, there is nothing to do but mend it.
  await expect(house.push({ accountId: ACCOUNT })).rejects.toMatchObject({ code: 'account_unusable' });
  await house.store.query(`update naru.account set adapter_id = 'gone' where account_id = $1`, [ACCOUNT]);
  expect((await house.push()).failed).toMatchObject([{ account: ACCOUNT, code: 'adapter_unknown' }]);
  const { rows } = await house.store.query('select run_id from naru.run where finished_at is null');
  expect(rows).toEqual([]);
});
