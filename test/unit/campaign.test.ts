import { describe, expect, it } from 'vitest';
import { campaignFileSchema, isOpen } from '../../src/domain/campaign.ts';

const file = (change: object = {}) => ({
  id: 'winter-2026',
  name: '12월 녹색제품 기획전',
  start: '2026-12-07',
  end: '2026-12-27',
  accounts: ['esm'],
  members: [{ sku: 'SG-01-001', price_krw: 20_000 }, { sku: 'SG-01-002' }],
  ...change,
});

describe('a campaign file', () => {
  it('runs to the end of its last day in Seoul', () => {
    const campaign = campaignFileSchema.parse(file());
    expect(campaign).toEqual({
      id: 'winter-2026',
      name: '12월 녹색제품 기획전',
      startsAt: new Date('2026-12-06T15:00:00Z'),
      endsAt: new Date('2026-12-27T15:00:00Z'),
      accountIds: ['esm'],
      members: [
        { sku: 'SG-01-001', priceKrw: 20_000 },
        { sku: 'SG-01-002', priceKrw: null },
      ],
    });
  });

  it('ends at the instant that is named, and may last one day', () => {
    expect(campaignFileSchema.parse(file({ end: '2026-12-27T10:00' })).endsAt).toEqual(
      new Date('2026-12-27T01:00:00Z'),
    );
    expect(campaignFileSchema.parse(file({ end: '2026-12-07' })).endsAt).toEqual(new Date('2026-12-07T15:00:00Z'));
  });

  it('names an account once', () => {
    expect(campaignFileSchema.parse(file({ accounts: ['a', 'b', 'a'] })).accountIds).toEqual(['a', 'b']);
  });

  it.each([
    ['end', { end: '2026-12-06' }],
    ['end', { start: '2026-12-07T10:00', end: '2026-12-07T10:00' }],
    ['start', { start: '2026-02-30' }],
    ['end', { end: '12:00' }],
    ['id', { id: '겨울' }],
    ['accounts', { accounts: [] }],
    ['members.0.price_krw', { members: [{ sku: 'a', price_krw: 9 }] }],
    ['members.0.price_krw', { members: [{ sku: 'a', price_krw: 99.5 }] }],
    ['', { discount: 10 }],
  ])('is refused at %j for %j', (path, change) => {
    const parsed = campaignFileSchema.safeParse(file(change));
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });
});

it('is open from its start up to, but not at, its end', () => {
  const campaign = campaignFileSchema.parse(file());
  const open = ['2026-12-06T14:59:59.999Z', '2026-12-06T15:00:00Z', '2026-12-27T14:59:59.999Z', '2026-12-27T15:00:00Z'];
  expect(open.map((at) => isOpen(campaign, new Date(at)))).toEqual([false, true, true, false]);
});
