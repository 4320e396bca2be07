import type { RenderedListing, RenderInput } from '../../src/channel/contract.ts';
import { STATUTORY_KINDS } from '../../src/domain/certificate.ts';
import { type Finding, isBlocked } from '../../src/domain/finding.ts';
import type { Json } from '../../src/domain/listing.ts';
import type { Product } from '../../src/domain/product.ts';
import { detailHtml } from './listing-detail.ts';
import { renderNotice } from './mapping-notice.ts';
import { renderShipping } from './mapping-shipping.ts';
import { type EsmSettings, perSite, type Site, siteNumbers } from './settings.ts';

/** The channel's limits of a listing (facts §2.2). Bytes are its own count: two for every letter that is not ASCII. */
export const maxNameBytes = 100;
export const maxManagedCodeBytes = 100;
const priceStepKrw = 10;
const maxPriceKrw = 999_999_990;
const maxImages = 15;

/** Length as the channel counts it, which is CP949: one byte for ASCII, two for everything else. */
export function channelBytes(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += character.length === 1 && character.charCodeAt(0) < 0x80 ? 1 : 2;
  return bytes;
}

/** The create form spells sites with a capital under price, stock and period, and nowhere else (facts §2.2). */
export const createKeys: Record<Site, 'Gmkt' | 'Iac'> = { gmkt: 'Gmkt', iac: 'Iac' };

/**
 * The create document of a product without price, stock and discount, or what is missing for one. Pure.
 * Only configured sites get blocks: a block for another site would put the product up there (facts §2.3).
 */
export function renderListing(input: RenderInput<EsmSettings>): RenderedListing {
  const { product, mappings, settings } = input;
  const images = [...new Set(input.imageUrls.filter(isWebAddress))].slice(0, maxImages);
  const notice = renderNotice(product, mappings);
  const shipping = renderShipping(product, mappings, settings);
  const findings = [
    ...checkProduct(product, images),
    ...checkCategories(input),
    ...notice.findings,
    ...shipping.findings,
  ];
  if (isBlocked(findings)) return { document: null, title: product.name.ko, findings };

  const categories = mappings.categories[product.group.ko] ?? {};
  const document: Json = {
    itemBasicInfo: {
      goodsName: { kor: product.name.ko },
      category: {
        site: settings.sites.map((site) => ({ siteType: siteNumbers[site], catCode: categories[site] ?? '' })),
      },
      // Not the bar code: the sample's numbers, like many sellers', are from a range for use inside one shop only.
      catalog: { modelName: product.modelName },
    },
    itemAddtionalInfo: {
      sellingPeriod: Object.fromEntries(settings.sites.map((site) => [createKeys[site], settings.sellingPeriodDays])),
      managedCode: product.sku,
      recommendedOpts: { type: 0, isStockManage: false },
      shipping: shipping.block,
      officialNotice: notice.block,
      isAdultProduct: false,
      isVatFree: !product.vatIncluded,
      certInfo: certificates(product, settings.sites),
      images: imageFields(images),
      descriptions: { kor: { type: 2, html: detailHtml(product, images) } },
    },
    addtionalInfo: { siteDiscount: perSite(settings.sites, () => settings.siteDiscountConsent) as Json },
  };
  return { document, title: product.name.ko, findings };
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

function checkProduct(product: Product, images: readonly string[]): Finding[] {
  const { sku } = product;
  const findings: Finding[] = [];
  const block = (rule: string, field: string, messageKo: string, messageEn: string) =>
    findings.push({ rule, result: 'block', field, messageKo, messageEn });
  const nameBytes = channelBytes(product.name.ko);
  if (nameBytes > maxNameBytes) {
    block(
      'name_too_long',
      'name_ko',
      `${sku}: 상품명이 ${nameBytes}바이트입니다. ${maxNameBytes}바이트(한글 50자) 이하로 줄이세요.`,
      `${sku}: the name has ${nameBytes} bytes. Shorten it to ${maxNameBytes} (50 Korean letters).`,
    );
  }
  if (channelBytes(sku) > maxManagedCodeBytes) {
    block(
      'sku_too_long',
      'sku',
      `${sku}: 판매자 관리코드가 ${maxManagedCodeBytes}바이트를 넘습니다. 더 짧은 SKU를 쓰세요.`,
      `${sku}: the SKU is longer than ${maxManagedCodeBytes} bytes. Use a shorter one.`,
    );
  }
  if (product.priceKrw < priceStepKrw || product.priceKrw > maxPriceKrw) {
    block(
      'price_out_of_range',
      'price_krw',
      `${sku}: 판매가 ${product.priceKrw}원은 받지 않습니다. 10원 이상 10억원 미만으로 고치세요.`,
      `${sku}: a price of ${product.priceKrw} won is refused. Set 10 won or more and less than 1,000,000,000.`,
    );
  } else if (product.priceKrw % priceStepKrw !== 0) {
    block(
      'price_not_multiple_of_10',
      'price_krw',
      `${sku}: 판매가 ${product.priceKrw}원이 10원 단위가 아닙니다. 10원 단위로 고치세요.`,
      `${sku}: the price of ${product.priceKrw} won is not in steps of 10. Change it to one that is.`,
    );
  }
  if (images.length === 0) {
    block(
      'image_missing',
      'images',
      `${sku}: 인터넷에서 열리는 대표 이미지가 없습니다. 600×600 이상 이미지를 올리세요.`,
      `${sku}: there is no main image with a public address. Add one of at least 600×600.`,
    );
  }
  if (product.kc.status === 'required' && !product.kc.number) {
    block(
      'kc_number_missing',
      'kc.number',
      `${sku}: KC 인증 대상인데 인증번호가 없습니다. 인증번호를 적으세요.`,
      `${sku}: KC certification is required but there is no number. Enter it.`,
    );
  }
  return findings;
}

function checkCategories({ product, mappings, settings }: RenderInput<EsmSettings>): Finding[] {
  const known = mappings.categories[product.group.ko] ?? {};
  return settings.sites
    .filter((site) => !known[site])
    .map((site) => ({
      rule: 'mapping_category_missing',
      result: 'block',
      field: 'product_group_ko',
      messageKo: `${product.sku}: 품목 '${product.group.ko}'의 ${site} 카테고리가 없습니다. 매핑 파일 categories에 최하위 카테고리 코드를 적으세요.`,
      messageEn: `${product.sku}: product group '${product.group.ko}' has no ${site} category. Enter a leaf category code under categories in the mappings file.`,
    }));
}

function imageFields(urls: readonly string[]): Json {
  const [main = '', ...others] = urls;
  return {
    basicImgURL: main,
    ...Object.fromEntries(others.map((url, index) => [`addtionalImg${index + 1}URL`, url])),
  };
}

/** Which safety law the KC mark of these goods belongs to; other goods of our catalogue are household goods (생활용품). */
const electricNotices: ReadonlySet<string> = new Set(['office_equipment', 'home_appliance', 'small_electronics']);

/**
 * Certificate fields (facts §4.4). Auction has one field for an eco certificate, Gmarket a list. Only kinds that make a
 * statutory green product go there: a green-technology confirmation is no eco certificate and must not look like one.
 */
function certificates(product: Product, wanted: readonly Site[]): Json {
  const numbers = [...STATUTORY_KINDS].flatMap((kind) =>
    product.certificates.filter((certificate) => certificate.kind === kind).map((certificate) => certificate.number),
  );
  const first = numbers[0];
  const kcGoes = electricNotices.has(product.noticeType) ? 'electric' : 'life';
  // 2 is "see detail page". 0 would also need the scheme of the number (safety certificate, confirmation, declaration),
  // which the catalogue does not say; guessing one would be a false statement to buyers.
  const safety = (part: string): Json => ({ type: product.kc.status === 'required' && part === kcGoes ? 2 : 1 });
  const chemical = product.householdChemical;
  return {
    ...(wanted.includes('gmkt') && numbers.length > 0 && { gmkt: { certId: numbers } }),
    ...(wanted.includes('iac') && {
      iac: { environmentFriendly: first ? { isUse: true, certId: first } : { isUse: false } },
    }),
    safetyCerts: {
      child: safety('child'),
      electric: safety('electric'),
      life: safety('life'),
      harmful: chemical.applies && chemical.reportNo ? { type: 0, certId: chemical.reportNo } : { type: 1 },
    },
  };
}
