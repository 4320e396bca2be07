/** The notice block of a product: a known group with all of its mandatory items. */

import { itemRefusal, refuse } from './answers.ts';
import type { Site } from './goods.ts';
import { NOTICE_CODES } from './notice-seed.ts';
import { booleanAt, integerAt, listAt, textAt, valueAt } from './wire-input.ts';

export function checkNotice(first: Site, notice: unknown): void {
  const group = integerAt(notice, 'officialNoticeNo');
  const codes = group === undefined ? undefined : NOTICE_CODES.get(group);
  if (codes === undefined) throw refuse(first, '상품정보고시 상품군(1~41)이 올바르지 않습니다.');
  const given = new Set<string>();
  for (const detail of listAt(notice, 'details') ?? []) {
    const code = textAt(detail, 'officialNoticeItemelementCode') ?? '';
    if (!codes.some((one) => one.officialNoticeItemelementCode === code)) {
      throw refuse(first, `상품정보고시 항목 코드가 올바르지 않습니다. (${code})`);
    }
    const mark = valueAt(detail, 'isExtraMark');
    if (mark !== undefined && mark !== null && typeof mark !== 'boolean')
      throw refuse(first, 'isExtraMark 값이 올바르지 않습니다.');
    // "See the detail page" stands in for a value.
    if (booleanAt(detail, 'isExtraMark') === true || (textAt(detail, 'value') ?? '').trim() !== '') given.add(code);
  }
  const missing = codes.filter((code) => code.isRequired && !given.has(code.officialNoticeItemelementCode));
  if (missing.length > 0) {
    const names = missing.map((code) => code.officialNoticeItemelementName).join(', ');
    throw itemRefusal(1000, `[InvalidApiRequestEx]<${group}>-상품 고시 필수 정보가 누락되었습니다. (${names})`);
  }
}
