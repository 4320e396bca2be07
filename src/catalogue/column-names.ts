import { SOURCE_FIELDS } from '../domain/product-rules/source-fields.ts';

/**
 * Headings of CSV files and workbooks.
 *
 * The main form is the field's own path, the same that findings name: `sku`, `package_mm.width`, `notice.size`,
 * `certificates[0].number`, `claims[1].text_ko`, `images[0].file`. `certificates_1_number` (counted from 1) and the Korean
 * names are accepted too; in those `#` stands for the position, which may be left out for the first. Case, spaces and
 * symbols in a heading do not matter. A list in one cell (`covered_models`, `reasons_ko`) is separated by `|`, `;` or a
 * line break.
 */

/** Further names per field beside the ones of `SOURCE_FIELDS`. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  sku: ['SKU', '자체상품코드', '판매자상품코드', '관리코드'],
  name_ko: ['제품명', '상품명(국문)', '국문상품명'],
  name_en: ['상품명(영문)', '영문제품명'],
  company_name_ko: ['회사명', '상호', '기업명'],
  business_no: ['사업자번호'],
  mail_order_report_no: ['통신판매신고번호', '통신판매업신고'],
  company_address_ko: ['주소', '사업장소재지'],
  company_phone: ['연락처', '대표전화'],
  model_name: ['모델', '규격모델'],
  gtin: ['바코드', 'GTIN', 'EAN'],
  'certificates[].kind': ['인증#종류', '인증종류#'],
  'certificates[].number': ['인증#번호', '인증번호#'],
  'certificates[].issuer_ko': ['인증#기관', '인증기관#'],
  'certificates[].valid_from': ['인증#시작일', '인증시작일#', '유효기간시작#'],
  'certificates[].valid_to': ['인증#종료일', '인증종료일#', '인증만료일#', '유효기간종료#'],
  'certificates[].holder_business_no': ['인증#보유사업자번호'],
  'certificates[].covered_models': ['인증#모델', '인증모델#'],
  'certificates[].reasons_ko': ['인증#사유', '인증사유#'],
  price_krw: ['판매가격', '판매가(원)', '가격'],
  list_price_krw: ['정상가', '소비자가', '정가(원)'],
  stock_qty: ['재고', '재고수량'],
  shipping_fee_krw: ['배송비(원)', '택배비'],
  export_price_usd: ['수출단가', '수출가격(USD)'],
  origin_country: ['원산지코드'],
  weight_g: ['무게', '중량', '중량(g)'],
  'kc.status': ['KC대상'],
  'kc.number': ['KC번호'],
  'household_chemical.report_no': ['신고번호', '생활화학제품신고승인번호'],
  notice_type: ['고시유형'],
  description_ko: ['상세설명', '설명'],
  'claims[].text_ko': ['환경문구#'],
  'claims[].basis': ['환경문구#근거'],
  'claims[].evidence_ref': ['환경문구#근거번호'],
  'images[].file': ['이미지#', '이미지파일#', '대표이미지'],
  'images[].alt_ko': ['이미지#설명', '이미지설명#'],
};

/** Fields whose cell is a list. */
const LIST_CELLS: ReadonlySet<string> = new Set(['certificates[].covered_models', 'certificates[].reasons_ko']);
/** More certificates, claims or images than this in one row are a heading gone wrong. */
const MAX_POSITION = 50;

const PATH_OF_HEADING: ReadonlyMap<string, string> = buildHeadings();

/** One column that is understood. */
export interface Column {
  /** The field's path, such as `certificates[0].number`. */
  field: string;
  /** Keys and positions from the row down to the value. */
  steps: readonly (string | number)[];
  isList: boolean;
}

/** The column a heading stands for, or undefined when it is none of ours; such a column is ignored. */
export function columnOf(heading: string): Column | undefined {
  const exact = exactPath(heading);
  if (exact) return exact;
  const squeezed = squeezeHeading(heading);
  const plain = PATH_OF_HEADING.get(squeezed);
  if (plain) return toColumn(plain, 0);
  const match = /^(\D*)(\d{1,2})(\D*)$/.exec(squeezed);
  if (!match) return undefined;
  const template = PATH_OF_HEADING.get(`${match[1]}#${match[3]}`);
  const position = Number(match[2]) - 1;
  return template?.includes('[]') && position >= 0 && position < MAX_POSITION
    ? toColumn(template, position)
    : undefined;
}

function exactPath(heading: string): Column | undefined {
  const field = heading.trim();
  const template = field.replace(/\[\d+\]/g, '[]');
  if (!Object.hasOwn(SOURCE_FIELDS, template)) return undefined;
  const position = Number(/\[(\d+)\]/.exec(field)?.[1] ?? 0);
  return position < MAX_POSITION ? toColumn(template, position) : undefined;
}

function toColumn(template: string, position: number): Column {
  const field = template.replace('[]', `[${position}]`);
  const steps = template.split('.').flatMap((part) => (part.endsWith('[]') ? [part.slice(0, -2), position] : [part]));
  return { field, steps, isList: LIST_CELLS.has(template) };
}

function squeezeHeading(heading: string): string {
  return heading
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}#]/gu, '');
}

function buildHeadings(): Map<string, string> {
  const headings = new Map<string, string>();
  const add = (heading: string, path: string) => {
    const squeezed = squeezeHeading(heading);
    // The first name wins: the main names are added before the synonyms.
    if (!headings.has(squeezed)) headings.set(squeezed, path);
  };
  for (const [path, { ko }] of Object.entries(SOURCE_FIELDS)) {
    add(path.replace('[]', '#'), path);
    add(ko, path);
    if (path.includes('[]')) add(`${ko}#`, path);
  }
  for (const [path, names] of Object.entries(SYNONYMS)) {
    for (const name of names) {
      add(name, path);
      add(name.replace('#', ''), path);
    }
  }
  // `claims` and `claims[].text_ko` share a Korean name; a cell of text can only be the latter.
  headings.set(squeezeHeading(SOURCE_FIELDS['claims[].text_ko'].ko), 'claims[].text_ko');
  return headings;
}
