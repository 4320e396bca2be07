import { PeopleError } from '../../src/domain/people-error.ts';
import { quotable } from '../../src/domain/text-safety.ts';

/** Why a file as a whole cannot be read, and what the person who saved it does next. */
const sentences = {
  inquiry_file_too_large: {
    ko: '파일이 너무 큽니다. 20MB, 20,000행을 넘지 않게 기간을 나누어 다시 저장해 주십시오.',
    en: 'is too large. Save it again in shorter periods, with no more than 20 MB and 20,000 rows each.',
  },
  inquiry_file_empty: {
    ko: '파일에 내용이 없습니다. 포털에서 문의 목록을 다시 저장해 주십시오.',
    en: 'is empty. Save the list of inquiries from the portal again.',
  },
  inquiry_file_unknown: {
    ko: '읽을 수 있는 문의 파일이 아닙니다. .xlsx, .csv 또는 .eml 형식으로 다시 저장해 주십시오.',
    en: 'is no file of inquiries that can be read. Save it again as .xlsx, .csv or .eml.',
  },
  inquiry_old_workbook: {
    ko: '옛 엑셀(.xls) 형식이거나 암호가 걸려 있습니다. 엑셀에서 열어 암호 없이 .xlsx 형식으로 저장해 주십시오.',
    en: 'is an old .xls workbook or has a password. Open it in Excel and save it as .xlsx without a password.',
  },
  inquiry_outlook_file: {
    ko: '아웃룩(.msg) 형식입니다. 메일을 .eml 형식으로 다시 저장해 주십시오.',
    en: 'is an Outlook .msg file. Save the mail again as .eml.',
  },
  inquiry_workbook_broken: {
    ko: '파일이 손상되어 열 수 없습니다. 엑셀에서 열리는지 확인하고 .xlsx 형식으로 다시 저장해 주십시오.',
    en: 'is damaged and cannot be opened. See whether Excel opens it, and save it again as .xlsx.',
  },
  inquiry_csv_broken: {
    ko: '파일의 따옴표가 맞지 않아 행을 나눌 수 없습니다. 엑셀에서 열어 .xlsx 형식으로 다시 저장해 주십시오.',
    en: 'has quotes that do not match, so its rows cannot be told apart. Open it in Excel and save it as .xlsx.',
  },
  inquiry_html_broken: {
    ko: '안의 표가 너무 깊거나 너무 커서 읽을 수 없습니다. 엑셀에서 열어 .xlsx 형식으로 다시 저장해 주십시오.',
    en: 'holds tables that are too deep or too large. Open it in Excel and save it as .xlsx.',
  },
  inquiry_mail_broken: {
    ko: '메일 파일이 손상되어 읽을 수 없습니다. 메일 프로그램에서 .eml 형식으로 다시 저장해 주십시오.',
    en: 'is a damaged mail. Save it again as .eml from the mail program.',
  },
  inquiry_headings_missing: {
    ko: '제목 줄(예: 회사명, 국가, 상품명, 문의내용)을 찾을 수 없습니다. 제목 줄이 있는 채로 다시 저장해 주십시오.',
    en: 'has no row of headings such as Company, Country, Product, Message. Save it again together with its headings.',
  },
} as const;
export type InquiryFileCode = keyof typeof sentences;

/** The error for a file that cannot be read as a whole; names the file, never what is in it. */
export function inquiryFileError(code: InquiryFileCode, fileName: string): PeopleError {
  const name = quotable(fileName, 100) || '-';
  return new PeopleError(code, `${name}: ${sentences[code].ko}`, `${name} ${sentences[code].en}`);
}
