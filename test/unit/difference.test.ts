import { describe, expect, it } from 'vitest';
import type { ObservedListing, ObservedSite, PushedListing } from '../../src/domain/listing.ts';
import { won } from '../../src/domain/money.ts';
import type { WantedState } from '../../src/store/attempts.ts';
import type { ListingRecord } from '../../src/store/listings.ts';
import { operationsFor } from '../../src/sync/difference.ts';
import { newListing } from '../../src/sync/plan-push.ts';
import { wantedHash } from '../../src/sync/refused.ts';

const sites = ['gmkt', 'iac'];
const discount = { amount: won(1_000), firstDay: '2026-12-07', lastDay: '2026-12-27' };
const usd = (minor: number): WantedState['price'] => ({ minor, currency: 'USD' });

const wantedAs = (change: Partial<WantedState> = {}): WantedState => ({
  onSale: true,
  offReason: null,
  contentHash: 'content',
  price: won(10_000),
  stock: 50,
  discount: null,
  ...change,
});

const pushedAs = (change: Partial<PushedListing> = {}): PushedListing => ({
  onSale: true,
  contentHash: 'content',
  price: won(10_000),
  stock: 50,
  discount: null,
  sites,
  at: '2026-12-07T00:00:00.000Z',
  ...change,
});

const observedAs = (state: ObservedSite['state'], second: ObservedSite['state'] = state): ObservedListing => ({
  sku: 'A-1',
  externalIds: { goodsNo: '1' },
  title: null,
  sites: [state, second].map((each, index) => ({
    site: sites[index] ?? '',
    externalId: '1',
    state: each,
    price: won(10_000),
    stock: 50,
    note: null,
  })),
});

/** A listing that is on sale everywhere as it was last pushed. */
const listed = (change: Partial<ListingRecord> = {}): ListingRecord => ({
  ...newListing(),
  state: 'on-sale',
  externalIds: { goodsNo: '1' },
  pushed: pushedAs(),
  observed: observedAs('on-sale'),
  ...change,
});

const operations = (wanted: WantedState, listing: ListingRecord, byPerson = false) =>
  operationsFor(wanted, listing, sites, { byPerson });

describe('a product that is not at the channel', () => {
  it.each<[string, Partial<WantedState>, Partial<ListingRecord>, string[]]>([
    ['is created when it may be sold', {}, {}, ['create']],
    ['is left alone when it may not', { onSale: false, offReason: 'sold_out' }, {}, []],
    ['is created anew after it was removed', {}, { state: 'removed', externalIds: { goodsNo: '1' } }, ['create']],
    ['stays away after it was removed', { onSale: false }, { state: 'removed', externalIds: { goodsNo: '1' } }, []],
  ])('%s', (_name, wanted, listing, expected) => {
    expect(operations(wantedAs(wanted), { ...newListing(), ...listing })).toEqual(expected);
  });
});

describe('what we changed', () => {
  it.each<[string, Partial<WantedState>, Partial<PushedListing>, string[]]>([
    ['nothing', {}, {}, []],
    ['the price', { price: won(9_000) }, {}, ['price']],
    ['the currency alone', { price: usd(10_000) }, {}, ['price']],
    ['the stock', { stock: 49 }, {}, ['stock']],
    ['the content', { contentHash: 'new' }, {}, ['update']],
    ['price and stock', { price: won(9_000), stock: 7 }, {}, ['price', 'stock']],
    [
      'content, price and stock: an update carries all three',
      { contentHash: 'new', price: won(1), stock: 7 },
      {},
      ['update'],
    ],
    ['a discount that begins', { discount }, {}, ['price']],
    ['a discount that ends', {}, { discount }, ['price']],
    ['another amount of the discount', { discount: { ...discount, amount: won(500) } }, { discount }, ['price']],
    ['another last day of the discount', { discount: { ...discount, lastDay: '2026-12-28' } }, { discount }, ['price']],
    ['the same discount', { discount }, { discount }, []],
    ['content and discount, which an update does not carry', { contentHash: 'new', discount }, {}, ['price', 'update']],
    ['a site more', {}, { sites: ['gmkt'] }, ['update']],
    ['on sale again', {}, { onSale: false }, ['resume']],
    ['on sale again at another price and stock', { price: won(1), stock: 1 }, { onSale: false }, ['resume']],
    ['on sale again with other content', { contentHash: 'new' }, { onSale: false }, ['resume', 'update']],
    ['on sale again with a discount', { discount }, { onSale: false }, ['price', 'resume']],
  ])('%s', (_name, wanted, pushed, expected) => {
    const observed = observedAs(pushed.onSale === false ? 'stopped' : 'on-sale');
    expect(operations(wantedAs(wanted), listed({ pushed: pushedAs(pushed), observed }))).toEqual(expected);
  });
});

describe('what may not be on sale', () => {
  const off = wantedAs({
    onSale: false,
    offReason: 'cert_not_valid_today',
    contentHash: 'new',
    price: won(1),
    stock: 0,
  });
  it.each<[string, Partial<ListingRecord>, string[]]>([
    ['is stopped, and nothing else is done', {}, ['stop']],
    ['is stopped while one site still sells', { observed: observedAs('stopped', 'on-sale') }, ['stop']],
    ['is stopped while it is on its way to the sites', { observed: observedAs('pending') }, ['stop']],
    ['is stopped while sold out, before somebody fills it up', { observed: observedAs('sold-out') }, ['stop']],
    ['is stopped when it was adopted', { pushed: null }, ['stop']],
    ['is stopped when the channel was never asked', { pushed: null, observed: null }, ['stop']],
    ['is left when it stands still', { observed: observedAs('stopped'), pushed: pushedAs({ onSale: false }) }, []],
    ['is left when the channel blocked it', { observed: observedAs('blocked') }, []],
    ['is left when it is gone from all sites', { observed: observedAs('missing') }, []],
    [
      'is left while an accepted stop was not read back yet',
      { state: 'accepted', pushed: pushedAs({ onSale: false }) },
      [],
    ],
    ['is stopped while an accepted create was not read back yet', { state: 'accepted', observed: null }, ['stop']],
    [
      'is stopped when an accepted resume is newer than what was seen',
      { state: 'accepted', observed: observedAs('stopped') },
      ['stop'],
    ],
  ])('%s', (_name, listing, expected) => {
    expect(operations(off, listed(listing))).toEqual(expected);
    expect(operations(off, listed(listing), true)).toEqual(expected);
  });
});

describe('what the channel changed on its own', () => {
  it('its stock after a sale is not written back', () => {
    const sold = { gmkt: 3, iac: 3 };
    expect(operations(wantedAs({ stock: 47 }), listed({ soldSincePush: sold }))).toEqual([]);
  });

  it('a sale on one site is told to the other', () => {
    expect(operations(wantedAs({ stock: 47 }), listed({ soldSincePush: { gmkt: 3 } }))).toEqual(['stock']);
  });

  it('a new count is written over what was sold', () => {
    expect(operations(wantedAs({ stock: 50 }), listed({ soldSincePush: { gmkt: 3, iac: 3 } }))).toEqual(['stock']);
  });

  it("a seller's own stop is resumed by a person's push only, and nothing else is sent without one", () => {
    const stopped = listed({ observed: observedAs('stopped') });
    expect(operations(wantedAs(), stopped)).toEqual([]);
    expect(operations(wantedAs({ price: won(1), contentHash: 'new' }), stopped)).toEqual([]);
    expect(operations(wantedAs(), stopped, true)).toEqual(['resume']);
  });

  it('a stop on one site of two is left: the other one sells', () => {
    expect(operations(wantedAs(), listed({ observed: observedAs('stopped', 'on-sale') }), true)).toEqual([]);
  });

  it('a stop by the channel itself is left alone, whoever asks', () => {
    const blocked = listed({ observed: observedAs('blocked') });
    expect(operations(wantedAs({ price: won(1), contentHash: 'new' }), blocked)).toEqual([]);
    expect(operations(wantedAs(), blocked, true)).toEqual([]);
  });

  it('another price at the channel is no difference of ours', () => {
    const observed = observedAs('on-sale');
    for (const site of observed.sites) site.price = won(7_777);
    expect(operations(wantedAs(), listed({ observed }))).toEqual([]);
  });

  it('a stop seen before an accepted resume was sent is old news', () => {
    expect(operations(wantedAs(), listed({ state: 'accepted', observed: observedAs('stopped') }))).toEqual([]);
  });
});

describe('a sale that the channel ends by itself', () => {
  const ending = (state: ObservedSite['state']): ObservedListing => {
    const seen = observedAs(state);
    return { ...seen, sites: seen.sites.map((site) => ({ ...site, ending: true })) };
  };
  it('is carried on, before its end and after it', () => {
    expect(operations(wantedAs(), listed({ observed: ending('on-sale') }))).toEqual(['resume']);
    expect(operations(wantedAs(), listed({ observed: ending('stopped') }))).toEqual(['resume']);
  });
  it('is not, when it may not be sold, or was carried on a moment ago', () => {
    expect(operations(wantedAs({ onSale: false }), listed({ observed: ending('stopped') }))).toEqual([]);
    expect(operations(wantedAs(), listed({ state: 'accepted', observed: ending('on-sale') }))).toEqual([]);
  });
});

it('an adopted listing gets everything once', () => {
  expect(operations(wantedAs(), listed({ pushed: null }))).toEqual(['update', 'price']);
});

describe('what a refusal is remembered by', () => {
  it('changes with everything that is sent', () => {
    const hashes = [
      wantedAs(),
      wantedAs({ contentHash: 'new' }),
      wantedAs({ price: won(9_990) }),
      wantedAs({ discount }),
      wantedAs({ onSale: false }),
    ].map((wanted) => wantedHash(wanted));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('does not change with the reason for not selling', () => {
    expect(wantedHash(wantedAs({ onSale: false, offReason: 'sold_out' }))).toBe(
      wantedHash(wantedAs({ onSale: false, offReason: 'not_approved' })),
    );
  });
});
