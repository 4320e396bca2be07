import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  businessNumberCheckDigit,
  formatBusinessNumber,
  hasValidCheckDigit,
  normalizeBusinessNumber,
} from '../../src/domain/business-number.ts';

const nineDigits = fc.stringMatching(/^\d{9}$/);

describe('business number', () => {
  it('knows the textbook number and refuses its neighbour', () => {
    expect(hasValidCheckDigit('1234567891')).toBe(true);
    expect(hasValidCheckDigit('1234567890')).toBe(false);
  });

  it('accepts a number whose check digit is 0', () => {
    // Searched for rather than written down: the outer remainder is what such a number depends on.
    const ending = Array.from({ length: 100 }, (_, index) => `1018100${String(index).padStart(2, '0')}`).find(
      (first) => businessNumberCheckDigit(first) === 0,
    );
    expect(ending).toBeDefined();
    expect(hasValidCheckDigit(`${ending}0`)).toBe(true);
  });

  it('gives every nine digits exactly one last digit', () => {
    fc.assert(
      fc.property(nineDigits, (first) => {
        const fitting = Array.from({ length: 10 }, (_, digit) => `${first}${digit}`).filter(hasValidCheckDigit);
        expect(fitting).toEqual([`${first}${businessNumberCheckDigit(first)}`]);
      }),
    );
  });

  it('notices a wrong digit at every place but the rare carry of the ninth', () => {
    // Weights 1, 3 and 7 have no common factor with 10, so one wrong digit there always shows.
    fc.assert(
      fc.property(nineDigits, fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 9 }), (first, place, shift) => {
        const whole = `${first}${businessNumberCheckDigit(first)}`;
        const wrong = (Number(whole[place]) + shift) % 10;
        expect(hasValidCheckDigit(whole.slice(0, place) + wrong + whole.slice(place + 1))).toBe(false);
      }),
    );
  });

  it('reads hyphens, spaces and full-width digits, and shows the number with hyphens', () => {
    expect(normalizeBusinessNumber('101-81-00001')).toBe('1018100001');
    expect(normalizeBusinessNumber(' 101 81 00001 ')).toBe('1018100001');
    expect(normalizeBusinessNumber('１０１－８１－００００１')).toBe('1018100001');
    expect(formatBusinessNumber('1018100001')).toBe('101-81-00001');
    fc.assert(
      fc.property(fc.stringMatching(/^\d{10}$/), (digits) => {
        expect(normalizeBusinessNumber(formatBusinessNumber(digits))).toBe(digits);
      }),
    );
  });

  it.each(['', '101-81-0001', '101-81-000011', '101-81-0000a', '101.81.00001'])('does not read %j', (text) => {
    expect(normalizeBusinessNumber(text)).toBeUndefined();
  });
});
