import { describe, expect, it } from 'vitest';
import { approvalStates } from '../../src/domain/approval.ts';
import type { Campaign } from '../../src/domain/campaign.ts';
import type { Finding } from '../../src/domain/finding.ts';
import { won } from '../../src/domain/money.ts';
import type { ListingFacts } from '../../src/store/listings.ts';
import { desire, viewCampaigns } from '../../src/sync/desired.ts';
import { newListing } from '../../src/sync/plan-push.ts';

const now = new Date('2026-12-10T12:00:00+09:00');

const factsAs = (change: Partial<ListingFacts> = {}): ListingFacts => ({
  sku: 'A-1',
  nameKo: '재생 복사용지',
  approvalState: 'approved',
  certified: true,
  productHash: 'product',
  inForce: '',
  priceKrw: 10_000,
  stock: 5,
  declaredStock: 5,
  listing: { ...newListing(), contentHash: 'content' },
  ...change,
});

const campaignAs = (change: Partial<Campaign> = {}): Campaign => ({
  id: 'winter',
  name: '겨울 기획전',
  startsAt: new Date('2026-12-07T00:00:00+09:00'),
  endsAt: new Date('2026-12-28T00:00:00+09:00'),
  accountIds: ['esm'],
  members: [{ sku: 'A-1', priceKrw: 9_000 }],
  ...change,
});

const desireOf = (facts: ListingFacts, campaigns: Campaign[] = [], at = now) =>
  desire(facts, viewCampaigns(campaigns, 'esm', at), 'esm', at);

const blocking: Finding = { rule: 'category_missing', result: 'block', field: 'x', messageKo: '가', messageEn: 'a' };

describe('may it be on sale', () => {
  it('yes, with everything as it should be', () => {
    const { wanted, obstacle } = desireOf(factsAs());
    expect(obstacle).toBeNull();
    const price = won(10_000);
    expect(wanted).toEqual({ onSale: true, offReason: null, contentHash: 'content', price, stock: 5, discount: null });
  });

  it.each(approvalStates.filter((state) => state !== 'approved'))('no, while it is %s', (approvalState) => {
    const { wanted, obstacle } = desireOf(factsAs({ approvalState }));
    expect(wanted).toMatchObject({ onSale: false, offReason: 'not_approved' });
    expect(obstacle?.messageKo).toMatch(/^상품 A-1: .*[가-힣]/);
    expect(obstacle?.messageEn).toMatch(/^Product A-1 /);
  });

  it.each<[string, Partial<ListingFacts>, Campaign[]]>([
    ['cert_not_valid_today', { certified: false }, []],
    ['sold_out', { stock: 0 }, []],
    ['category_missing', { listing: { ...newListing(), findings: [blocking] } }, []],
    ['campaign_other_account', {}, [campaignAs({ accountIds: ['other'] })]],
    ['campaign_not_open', {}, [campaignAs({ startsAt: new Date('2026-12-11T00:00:00+09:00') })]],
    ['campaign_not_open', {}, [campaignAs({ endsAt: new Date('2026-12-10T00:00:00+09:00') })]],
  ])('no, because of %s', (rule, change, campaigns) => {
    const { wanted, obstacle } = desireOf(factsAs(change), campaigns);
    expect(wanted).toMatchObject({ onSale: false, offReason: rule });
    expect(obstacle).toMatchObject({ rule, result: 'block' });
  });

  it('a warning of the channel keeps nothing from being sold', () => {
    const listing = { ...newListing(), findings: [{ ...blocking, result: 'warn' as const }] };
    expect(desireOf(factsAs({ listing })).wanted.onSale).toBe(true);
  });

  it('the gravest reason is told first: no approval, then no certificate', () => {
    const worst = { approvalState: 'suspended', certified: false, stock: 0 } as const;
    expect(desireOf(factsAs(worst)).obstacle?.rule).toBe('not_approved');
    expect(desireOf(factsAs({ ...worst, approvalState: 'approved' })).obstacle?.rule).toBe('cert_not_valid_today');
  });
});

describe('a campaign', () => {
  it.each([
    ['2026-12-06T23:59:59.999+09:00', false],
    ['2026-12-07T00:00:00.000+09:00', true],
    ['2026-12-27T23:59:59.999+09:00', true],
    ['2026-12-28T00:00:00.000+09:00', false],
  ])('at %s is open: %s', (instant, isOpen) => {
    expect(desireOf(factsAs(), [campaignAs()], new Date(instant)).wanted.onSale).toBe(isOpen);
  });

  it('lowers the price by a discount over its whole days in Seoul', () => {
    expect(desireOf(factsAs(), [campaignAs()]).wanted).toMatchObject({
      price: won(10_000),
      discount: { amount: won(1_000), firstDay: '2026-12-07', lastDay: '2026-12-27' },
    });
  });

  it.each([null, 10_000, 12_000])('with the price %s gives no discount', (priceKrw) => {
    const campaign = campaignAs({ members: [{ sku: 'A-1', priceKrw }] });
    expect(desireOf(factsAs(), [campaign]).wanted).toMatchObject({ onSale: true, discount: null });
  });

  it.each([
    [9_000, 8_500],
    [8_500, 9_000],
    [null, 8_500],
    [8_500, null],
  ])('of two open ones (%s, %s) the lower price counts, in whatever order they come', (first, second) => {
    const campaigns = [first, second].map((priceKrw, index) =>
      campaignAs({ id: `c${index}`, members: [{ sku: 'A-1', priceKrw }] }),
    );
    expect(desireOf(factsAs(), campaigns).wanted.discount?.amount).toEqual(won(1_500));
  });

  it('that is over does not close one that is open', () => {
    const over = campaignAs({ id: 'autumn', endsAt: new Date('2026-12-09T00:00:00+09:00') });
    for (const campaigns of [
      [over, campaignAs()],
      [campaignAs(), over],
    ]) {
      expect(desireOf(factsAs(), campaigns).wanted.onSale).toBe(true);
    }
  });

  it('that comes next is the one people are told of', () => {
    const over = campaignAs({ id: 'autumn', endsAt: new Date('2026-12-09T00:00:00+09:00') });
    const next = campaignAs({
      id: 'spring',
      startsAt: new Date('2027-03-01T00:00:00+09:00'),
      endsAt: new Date('2027-03-21T00:00:00+09:00'),
    });
    for (const campaigns of [
      [over, next],
      [next, over],
    ]) {
      expect(desireOf(factsAs(), campaigns).obstacle?.messageKo).toContain('spring');
    }
  });

  it('without this product changes nothing for it', () => {
    expect(desireOf(factsAs({ sku: 'B-1' }), [campaignAs()]).wanted).toMatchObject({ onSale: true, discount: null });
  });
});
