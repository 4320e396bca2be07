import type { RenderedListing, RenderInput } from '../../src/channel/contract.ts';
import { CERTIFICATE_NAMES, STATUTORY_KINDS } from '../../src/domain/certificate.ts';
import { isBlocked } from '../../src/domain/finding.ts';
import type { Json } from '../../src/domain/listing.ts';
import { parseMoney } from '../../src/domain/money.ts';
import type { Bilingual, Product } from '../../src/domain/product.ts';
import { createFindingList, type FindingList } from '../../src/domain/product-rules/findings-of-product.ts';
import { unitCodeOf, unspscOf } from './commodity-codes.ts';
import type { ItemDocument } from './item-document.ts';
import type { CxmlSettings } from './settings.ts';
import { cutTo } from './short-text.ts';

/** CIF's longest item description (facts of 2026-11: two published guides). */
export const maxDescription = 2_000;
const maxImages = 10;
const again = {
  ko: '카탈로그를 다시 가져와 주십시오(`naru products import FILE`).',
  en: 'import the catalogue again (`naru products import FILE`).',
};
const addAccountAgain = {
  ko: '계정을 다시 등록해 주십시오(`naru accounts add ID --adapter b2b-cxml --config FILE`).',
  en: 'add the account again (`naru accounts add ID --adapter b2b-cxml --config FILE`).',
};

/** What a buyer's catalogue needs to know of a product, or what is missing for it. Pure. */
export function renderItem(input: RenderInput<CxmlSettings>): RenderedListing {
  const { product, settings } = input;
  const findings = createFindingList(product.sku);
  const unspsc = commodityCode(input, findings);
  const priceUsd = settings.currency === 'USD' ? dollarPrice(product, findings) : null;
  if (settings.currency === 'KRW' && product.priceKrw <= 0) {
    findings.block('price_out_of_range', 'price_krw', {
      ko: `판매가가 0원 이하입니다. 판매가를 고쳐 ${again.ko}`,
      en: `its price is not above 0 won. Correct it and ${again.en}`,
    });
  }
  const name = { ko: oneLine(product.name.ko), en: oneLine(product.name.en) };
  const description = {
    ko: shortened(product.description.ko, 'description_ko', name.ko, findings),
    en: shortened(product.description.en, 'description_en', name.en, findings),
  };
  const images = [...new Set(input.imageUrls.filter(isWebAddress))].slice(0, maxImages);
  if (images.length === 0) {
    findings.warn('image_missing', 'images', {
      ko: `인터넷에서 열리는 이미지가 없어 그림 없이 실립니다. 이미지를 넣어 ${again.ko}`,
      en: `it has no image with a public address and is listed without a picture. Add one and ${again.en}`,
    });
  }
  if (isBlocked(findings.all) || unspsc === null) return { document: null, title: null, findings: [...findings.all] };

  const document: ItemDocument = {
    name,
    description,
    unit: unitCodeOf(product.moqUnit),
    unspsc,
    hs: /^\d{6,10}$/.test(product.hsCode) ? product.hsCode : null,
    manufacturerPartId: product.modelName,
    manufacturerName: oneLine(manufacturerOf(product, settings)),
    leadTimeDays: settings.leadTimeDays,
    // The minimum is a term of export: at home one piece may be ordered.
    minimumQuantity: settings.currency === 'USD' ? Math.max(1, product.moq) : 1,
    vatIncluded: settings.currency === 'KRW' && product.vatIncluded,
    green: greenMarks(product),
    images,
    priceUsd,
  };
  // The title is null because a buyer's catalogue cannot be asked what name it shows.
  return { document: document as Json, title: null, findings: [...findings.all] };
}

function commodityCode({ product, mappings, settings }: RenderInput<CxmlSettings>, findings: FindingList) {
  const group = product.group.ko;
  const known = unspscOf(product, mappings, settings);
  if (known === null) {
    findings.block('mapping_category_missing', 'product_group_ko', {
      ko: `품목 '${group}'의 UNSPSC 코드가 없습니다. 계정 설정의 unspscByGroup에 8자리 코드를 적어 ${addAccountAgain.ko}`,
      en: `product group '${group}' has no UNSPSC code. Enter its eight digits under unspscByGroup in the account's settings and ${addAccountAgain.en}`,
    });
    return null;
  }
  if (!/^\d{8}(?:\d{2})?$/.test(known.code)) {
    findings.block('mapping_category_invalid', 'product_group_ko', {
      ko: `품목 '${group}'의 UNSPSC 코드가 8자리 숫자가 아닙니다. 매핑 파일의 categories를 고쳐 매핑을 다시 가져와 주십시오(\`naru mappings import FILE --account ID\`).`,
      en: `the UNSPSC code of product group '${group}' is not eight digits. Correct it under categories in the mappings file and import the mappings again (\`naru mappings import FILE --account ID\`).`,
    });
    return null;
  }
  if (known.isGuess) {
    findings.warn('unspsc_segment_only', 'product_group_ko', {
      ko: `품목 '${group}'의 UNSPSC 코드가 없어 대분류 ${known.code}로 실립니다. 계정 설정의 unspscByGroup에 정확한 코드를 적어 ${addAccountAgain.ko}`,
      en: `product group '${group}' has no UNSPSC code and is listed under the whole segment ${known.code}. Enter the exact code under unspscByGroup in the account's settings and ${addAccountAgain.en}`,
    });
  }
  return known.code;
}

function dollarPrice(product: Product, findings: FindingList): number | null {
  const price = parseMoney(product.exportPriceUsd, 'USD');
  if (price && price.minor > 0) return price.minor;
  findings.block('price_usd_missing', 'export_price_usd', {
    ko: `달러로 파는 계정인데 수출 단가(USD)가 없습니다. 단가를 적어 ${again.ko}`,
    en: `the account sells in dollars and it has no export price in USD. Enter one and ${again.en}`,
  });
  return null;
}

function shortened(text: string, field: string, name: string, findings: FindingList): string {
  const line = oneLine(text);
  // The name stands before the description in the one text that CIF has.
  const room = maxDescription - name.length - 2;
  if (line.length <= room) return line;
  findings.warn('description_too_long', field, {
    ko: `설명이 너무 길어(${line.length}자) 이름과 함께 ${maxDescription}자까지만 실립니다. 줄여서 ${again.ko}`,
    en: `its description of ${line.length} characters is cut so that it has ${maxDescription} with the name. Shorten it and ${again.en}`,
  });
  return `${cutTo(line, room - 1)}…`;
}

/** Who made it is a statement to buyers; a seller's name stands for it only where the notice says that it is the same. */
function manufacturerOf(product: Product, settings: CxmlSettings): string {
  const stated = product.notice.manufacturer ?? product.company.nameKo;
  return settings.language === 'en' && stated === product.company.nameKo ? product.company.nameEn : stated;
}

/** Only kinds that make a statutory green product: a confirmation of a technology must not look like an eco mark. */
function greenMarks(product: Product): ItemDocument['green'] {
  return product.certificates
    .filter((certificate) => STATUTORY_KINDS.has(certificate.kind))
    .map(({ kind, number, issuerKo, validTo }) => {
      const names: Bilingual = CERTIFICATE_NAMES[kind];
      const issuer = issuerKo.includes('한국환경산업기술원') ? ' (KEITI)' : '';
      return {
        ko: `${names.ko} ${number} (${issuerKo}), ${validTo}까지 유효`,
        en: `${names.en}${issuer} ${number}, valid to ${validTo}`,
        validTo,
      };
    });
}

/** One line without runs of blanks: catalogue files are read line by line. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
