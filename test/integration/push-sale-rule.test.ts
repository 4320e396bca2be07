import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideProducts } from '../../src/sync/approve-products.ts';
import { cancelCertificate } from '../../src/sync/cancel-certificate.ts';
import type { PushRunResult } from '../../src/sync/push-run.ts';
import { goodRow, type RawRow, set } from '../support/catalogue-rows.ts';
import { ACCOUNT, type House, openHouse } from '../support/house.ts';

const paper = 'SG-01-002';
const notebook = 'SG-01-003';

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.addAccount();
});
afterEach(() => house.close());

/** The one obstacle of a product, by its rule, told in both languages with the product's name in it. */
function ruleOf(result: PushRunResult, sku: string): string | undefined {
  const told = result.blocked.filter((one) => one.sku === sku);
  expect(told.length).toBeLessThanOrEqual(1);
  const [one] = told;
  if (!one) return undefined;
  expect(one).toMatchObject({ account: ACCOUNT, result: 'block' });
  expect(one.messageKo).toContain(sku);
  expect(one.messageEn).toContain(sku);
  expect(one.messageKo).toMatch(/[가-힣]/);
  expect(one.messageEn).not.toMatch(/[가-힣]{5}/);
  return one.rule;
}

const campaignFile = (change: RawRow = {}): RawRow => ({
  id: 'winter',
  name: '겨울 기획전',
  start: '2026-12-07',
  end: '2026-12-27',
  accounts: [ACCOUNT],
  members: [{ sku: paper, price_krw: 11_800 }],
  ...change,
});

const creates = () => house.calls('POST /item/v1/goods');

describe('what may not be sold is never created', () => {
  it('a product that nobody approved', async () => {
    await house.importDemo([paper]);
    expect(ruleOf(await house.push(), paper)).toBe('not_approved');
    expect(creates()).toBe(0);
  });

  it.each(['rejected', 'suspended'] as const)('a product that was %s', async (to) => {
    await house.importDemo([paper, notebook]);
    await house.approveAll();
    const decided = await decideProducts(house.deps, { skus: [paper], to, by: '담당자', reason: '확인 필요' });
    expect(decided).toEqual({ moved: [paper], refused: [] });
    // A rejection was a person's last word; nothing is left to be told about it.
    expect(ruleOf(await house.push(), paper)).toBe(to === 'rejected' ? undefined : 'not_approved');
    expect(house.books(paper)).toEqual([]);
    expect(house.books(notebook)).toHaveLength(2);
  });

  it('a product whose certificate has ended, while its approval has not been looked at yet', async () => {
    await house.importDemo([paper], (row) => set(row, 'certificates[0].valid_to', '2026-12-31'));
    await house.approveAll();
    house.clock.jumpTo(new Date('2027-01-01T00:00:00+09:00'));
    expect(ruleOf(await house.push(), paper)).toBe('cert_not_valid_today');
    expect(creates()).toBe(0);
  });

  it('a product whose certificate was cancelled', async () => {
    await house.importDemo([paper]);
    await house.approveAll();
    const [{ number }] = goodRow(paper).certificates as [{ number: string }];
    await cancelCertificate(house.deps, house.queues, { number, by: '담당자', reason: '인증 취소 공고' });
    expect(ruleOf(await house.push(), paper)).toBe('cert_not_valid_today');
    expect(creates()).toBe(0);
  });

  it('a product without stock', async () => {
    await house.importDemo([paper], (row) => set(row, 'stock_qty', 0));
    await house.approveAll();
    expect(ruleOf(await house.push(), paper)).toBe('sold_out');
    expect(creates()).toBe(0);
  });

  it('a product that the channel has no category for', async () => {
    await house.importDemo([paper], (row) => set(row, 'product_group_ko', '채널에 없는 분류'));
    await house.approveAll();
    const result = await house.push();
    const rules = result.blocked.filter((one) => one.sku === paper);
    expect(rules).not.toEqual([]);
    for (const { messageKo, messageEn } of rules) expect(`${messageKo}${messageEn}`).toContain(paper);
    expect(creates()).toBe(0);
  });

  it('all of them beside one that may be: that one is sold, on both sites', async () => {
    await house.importDemo([paper, notebook], (row) => row.sku === paper && set(row, 'stock_qty', 0));
    await house.approveAll();
    const result = await house.push();
    expect(result.planned).toMatchObject({ create: 1, unchanged: 0 });
    expect(creates()).toBe(1);
    expect(house.books(notebook).map(({ site, state }) => `${site} ${state}`)).toEqual(['gmkt on-sale', 'iac on-sale']);
  });
});

describe('a campaign', () => {
  /** On sale at an instant, asked of the channel, after the minute's sweep. */
  const sellsAt = async (instant: string): Promise<string> => {
    house.clock.jumpTo(new Date(instant));
    await house.sweep();
    return house.books(paper)[0]?.state ?? 'absent';
  };

  it('opens with its first instant and is over with its end, to the millisecond', async () => {
    await house.importDemo([paper]);
    await house.campaign(campaignFile());
    await house.approveAll();
    expect(ruleOf(await house.push(), paper)).toBe('campaign_not_open');
    expect(await sellsAt('2026-12-06T23:59:59.999+09:00')).toBe('absent');
    expect(await sellsAt('2026-12-07T00:00:00.000+09:00')).toBe('on-sale');
    expect(await sellsAt('2026-12-27T23:59:59.999+09:00')).toBe('on-sale');
    expect(await sellsAt('2026-12-28T00:00:00.000+09:00')).toBe('stopped');
    expect(ruleOf(await house.push(), paper)).toBe('campaign_not_open');
  });

  it('sells at its price as a discount of the own price, which is gone after it', async () => {
    await house.putOnSale([paper, notebook]);
    const discounts = async (sku: string) => {
      const { goodsNo } = (await house.listing(sku)).externalIds;
      const calls = house.sent().filter((call) => call.endsWith(`/${goodsNo}/seller-discounts`));
      return calls.map((call) => call.split(' ')[0]);
    };
    await house.campaign(campaignFile({ start: '2026-11-23', end: '2026-11-25' }));
    const opened = await house.push();
    expect(opened.planned).toMatchObject({ price: 1, create: 0, update: 0, unchanged: 1 });
    expect(await discounts(paper)).toEqual(['POST']);
    expect(house.books(paper).map(({ price }) => price)).toEqual([12_800, 12_800]);
    const { orders } = await buy(paper);
    expect(orders.map((order) => order.sellerDiscount)).toEqual([1_000]);
    // Taken out of the campaign, it goes on selling at its own price.
    await house.campaign(campaignFile({ start: '2026-11-23', end: '2026-11-25', members: [] }));
    await house.push();
    expect(await discounts(paper)).toEqual(['POST', 'GET', 'DELETE']);
    expect((await buy(paper)).orders.map((order) => order.sellerDiscount)).toEqual([0]);
    expect(await discounts(notebook)).toEqual([]);
  });

  const buy = async (sku: string) => {
    const response = await fetch(`${house.sandbox.url}/_orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ orders: [{ sku, site: 'gmkt', units: 1, useSellerDiscount: true }] }),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as { orders: { sellerDiscount: number }[] };
  };

  it('on another account keeps its members from this one, and nobody is told of a fault', async () => {
    const other = await house.openSandbox();
    await house.addAccount('other', { sandbox: other });
    await house.importDemo([paper, notebook]);
    await house.campaign(campaignFile({ start: '2026-11-23', accounts: ['other'] }));
    await house.approveAll();
    const result = await house.push();
    expect(result.blocked).toEqual([]);
    expect(house.books(paper)).toEqual([]);
    expect(house.books(paper, other)).toHaveLength(2);
    expect(house.books(notebook)).toHaveLength(2);
    expect(house.books(notebook, other)).toHaveLength(2);
  });

  it('named in a push restricts it to its members', async () => {
    await house.importDemo([paper, notebook]);
    await house.campaign(campaignFile({ start: '2026-11-23' }));
    await house.approveAll();
    expect((await house.push({ campaignId: 'winter' })).planned).toMatchObject({ create: 1 });
    expect(house.books(notebook)).toEqual([]);
    expect((await house.push()).planned).toMatchObject({ create: 1, unchanged: 1 });
    expect(house.books(notebook)).toHaveLength(2);
  });

  it('that nobody knows is an error for people', async () => {
    await expect(house.push({ campaignId: 'summer' })).rejects.toMatchObject({ code: 'campaign_unknown' });
    await expect(house.push({ accountId: 'nobody' })).rejects.toMatchObject({ code: 'account_unknown' });
  });
});
