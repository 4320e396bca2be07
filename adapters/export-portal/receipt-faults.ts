import type { RowFault } from '../../src/channel/inquiries.ts';
import { quotable } from '../../src/domain/text-safety.ts';
import { type ReceiptColumn, receiptColumns } from './receipt-columns.ts';

/** Why a row of a receipt cannot be used; the column is null where the whole row is meant. */
export type ReceiptFault = Omit<RowFault, 'row' | 'field'> & { column: ReceiptColumn | null };

/** Why the text of a cell cannot be trusted. */
export type UnreadableReason = 'formula' | 'date' | 'number' | 'error';

const reasons: Record<UnreadableReason, { ko: string; en: string }> = {
  formula: { ko: '수식이 있습니다. 수식을 지우고 값만 적어', en: 'holds a formula. Type the value instead' },
  date: {
    ko: '날짜로 바뀌었습니다. 셀 서식을 텍스트로 바꾸고 값을 다시 적어',
    en: 'became a date. Format the cell as text, type it again',
  },
  number: {
    ko: '엑셀이 숫자로 바꾸면서 끝자리를 잃었을 수 있습니다. 셀 서식을 텍스트로 바꾸고 다시 적어',
    en: 'became a number that may have lost digits. Format the cell as text, type it again',
  },
  error: { ko: '오류 값이 있습니다. 값을 다시 적어', en: 'holds an error. Type the value again' },
};

export function unreadable(column: ReceiptColumn, reason: UnreadableReason): ReceiptFault {
  const { ko, en } = reasons[reason];
  return {
    column,
    code: `cell_${reason}`,
    messageKo: `'${receiptColumns[column].heading}' 칸에 ${ko} 파일을 다시 올려 주십시오.`,
    messageEn: `The cell '${receiptColumns[column].heading}' ${en} and bring the file again.`,
  };
}

export const skuMissing: ReceiptFault = {
  column: 'sku',
  code: 'sku_missing',
  messageKo: '상품코드(SKU)가 비어 있습니다. 받은 접수 결과 파일의 값을 그대로 적어 파일을 다시 올려 주십시오.',
  messageEn: 'The SKU is empty. Enter it as it stood in the receipt and bring the file again.',
};

export function skuTwice(sku: string): ReceiptFault {
  return {
    column: 'sku',
    code: 'sku_twice',
    messageKo: `상품 ${quotable(sku)}: 같은 상품이 두 줄 있어 첫 줄만 썼습니다. 한 줄만 남겨 파일을 다시 올려 주십시오.`,
    messageEn: `Product ${quotable(sku)} stands in two rows; the first was used. Leave one and bring the file again.`,
  };
}

export function otherBatch(batch: string, expected: string): ReceiptFault {
  return {
    column: 'batchId',
    code: 'other_batch',
    messageKo: `이 줄은 다른 배치(${quotable(batch)})의 것입니다. ${quotable(expected)}의 줄만 남기고, 이 줄은 그 배치의 접수 결과 파일로 올려 주십시오.`,
    messageEn: `This row belongs to another batch (${quotable(batch)}). Keep the rows of ${quotable(expected)} and bring this one with the receipt of its own batch.`,
  };
}

export function unknownResult(sku: string, result: string): ReceiptFault {
  return {
    column: 'result',
    code: 'result_unknown',
    messageKo: `상품 ${quotable(sku)}: 결과 '${quotable(result)}'의 뜻을 알 수 없습니다. OK나 REFUSED를 골라 파일을 다시 올려 주십시오.`,
    messageEn: `Product ${quotable(sku)}: the result '${quotable(result)}' is not understood. Choose OK or REFUSED and bring the file again.`,
  };
}

export function resultMissing(sku: string): ReceiptFault {
  return {
    column: 'result',
    code: 'result_missing',
    messageKo: `상품 ${quotable(sku)}: 포털 상품번호는 있는데 결과가 비어 있습니다. OK나 REFUSED를 골라 파일을 다시 올려 주십시오.`,
    messageEn: `Product ${quotable(sku)} has a portal id and no result. Choose OK or REFUSED and bring the file again.`,
  };
}

export function portalIdMissing(sku: string): ReceiptFault {
  return {
    column: 'portalId',
    code: 'portal_id_missing',
    messageKo: `상품 ${quotable(sku)}: 결과는 OK인데 포털 상품번호가 없습니다. 포털이 준 상품번호를 적어 파일을 다시 올려 주십시오.`,
    messageEn: `Product ${quotable(sku)}: the result is OK but there is no portal id. Enter the id that the portal gave and bring the file again.`,
  };
}

export function unreadableUrl(sku: string): ReceiptFault {
  return {
    column: 'url',
    code: 'url_unreadable',
    messageKo: `상품 ${quotable(sku)}: 상품 주소가 인터넷 주소가 아닙니다. https://로 시작하는 주소를 적거나 칸을 비워 파일을 다시 올려 주십시오.`,
    messageEn: `Product ${quotable(sku)}: its URL is no web address. Enter one that begins with https:// or leave the cell empty, and bring the file again.`,
  };
}

export function portalIdTooLong(sku: string, longest: number): ReceiptFault {
  return {
    column: 'portalId',
    code: 'portal_id_too_long',
    messageKo: `상품 ${quotable(sku)}: 포털 상품번호가 ${longest}자를 넘습니다. 포털이 준 상품번호만 적어 파일을 다시 올려 주십시오.`,
    messageEn: `Product ${quotable(sku)}: its portal id is longer than ${longest} letters. Enter only the id that the portal gave and bring the file again.`,
  };
}

export function actionUnknown(sku: string): ReceiptFault {
  return {
    column: 'action',
    code: 'action_unknown',
    messageKo: `상품 ${quotable(sku)}: 작업 칸이 바뀌었습니다. 받은 접수 결과 파일의 값(ADD, UPDATE, DELETE)으로 되돌려 파일을 다시 올려 주십시오.`,
    messageEn: `Product ${quotable(sku)}: the action was altered. Put back what stood in the receipt (ADD, UPDATE or DELETE) and bring the file again.`,
  };
}

export function reasonMissing(sku: string): ReceiptFault {
  return {
    column: 'note',
    code: 'reason_missing',
    messageKo: `상품 ${quotable(sku)}: 거절되었는데 사유가 없습니다. 비고 칸에 포털이 알린 사유를 적어 파일을 다시 올려 주십시오.`,
    messageEn: `Product ${quotable(sku)} was refused without a reason. Enter as a note what the portal said and bring the file again.`,
  };
}
