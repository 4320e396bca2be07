import type { SalesAnswer } from '../sync/report.ts';
import { amount, table } from './output.ts';

/** Sales as people read them: one line per row and currency, the totals below, and leads where there are any. */
export function salesTable(answer: SalesAnswer, by: string): string {
  const line = (key: string | number | null | undefined, row: SalesAnswer['rows'][number]) => [
    key,
    row.name,
    row.currency,
    row.order_lines,
    row.units,
    amount(row.gross, row.currency),
    amount(row.cancelled, row.currency),
    amount(row.returned, row.currency),
    amount(row.net, row.currency),
    amount(row.shipping, row.currency),
  ];
  const head = [
    headings[by] ?? by,
    '이름 name',
    '통화',
    '주문 줄 lines',
    '수량 units',
    '총매출 gross',
    '취소 cancelled',
    '반품 returned',
    '순매출 net',
    '배송비 shipping',
  ];
  const parts = [
    table(head, [
      ...answer.rows.map((row) => line(row[by], row)),
      ...answer.totals.map((row) => line('합계 total', row)),
    ]),
  ];
  if (answer.totals.some((row) => row.currency !== 'KRW')) parts.push(wonReading(answer));
  if (answer.leads.length > 0) {
    parts.push(
      table(
        [headings[by] ?? by, '이름 name', '문의 inquiries', '답변 answered', '미답변 open'],
        answer.leads.map((row) => [row[by], row.name, row.inquiries, row.answered, row.open]),
      ),
    );
  }
  return parts.join('\n');
}

const headings: Record<string, string> = {
  day: '일자 day',
  kind: '종류 kind',
  channel: '판매처 channel',
  account: '계정 account',
  company: '기업 company',
  product: '상품 product',
};

/** Different currencies are never added together; a rate with its date and source lets them be read as one. */
function wonReading({ won, rates }: SalesAnswer): string {
  const sources = rates.map((rate) => `${rate.currency} ${rate.krw_per_unit} (${rate.day}, ${rate.source})`).join('; ');
  if (!won) {
    return '원화 환산 없음: 매출이 있는 날의 환율이 없습니다. `naru rates import FILE`로 넣어 주십시오. / No reading in won: a day with sales has no exchange rate. Add it with `naru rates import FILE`.';
  }
  return `원화 환산 read in won: 총매출 gross ${amount(won.gross)}, 순매출 net ${amount(won.net)} — ${sources}`;
}
