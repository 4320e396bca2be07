import { beforeAll, describe, expect, it } from 'vitest';
import { type ProfileId, profileIds, profiles } from '../../adapters/export-portal/profiles/index.ts';
import { renderRow } from '../../adapters/export-portal/render.ts';
import { settingsSchema, templateOf } from '../../adapters/export-portal/settings.ts';
import type { Product } from '../../src/domain/product.ts';
import { demoProduct, demoProducts, imageUrls, mappingsFor, settingsFor } from '../support/export-portal.ts';

let base: Product;
beforeAll(async () => {
  base = await demoProduct();
});

const render = (change: Partial<Product>, profile: ProfileId = 'ec21', rest: object = {}) => {
  const product = { ...base, ...change };
  return renderRow({ product, mappings: mappingsFor([base]), settings: settingsFor(profile), imageUrls, ...rest });
};
const valuesOf = (change: Partial<Product> = {}, profile: ProfileId = 'ec21', rest: object = {}) => {
  const { document, findings } = render(change, profile, rest);
  expect(findings).toEqual([]);
  return (document as { values: Record<string, string> }).values;
};
/** The rules that block, after a look at the manners of every sentence. */
const rulesOf = (change: Partial<Product>, profile: ProfileId = 'ec21', rest: object = {}) => {
  const { document, findings } = render(change, profile, rest);
  expect(document).toBeNull();
  const portal = profiles[profile].name;
  for (const finding of findings) {
    expect(finding.result).toBe('block');
    expect(finding.messageKo).toMatch(/^상품 SG-01-001: .*주십시오\(`naru [^`]+`\)\./);
    expect(finding.messageKo).toContain(portal.ko);
    expect(finding.messageEn).toMatch(/^Product SG-01-001: .*\(`naru [^`]+`\)\.$/);
    expect(finding.messageEn).toContain(portal.en);
  }
  return findings.map((finding) => `${finding.rule} ${finding.field}`);
};

describe('export-portal render', () => {
  it('fills the row of an English portal from the product, in its words', () => {
    expect(valuesOf()).toEqual({
      modelNo: 'PP01-01',
      productName: 'Recycled Copy Paper A4 75 gsm, 2,500 sheets',
      category: 'Green products > Office > Paper',
      keywords: 'Office paper, Korea Eco-Label, Good Recycled (GR)',
      hsCode: '480256',
      brand: 'Pureun Paper (demo)',
      origin: 'KR',
      priceBasis: 'FOB',
      currency: 'USD',
      price: '15.80',
      moq: '200',
      moqUnit: 'Box(es)',
      portOfLoading: 'Busan',
      paymentTerms: 'T/T, L/C',
      supplyAbility: '10,000 pieces per month',
      leadTime: '14',
      packaging: '',
      sample: '',
      oem: 'Available',
      specification: 'Gross weight 12.5 kg; Package 310 x 225 x 270 mm',
      certifications:
        'Korea Eco-Label (KEITI) EL-no. 99001 (valid to 2026-12-31); Good Recycled (GR) no. DEMO-GR-0001 (valid to 2028-03-31)',
      description: 'Office copy paper with recycled pulp; five reams of 500 sheets per box.',
      descriptionHtml:
        '<p>Office copy paper with recycled pulp; five reams of 500 sheets per box.</p><ul><li>Korea Eco-Label (KEITI) EL-no. 99001 (valid to 2026-12-31)</li><li>Good Recycled (GR) no. DEMO-GR-0001 (valid to 2028-03-31)</li></ul>',
      supplier: 'Gasang Pureun Paper Co., Ltd.',
    });
  });

  it('fills the row of the school market in Korean and in won, and leaves to people what the catalogue lacks', () => {
    expect(valuesOf({}, 's2b')).toMatchObject({
      category1: 'Green products',
      category2: 'Office',
      category3: 'Paper',
      productName: '재생 복사용지 A4 75g 2,500매',
      price: '23900',
      stock: '50',
      unit: '박스',
      origin: '국산',
      shippingKind: '유료',
      shippingFee: '3000',
      ecoLabel: '99001',
      recycled: 'DEMO-GR-0001',
      lowCarbon: '',
      g2bNumber: '',
      kcChild: '',
    });
  });

  it('gives the same row for the same product, names the pictures by their content, and no price apart', () => {
    expect(render({})).toEqual(render({}));
    const { document, title } = render({});
    expect(document).toMatchObject({ portal: 'ec21', modelNo: 'PP01-01', pictures: ['aa.png', 'bb.jpg'] });
    expect(title).toBeNull();
    const elsewhere = ['https://other.example/images/aa.png', 'https://other.example/images/bb.jpg'];
    expect(render({}, 'ec21', { imageUrls: elsewhere }).document).toEqual(document);
    expect(render({}, 'ec21', { imageUrls: [...elsewhere].reverse() }).document).not.toEqual(document);
  });

  it('shows tags in a description as text', () => {
    const description = { ko: '', en: 'Soft <script>x</script>\n\n& strong' };
    expect(valuesOf({ description, certificates: [] }).descriptionHtml).toBe(
      '<p>Soft &lt;script&gt;x&lt;/script&gt;</p><p>&amp; strong</p>',
    );
  });

  it.each(profileIds)('takes all products of the demonstration catalogue for %s', async (profile) => {
    const products = await demoProducts();
    expect(products.length).toBe(60);
    const mappings = mappingsFor(products);
    const settings = settingsFor(profile);
    for (const product of products) {
      expect(renderRow({ product, mappings, settings, imageUrls }).findings, product.sku).toEqual([]);
    }
  });
});

describe('what keeps a product from an English portal', () => {
  const english = (change: Partial<Product['name']>) => ({ ...base.name, ...change });
  const cases: [string, () => Partial<Product>, string[]][] = [
    ['no English name', () => ({ name: english({ en: '' }) }), ['value_missing name_en']],
    ['a name of blanks', () => ({ name: english({ en: '  \u200a' }) }), ['value_missing name_en']],
    ['a Korean name', () => ({ name: english({ en: '복사용지' }) }), ['value_not_latin name_en']],
    ['a full-width name', () => ({ name: english({ en: 'Ｐaper' }) }), ['value_not_latin name_en']],
    ['a Cyrillic letter', () => ({ name: english({ en: 'Pаper' }) }), ['value_not_latin name_en']],
    ['an emoji', () => ({ name: english({ en: 'Paper 🌱' }) }), ['value_not_latin name_en']],
    ['a name too long', () => ({ name: english({ en: 'x'.repeat(129) }) }), ['value_too_long name_en']],
    ['a price in the name', () => ({ name: english({ en: 'Paper US$ 5' }) }), ['name_with_price_or_phone name_en']],
    [
      'a phone in the name',
      () => ({ name: english({ en: 'Paper 02-123-4567' }) }),
      ['name_with_price_or_phone name_en'],
    ],
    ['no description', () => ({ description: { ko: '글', en: '' } }), ['value_missing description_en']],
    ['a Korean description', () => ({ description: { ko: '글', en: '글' } }), ['value_not_latin description_en']],
    [
      'a description beyond a cell',
      () => ({ description: { ko: '글', en: 'word '.repeat(6_554) }, certificates: [] }),
      ['value_too_long description_en'],
    ],
    ['no brand', () => ({ brand: { ko: '푸른', en: '' } }), ['value_missing brand_en']],
    ['no HS code', () => ({ hsCode: '' }), ['hs_code_format hs_code']],
    ['four digits of HS code', () => ({ hsCode: '4802' }), ['hs_code_format hs_code']],
    ['an HS code with dots', () => ({ hsCode: '4802.56' }), ['hs_code_format hs_code']],
    ['no price', () => ({ exportPriceUsd: '' }), ['price_missing export_price_usd']],
    ['a price of nothing', () => ({ exportPriceUsd: '0.00' }), ['price_missing export_price_usd']],
    ['an old Incoterm', () => ({ incoterm: 'DAT Busan' }), ['incoterm_unknown incoterm']],
    ['no MOQ', () => ({ moq: 0 }), ['moq_missing moq']],
    ['a unit without a word', () => ({ moqUnit: 'barrel' }), ['value_not_in_codes moq_unit']],
    ['a country by name', () => ({ originCountry: 'Korea' }), ['origin_format origin_country']],
    ['a Korean model number', () => ({ modelName: '모델1' }), ['value_not_latin model_name']],
    ['no supplier name', () => ({ company: { ...base.company, nameEn: '' } }), ['value_missing company_name_en']],
  ];
  it.each(cases)('%s', (_what, change, rules) => {
    expect(rulesOf(change())).toEqual(rules);
  });

  it('takes signs and accents that Latin text has', () => {
    const en = 'Café panel 600×600, 16.5 m² ±2 °C “A” – 75 µm';
    expect(valuesOf({ name: english({ en }) }).productName).toBe(en);
  });

  it('no category in the mappings', () => {
    const rest = { mappings: mappingsFor([]) };
    expect(rulesOf({}, 'ec21', rest)).toEqual(['mapping_category_missing categories']);
    expect(rulesOf({}, 's2b', rest)).toEqual(['mapping_category_missing categories']);
    expect(render({}, 'ec21', rest).findings[0]?.messageKo).toContain('categories["사무용지"].ec21');
  });

  it('no image', () => {
    expect(rulesOf({}, 'ec21', { imageUrls: [] })).toEqual(['image_missing images']);
  });

  it('no terms of payment in the settings, and no port where the term names none', () => {
    const settings = settingsSchema.parse({ profile: 'gobizkorea' });
    expect(rulesOf({}, 'gobizkorea', { settings })).toEqual(['value_missing terms.paymentTerms']);
    expect(rulesOf({ incoterm: 'EXW Seoul' }, 'gobizkorea', { settings })).toEqual([
      'value_missing terms.portOfLoading',
      'value_missing terms.paymentTerms',
    ]);
  });

  it('no price in won at the school market', () => {
    expect(rulesOf({ priceKrw: 0 }, 's2b')).toEqual(['price_missing price_krw']);
    expect(rulesOf({ moqUnit: 'barrel' }, 's2b')).toEqual(['value_not_in_codes moq_unit']);
  });
});

describe('a form of the account itself', () => {
  const template = {
    id: 'city-mall',
    name: { ko: '도시몰', en: 'City Mall' },
    version: '1',
    assumed: [],
    columns: [
      { key: 'title', heading: 'Title', source: 'nameKo', maxLength: { count: 20, unit: 'cp949-bytes' } },
      { key: 'kind', heading: 'Kind', source: '=GREEN' },
      { key: 'hand', heading: 'By hand', source: null },
    ],
  };
  const settings = () => settingsSchema.parse({ template });

  it('is configuration: its columns, words and limits hold', () => {
    expect(templateOf(settings()).id).toBe('city-mall');
    const short = render({ name: { ko: '재생 복사용지', en: '' } }, 'ec21', { settings: settings() });
    expect(short.document).toMatchObject({
      portal: 'city-mall',
      values: { title: '재생 복사용지', kind: 'GREEN', hand: '' },
    });
    const { document, findings } = render({}, 'ec21', { settings: settings() });
    expect(document).toBeNull();
    expect(findings.map((finding) => finding.rule)).toEqual(['value_too_long']);
    expect(findings[0]?.messageEn).toContain('City Mall takes 20 bytes');
  });

  it.each([
    ['neither a profile nor a form', {}],
    ['both', { profile: 'ec21', template }],
    [
      'a form with an unknown source',
      { template: { ...template, columns: [{ key: 'a', heading: 'A', source: 'colour' }] } },
    ],
    [
      'a form with a heading twice',
      { template: { ...template, columns: [...template.columns, { key: 'b', heading: 'Title', source: null }] } },
    ],
    [
      'a fingerprint that is none',
      {
        profile: 'ec21',
        delivery: { kind: 'sftp', host: 'h', username: 'u', path: '/in', hostKeySha256: 'ab:cd' },
      },
    ],
  ])('settings with %s are refused', (_what, input) => {
    expect(settingsSchema.safeParse(input).success).toBe(false);
  });
});
