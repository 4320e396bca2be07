import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { detailHtml } from '../../adapters/gmarket-esm/listing-detail.ts';
import { offerDocument, offerProblem, saleStatusBody } from '../../adapters/gmarket-esm/listing-offer.ts';
import { channelBytes, renderListing } from '../../adapters/gmarket-esm/mapping-listing.ts';
import { noticeKeyOf, noticeNames } from '../../adapters/gmarket-esm/notice-names.ts';
import { settingsSchema } from '../../adapters/gmarket-esm/settings.ts';
import { gmarketEsmHarness } from '../../adapters/gmarket-esm/testing.ts';
import type { DesiredListing } from '../../src/domain/listing.ts';
import { mappingsSchema } from '../../src/domain/mapping.ts';
import type { Product } from '../../src/domain/product.ts';

const settings = settingsSchema.parse({
  masterId: 'master',
  issuer: 'www.example.kr',
  sellerIds: { gmkt: 'g1', iac: 'a1' },
});
const mappings = mappingsSchema.parse(
  JSON.parse(readFileSync(new URL('../../adapters/gmarket-esm/fixtures/mappings.json', import.meta.url), 'utf8')),
);
const imageUrls = ['https://images.example/1.png', 'https://images.example/2.png', 'https://images.example/1.png'];

function productWith(change: Partial<Product> = {}): Product {
  const product = gmarketEsmHarness.listings?.product('SG-01-001');
  if (!product) throw new Error('the harness has no product');
  return { ...product, ...change };
}
const render = (change: Partial<Product> = {}, rest: object = {}) =>
  renderListing({ product: productWith(change), mappings, settings, imageUrls, ...rest });
const rulesOf = (change: Partial<Product>, rest: object = {}) => {
  const { document, findings } = render(change, rest);
  expect(document).toBeNull();
  for (const finding of findings) {
    // One tone with the rest: whose it is, what is wrong, and the command that comes next.
    expect(finding.messageKo).toMatch(
      /^상품 SG-01-001x*…?: .*니다\. .*주십시오\(`naru (products|mappings) import FILE.*`\)\.$/,
    );
    expect(finding.messageEn).toMatch(/^Product SG-01-001x*…?: .*\. .*\(`naru (products|mappings) import FILE.*`\)\.$/);
    expect(finding.messageKo.includes('naru mappings import FILE --account ID')).toBe(
      finding.rule.startsWith('mapping_') || finding.field.startsWith('mappings.'),
    );
  }
  return findings.map((finding) => finding.rule);
};

describe('the length of a text as the channel counts it', () => {
  it.each([
    ['A4 75g', 6],
    ['가나', 4],
    ['é', 2],
    ['A가', 3],
    ['🌱', 2],
    ['', 0],
  ])('%s has %i bytes', (text, bytes) => {
    expect(channelBytes(text)).toBe(bytes);
  });
});

describe('gmarket-esm render', () => {
  it('writes the create document of the portal, without price, stock and discount', () => {
    const { document, title, findings } = render();
    expect(findings).toEqual([]);
    expect(title).toBe('재생 복사용지 A4 75g 2,500매');
    expect(document).toMatchObject({
      itemBasicInfo: {
        goodsName: { kor: '재생 복사용지 A4 75g 2,500매' },
        category: {
          site: [
            { siteType: 2, catCode: '300009483' },
            { siteType: 1, catCode: '07010100' },
          ],
        },
      },
      itemAddtionalInfo: {
        sellingPeriod: { Gmkt: 90, Iac: 90 },
        managedCode: 'SG-01-001',
        shipping: {
          type: 1,
          companyNo: 10013,
          policy: { placeNo: 1, feeType: 1, bundle: { deliveryTmplId: '2' } },
          returnAndExchange: { addrNo: 3, fee: 3000 },
          dispatchPolicyNo: { gmkt: 4, iac: 5 },
        },
        officialNotice: { officialNoticeNo: 35 },
        isVatFree: false,
        images: { basicImgURL: imageUrls[0], addtionalImg1URL: imageUrls[1] },
      },
      addtionalInfo: { siteDiscount: { gmkt: true, iac: true } },
    });
    expect(JSON.stringify(document)).not.toMatch(/"price"|"stock"|sellerDiscount|addtionalImg2URL/);
  });

  it('gives the same document for the same input', () => {
    expect(render()).toEqual(render());
  });

  it('writes blocks for configured sites only: another one would put the product up there', () => {
    const gmktOnly = settingsSchema.parse({ masterId: 'm', issuer: 'i', sellerIds: { gmkt: 'g1' } });
    expect(JSON.stringify(render({}, { settings: gmktOnly }).document)).not.toMatch(/iac/i);
  });

  it('puts an eco certificate where each site looks for it, and nothing else there', () => {
    const certificate = productWith().certificates[0];
    if (!certificate) throw new Error('the harness product has no certificate');
    expect(render().document).toMatchObject({
      itemAddtionalInfo: {
        certInfo: { gmkt: { certId: ['99001'] }, iac: { environmentFriendly: { isUse: true, certId: '99001' } } },
      },
    });
    const { document } = render({ certificates: [{ ...certificate, kind: 'green_tech' }] });
    expect(document).toMatchObject({
      itemAddtionalInfo: { certInfo: { iac: { environmentFriendly: { isUse: false } } } },
    });
    expect(document).not.toHaveProperty('itemAddtionalInfo.certInfo.gmkt');
  });

  it('states KC and chemical numbers without guessing a scheme', () => {
    const { document } = render({
      noticeType: 'other',
      kc: { status: 'required', number: 'DEMO-KC-1' },
      householdChemical: { applies: true, reportNo: 'DEMO-HC-1' },
    });
    expect(document).toMatchObject({
      itemAddtionalInfo: {
        certInfo: {
          safetyCerts: {
            child: { type: 1 },
            electric: { type: 1 },
            life: { type: 2 },
            harmful: { type: 0, certId: 'DEMO-HC-1' },
          },
        },
      },
    });
    expect(JSON.stringify(document)).toMatch(/KC 인증번호: DEMO-KC-1.*신고번호: DEMO-HC-1/);
  });

  it('marks "see the detail page" as such', () => {
    const notices = { other: { group: '35', items: { '35-1': '=상품상세 참조', '35-2': 'director' } } };
    const { document } = render({}, { mappings: { ...mappings, notices } });
    expect(document).toMatchObject({
      itemAddtionalInfo: {
        officialNotice: {
          details: [
            { officialNoticeItemelementCode: '35-1', isExtraMark: true },
            { officialNoticeItemelementCode: '35-2', isExtraMark: false },
          ],
        },
      },
    });
  });

  it('joins the values of an item that asks for several things', () => {
    const notices = { other: { group: '35', items: { '35-1': 'manufacturecountry+manufacturer' } } };
    const rest = { mappings: { ...mappings, notices } };
    expect(render({}, rest).document).toMatchObject({
      itemAddtionalInfo: { officialNotice: { details: [{ value: '대한민국 / (주)가상푸른종이' }] } },
    });
    const { findings } = render({ notice: { manufacturecountry: '대한민국' } }, rest);
    expect(findings.map((finding) => finding.field)).toEqual(['notice.manufacturer']);
  });

  it.each<[string, Partial<Product>, object, string[]]>([
    ['a name of 102 bytes', { name: { ko: '가'.repeat(51), en: 'x' } }, {}, ['name_too_long']],
    ['a SKU of 101 bytes', { sku: `SG-01-001${'x'.repeat(92)}` }, {}, ['sku_too_long']],
    ['a price of 23,905', { priceKrw: 23_905 }, {}, ['price_not_multiple_of_10']],
    ['a price of 0', { priceKrw: 0 }, {}, ['price_out_of_range']],
    ['a price of a billion', { priceKrw: 1_000_000_000 }, {}, ['price_out_of_range']],
    ['no image', {}, { imageUrls: [] }, ['image_missing']],
    ['an image on this machine', {}, { imageUrls: ['main.png', 'file:///main.png'] }, ['image_missing']],
    ['KC without a number', { kc: { status: 'required', number: null } }, {}, ['kc_number_missing']],
    ['a notice item without a value', { notice: {} }, {}, Array(5).fill('notice_item_missing')],
    ['no notice mapping', {}, { mappings: { ...mappings, notices: {} } }, ['mapping_notice_missing']],
    [
      'no category on one site',
      {},
      { mappings: { ...mappings, categories: { 사무용지: { gmkt: '1' } } } },
      ['mapping_category_missing'],
    ],
    ['no shipping numbers', {}, { mappings: { ...mappings, shipping: {} } }, Array(6).fill('mapping_shipping_missing')],
  ])('blocks %s', (_, change, rest, rules) => {
    expect(rulesOf(change, rest)).toEqual(rules);
  });

  it('takes a name of exactly 100 bytes', () => {
    expect(render({ name: { ko: '가'.repeat(50), en: 'x' } }).document).not.toBeNull();
  });

  it('names the missing shipping key', () => {
    const { placeNo: _, ...shipping } = mappings.shipping;
    const { findings } = render({}, { mappings: { ...mappings, shipping } });
    expect(findings.map((finding) => finding.field)).toEqual(['mappings.shipping.placeNo']);
  });
});

describe('names of notice items', () => {
  it.each([
    ['household_chemical', '수입자, 제조국 및 제조사', 'manufacturecountry+manufacturer'],
    ['furniture', '제조자, 수입품의 경우 수입자를 함께 표기', 'manufacturer'],
    ['furniture', '제조자(수입자)', 'manufacturer'],
    ['other', '법에 의한 인증·허가 등을 받았음을 확인할 수 있는 경우 그에 대한 사항', 'warranty'],
    ['office_equipment', '정격전압, 소비전력', 'energy'],
    ['furniture', '재료의 산지', null],
  ])('%s: %s is %s', (type, name, key) => {
    expect(noticeKeyOf(noticeNames[type]?.items ?? {}, name)).toBe(key);
  });
});

describe('the detail page', () => {
  it('shows scheme, number, reason and last day, and escapes everything', () => {
    const html = detailHtml(
      productWith({
        description: { ko: '첫 줄 <script>alert(1)</script>\n둘째 & "줄"', en: '' },
        claims: [{ textKo: '<iframe src=x>', basis: 'eco_label', evidenceRef: '99001' }],
      }),
      ['https://images.example/1.png?a=1&b="2"'],
    );
    expect(html).not.toMatch(/<script|<iframe/);
    expect(html).toContain('<p>첫 줄 &lt;script&gt;alert(1)&lt;/script&gt;</p><p>둘째 &amp; &quot;줄&quot;</p>');
    expect(html).toContain('src="https://images.example/1.png?a=1&amp;b=&quot;2&quot;"');
    for (const text of ['환경표지', '99001', '자원순환성 향상(유효자원 재활용)', '2027-12-31'])
      expect(html).toContain(text);
  });
});

describe('the offer', () => {
  const desired = (change: Partial<DesiredListing> = {}): DesiredListing => ({
    onSale: true,
    offReason: null,
    document: render().document,
    contentHash: 'x',
    price: { minor: 20_000, currency: 'KRW' },
    stock: 50,
    discount: null,
    ...change,
  });
  const discount = (minor: number) => ({
    discount: { amount: { minor, currency: 'KRW' as const }, firstDay: '2026-12-07', lastDay: '2026-12-27' },
  });

  it.each([
    [50, null],
    [100, 'ok'],
    [105, null],
    [14_000, 'ok'],
    [14_010, null],
  ])('a discount of %i won', (minor, verdict) => {
    expect(offerProblem(desired(discount(minor)), 'S')).toEqual(
      verdict ? null : expect.objectContaining({ code: 'OWN_DISCOUNT', field: 'discount' }),
    );
  });

  it('adds price, stock and the discount of every site to the document', () => {
    expect(offerDocument(desired({ ...discount(2000), stock: 250_000 }), settings, [])).toMatchObject({
      itemAddtionalInfo: {
        managedCode: 'SG-01-001',
        price: { Gmkt: 20_000, Iac: 20_000 },
        stock: { Gmkt: 99_999, Iac: 99_999 },
        sellingPeriod: { Gmkt: 90, Iac: 90 },
      },
      addtionalInfo: {
        siteDiscount: { gmkt: true },
        sellerDiscount: {
          isUse: true,
          iac: { type: 1, priceOrRate1: 2000, startDate: '2026-12-07', endDate: '2026-12-27' },
        },
      },
    });
  });

  it('keeps the period of a site that has the product: a number would add days', () => {
    expect(offerDocument(desired(), settings, ['gmkt'])).toMatchObject({
      itemAddtionalInfo: { sellingPeriod: { Gmkt: 0, Iac: 90 } },
    });
  });

  it('stops with a valid stock though there is none left', () => {
    expect(saleStatusBody(desired({ stock: 0 }), ['gmkt'], [])).toEqual({
      isSell: { gmkt: false },
      itemBasicInfo: { price: { gmkt: 20_000 }, stock: { gmkt: 1 }, sellingPeriod: { gmkt: 0 } },
    });
    expect(offerProblem(desired({ stock: 0 }), 'S')).toMatchObject({ code: 'OWN_STOCK' });
  });
});
