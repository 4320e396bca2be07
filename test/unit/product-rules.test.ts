import { describe, expect, it } from 'vitest';
import { identityOf } from '../../src/domain/product.ts';
import { checkProduct } from '../../src/domain/product-rules/check-product.ts';
import { badRows, briefs, CAMPAIGN, check, goodRow, goodRows, set, TODAY } from '../support/catalogue-rows.ts';

const paper = 'SG-01-001';
const toner = 'SG-02-001';
const cup = 'SG-17-004';
const lamp = 'SG-11-001';

/** [what is wrong, demo row, changes, finding]. The untouched row gives none: see the first test. */
const VIOLATIONS: [string, string, Record<string, unknown>, string][] = [
  ['no SKU', paper, { sku: ' ' }, 'block field_required sku'],
  ['no name', paper, { name_ko: undefined }, 'block field_required name_ko'],
  ['a number where a list belongs', paper, { images: 3 }, 'block field_type images'],
  ['text where an object belongs', paper, { kc: 'none' }, 'block field_type kc'],
  ['an object where text belongs', paper, { brand_ko: { a: 1 } }, 'block field_type brand_ko'],
  ['text that is no number', paper, { stock_qty: 'many' }, 'block field_type stock_qty'],
  ['half a piece in stock', paper, { stock_qty: 1.5 }, 'block number_not_integer stock_qty'],
  ['an unknown notice type', paper, { notice_type: 'toys' }, 'block choice_unknown notice_type'],
  ['nine digits', paper, { business_no: '101-81-0001' }, 'block business_no_format business_no'],
  ['wrong check digit', paper, { business_no: '101-81-00002' }, 'block business_no_checksum business_no'],
  ['no mail-order report', paper, { mail_order_report_no: '' }, 'warn mail_order_report_missing mail_order_report_no'],
  [
    'odd mail-order report',
    paper,
    { mail_order_report_no: '있음' },
    'warn mail_order_report_shape mail_order_report_no',
  ],
  [
    'outside Seoul',
    paper,
    { company_address_ko: '경기도 성남시 가상로 1' },
    'warn company_not_in_seoul company_address_ko',
  ],
  ['no certificate', paper, { certificates: [], claims: [] }, 'block cert_missing certificates'],
  [
    'a day that does not exist',
    paper,
    { 'certificates[0].valid_to': '2027-02-30' },
    'block date_invalid certificates[0].valid_to',
  ],
  [
    'end before start',
    paper,
    { 'certificates[0].valid_to': '2023-12-31' },
    'block cert_dates_reversed certificates[0].valid_to',
  ],
  [
    'not yet valid',
    toner,
    { 'certificates[0].valid_from': '2026-11-23' },
    'block cert_not_yet_valid certificates[0].valid_from',
  ],
  [
    'another holder',
    paper,
    { 'certificates[0].holder_business_no': '105-81-00003' },
    'block cert_holder_differs certificates[0].holder_business_no',
  ],
  ['another model', paper, { model_name: 'PP01-02' }, 'block cert_model_not_covered certificates[0].covered_models'],
  [
    'a group code as number',
    paper,
    { 'certificates[0].number': 'EL172' },
    'warn cert_number_format certificates[0].number',
  ],
  ['EPD alone', 'SG-14-002', { 'certificates[0].kind': 'epd' }, 'block epd_not_green_product certificates'],
  [
    'a flag without a certificate',
    cup,
    { is_statutory_green_product: true },
    'block statutory_flag_wrong is_statutory_green_product',
  ],
  [
    'a certificate without the flag',
    paper,
    { is_statutory_green_product: false },
    'warn statutory_flag_wrong is_statutory_green_product',
  ],
  ['nine won', paper, { price_krw: 9 }, 'block price_too_low price_krw'],
  ['above the list price', paper, { price_krw: 26901 }, 'block price_above_list_price price_krw'],
  ['without VAT', paper, { vat_included: false }, 'block vat_not_included vat_included'],
  ['negative shipping fee', paper, { shipping_fee_krw: -1 }, 'block shipping_fee_negative shipping_fee_krw'],
  ['weightless', paper, { weight_g: 0 }, 'block measure_not_positive weight_g'],
  ['flat package', paper, { 'package_mm.height': 0 }, 'block measure_not_positive package_mm.height'],
  ['a price no column can hold', paper, { price_krw: 3e9, list_price_krw: 10 }, 'block number_too_large price_krw'],
  ['a wrong barcode', paper, { gtin: '2000000000016' }, 'block gtin_checksum gtin'],
  ['an HS code of four digits', paper, { hs_code: '4802' }, 'block hs_code_format hs_code'],
  ['no such country', paper, { origin_country: 'XX' }, 'block origin_country_unknown origin_country'],
  ['three decimals', paper, { export_price_usd: '15.805' }, 'block export_price_format export_price_usd'],
  ['for nothing', paper, { export_price_usd: '0.00' }, 'block export_price_zero export_price_usd'],
  ['an unknown Incoterm', paper, { incoterm: 'Busan' }, 'warn incoterm_unknown incoterm'],
  ['an unknown unit', paper, { moq_unit: 'piece' }, 'warn moq_unit_unknown moq_unit'],
  ['one notice item empty', paper, { 'notice.director': ' ' }, 'block notice_incomplete notice.director'],
  ['KC without number', lamp, { 'kc.number': null }, 'block kc_number_missing kc.number'],
  ['KC number not shown', lamp, { 'notice.kc': '상세페이지 참조' }, 'warn kc_number_not_shown notice.kc'],
  [
    'no report number',
    toner,
    { 'household_chemical.report_no': null },
    'block household_chemical_report_missing household_chemical.report_no',
  ],
  [
    'report number not shown',
    toner,
    { 'notice.configuration': '상세페이지 참조' },
    'warn household_chemical_report_not_shown notice.configuration',
  ],
  [
    'chemical by notice only',
    toner,
    { 'household_chemical.applies': false },
    'warn household_chemical_unclear household_chemical.applies',
  ],
  ['a hidden character', paper, { brand_en: 'Pure\u200bun' }, 'block text_control_characters brand_en'],
  ['a line break in a title', paper, { name_en: 'Paper\nA4' }, 'block text_control_characters name_en'],
  ['lost letters', paper, { description_ko: '복사\ufffd지' }, 'block text_broken_encoding description_ko'],
  ['an emoji in a title', paper, { name_ko: '복사용지🌿' }, 'block name_emoji name_ko'],
  [
    'a personal number',
    paper,
    { 'notice.director': '담당 900101-1234567' },
    'block resident_number_present notice.director',
  ],
  ['a long English name', paper, { name_en: 'a'.repeat(129) }, 'block name_too_long name_en'],
  ['a long brand', paper, { brand_ko: '가'.repeat(301) }, 'block text_too_long brand_ko'],
  ['a formula', paper, { brand_en: '@SUM(A1)' }, 'block csv_formula_injection brand_en'],
  ['no image', paper, { images: [] }, 'block image_missing images'],
];

describe('demo rows', () => {
  it.each(goodRows.map((row) => [row.sku, row] as const))('%s has no finding at all', (_sku, row) => {
    expect(briefs(check(row))).toEqual([]);
  });

  it.each(badRows.map((row) => [row.sku, row.expected_rule, row] as const))('%s gives %s', (sku, rule, row) => {
    const standing = goodRows.find((good) => good.sku === sku);
    const product = standing && check(standing).product;
    const checked = check(row, { existing: product ? identityOf(product) : undefined });
    expect(briefs(checked)).toContain(`${row.expected_result} ${rule} ${row.expected_field}`);
    expect(checked.product === null).toBe(row.expected_result === 'block');
    for (const finding of checked.findings) {
      expect(finding.messageKo).toContain(`상품 ${sku}: `);
      expect(finding.messageEn).toContain(`Product ${sku}: `);
      expect(finding.messageKo).toMatch(/(십시오|됩니다)/);
    }
  });

  it('reports both faults of a row that has two', () => {
    const row = badRows.find((candidate) => candidate.sku === 'SGB-012') ?? {};
    expect(briefs(check(row))).toEqual(['block csv_formula_injection name_ko', 'block stock_negative stock_qty']);
  });
});

describe('single rules', () => {
  it.each(VIOLATIONS)('%s', (_what, sku, changes, expected) => {
    const row = goodRow(sku);
    for (const [path, value] of Object.entries(changes)) set(row, path, value);
    const checked = check(row);
    expect(briefs(checked)).toContain(expected);
    if (expected.startsWith('block')) expect(checked.product).toBeNull();
  });

  it('lets warnings through', () => {
    const checked = check(set(goodRow(paper), 'moq_unit', 'piece'));
    expect(checked.product?.moqUnit).toBe('piece');
  });

  it('finds everything at once', () => {
    const row = goodRow(paper);
    set(row, 'price_krw', 1.5);
    set(row, 'certificates[0].valid_to', '2026-01-01');
    set(row, 'certificates[1].valid_to', '2026-01-01');
    set(row, 'gtin', undefined);
    const found = briefs(check(row));
    expect(found).toEqual([
      'block field_required gtin',
      'block price_not_integer price_krw',
      'block cert_expired certificates[0].valid_to',
      'block cert_expired certificates[1].valid_to',
    ]);
  });

  it('only warns of an expired certificate beside one in force', () => {
    expect(briefs(check(set(goodRow(paper), 'certificates[0].valid_to', '2026-11-21')))).toEqual([
      'warn cert_expired certificates[0].valid_to',
    ]);
  });

  it('warns of a notice that only points elsewhere, not of one that does so in part', () => {
    const row = goodRow(paper);
    const notice = row.notice as Record<string, string>;
    for (const key of Object.keys(notice)) notice[key] = '상세페이지 참조';
    expect(briefs(check(row))).toEqual(['warn notice_only_details notice']);
    notice.productname = '복사용지';
    expect(briefs(check(row))).toEqual([]);
  });

  it('counts a name in double bytes', () => {
    expect(briefs(check(set(goodRow(paper), 'name_ko', '가'.repeat(50))))).toEqual([]);
    expect(briefs(check(set(goodRow(paper), 'name_ko', `${'가'.repeat(50)}a`)))).toEqual([
      'block name_too_long name_ko',
    ]);
  });

  it('never repeats a personal number', () => {
    for (const path of ['business_no', 'name_ko', 'certificates[0].number', 'claims[0].text_ko', 'sku', 'gtin']) {
      const checked = check(set(goodRow(paper), path, '인증번호 900101-1234567'));
      expect(checked.product).toBeNull();
      expect(JSON.stringify(checked)).not.toContain('1234567');
    }
  });
});

describe('days of a certificate', () => {
  const endingOn = (day: string) => set(goodRow(toner), 'certificates[0].valid_to', day);

  it('is valid on its last day and not on the next', () => {
    const row = endingOn('2027-03-01');
    expect(briefs(check(row, { today: '2027-03-01', campaigns: [] }))).toEqual([
      'warn cert_expires_soon certificates[0].valid_to',
    ]);
    expect(briefs(check(row, { today: '2027-03-02', campaigns: [] }))).toEqual([
      'block cert_expired certificates[0].valid_to',
    ]);
  });

  it.each([
    ['2026-12-05', 'warn cert_expires_soon certificates[0].valid_to'],
    // Ends at the instant the campaign begins: never valid in it.
    ['2026-12-06', 'warn cert_expires_during_campaign certificates[0].valid_to'],
    ['2026-12-26', 'warn cert_expires_during_campaign certificates[0].valid_to'],
  ])('ending on %s: %s', (day, expected) => {
    expect(briefs(check(endingOn(day)))).toEqual([expected]);
  });

  it('says nothing of a certificate that lasts to the end of the campaign and 30 days from today', () => {
    expect(briefs(check(endingOn('2026-12-27')))).toEqual([]);
    expect(briefs(check(endingOn('2026-12-23'), { campaigns: [] }))).toEqual([]);
    expect(briefs(check(endingOn('2026-12-22'), { campaigns: [] }))).toEqual([
      'warn cert_expires_soon certificates[0].valid_to',
    ]);
  });

  it('is judged again for a stored product', () => {
    const { product } = check(goodRow(toner));
    if (!product) throw new Error('the demo row must be good');
    expect(checkProduct(product, { today: TODAY, campaigns: [CAMPAIGN] })).toEqual([]);
    const [later] = checkProduct(product, { today: '2030-01-01', campaigns: [] });
    expect(later).toMatchObject({ rule: 'cert_expired', result: 'block', field: 'certificates[0].valid_to' });
  });
});

describe('one SKU, one product', () => {
  const existing = { businessNo: '1018100001', modelName: 'PP01-01', nameKo: '재생 복사용지 A4 75g 2,500매' };

  it('takes a change of other fields', () => {
    expect(check(set(goodRow(paper), 'price_krw', 20000), { existing }).product?.priceKrw).toBe(20000);
  });

  it('refuses a second row with the same SKU, whatever became of the first', () => {
    const seenSkus = new Set<string>();
    expect(check(set(goodRow(paper), 'stock_qty', -1), { seenSkus }).product).toBeNull();
    expect(briefs(check(goodRow(paper), { seenSkus }))).toEqual(['block sku_duplicate sku']);
  });

  it('takes a new name only when it is said to be meant', () => {
    const renamed = set(goodRow(paper), 'name_ko', '재생 복사용지 A4');
    expect(briefs(check(renamed, { existing }))).toEqual(['block sku_duplicate sku']);
    expect(check(renamed, { existing }).findings[0]?.messageKo).toContain('--rename');
    expect(briefs(check(renamed, { existing, allowRename: true }))).toEqual([]);
  });

  it.each([
    ['company', { ...existing, businessNo: '1058100003' }],
    ['model', { ...existing, modelName: 'PP01-09' }],
  ])('never lets another %s take over, not even by a rename', (_what, other) => {
    const checked = check(goodRow(paper), { existing: other, allowRename: true });
    expect(briefs(checked)).toEqual(['block sku_duplicate sku']);
    expect(checked.findings[0]?.messageKo).not.toContain('--rename');
  });
});
