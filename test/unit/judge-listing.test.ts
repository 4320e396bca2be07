import { describe, expect, it } from 'vitest';
import type { ObservedListing, ObservedSite, PushedListing } from '../../src/domain/listing.ts';
import { won } from '../../src/domain/money.ts';
import type { Refusal } from '../../src/store/listings.ts';
import { judge, refusalInForce } from '../../src/sync/judge-listing.ts';

const sites = ['north', 'south'];
const at = '2026-11-23T00:00:00.000Z';
const pushed: PushedListing = {
  onSale: true,
  contentHash: 'c',
  price: won(9_900),
  stock: 5,
  discount: null,
  sites,
  at,
};

type Seen = ObservedSite['state'] | Partial<ObservedSite>;
function observedAs(...[north, south]: [Seen, Seen]): ObservedListing {
  const site = (name: string, seen: Seen): ObservedSite => ({
    ...{ site: name, externalId: name, state: 'on-sale', price: won(9_900), stock: 5, note: null },
    ...(typeof seen === 'string' ? { state: seen } : seen),
  });
  return { sku: 'A-1', externalIds: { no: '1' }, title: 'Name', sites: [site('north', north), site('south', south)] };
}

function judged(
  observed: ObservedListing | null,
  change: { isOurs?: boolean; pushed?: PushedListing | null; refusal?: Refusal | null } = {},
) {
  const acceptedAt = change.isOurs ? new Date(at) : null;
  const listing = { pushed: change.pushed === undefined ? pushed : change.pushed, refusal: null, acceptedAt };
  return judge({ listing: { ...listing, refusal: change.refusal ?? null }, observed, title: 'Name', sites });
}

const missing: Refusal = { operation: 'create', code: 'MISSING_ON_SITE', message: '', field: null, site: 'south' };

describe('a site without the product', () => {
  it('is told with its reason, and is no base for the next comparison', () => {
    const note = '카테고리가 맞지 않습니다';
    expect(judged(observedAs('on-sale', { state: 'missing', note }), { isOurs: true })).toMatchObject({
      state: 'partial',
      pending: false,
      refusal: { ...missing, message: note },
      pushed: { sites: ['north'] },
    });
  });

  it('is waited for while another site is still being fed by the same write', () => {
    const observed = observedAs('pending', 'missing');
    expect(judged(observed, { isOurs: true })).toMatchObject({ pending: true, refusal: null, pushed });
    expect(judged(observed)).toMatchObject({ pending: false, refusal: missing });
  });

  it('leaves nothing on sale when it is the last one', () => {
    expect(judged(observedAs('missing', 'missing'))).toMatchObject({ state: 'stopped', pushed: { sites: [] } });
    const none = { ...pushed, sites: [] };
    const after = judged(observedAs('missing', 'missing'), { pushed: none, refusal: { ...missing, site: 'north' } });
    expect(after).toMatchObject({ state: 'stopped', pending: false, refusal: null });
    expect(refusalInForce({ ...missing, site: 'north' }, after, null)).toMatchObject({ site: 'north' });
  });

  it('does not hide that the channel stopped the other one', () => {
    expect(judged(observedAs('blocked', 'missing'))).toMatchObject({
      state: 'stopped',
      refusal: { code: 'BLOCKED_BY_CHANNEL', site: 'north' },
      pushed: { sites: ['north'] },
    });
  });

  it('counts again once it has the product, and only where it was told as missing', () => {
    const north = { ...pushed, sites: ['north'] };
    const back = judged(observedAs('on-sale', 'on-sale'), { pushed: north, refusal: missing });
    expect(back).toMatchObject({ state: 'on-sale', pushed: { sites } });
    expect(refusalInForce(missing, back, null)).toBeNull();
    const refused = { ...missing, code: '1000' };
    const other = judged(observedAs('on-sale', 'on-sale'), { pushed: north, refusal: refused });
    expect(other).toMatchObject({ state: 'partial', pushed: north });
    expect(refusalInForce(refused, other, null)).toEqual(refused);
  });
});

it('only what is sold out everywhere counts as on sale without being so', () => {
  expect(judged(observedAs('sold-out', 'sold-out'))).toMatchObject({ state: 'on-sale', refusal: null });
  expect(judged(observedAs('sold-out', 'stopped'))).toMatchObject({ state: 'partial', pending: true });
});

it('all that was changed at the channel is found, a stop before a price', () => {
  expect(judged(observedAs({ price: won(1_000) }, 'stopped')).remarks).toEqual([
    { code: 'STOPPED_AT_CHANNEL', site: 'south', wanted: null, seen: null },
    { code: 'PRICE_CHANGED', site: 'north', wanted: '9900', seen: '1000' },
  ]);
});
