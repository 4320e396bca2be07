import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  doubleByteLength,
  hasEmoji,
  hasGtinCheckDigit,
  hasResidentNumber,
  normalizeText,
  quotable,
  startsLikeFormula,
  unsafeCharacters,
} from '../../src/domain/text-safety.ts';
import { check, goodRow, goodRows, set } from '../support/catalogue-rows.ts';

/** One of each family; lone surrogates cannot be written in a pattern and come as escapes. */
const UNSAFE = [
  '\u0000',
  '\u0007',
  '\u0085',
  '\u2028',
  '\u200b',
  '\u00ad',
  '\u3164',
  '\u202e',
  '\u2066',
  '\ue000',
  '\ud800',
  '\uffff',
];

describe('unsafe characters', () => {
  it('are found wherever they stand, and are gone from what is quoted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(...UNSAFE), fc.string(), (before, bad, after) => {
        const text = `${before}${bad} ${after}`;
        const name = `U+${bad.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
        expect(unsafeCharacters(text)).toContain(name);
        expect(Array.from(quotable(text, 1000))).not.toContain(bad);
      }),
    );
  });

  it('are none of the letters and signs that listings use', () => {
    const text = '재생 A4 75g㎡ m² 50℃ 100×200 (주)·「가」 ® ™ 한漢 ～';
    expect(unsafeCharacters(text)).toEqual([]);
    expect(hasEmoji(text)).toBe(false);
    expect(quotable(text)).toBe(text);
  });

  it('leave line breaks and tabs to prose', () => {
    expect(unsafeCharacters('a\n\tb')).toEqual(['U+000A', 'U+0009']);
    expect(unsafeCharacters('a\n\tb', true)).toEqual([]);
    expect(unsafeCharacters('a\u0000b', true)).toEqual(['U+0000']);
  });

  it.each(['🌿', '👍🏽', '🇰🇷', '1️⃣', '❤️'])('%s is an emoji', (text) => {
    expect(hasEmoji(`의자 ${text}`)).toBe(true);
  });
});

describe('normal form', () => {
  it('composes Hangul, trims and is stable', () => {
    expect(normalizeText(' \u3000\u1112\u1161\u11ab글\u00a0')).toBe('한글');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(normalizeText(normalizeText(text))).toBe(normalizeText(text));
      }),
    );
  });

  it('counts two for everything that is not ASCII', () => {
    expect(doubleByteLength('A4 용지㎡')).toBe(3 + 4 + 2);
  });
});

describe('formula starts', () => {
  it.each(['=1', '+1', '-1', '@a', '\ta', '\ra', '＝1'])('%j', (text) => expect(startsLikeFormula(text)).toBe(true));
  it.each(['a=1', 'E-1', '', '(+)', '가@'])('%j is none', (text) => expect(startsLikeFormula(text)).toBe(false));
});

describe('personal numbers', () => {
  it.each(['900101-1234567', '９００１０１－１２３４５６７', '담당 900101 - 1234567 님'])(
    '%s is seen and masked',
    (text) => {
      expect(hasResidentNumber(text)).toBe(true);
      expect(quotable(text)).toBe('******-*******');
    },
  );

  it('is seen without a hyphen by its own check digit', () => {
    const digits = '900101123456';
    const weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
    const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
    expect(hasResidentNumber(`${digits}${(11 - (sum % 11)) % 10}`)).toBe(true);
    expect(hasResidentNumber(`${digits}${(12 - (sum % 11)) % 10}`)).toBe(false);
  });

  it('is not a barcode, a phone or a business number', () => {
    for (const row of goodRows)
      expect(hasResidentNumber(`${row.gtin} ${row.company_phone} ${row.business_no}`)).toBe(false);
  });
});

describe('barcodes', () => {
  it.each(['4006381333931', '96385074', '036000291452', '10614141000415'])('%s carries its check digit', (gtin) => {
    expect(hasGtinCheckDigit(gtin)).toBe(true);
    const last = (Number(gtin.at(-1)) + 1) % 10;
    expect(hasGtinCheckDigit(gtin.slice(0, -1) + last)).toBe(false);
  });
  it.each(['', '123', '400638133393', 'abcdefghijklm'])('%j is none', (gtin) =>
    expect(hasGtinCheckDigit(gtin)).toBe(false),
  );
});

describe('any row at all', () => {
  const paths = Object.keys(goodRow('SG-01-001')).concat(
    'certificates[0].number',
    'certificates[0].valid_to',
    'kc.status',
    'notice.productname',
    'claims[0].basis',
    'images[0].file',
    'package_mm.width',
  );

  it('is judged without an exception, and stored only without a blocking finding', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.anything({ withNullPrototype: true, withDate: true }),
        (path, value) => {
          const { product, findings } = check(set(goodRow('SG-01-001'), path, value));
          expect(product === null).toBe(findings.some((finding) => finding.result === 'block'));
          for (const finding of findings) {
            expect(unsafeCharacters(finding.messageKo)).toEqual([]);
            expect(unsafeCharacters(finding.messageEn)).toEqual([]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
