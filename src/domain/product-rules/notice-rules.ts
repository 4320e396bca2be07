import { NOTICE_KEYS } from '../product.ts';
import type { ProductDraft } from './draft.ts';
import type { FindingList } from './findings-of-product.ts';
import { fieldLabel } from './source-fields.ts';

/** "See the detail page" is widely accepted for a single item, but a notice of nothing else tells the buyer nothing. */
const SEE_DETAILS = /^(상품)?상세(설명|페이지|정보)?(내)?(참조|참고)(바랍니다|하세요)?$/;

/** Product information notice, KC mark, household chemical report. */
export function checkNotice(draft: ProductDraft, findings: FindingList): void {
  checkItems(draft, findings);
  checkSafetyMarks(draft, findings);
  checkHouseholdChemical(draft, findings);
}

/** True when the stricter wording rules of household chemicals apply; the notice type alone is enough. */
export function isHouseholdChemical(draft: ProductDraft): boolean {
  return draft.householdChemical.applies === true || draft.noticeType === 'household_chemical';
}

function checkItems(draft: ProductDraft, findings: FindingList): void {
  if (draft.noticeType === undefined || findings.has('notice')) return;
  const keys = NOTICE_KEYS[draft.noticeType];
  const missing = keys.filter((key) => isBlank(draft.notice[key]) && !findings.has(`notice.${key}`));
  if (missing.length === keys.length) {
    const labels = keys.map((key) => fieldLabel(`notice.${key}`));
    findings.block('notice_missing', 'notice', {
      ko: `상품정보고시(${draft.noticeType})가 비어 있습니다. 다음 항목을 모두 입력해 주십시오: ${labels.map(({ ko }) => ko).join(', ')}.`,
      en: `the product information notice (${draft.noticeType}) is empty. Fill in all of: ${labels.map(({ en }) => en).join(', ')}.`,
    });
    return;
  }
  for (const key of missing) {
    const label = fieldLabel(`notice.${key}`);
    findings.block('notice_incomplete', `notice.${key}`, {
      ko: `상품정보고시 항목이 비어 있습니다: ${label.ko}. 값을 입력하고, 해당이 없으면 "해당없음"이라고 적어 주십시오.`,
      en: `an item of the product information notice is empty: ${label.en}. Fill it in, or write "해당없음" where it does not apply.`,
    });
  }
  const values = keys.map((key) => draft.notice[key]).filter((value) => value !== undefined && !isBlank(value));
  if (values.length > 0 && values.every((value) => SEE_DETAILS.test((value ?? '').replace(/[\s.]/g, '')))) {
    findings.warn('notice_only_details', 'notice', {
      ko: '상품정보고시의 모든 항목이 "상세페이지 참조"뿐입니다. 적어도 품명, 제조자, 제조국은 직접 적어 주십시오.',
      en: 'every item of the product information notice only says "see the detail page". State at least name, maker and country.',
    });
  }
}

function checkSafetyMarks(draft: ProductDraft, findings: FindingList): void {
  const { status, number } = draft.kc;
  if (status === 'required' && number === null) {
    findings.block('kc_number_missing', 'kc.number', {
      ko: 'KC 인증 대상인데 인증번호가 없습니다. KC 인증번호를 입력하거나, 대상이 아니면 상태를 not_applicable로 바꿔 주십시오.',
      en: 'a KC mark is required but its number is missing. Enter the number, or set the status to not_applicable.',
    });
  }
  // Since 2023-01-01 the number itself has to stand in the notice.
  const shown = draft.notice.kc;
  if (status === 'required' && number && shown !== undefined && !shown.includes(number)) {
    findings.warn('kc_number_not_shown', 'notice.kc', {
      ko: '상품정보고시의 KC 항목에 KC 인증번호가 보이지 않습니다. 인증번호를 그대로 적어 주십시오.',
      en: 'the KC item of the notice does not show the KC number. Write the number there.',
    });
  }
}

function checkHouseholdChemical(draft: ProductDraft, findings: FindingList): void {
  if (draft.noticeType === 'household_chemical' && draft.householdChemical.applies === false) {
    findings.warn('household_chemical_unclear', 'household_chemical.applies', {
      ko: '상품정보고시 유형은 생활화학제품인데 생활화학제품이 아닌 것으로 표시되었습니다. 둘 중 맞는 쪽으로 맞춰 주십시오.',
      en: 'the notice type is household chemical, yet the product is marked as none. Make the two agree.',
    });
  }
  if (draft.householdChemical.applies !== true) return;
  const { reportNo } = draft.householdChemical;
  if (reportNo === null) {
    findings.block('household_chemical_report_missing', 'household_chemical.report_no', {
      ko: '안전확인대상생활화학제품인데 신고번호(승인번호)가 없습니다. 번호가 없으면 판매할 수 없으므로 신고번호를 입력해 주십시오.',
      en: 'this household chemical has no report or approval number and may not be sold without one. Enter the number.',
    });
    return;
  }
  const shown = draft.notice.configuration;
  if (reportNo && draft.noticeType === 'household_chemical' && shown !== undefined && !shown.includes(reportNo)) {
    findings.warn('household_chemical_report_not_shown', 'notice.configuration', {
      ko: '상품정보고시에 생활화학제품 신고번호가 보이지 않습니다. 광고에는 신고번호가 있어야 하므로 그대로 적어 주십시오.',
      en: 'the notice does not show the report number of the household chemical. An advertisement must carry it: write it there.',
    });
  }
}

function isBlank(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}
