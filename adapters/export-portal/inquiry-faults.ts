import type { RowFault } from '../../src/channel/inquiries.ts';
import { quotable } from '../../src/domain/text-safety.ts';

const sentences = {
  inquiry_empty: {
    ko: '날짜도 상품도 문의 내용도 없습니다. 내용을 채우거나 행을 지우고 다시 가져와 주십시오.',
    en: 'has no date, no product and no message. Fill them in or delete the row, and import the file again.',
  },
  date_unreadable: {
    ko: '날짜를 읽을 수 없습니다. 2026-11-22처럼 적어 다시 가져와 주십시오.',
    en: 'holds a date that cannot be read. Write it like 2026-11-22 and import the file again.',
  },
  date_ambiguous: {
    ko: '날짜의 월과 일을 구별할 수 없습니다. 2026-11-22처럼 적어 다시 가져와 주십시오.',
    en: 'holds a date of which month and day cannot be told apart. Write it like 2026-11-22 and import the file again.',
  },
  inquiry_twice: {
    ko: '같은 번호의 문의가 앞 행에 다른 내용으로 있어 앞 행만 썼습니다. 포털에서 맞는 내용을 확인해 한 행만 남기고 다시 가져와 주십시오.',
    en: 'is the inquiry of an earlier row with other contents; the earlier row was used. Look up at the portal which is right, leave one, and import the file again.',
  },
  formula_cell: {
    ko: '수식이 들어 있습니다. 복사한 뒤 "값만 붙여넣기"로 바꿔 다시 가져와 주십시오.',
    en: 'holds a formula. Copy the cell, paste it back as a value, and import the file again.',
  },
  cell_error: {
    ko: '오류 값(#N/A 등)이 들어 있습니다. 올바른 값을 적어 다시 가져와 주십시오.',
    en: 'holds an error value such as #N/A. Enter the right value and import the file again.',
  },
  control_characters: {
    ko: '보이지 않는 제어 문자가 들어 있습니다. 칸의 내용을 새로 입력하고 다시 가져와 주십시오.',
    en: 'holds control characters that cannot be seen. Type the cell anew and import the file again.',
  },
  letters_lost: {
    ko: '글자가 깨져 있습니다. 포털에서 다시 저장해 다시 가져와 주십시오.',
    en: 'holds letters that were lost when the file was saved. Save it from the portal again and import that.',
  },
} as const;
export type RowFaultCode = keyof typeof sentences;

/** A row that cannot be used, in words that name the row and the column and never repeat what stands there. */
export function rowFault(row: number, code: RowFaultCode, heading = ''): RowFault {
  const field = quotable(heading);
  const { ko, en } = sentences[code];
  return {
    row,
    code,
    field,
    messageKo: field ? `${row}행 '${field}' 칸: ${ko}` : `${row}행: ${ko}`,
    messageEn: field ? `Row ${row}, column '${field}' ${en}` : `Row ${row} ${en}`,
  };
}
