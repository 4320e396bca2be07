import { parseMoney } from '../../src/domain/money.ts';
import type { Product } from '../../src/domain/product.ts';
import { quotable } from '../../src/domain/text-safety.ts';
import { nextSteps } from './next-steps.ts';
import { splitIncoterm } from './source-values.ts';
import type { SourceName } from './sources.ts';
import type { ExportTemplate } from './template.ts';

interface CheckInput {
  product: Product;
  portal: Pick<ExportTemplate, 'id' | 'name'>;
  /** As found in the mappings; empty where they say nothing. */
  category: string;
}

export interface SourceProblem {
  rule: string;
  ko: string;
  en: string;
}

const { catalogue, mappings } = nextSteps;

/** `$ 5`, `US$5`, `5 USD`: portals refuse names with a price. */
const priceInName = /[$₩€¥£]\s?\d|\d\s?(?:USD|KRW|EUR|won)\b|\b(?:USD|KRW|EUR)\s?\d/i;
/** Two or three groups of digits behind a country or area code. */
const phoneInName = /(?:\+\d{1,3}[\s-]?|\b0)\d{1,3}[\s-]\d{3,4}[\s-]\d{4}\b/;

/** The rules of single values that are more than length, letters and presence. */
const checks: Partial<Record<SourceName, (input: CheckInput) => SourceProblem | null>> = {
  hsCode: ({ product, portal }) =>
    /^\d{6}$/.test(product.hsCode)
      ? null
      : {
          rule: 'hs_code_format',
          ko: `${portal.name.ko}에는 HS코드 6자리가 필요한데 '${quotable(product.hsCode)}'입니다. hs_code를 숫자 6자리로 적어 ${catalogue.ko}`,
          en: `${portal.name.en} needs the six digits of the HS code, and it is '${quotable(product.hsCode)}'. Enter six digits as hs_code and ${catalogue.en}`,
        },
  priceUsd: ({ product, portal }) => {
    // Zero is no price.
    if ((parseMoney(product.exportPriceUsd, 'USD')?.minor ?? 0) > 0) return null;
    return {
      rule: 'price_missing',
      ko: `${portal.name.ko}에 필요한 수출 단가(USD)가 없거나 0입니다('${quotable(product.exportPriceUsd)}'). export_price_usd를 12.50처럼 적어 ${catalogue.ko}`,
      en: `${portal.name.en} needs an export price in USD, which is missing or zero ('${quotable(product.exportPriceUsd)}'). Enter export_price_usd like 12.50 and ${catalogue.en}`,
    };
  },
  priceKrw: ({ product, portal }) =>
    product.priceKrw > 0
      ? null
      : {
          rule: 'price_missing',
          ko: `${portal.name.ko}에 필요한 판매가(원)가 없습니다. price_krw를 1원 이상으로 적어 ${catalogue.ko}`,
          en: `${portal.name.en} needs a price in won, which is missing. Enter price_krw of at least 1 and ${catalogue.en}`,
        },
  priceBasis: checkIncoterm,
  priceTerm: checkIncoterm,
  moq: ({ product, portal }) =>
    product.moq > 0
      ? null
      : {
          rule: 'moq_missing',
          ko: `${portal.name.ko}에 필요한 최소 주문 수량이 없습니다. moq를 1 이상으로 적어 ${catalogue.ko}`,
          en: `${portal.name.en} needs a minimum order quantity, which is missing. Enter moq of at least 1 and ${catalogue.en}`,
        },
  originCountry: ({ product, portal }) =>
    /^[A-Z]{2}$/.test(product.originCountry)
      ? null
      : {
          rule: 'origin_format',
          ko: `${portal.name.ko}에는 원산지가 두 글자 국가 코드(KR)로 필요합니다. origin_country를 고쳐 ${catalogue.ko}`,
          en: `${portal.name.en} needs the country of origin as two letters (KR). Correct origin_country and ${catalogue.en}`,
        },
  nameEn: ({ product, portal }) =>
    priceInName.test(product.name.en) || phoneInName.test(product.name.en)
      ? {
          rule: 'name_with_price_or_phone',
          ko: `${portal.name.ko}의 영문 상품명에는 가격과 전화번호를 쓸 수 없습니다. name_en에서 지우고 ${catalogue.ko}`,
          en: `${portal.name.en} takes no price and no telephone number in its English name. Remove it from name_en and ${catalogue.en}`,
        }
      : null,
  category: checkCategory,
  category1: checkCategory,
};

/** What is wrong with a source value of the product for this portal; null when nothing is. */
export function checkSource(source: SourceName, input: CheckInput): SourceProblem | null {
  return checks[source]?.(input) ?? null;
}

function checkIncoterm({ product, portal }: CheckInput): SourceProblem | null {
  if (splitIncoterm(product.incoterm)) return null;
  const shown = quotable(product.incoterm);
  return {
    rule: 'incoterm_unknown',
    ko: `${portal.name.ko}의 가격 조건에 쓸 인코텀즈 2020 조건이 아닙니다('${shown}'). incoterm을 'FOB Busan'처럼 적어 ${catalogue.ko}`,
    en: `${portal.name.en} needs a term of Incoterms 2020 for the price, and it is '${shown}'. Enter incoterm like 'FOB Busan' and ${catalogue.en}`,
  };
}

function checkCategory({ product, portal, category }: CheckInput): SourceProblem | null {
  if (category !== '') return null;
  const group = quotable(product.group.ko);
  return {
    rule: 'mapping_category_missing',
    ko: `품목 '${group}'에 맞는 ${portal.name.ko} 카테고리가 없습니다. 매핑 파일의 categories["${group}"].${portal.id}에 포털 화면의 경로(예: A > B > C)를 적어 ${mappings.ko}`,
    en: `product group '${group}' has no category of ${portal.name.en}. Enter its path as the portal shows it (such as A > B > C) at categories["${group}"].${portal.id} in the mappings file and ${mappings.en}`,
  };
}
