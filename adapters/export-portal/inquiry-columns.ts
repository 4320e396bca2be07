import type { Inquiry } from '../../src/domain/inquiry.ts';

/** What a column of a saved list can hold. `private` is personal data that nobody asked for: it is dropped. */
export type InquiryField =
  | 'channelNumber'
  | 'kind'
  | 'receivedAt'
  | 'period'
  | 'expiresAt'
  | 'daysLeft'
  | 'product'
  | 'title'
  | 'company'
  | 'country'
  | 'quantity'
  | 'unit'
  | 'targetPrice'
  | 'currency'
  | 'incoterm'
  | 'port'
  | 'message'
  | 'contactName'
  | 'contactEmail'
  | 'contactPhone'
  | 'contact'
  | 'private';

/**
 * Headings by field. The portals publish no form of what they let members save, so these are the names of the fields that
 * their pages show (facts §3), and what Korean and English lists usually call the same. Case, blanks and signs do not
 * matter. What is not here is kept as an extra: `현재 수입국가` (buyKOREA) must not be taken for the buyer's country.
 */
const headings: Record<InquiryField, string> = {
  // buyKOREA: `2026.11.01~2026.11.30`.
  period: '게시기간|posting period|period|valid period|유효기간|모집기간',
  // tradeKorea.
  daysLeft: 'days left|left days|remaining days|남은 일수|잔여일|남은 기간|마감까지',
  // tradeKorea, EC21.
  title: 'title|subject|제목|문의제목|인콰이어리 제목|오퍼제목|건명',
  // GobizKorea shows one field; it may hold any of the three.
  contact: 'contact|contact info|contacts|contact details|contact information|연락처|담당자 연락처',
  // inqrySn: buyKOREA. leadId: EC21.
  channelNumber: names(
    'inqrySn | inquiry no | inquiry number | inquiry id | leadId | lead no | lead number | rfq no',
    'rfq id | rfq number | offer no | offer id | buying offer no | sample order no | id | no | number',
    'ref no | reference no | 문의번호 | 인콰이어리번호 | 인콰이어리 no | 오퍼번호 | 구매오퍼번호',
    '견적번호 | 등록번호 | 접수번호 | 샘플주문번호 | 번호',
  ),
  kind: names('kind | type | inquiry type | offer type | 구분 | 유형 | 종류 | 문의유형 | 인콰이어리 유형', '오퍼구분'),
  // posted date: EC21.
  receivedAt: names(
    'posted date | date posted | posted | postedAt | received | received at | received date',
    'date received | date | inquiry date | created at | created date | registered date | reg date',
    'sent | 등록일 | 등록일자 | 등록일시 | 접수일 | 접수일자 | 접수일시 | 수신일 | 수신일시 | 문의일',
    '문의일자 | 문의일시 | 작성일 | 작성일시 | 게시일 | 게시일자 | 날짜 | 일자 | 일시',
  ),
  expiresAt: names(
    'expires | expires at | expiry | expiry date | expire date | expiration date | valid until',
    'valid to | deadline | closing date | due date | 마감일 | 마감일자 | 만료일 | 게시종료일 | 종료일',
    '유효일 | 견적마감일',
  ),
  product: names(
    'product | products | product name | item | item name | model | model no | model name | sku',
    'product model | product / category title | 상품 | 상품명 | 제품 | 제품명 | 품목 | 품명 | 관심상품',
    '문의상품 | 문의제품 | 모델 | 모델명 | 모델번호 | 상품코드 | 희망품목 | 구매희망품목',
  ),
  // 회사명: buyKOREA. company: tradeKorea. business name: GobizKorea.
  company: names(
    'company | company name | buyer | buyer company | buyer company name | buyer name | business name',
    'importer | 회사 | 회사명 | 기업명 | 업체명 | 상호 | 바이어 | 바이어명 | 바이어 회사명 | 바이어사',
    '수입업체',
  ),
  // 국가: buyKOREA. country: tradeKorea. buyer country: EC21. importing country: GobizKorea.
  country: names(
    'country | buyer country | importing country | country / region | nation | location | 국가 | 국가명',
    '바이어 국가 | 수입국 | 수입국가 | 국적 | 나라 | 소재국',
  ),
  // quantity required: tradeKorea. 수량: buyKOREA.
  quantity: names(
    'quantity | quantity required | required quantity | qty | order quantity | purchase quantity',
    'amount | 수량 | 구매수량 | 주문수량 | 희망수량 | 요청수량 | 구매희망수량',
  ),
  unit: 'unit | quantity unit | uom | 단위 | 수량단위',
  targetPrice: names(
    'target price | price | unit price | desired price | preferred price | target unit price | 목표가격',
    '희망가격 | 희망단가 | 목표단가 | 단가 | 가격 | 희망가',
  ),
  currency: 'currency | price currency | 통화 | 화폐 | 통화단위',
  incoterm: names(
    'incoterm | incoterms | trade terms | price terms | delivery terms | 인코텀즈 | 인도조건 | 거래조건',
    '가격조건',
  ),
  port: names(
    'port | destination port | port of destination | port of discharge | 항구 | 도착항 | 목적항',
    '양륙항 | 인도항',
  ),
  // 인콰이어리 상세: buyKOREA. requirement: EC21.
  message: names(
    'message | messages | inquiry | inquiry detail | inquiry details | inquiry content | requirement',
    'requirements | requirement text | detail | details | description | content | contents | text',
    '인콰이어리 상세 | 인콰이어리 | 인콰이어리 내용 | 문의 | 문의내용 | 문의 내용 | 내용 | 상세내용',
    '상세 | 요청사항 | 요구사항 | 메시지',
  ),
  contactName: names(
    'contact name | contact person | person in charge | name | full name | sender | sender name | attn',
    'manager | 담당자 | 담당자명 | 담당 | 성명 | 이름 | 성함 | 보낸사람 | 작성자 | 바이어 담당자',
  ),
  contactEmail: names(
    'email | e-mail | email address | mail | contact email | buyer email | 이메일 | 이메일주소 | 메일',
    '전자우편',
  ),
  contactPhone: names(
    'phone | telephone | tel | tel no | phone number | phone no | mobile | mobile phone | cell',
    'cell phone | contact number | buyer phone | 전화 | 전화번호 | 휴대폰 | 휴대전화 | 핸드폰',
    '휴대폰번호',
  ),
  private: names(
    'fax | fax no | fax number | whatsapp | wechat | skype | kakaotalk | telegram | line id | messenger',
    'ceo | representative | president | job title | position | department | linkedin | passport',
    'birthday | 팩스 | 팩스번호 | 카카오톡 | 위챗 | 스카이프 | 왓츠앱 | 메신저 | 대표자 | 대표자명',
    '대표 | 직책 | 직위 | 부서',
  ),
};

/** Names between `|`, over several lines. */
function names(...lines: string[]): string {
  return lines.join('|');
}

const fieldOfHeading: ReadonlyMap<string, InquiryField> = new Map(
  (Object.keys(headings) as InquiryField[]).flatMap((field) =>
    headings[field].split('|').map((heading) => [squeeze(heading), field] as const),
  ),
);

/** Headings that could hold the name of a person though the table above does not know them. */
const personWords = /person|contact|\bname\b|representative|담당|성명|성함|이름|대표자|연락/i;

/** The field a heading stands for; null for a column that nobody knows. `Target Price (USD)` is a target price. */
export function fieldOf(heading: string): InquiryField | null {
  const whole = fieldOfHeading.get(squeeze(heading));
  if (whole) return whole;
  const bare = heading.replace(/[([（［][^)\]）］]*[)\]）］]/g, '');
  const known = fieldOfHeading.get(squeeze(bare));
  if (known) return known;
  return personWords.test(heading) ? 'private' : null;
}

function squeeze(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** The portals' words for the kinds, the more telling first: `RFQ for a sample order` asks for an order of samples. */
const kindWords: readonly (readonly [Inquiry['kind'], RegExp])[] = [
  ['sample-order', /sample\s*(?:order|request)|샘플\s*(?:주문|요청|오더)/i],
  ['rfq', /\brfqs?\b|request(?:s)?\s+for\s+quot|quotation\s+request|견적\s*(?:요청|의뢰|문의)/i],
  ['buying-lead', /buy(?:ing|er)?[\s_-]*(?:lead|offer)s?|\blead\s*id\b|leadid|바잉\s*(?:오퍼|리드)|구매\s*오퍼/i],
  ['inquiry', /inquir(?:y|ies)|enquir(?:y|ies)|\bdirect\b|인콰이어리|문의/i],
];

/** The kind that a word of a portal names, or null. */
export function kindOf(words: string): Inquiry['kind'] | null {
  return kindWords.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
}

/** The kind that the heading of a number tells: `leadId` numbers buying leads. */
export function kindOfNumberHeading(heading: string): Inquiry['kind'] | null {
  if (/rfq|견적/i.test(heading)) return 'rfq';
  if (/lead|offer|오퍼/i.test(heading)) return 'buying-lead';
  return /sample|샘플/i.test(heading) ? 'sample-order' : null;
}
