import {
  doubleByteLength,
  hasEmoji,
  hasLostLetters,
  hasResidentNumber,
  startsLikeFormula,
  unsafeCharacters,
} from '../text-safety.ts';
import type { ProductDraft } from './draft.ts';
import type { FindingList } from './findings-of-product.ts';
import { fieldLabel } from './source-fields.ts';

/**
 * `name`: shown as a title and exported in a cell of its own. `line`: one line of text. `prose`: may hold line breaks.
 * `code`: digits with a check of their own.
 */
type TextKind = 'name' | 'line' | 'prose' | 'code';

interface TextField {
  field: string;
  text: string;
  kind: TextKind;
  /** Longest text in double-byte units: ASCII 1, everything else 2. */
  limit: number;
}

/**
 * The tightest common limit of the domestic open markets: 100 bytes in CP949, about 50 Korean letters. Channels with a
 * narrower or wider one check again in their own unit.
 */
const KOREAN_NAME_LIMIT = 100;
/** Export portals give English titles 128 characters. */
const ENGLISH_NAME_LIMIT = 128;
const SKU_LIMIT = 64;
/** Nothing that fits in one line of a listing is longer; the store's indexes need some bound. */
const LINE_LIMIT = 600;
const PROSE_LIMIT = 40_000;

/** Every text of the product: characters, length, formula starts, personal numbers. */
export function checkTexts(draft: ProductDraft, findings: FindingList): void {
  for (const entry of textFields(draft)) checkText(entry, findings);
}

function checkText({ field, text, kind, limit }: TextField, findings: FindingList): void {
  const unsafe = unsafeCharacters(text, kind === 'prose');
  if (unsafe.length > 0) {
    const label = fieldLabel(field);
    const shown = unsafe.slice(0, 5).join(', ');
    findings.block('text_control_characters', field, {
      ko: `${label.ko}에 눈에 보이지 않거나 글자 방향을 바꾸는 문자(${shown})가 있습니다. 칸을 비우고 글자를 새로 입력해 주십시오.`,
      en: `${label.en} holds characters that are invisible or change the reading direction (${shown}). Empty the cell and type the text anew.`,
    });
  }
  if (hasLostLetters(text)) {
    const label = fieldLabel(field);
    findings.block('text_broken_encoding', field, {
      ko: `${label.ko}에 깨진 글자(U+FFFD)가 있습니다. 원본 파일을 UTF-8 또는 엑셀 형식으로 다시 저장해 주십시오.`,
      en: `${label.en} holds broken letters (U+FFFD). Save the original file again as UTF-8 or as an Excel workbook.`,
    });
  }
  // A barcode has thirteen digits too, and its own rule.
  if (kind !== 'code' && hasResidentNumber(text)) {
    const label = fieldLabel(field);
    findings.block('resident_number_present', field, {
      ko: `${label.ko}에 주민등록번호로 보이는 숫자가 있습니다. 주민등록번호는 처리할 수 없으므로 지운 뒤 다시 등록해 주십시오.`,
      en: `${label.en} holds what looks like a resident registration number. It may not be processed: remove it and import again.`,
    });
  }
  if (kind === 'name') checkName(field, text, findings);
  const length = doubleByteLength(text);
  if (length > limit) {
    const label = fieldLabel(field);
    const rule = field === 'name_ko' || field === 'name_en' ? 'name_too_long' : 'text_too_long';
    findings.block(rule, field, {
      ko: `${label.ko} 값이 너무 깁니다(${length}바이트, 최대 ${limit}바이트. 한글은 한 글자에 2바이트입니다). 짧게 줄여 주십시오.`,
      en: `${label.en} is too long (${length} bytes, at most ${limit}; a Korean letter counts 2). Shorten it.`,
    });
  }
}

function checkName(field: string, text: string, findings: FindingList): void {
  if (startsLikeFormula(text)) {
    const label = fieldLabel(field);
    findings.block('csv_formula_injection', field, {
      ko: `${label.ko} 값이 =, +, -, @ 또는 탭으로 시작합니다. 엑셀에서 수식으로 실행될 수 있으므로 첫 글자를 지워 주십시오.`,
      en: `${label.en} begins with =, +, -, @ or a tab, which a spreadsheet runs as a formula. Remove the first character.`,
    });
  }
  if (hasEmoji(text)) {
    const label = fieldLabel(field);
    findings.block('name_emoji', field, {
      ko: `${label.ko}에 그림 문자(이모지)가 있습니다. 여러 마켓에서 등록이 거절되므로 지워 주십시오.`,
      en: `${label.en} holds an emoji, which many marketplaces refuse. Remove it.`,
    });
  }
}

function textFields(draft: ProductDraft): TextField[] {
  const fields: TextField[] = [];
  const push = (field: string, text: string | null | undefined, kind: TextKind, limit: number) => {
    if (text) fields.push({ field, text, kind, limit });
  };
  push('sku', draft.sku, 'name', SKU_LIMIT);
  push('name_ko', draft.name.ko, 'name', KOREAN_NAME_LIMIT);
  push('name_en', draft.name.en, 'name', ENGLISH_NAME_LIMIT);
  push('brand_ko', draft.brand.ko, 'name', LINE_LIMIT);
  push('brand_en', draft.brand.en, 'name', LINE_LIMIT);
  push('company_name_ko', draft.company.nameKo, 'name', LINE_LIMIT);
  push('company_name_en', draft.company.nameEn, 'name', LINE_LIMIT);
  push('mail_order_report_no', draft.company.mailOrderReportNo, 'line', LINE_LIMIT);
  push('company_address_ko', draft.company.addressKo, 'line', LINE_LIMIT);
  push('company_district_ko', draft.company.districtKo, 'line', LINE_LIMIT);
  push('company_phone', draft.company.phone, 'line', LINE_LIMIT);
  push('category_code', draft.category.code, 'line', LINE_LIMIT);
  push('category_ko', draft.category.ko, 'name', LINE_LIMIT);
  push('category_en', draft.category.en, 'name', LINE_LIMIT);
  push('product_group_code', draft.group.code, 'line', LINE_LIMIT);
  push('product_group_ko', draft.group.ko, 'name', LINE_LIMIT);
  push('product_group_en', draft.group.en, 'name', LINE_LIMIT);
  push('model_name', draft.modelName, 'name', LINE_LIMIT);
  push('gtin', draft.gtin, 'code', LINE_LIMIT);
  push('moq_unit', draft.moqUnit, 'line', LINE_LIMIT);
  push('incoterm', draft.incoterm, 'line', LINE_LIMIT);
  push('hs_code', draft.hsCode, 'code', LINE_LIMIT);
  push('origin_country', draft.originCountry, 'line', LINE_LIMIT);
  push('kc.number', draft.kc.number, 'line', LINE_LIMIT);
  push('household_chemical.report_no', draft.householdChemical.reportNo, 'line', LINE_LIMIT);
  push('description_ko', draft.description.ko, 'prose', PROSE_LIMIT);
  push('description_en', draft.description.en, 'prose', PROSE_LIMIT);
  for (const [key, text] of Object.entries(draft.notice)) push(`notice.${key}`, text, 'prose', PROSE_LIMIT);
  draft.certificates.forEach((certificate, index) => {
    const field = `certificates[${index}]`;
    push(`${field}.number`, certificate.number, 'line', LINE_LIMIT);
    push(`${field}.issuer_ko`, certificate.issuerKo, 'line', LINE_LIMIT);
    for (const model of certificate.coveredModels) push(`${field}.covered_models`, model, 'line', LINE_LIMIT);
    for (const reason of certificate.reasonsKo) push(`${field}.reasons_ko`, reason, 'line', LINE_LIMIT);
  });
  draft.claims.forEach((claim, index) => {
    push(`claims[${index}].text_ko`, claim.textKo, 'line', LINE_LIMIT);
    push(`claims[${index}].evidence_ref`, claim.evidenceRef, 'line', LINE_LIMIT);
  });
  draft.images.forEach((image, index) => {
    push(`images[${index}].file`, image.file, 'line', 2 * LINE_LIMIT);
    push(`images[${index}].alt_ko`, image.altKo, 'line', LINE_LIMIT);
  });
  return fields;
}
