import { expect, it } from 'vitest';
import { retryAfterMs } from '../../src/channel/retry-timing.ts';

const now = new Date('2026-12-07T00:00:00Z');

it.each([
  ['120', 120_000],
  [' 5 ', 5_000],
  ['0', 0],
  ['Mon, 07 Dec 2026 00:00:30 GMT', 30_000],
  ['Monday, 07-Dec-26 00:00:30 GMT', 30_000],
  ['Mon Dec  7 00:00:30 2026', 30_000],
  // The channel's clock is behind ours, or the answer was long under way.
  ['Sun, 06 Dec 2026 23:59:30 GMT', 0],
  // A date in the wrong year must not end an account's sales.
  ['9999999999', 86_400_000],
  ['Tue, 07 Dec 2027 00:00:30 GMT', 86_400_000],
  ['soon', null],
  ['-5', null],
  ['1.5', null],
  ['2026-12-07T00:00:30Z', null],
  ['', null],
])('Retry-After %j is %s ms', (value, ms) => {
  expect(retryAfterMs({ 'retry-after': value }, now)).toBe(ms);
});

it('says nothing where the channel says nothing', () => {
  expect(retryAfterMs({}, now)).toBeNull();
  expect(retryAfterMs({ 'retry-after': undefined }, now)).toBeNull();
});
