import { hasGtinCheckDigit } from '../text-safety.ts';
import { COUNTRY_CODES } from './country-codes.ts';
import type { ProductDraft } from './draft.ts';
import type { FindingList } from './findings-of-product.ts';
import { fieldLabel } from './source-fields.ts';

/** Ten won is the smallest coin in use; nothing can be priced below it. */
const MIN_PRICE_KRW = 10;
/** The store and several channels keep whole numbers in 32 bits. */
const MAX_WHOLE_NUMBER = 2_147_483_647;

/** Units that trade platforms are told; another unit is not wrong, but nobody has mapped it yet. */
const MOQ_UNITS: ReadonlySet<string> = new Set([
  'pc',
  'pack',
  'set',
  'box',
  'can',
  'bag',
  'roll',
  'bundle',
  'm2',
  'tonne',
]);

/** Incoterms 2020, the eleven three-letter codes; a place follows (`FOB Busan`). */
const INCOTERMS = /^(EXW|FCA|CPT|CIP|DAP|DPU|DDP|FAS|FOB|CFR|CIF)( .+)?$/;

/** Price, stock and the facts of trade and transport. */
export function checkOffer(draft: ProductDraft, findings: FindingList): void {
  checkPrice(draft, findings);
  checkQuantities(draft, findings);
  checkTradeFacts(draft, findings);
}

function checkPrice(draft: ProductDraft, findings: FindingList): void {
  const { priceKrw, listPriceKrw, vatIncluded } = draft;
  if (priceKrw !== undefined && priceKrw < MIN_PRICE_KRW) {
    findings.block('price_too_low', 'price_krw', {
      ko: `판매가는 ${MIN_PRICE_KRW}원 이상이어야 합니다. 판매가를 확인해 주십시오.`,
      en: `the selling price must be at least ${MIN_PRICE_KRW} won. Check the price.`,
    });
  }
  if (priceKrw !== undefined && listPriceKrw !== undefined && priceKrw > listPriceKrw) {
    findings.block('price_above_list_price', 'price_krw', {
      ko: `판매가(${priceKrw}원)가 정가(${listPriceKrw}원)보다 높습니다. 두 금액을 확인해 주십시오.`,
      en: `the selling price (${priceKrw} won) is above the list price (${listPriceKrw} won). Check both.`,
    });
  }
  if (vatIncluded === false) {
    findings.block('vat_not_included', 'vat_included', {
      ko: '소비자 판매가는 부가세를 포함해야 합니다. 부가세 포함 금액으로 바꾸고 포함(true)으로 표시해 주십시오.',
      en: 'a consumer price includes VAT. Enter the price with VAT and set the mark to true.',
    });
  }
}

function checkQuantities(draft: ProductDraft, findings: FindingList): void {
  const { stockQty, shippingFeeKrw } = draft;
  if (stockQty !== undefined && stockQty < 0) {
    findings.block('stock_negative', 'stock_qty', {
      ko: '재고 수량이 0보다 작습니다. 실제 재고를 0 이상으로 입력해 주십시오.',
      en: 'the stock is below zero. Enter the real stock, 0 or more.',
    });
  }
  if (shippingFeeKrw !== undefined && shippingFeeKrw < 0) {
    findings.block('shipping_fee_negative', 'shipping_fee_krw', {
      ko: '배송비가 0보다 작습니다. 무료 배송이면 0을 입력해 주십시오.',
      en: 'the shipping fee is below zero. Enter 0 for free delivery.',
    });
  }
  const measures: [string, number | undefined][] = [
    ['moq', draft.moq],
    ['weight_g', draft.weightG],
    ['package_mm.width', draft.packageMm.width],
    ['package_mm.depth', draft.packageMm.depth],
    ['package_mm.height', draft.packageMm.height],
  ];
  for (const [field, value] of measures) {
    if (value === undefined || value >= 1) continue;
    const label = fieldLabel(field);
    findings.block('measure_not_positive', field, {
      ko: `${label.ko} 값은 1 이상이어야 합니다. 값을 확인해 주십시오.`,
      en: `${label.en} must be 1 or more. Check the value.`,
    });
  }
  const whole: [string, number | undefined][] = [
    ['price_krw', draft.priceKrw],
    ['list_price_krw', draft.listPriceKrw],
    ['stock_qty', stockQty],
    ['shipping_fee_krw', shippingFeeKrw],
    ...measures,
  ];
  for (const [field, value] of whole) {
    if (value === undefined || Math.abs(value) <= MAX_WHOLE_NUMBER) continue;
    const label = fieldLabel(field);
    findings.block('number_too_large', field, {
      ko: `${label.ko} 값이 너무 큽니다(최대 ${MAX_WHOLE_NUMBER}). 자릿수를 확인해 주십시오.`,
      en: `${label.en} is too large (at most ${MAX_WHOLE_NUMBER}). Check the digits.`,
    });
  }
}

function checkTradeFacts(draft: ProductDraft, findings: FindingList): void {
  const { gtin, hsCode, originCountry, exportPriceUsd, incoterm, moqUnit } = draft;
  if (gtin !== undefined && !hasGtinCheckDigit(gtin)) {
    findings.block('gtin_checksum', 'gtin', {
      ko: '바코드(GTIN)의 자릿수나 검증 숫자가 맞지 않습니다. 포장에 인쇄된 숫자를 다시 입력해 주십시오.',
      en: 'the barcode (GTIN) has a wrong length or check digit. Enter the digits printed on the package again.',
    });
  }
  if (hsCode !== undefined && !/^\d{6}$/.test(hsCode)) {
    findings.block('hs_code_format', 'hs_code', {
      ko: 'HS코드는 점 없이 숫자 6자리로 입력해 주십시오(예: 480256).',
      en: 'write the HS code as six digits without dots (such as 480256).',
    });
  }
  if (originCountry !== undefined && !COUNTRY_CODES.has(originCountry)) {
    findings.block('origin_country_unknown', 'origin_country', {
      ko: '원산지는 두 글자 국가 코드(ISO 3166-1)로 입력해 주십시오(대한민국은 KR).',
      en: 'write the country of origin as a two-letter ISO 3166-1 code (KR for Korea).',
    });
  }
  if (exportPriceUsd !== undefined && !/^(0|[1-9]\d{0,9})\.\d{2}$/.test(exportPriceUsd)) {
    findings.block('export_price_format', 'export_price_usd', {
      ko: '수출 단가는 소수 둘째 자리까지의 달러 금액으로 입력해 주십시오(예: 15.80).',
      en: 'write the export price as dollars with at most two decimals (such as 15.80).',
    });
  } else if (exportPriceUsd === '0.00') {
    findings.block('export_price_zero', 'export_price_usd', {
      ko: '수출 단가가 0입니다. 실제 단가를 입력해 주십시오.',
      en: 'the export price is zero. Enter the real price.',
    });
  }
  if (incoterm !== undefined && !INCOTERMS.test(incoterm)) {
    findings.warn('incoterm_unknown', 'incoterm', {
      ko: '인도 조건이 인코텀즈 2020 코드로 시작하지 않습니다(예: FOB Busan). 조건을 확인해 주십시오.',
      en: 'the delivery term does not begin with an Incoterms 2020 code (such as FOB Busan). Check it.',
    });
  }
  if (moqUnit !== undefined && !MOQ_UNITS.has(moqUnit)) {
    findings.warn('moq_unit_unknown', 'moq_unit', {
      ko: `최소 주문 단위를 알 수 없습니다. 다음 중 하나를 쓰십시오: ${[...MOQ_UNITS].join(', ')}.`,
      en: `the minimum order unit is not known. Use one of: ${[...MOQ_UNITS].join(', ')}.`,
    });
  }
}
