import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMoney, money, parseMoney, sumMoney, won } from '../../src/domain/money.ts';

describe('reading decimal text', () => {
  it.each([
    ['6800.0000', 'KRW', 6800],
    ['0', 'KRW', 0],
    ['-0.00', 'KRW', 0],
    ['-1500', 'KRW', -1500],
    [' 23900 ', 'KRW', 23900],
    ['15.80', 'USD', 1580],
    ['15.8', 'USD', 1580],
    ['15', 'USD', 1500],
    ['-0.05', 'USD', -5],
    ['15.8000', 'USD', 1580],
  ] as const)('%j %s is %d minor units', (text, currency, minor) => {
    const read = parseMoney(text, currency);
    expect(read).toEqual({ minor, currency });
    expect(Object.is(read?.minor, -0)).toBe(false);
  });

  it.each([
    ['0.5', 'KRW'],
    ['15.805', 'USD'],
    ['1,000', 'KRW'],
    ['1e3', 'KRW'],
    ['', 'KRW'],
    ['-', 'KRW'],
    ['.5', 'USD'],
    ['5.', 'USD'],
    ['+5', 'KRW'],
    ['٣', 'KRW'],
    ['999999999999999', 'USD'],
    ['9999999999999999', 'KRW'],
  ] as const)('%j %s is no amount', (text, currency) => {
    expect(parseMoney(text, currency)).toBeNull();
  });

  it('gives back every amount that was written out', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }), (minor) => {
        const sign = minor < 0 ? '-' : '';
        const digits = String(Math.abs(minor)).padStart(3, '0');
        expect(parseMoney(`${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`, 'USD')).toEqual(money(minor, 'USD'));
        expect(parseMoney(`${minor}.0000`, 'KRW')).toEqual(won(minor));
      }),
      { seed: 20261207 },
    );
  });
});

it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d is no whole number of minor units', (value) => {
  expect(() => won(value)).toThrow(RangeError);
});

describe('adding', () => {
  it('adds amounts of one currency', () => {
    expect(sumMoney([won(100), won(-30), won(1)], 'KRW')).toEqual(won(71));
    expect(sumMoney([], 'USD')).toEqual(money(0, 'USD'));
  });

  it('never adds won to dollars', () => {
    expect(() => sumMoney([won(100), money(100, 'USD')], 'KRW')).toThrow(/cannot add USD to KRW/);
    expect(() => sumMoney([won(0)], 'USD')).toThrow(RangeError);
  });

  it('refuses a total that a number cannot hold exactly', () => {
    expect(() => sumMoney([won(Number.MAX_SAFE_INTEGER), won(1)], 'KRW')).toThrow(RangeError);
  });
});

it.each([
  [won(1_234_567), '₩1,234,567'],
  [won(0), '₩0'],
  [won(-999), '-₩999'],
  [money(1_580, 'USD'), '$15.80'],
  [money(5, 'USD'), '$0.05'],
  [money(-123_456_789, 'USD'), '-$1,234,567.89'],
])('%j is shown as %s', (amount, text) => {
  expect(formatMoney(amount)).toBe(text);
});
