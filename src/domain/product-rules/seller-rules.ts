import { hasValidCheckDigit } from '../business-number.ts';
import type { ProductDraft } from './draft.ts';
import type { FindingList } from './findings-of-product.ts';

/** `제2024-서울성동-00000호`, `2017-서울용산-0662`, `제1997-00084`, `제 01-285호`: shapes seen in public shop footers. */
const MAIL_ORDER_SHAPE = /^제?\s*\d{2,4}\s*-.*\d{2,}\s*호?$/;
/** Fewer than 50 deals a year, or simplified VAT: the law then asks for no report (notice of 2020). */
const MAIL_ORDER_EXEMPT = /면제|exempt/i;

/** The seller: check digit of the business number, mail-order report, a place in Seoul. */
export function checkSeller(draft: ProductDraft, findings: FindingList): void {
  const { businessNo, mailOrderReportNo, addressKo } = draft.company;
  if (businessNo !== undefined && !hasValidCheckDigit(businessNo)) {
    findings.block('business_no_checksum', 'business_no', {
      ko: '사업자등록번호의 검증 숫자(마지막 자리)가 맞지 않습니다. 사업자등록증을 보고 번호를 다시 입력해 주십시오.',
      en: 'the check digit (last digit) of the business registration number is wrong. Enter the number again from the registration certificate.',
    });
  }
  if (mailOrderReportNo === '') {
    findings.warn('mail_order_report_missing', 'mail_order_report_no', {
      ko: '통신판매업 신고번호가 없습니다. 번호를 입력하거나, 신고 면제이면 "면제"와 사유를 적어 주십시오.',
      en: 'the mail-order report number is missing. Enter it, or write "면제" (exempt) with the reason.',
    });
  } else if (mailOrderReportNo !== undefined && !MAIL_ORDER_EXEMPT.test(mailOrderReportNo)) {
    // Serial and prefix vary with the year and the office, so an odd shape is only shown to a person.
    if (!MAIL_ORDER_SHAPE.test(mailOrderReportNo)) {
      findings.warn('mail_order_report_shape', 'mail_order_report_no', {
        ko: '통신판매업 신고번호의 형식이 일반적이지 않습니다(예: 제2024-서울성동-01234호). 신고증을 확인해 주십시오.',
        en: 'the mail-order report number has an unusual shape (usual: 제2024-서울성동-01234호). Check it against the report certificate.',
      });
    }
  }
  if (addressKo !== undefined && !addressKo.startsWith('서울')) {
    findings.warn('company_not_in_seoul', 'company_address_ko', {
      ko: '사업장 주소가 서울이 아닙니다. 서울에 본사, 사업장, 지사 또는 부설연구소가 있는지 확인해 주십시오.',
      en: 'the address is not in Seoul. Confirm that the company has its head office, a workplace, a branch or a laboratory there.',
    });
  }
}
