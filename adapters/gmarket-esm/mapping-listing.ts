import type { RenderedListing, RenderInput } from '../../src/channel/contract.ts';
import { STATUTORY_KINDS } from '../../src/domain/certificate.ts';
import { type Finding, isBlocked } from '../../src/domain/finding.ts';
import type { Json } from '../../src/domain/listing.ts';
import type { Product } from '../../src/domain/product.ts';
import { createFindingList } from '../../src/domain/product-rules/findings-of-product.ts';
import { detailHtml } from './listing-detail.ts';
import { renderNotice } from './mapping-notice.ts';
import { renderShipping } from './mapping-shipping.ts';
import { importAgain, importMappings } from './next-steps.ts';
import { type EsmSettings, perSite, type Site, siteNames, siteNumbers } from './settings.ts';

/** The channel's limits of a listing (notes §2.2). Bytes are its own count: two for every letter that is not ASCII. */
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

/** The create form spells sites with a capital under price, stock and period, and nowhere else (notes §2.2). */
export const createKeys: Record<Site, 'Gmkt' | 'Iac'> = { gmkt: 'Gmkt', iac: 'Iac' };

/**
 * The create document of a product without price, stock and discount, or what is missing for one. Pure.
 * Only configured sites get blocks: a block for another site would put the product up there (notes §2.3).
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

function checkProduct(product: Product, images: readonly string[]): readonly Finding[] {
  const findings = createFindingList(product.sku);
  const nameBytes = channelBytes(product.name.ko);
  if (nameBytes > maxNameBytes) {
    findings.block('name_too_long', 'name_ko', {
      ko: `상품명이 ${nameBytes}바이트입니다. ${maxNameBytes}바이트(한글 50자) 이하로 줄여 ${importAgain.ko}`,
      en: `its name has ${nameBytes} bytes. Shorten it to ${maxNameBytes} (50 Korean letters) and ${importAgain.en}`,
    });
  }
  if (channelBytes(product.sku) > maxManagedCodeBytes) {
    findings.block('sku_too_long', 'sku', {
      ko: `상품코드(SKU)가 ${maxManagedCodeBytes}바이트를 넘습니다. 더 짧은 상품코드로 바꿔 ${importAgain.ko}`,
      en: `its SKU is longer than ${maxManagedCodeBytes} bytes. Choose a shorter one and ${importAgain.en}`,
    });
  }
  if (product.priceKrw < priceStepKrw || product.priceKrw > maxPriceKrw) {
    findings.block('price_out_of_range', 'price_krw', {
      ko: `채널이 받지 않는 판매가(${product.priceKrw}원)입니다. 10원 이상 10억원 미만으로 고쳐 ${importAgain.ko}`,
      en: `the channel refuses a price of ${product.priceKrw} won. Set 10 won or more and less than 1,000,000,000, and ${importAgain.en}`,
    });
  } else if (product.priceKrw % priceStepKrw !== 0) {
    findings.block('price_not_multiple_of_10', 'price_krw', {
      ko: `판매가(${product.priceKrw}원)가 10원 단위가 아닙니다. 10원 단위로 고쳐 ${importAgain.ko}`,
      en: `its price of ${product.priceKrw} won is not in steps of 10. Change it to one that is, and ${importAgain.en}`,
    });
  }
  if (images.length === 0) {
    findings.block('image_missing', 'images', {
      ko: `인터넷에서 열리는 대표 이미지가 없습니다. 600×600픽셀 이상의 이미지를 넣어 ${importAgain.ko}`,
      en: `it has no main image with a public address. Add one of at least 600×600 pixels and ${importAgain.en}`,
    });
  }
  if (product.kc.status === 'required' && !product.kc.number) {
    findings.block('kc_number_missing', 'kc.number', {
      ko: `KC 인증 대상인데 인증번호가 없습니다. 인증번호를 적어 ${importAgain.ko}`,
      en: `KC certification is required but it has no number. Enter the number and ${importAgain.en}`,
    });
  }
  return findings.all;
}

function checkCategories({ product, mappings, settings }: RenderInput<EsmSettings>): readonly Finding[] {
  const findings = createFindingList(product.sku);
  const group = product.group.ko;
  for (const site of settings.sites) {
    if (mappings.categories[group]?.[site]) continue;
    findings.block('mapping_category_missing', 'product_group_ko', {
      ko: `품목 '${group}'에 맞는 ${siteNames[site].ko} 카테고리가 없습니다. 매핑 파일의 categories에 최하위 카테고리 코드(${site})를 적어 ${importMappings.ko}`,
      en: `product group '${group}' has no ${siteNames[site].en} category. Enter the code of a lowest category (${site}) under categories in the mappings file and ${importMappings.en}`,
    });
  }
  return findings.all;
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
 * Certificate fields (notes §4.4). Auction has one field for an eco certificate, Gmarket a list. Only kinds that make a
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
