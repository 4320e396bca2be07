/** Columns of a receipt, in the order in which they are written; staff may move them. */
export const receiptColumns = {
  // '묶음' is the word of forms that went out before; they still come back.
  batchId: { heading: '배치 번호 Batch', width: 22, words: ['batch', '배치번호', '배치', '묶음번호', '묶음번호batch'] },
  action: { heading: '작업 Action', width: 12, words: ['action', '작업'] },
  modelNo: { heading: '모델명 Model No.', width: 20, words: ['modelno', '모델명'] },
  sku: { heading: '상품코드 SKU', width: 20, words: ['sku', '상품코드'] },
  name: { heading: '상품명 Product Name', width: 40, words: ['productname', '상품명'] },
  portalId: { heading: '포털 상품번호 Portal ID', width: 24, words: ['portalid', '포털상품번호', '상품번호'] },
  url: { heading: '상품 주소 URL', width: 40, words: ['url', '상품주소', '주소'] },
  result: { heading: '결과 Result', width: 12, words: ['result', '결과'] },
  note: { heading: '비고 Note', width: 40, words: ['note', '비고', '사유'] },
} as const satisfies Record<string, { heading: string; width: number; words: readonly string[] }>;
export type ReceiptColumn = keyof typeof receiptColumns;

export const receiptSheetName = 'Receipt';
/** What the sheet offers; other words that staff write are understood too. */
export const offeredResults = ['OK', 'REFUSED'] as const;

/** The column of a heading as somebody may have rewritten it; null for a column of their own. */
export function receiptColumnOf(heading: string): ReceiptColumn | null {
  const plain = heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  for (const [name, { heading: ours, words }] of Object.entries(receiptColumns)) {
    const whole = ours.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
    if (plain === whole || words.some((word) => word === plain)) return name as ReceiptColumn;
  }
  return null;
}

const confirmed = ['ok', '완료', '등록', '등록완료', '성공', '승인'];
const refused = ['refused', '거절', '반려', '거부', '실패'];

/** What a word in the result column means; null for a word that nobody agreed on. */
export function outcomeOf(word: string): 'confirmed' | 'refused' | 'open' | null {
  const plain = word.normalize('NFKC').toLowerCase().replace(/\s/g, '');
  if (plain === '') return 'open';
  if (confirmed.includes(plain)) return 'confirmed';
  return refused.includes(plain) ? 'refused' : null;
}
