import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldOf, kindOf } from '../../adapters/export-portal/inquiry-columns.ts';
import { countryCodeOf } from '../../adapters/export-portal/inquiry-countries.ts';
import { momentOf, periodOf } from '../../adapters/export-portal/inquiry-days.ts';
import { contactOf, withoutPersonalData } from '../../adapters/export-portal/inquiry-personal-data.ts';
import { incotermOf, priceOf, quantityOf } from '../../adapters/export-portal/inquiry-values.ts';

describe('days', () => {
  it.each([
    ['2026-11-22', '2026-11-21T15:00:00.000Z'],
    ['2026.11.22', '2026-11-21T15:00:00.000Z'],
    ['2026. 11. 22.', '2026-11-21T15:00:00.000Z'],
    ['2026/11/22', '2026-11-21T15:00:00.000Z'],
    ['2026년 11월 22일', '2026-11-21T15:00:00.000Z'],
    ['2026년 11월 22일 (일)', '2026-11-21T15:00:00.000Z'],
    ['20261122', '2026-11-21T15:00:00.000Z'],
    ['26.11.22', '2026-11-21T15:00:00.000Z'],
    ['Nov 22, 2026', '2026-11-21T15:00:00.000Z'],
    ['Sunday, November 22nd, 2026', '2026-11-21T15:00:00.000Z'],
    ['22-Nov-2026', '2026-11-21T15:00:00.000Z'],
    ['22 November 2026', '2026-11-21T15:00:00.000Z'],
    ['22/11/2026', '2026-11-21T15:00:00.000Z'],
    ['11/22/2026', '2026-11-21T15:00:00.000Z'],
    ['2026-11-22 14:30', '2026-11-22T05:30:00.000Z'],
    ['2026-11-22 14:30:05', '2026-11-22T05:30:05.000Z'],
    ['2026.11.22 오후 2:30', '2026-11-22T05:30:00.000Z'],
    ['2026.11.22 오전 12:05', '2026-11-21T15:05:00.000Z'],
    ['Nov 22, 2026 2:30 PM', '2026-11-22T05:30:00.000Z'],
    ['2026-11-22T23:30:00Z', '2026-11-22T23:30:00.000Z'],
    ['２０２６－１１－２２', '2026-11-21T15:00:00.000Z'],
  ])('reads %s as %s', (text, instant) => {
    const moment = momentOf(text);
    expect(moment && moment !== 'ambiguous' ? moment.at.toISOString() : moment).toBe(instant);
  });

  it.each([
    'soon',
    '2026-02-30',
    '2026-13-01',
    '20261340',
    '1911-11-22',
    '2026',
    '12:30',
    'Foo 22, 2026',
    '2026-11-22 25:00',
  ])('does not take %s for a day', (text) => expect(momentOf(text)).toBeNull());

  it('guesses neither month nor day', () => {
    expect(momentOf('03/05/2026')).toBe('ambiguous');
    expect(momentOf('05/05/2026')).toMatchObject({ day: '2026-05-05' });
  });

  it('reads posting periods, and none that ends before it begins', () => {
    expect(periodOf('게시기간 : 2026.11.01~2026.11.30')).toMatchObject({
      from: { day: '2026-11-01' },
      to: { day: '2026-11-30' },
    });
    expect(periodOf('2026-11-01 - 2026-11-30')).toMatchObject({ to: { day: '2026-11-30' } });
    expect(periodOf('2026.11.30~2026.11.01')).toBeNull();
  });
});

describe('countries', () => {
  it.each([
    ['독일', 'DE'],
    ['Germany', 'DE'],
    ['germany (Berlin)', 'DE'],
    ['미국', 'US'],
    ['USA', 'US'],
    ['U.S.A.', 'US'],
    ['UK', 'GB'],
    ['Viet Nam', 'VN'],
    ['Vietnam', 'VN'],
    ['베트남', 'VN'],
    ['중국', 'CN'],
    ['China', 'CN'],
    ['P.R. China', 'CN'],
    ['대만', 'TW'],
    ['Hong Kong', 'HK'],
    ['UAE', 'AE'],
    ['Russian Federation', 'RU'],
    ['The Netherlands', 'NL'],
    ['Türkiye', 'TR'],
    ['Turkey', 'TR'],
    ["Côte d'Ivoire", 'CI'],
    ['Republic of Korea', 'KR'],
    ['Bosnia and Herzegovina', 'BA'],
    ['jp', 'JP'],
    ['중국 (China)', 'CN'],
    ['South Korea', 'KR'],
    ['North Korea', 'KP'],
  ])('knows %s as %s', (name, code) => expect(countryCodeOf(name)).toBe(code));

  it.each(['Atlantis', 'EU', 'Worldwide', '', 'DD', 'ZZ'])('does not know %s', (name) => {
    expect(countryCodeOf(name)).toBeNull();
  });
});

describe('quantities and prices', () => {
  it.each([
    ['1,000 pcs', 1000, 'pcs'],
    ['500개', 500, '개'],
    ['1000', 1000, null],
    ['약 1만개', 10_000, '개'],
    ['approx. 20 sets', 20, 'sets'],
    ['5k pcs', 5000, 'pcs'],
    ['3 kg', 3, 'kg'],
    ['1 x 20ft container', 1, '20ft container'],
    ['2 x 40HQ', 2, '40HQ'],
    ['100 ea', 100, 'ea'],
    ['500개 이상', 500, '개'],
    ['0', null, null],
    ['1,000.00 EA', 1000, 'EA'],
    ['', null, null],
  ])('reads %s', (text, quantity, unit) => expect(quantityOf(text)).toEqual({ quantity, unit }));

  it.each([
    '100~500 pcs',
    '1.5 ton',
    '1.000',
    '협의',
    'negotiable',
    '1 to 5',
    '100 - 200',
    'two or 3',
    '20ft x 1',
    '20 ft',
    "40'HC x 2",
    '40HQ',
    '20 feet container',
    '20피트 1대',
    '500ml x 24',
  ])('leaves %s as it is written', (text) => expect(quantityOf(text)).toBe('as-written'));

  it.each(['many', '-5', '99999999999999999999'])('finds no number in %s', (text) =>
    expect(quantityOf(text)).toBe('no-number'),
  );

  it.each([
    ['USD 1.25', '', { minor: 125, currency: 'USD' }],
    ['$1,250.5', '', { minor: 125_050, currency: 'USD' }],
    ['US$ 3 / pc', '', { minor: 300, currency: 'USD' }],
    ['15,000원', '', { minor: 15_000, currency: 'KRW' }],
    ['₩900', '', { minor: 900, currency: 'KRW' }],
    ['1200', 'KRW', { minor: 1200, currency: 'KRW' }],
    ['4.5', 'USD', { minor: 450, currency: 'USD' }],
    ['EUR 5.00', '', null],
    ['A$5', '', null],
    ['HK$ 5', 'USD', null],
    ['5', '', null],
    ['USD 5~7', '', null],
    ['USD 1.234', '', null],
    ['1.234,56', 'USD', null],
    ['1.5원', '', null],
    ['1만원', '', null],
    ['-5', 'USD', null],
    ['0', 'USD', null],
    ['EUR', 'USD', null],
  ])('reads the price %s (%s)', (text, currency, price) => expect(priceOf(text, currency)).toEqual(price));

  it.each([
    ['FOB Busan', 'FOB', 'Busan'],
    ['cif', 'CIF', null],
    ['C&F Hamburg', 'CFR', 'Hamburg'],
    ['DDP (Incoterms 2020)', 'DDP', null],
    ['USD 5 EXW', 'EXW', null],
  ])('reads the term %s', (text, code, place) => expect(incotermOf(text)).toEqual({ code, place }));

  it.each(['DAT', 'free', 'CIFAR', ''])('knows no term in %s', (text) => expect(incotermOf(text)).toBeNull());
});

describe('headings', () => {
  it('knows the fields by their names in both languages, and not the buyers other countries', () => {
    expect(fieldOf('회사명')).toBe('company');
    expect(fieldOf(' Buyer  Country ')).toBe('country');
    expect(fieldOf('Target Price (USD)')).toBe('targetPrice');
    expect(fieldOf('leadId')).toBe('channelNumber');
    expect(fieldOf('연락처')).toBe('contact');
    expect(fieldOf('현재 수입국가')).toBeNull();
    expect(fieldOf('현재수입국가')).toBeNull();
    expect(fieldOf('팩스')).toBe('private');
    expect(fieldOf('Technical contact person')).toBe('private');
  });

  it('knows the kinds by the words of the portals', () => {
    expect(['견적요청', 'RFQ', 'Buying Offer', '샘플 주문', 'Inquiry', 'x'].map(kindOf)).toEqual([
      'rfq',
      'rfq',
      'buying-lead',
      'sample-order',
      'inquiry',
      null,
    ]);
  });
});

const survivors = [
  'NR-EC120',
  'EL-0212-345678',
  'SM-G991B',
  'X1-02-123-4568',
  'HS 4823.69-0000',
  '8539.50',
  '0902.10-1000',
  '0101210000',
  '0511990000',
  '2026-11-22',
  '2026.11.22',
  '2026.11.01~2026.11.30',
  '02-11-2026',
  '22/11/2026',
  '1,000 pcs',
  '10,000,000원',
  'USD 1,234.56',
  '1000pcs@USD5.50',
  '1000pcs@5.50',
  '8801234567893',
  '₩15000000',
  '500개',
  '1500-2000 pcs',
  '20x30x40 mm',
  '100-200-300',
  'ISO 14001:2015',
  '220-240V',
  '+10%',
  '+5 -3',
  'mobile phone 8517.13.0000',
  'phone case 2,000 pcs',
  'Tel: 2026-11-22',
];
const emails = [
  'buying@example.com',
  'a.b+c@mail.example.co.kr',
  'buying＠example.com',
  'ke****@****',
  'buying (at) example.com',
  'buying [at] example [dot] com',
  'pu**@example.com',
  'sales@예시.한국',
];
const phones = [
  '+82-2-1234-5678',
  '+82 10 1234 5678',
  '+82-(0)10-1234-5678',
  '010-1234-5678',
  '01012345678',
  '010.1234.5678',
  '02-123-4567',
  '02) 123-4567',
  '(02) 123-4567',
  '031-123-4567',
  '070-1234-5678',
  '+49 30 1234567',
  '+49 (0)30 123456',
  '+1 415 555 0132',
  '+14155550132',
  '(415) 555-0132',
  '415-555-0132',
  '0049 30 1234567',
  '82-10-1234-5678',
  '０１０－１２３４－５６７８',
  '+86 138 0013 8000',
  '138-0013-8000',
  '010-****-1234',
  'Tel: 030 1234567',
  '전화번호: 555 12345',
  'WhatsApp 4915112345678',
  'Fax. 030/1234567',
];

describe('personal data in free text', () => {
  it.each(survivors)('leaves %s in peace', (text) => {
    expect(withoutPersonalData(text)).toBe(text);
    expect(withoutPersonalData(`품목은 ${text} 입니다.`)).toBe(`품목은 ${text} 입니다.`);
  });

  it.each(emails)('takes the address %s out', (text) => {
    const left = withoutPersonalData(`mail ${text}로 주세요, thanks`);
    expect(left).toContain('[e-mail]');
    expect(left).not.toMatch(/@|example|buying|예시|\bat\b/);
  });

  it.each(phones)('takes the number %s out', (text) => {
    const left = withoutPersonalData(`call ${text}, thanks`);
    expect(left).toContain('[phone]');
    expect(left).not.toMatch(/\d/);
  });

  it('takes resident numbers out', () => {
    expect(withoutPersonalData('번호 900101-1234567')).toBe('번호 [number]');
  });

  it('keeps every fact and no address in any mixture', () => {
    const piece = fc.oneof(
      fc.constantFrom(...survivors).map((text) => ({ text, stays: true })),
      fc.constantFrom(...emails, ...phones).map((text) => ({ text, stays: false })),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.constantFrom(', ', '\n', ' / ', '. '), (pieces, between) => {
        const left = withoutPersonalData(pieces.map(({ text }) => text).join(between));
        for (const { text, stays } of pieces) {
          if (stays) expect(left).toContain(text);
          else expect(left).not.toContain(text);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps made-up model numbers, HS codes, days, quantities and prices', () => {
    const two = (value: number) => String(value).padStart(2, '0');
    const fact = fc.oneof(
      fc.tuple(fc.stringMatching(/^[A-Z]{2,4}$/), fc.integer({ min: 1, max: 99_999 })).map(([a, b]) => `${a}-${b}`),
      fc
        .tuple(fc.integer({ min: 101, max: 9706 }), fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 9999 }))
        .map(([a, b, c]) => `${String(a).padStart(4, '0')}.${two(b)}-${String(c).padStart(4, '0')}`),
      fc
        .tuple(fc.integer({ min: 2000, max: 2099 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
        .map(([y, m, d]) => `${y}.${two(m)}.${two(d)}`),
      fc.integer({ min: 1, max: 99_999_999 }).map((value) => `${value.toLocaleString('en-US')} pcs`),
      fc.integer({ min: 1, max: 9_999_999 }).map((value) => `USD ${(value / 100).toFixed(2)}`),
    );
    fc.assert(
      fc.property(fc.array(fact, { minLength: 1, maxLength: 6 }), (facts) => {
        const text = facts.join(', ');
        expect(withoutPersonalData(text)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('is done with long and nasty texts at once', () => {
    for (const unit of ['a', '1', '+1', '0', '(', '010-', 'a@', '+82 ', '1 ', 'tel ', '****', 'a.', '00 1 ']) {
      const began = process.cpuUsage();
      withoutPersonalData(unit.repeat(40_000));
      expect(process.cpuUsage(began).user / 1_000, unit).toBeLessThan(6_000);
    }
  });
});

describe('contacts', () => {
  const words = { name: '', email: '', phone: '', mixed: '' };

  it('never takes a masked value for one', () => {
    expect(contactOf({ ...words, name: 'Pur****', email: 'ke****@****', phone: '010-****-1234' })).toBeNull();
    expect(contactOf({ ...words, email: 'buying@example.com', phone: '010-****-1234' })).toEqual({
      name: null,
      email: 'buying@example.com',
      phone: null,
    });
    expect(contactOf({ ...words, mixed: 'ke****@****' })).toBeNull();
    expect(contactOf({ ...words, mixed: 'members only' })).toBeNull();
  });

  it('takes apart what stands in one field', () => {
    expect(contactOf({ ...words, mixed: 'Purchasing Team, buy@example.com, +31 20 123 4567' })).toEqual({
      name: 'Purchasing Team',
      email: 'buy@example.com',
      phone: '+31 20 123 4567',
    });
    expect(contactOf({ ...words, name: 'Purchasing Team <buy@example.com>' })).toEqual({
      name: 'Purchasing Team',
      email: 'buy@example.com',
      phone: null,
    });
  });

  it('does not take a portal for a buyer', () => {
    expect(contactOf({ ...words, email: 'noreply@portal.example.com' })).toBeNull();
  });
});
