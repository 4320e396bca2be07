import { normalizeBusinessNumber } from '../domain/business-number.ts';
import type { FindingList } from '../domain/product-rules/findings-of-product.ts';
import { fieldLabel } from '../domain/product-rules/source-fields.ts';
import { normalizeText } from '../domain/text-safety.ts';
import { readDay } from './read-day.ts';

type RawObject = Readonly<Record<string, unknown>>;

/**
 * Reads the cells of one object of a row. Each method returns the value, or undefined after it has recorded a finding,
 * so that every fault of a row is reported at once. A CSV knows only text, a workbook also numbers and truth values:
 * the same fact in either gives the same value. Messages never repeat the cell: it may hold what must not be shown.
 */
export interface FieldReader {
  /** Text that must be there, in NFC and without outer spaces. */
  text(key: string): string | undefined;
  /** Text that may be empty; an absent cell is the empty text. */
  blankableText(key: string): string | undefined;
  /** Text or nothing. */
  optionalText(key: string): string | null | undefined;
  /** Digits that a spreadsheet may have turned into a number; `width` restores the leading zeros of such a number. */
  code(key: string, width?: number): string | undefined;
  /** A whole number; decimals are refused, never rounded. `rule` names the refusal. */
  integer(key: string, rule?: string): number | undefined;
  boolean(key: string): boolean | undefined;
  /** True for a mark that says yes; anything else, and no cell at all, is no mark and no fault. */
  isMarked(key: string): boolean;
  choice<Option extends string>(key: string, options: readonly Option[]): Option | undefined;
  /** A day as `YYYY-MM-DD`. */
  day(key: string): string | undefined;
  /** Ten digits. */
  businessNumber(key: string): string | undefined;
  /** Dollars with two decimals, as text. */
  usd(key: string): string | undefined;
  texts(key: string): (string | undefined)[];
  /** One reader for the object in a cell; an absent object is an empty one. */
  object(key: string): FieldReader;
  /** One reader for each object in a list. */
  objects(key: string): FieldReader[];
  /** Text values of an object under the known keys only. */
  record(key: string, known: readonly string[]): Record<string, string | undefined>;
}

/** @param prefix path of the object in the row with its dot, empty for the row itself. */
export function createFieldReader(source: RawObject, prefix: string, findings: FindingList): FieldReader {
  const raw = (key: string): unknown => (Object.hasOwn(source, key) ? source[key] : undefined);
  const isAbsent = (key: string): boolean => {
    const value = raw(key);
    return value === undefined || value === null || (typeof value === 'string' && BLANK.test(value));
  };

  const required = (key: string): undefined => {
    const label = fieldLabel(prefix + key);
    findings.block('field_required', prefix + key, {
      ko: `${label.ko} 값이 비어 있습니다. 값을 입력해 주십시오.`,
      en: `${label.en} is empty. Fill it in.`,
    });
  };
  const unreadable = (key: string, expected: { ko: string; en: string }, rule = 'field_type'): undefined => {
    const label = fieldLabel(prefix + key);
    findings.block(rule, prefix + key, {
      ko: `${label.ko} 값을 읽을 수 없습니다. ${expected.ko} 입력해 주십시오.`,
      en: `${label.en} cannot be read. Enter ${expected.en}.`,
    });
  };

  const asText = (key: string, value: unknown): string | undefined => {
    if (typeof value === 'string') return normalizeText(value);
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
    return unreadable(key, { ko: '글자로', en: 'text' });
  };

  const reader: FieldReader = {
    text: (key) => (isAbsent(key) ? required(key) : asText(key, raw(key))),
    blankableText: (key) => (isAbsent(key) ? '' : asText(key, raw(key))),
    optionalText: (key) => (isAbsent(key) ? null : asText(key, raw(key))),
    code: (key, width = 0) => {
      if (isAbsent(key)) return required(key);
      const value = raw(key);
      if (typeof value !== 'number') return asText(key, value);
      if (!Number.isSafeInteger(value) || value < 0) {
        return unreadable(key, {
          ko: '셀 서식을 텍스트로 바꾸고 숫자만',
          en: 'digits only, in a cell formatted as text',
        });
      }
      return String(value).padStart(width, '0');
    },
    integer: (key, rule = 'number_not_integer') => {
      if (isAbsent(key)) return required(key);
      const number = toNumber(raw(key));
      if (number === undefined) return unreadable(key, { ko: '숫자로', en: 'a number' });
      if (!Number.isSafeInteger(number)) {
        const label = fieldLabel(prefix + key);
        findings.block(rule, prefix + key, {
          ko: `${label.ko} 값이 정수가 아닙니다. 반올림하지 않으므로 소수점 없이 다시 입력해 주십시오.`,
          en: `${label.en} is not a whole number. It is not rounded for you: enter it without decimals.`,
        });
        return undefined;
      }
      // -0 is a number of its own and would differ from 0 in comparisons of content.
      return number === 0 ? 0 : number;
    },
    boolean: (key) => {
      if (isAbsent(key)) return required(key);
      const value = raw(key);
      if (typeof value === 'boolean') return value;
      const word = wordOf(value);
      if (TRUE_WORDS.has(word)) return true;
      if (FALSE_WORDS.has(word)) return false;
      return unreadable(key, { ko: 'TRUE(예) 또는 FALSE(아니오)로', en: 'TRUE or FALSE' });
    },
    isMarked: (key) => raw(key) === true || TRUE_WORDS.has(wordOf(raw(key))),
    choice: (key, options) => {
      if (isAbsent(key)) return required(key);
      const value = asText(key, raw(key));
      if (value === undefined) return undefined;
      const found = options.find((option) => option === value);
      const list = options.join(', ');
      return found ?? unreadable(key, { ko: `다음 중 하나로(${list})`, en: `one of: ${list}` }, 'choice_unknown');
    },
    day: (key) => {
      if (isAbsent(key)) return required(key);
      const day = readDay(raw(key));
      return (
        day ??
        unreadable(
          key,
          { ko: '실제 있는 날짜를 2026-11-22 형식으로', en: 'a real date such as 2026-11-22' },
          'date_invalid',
        )
      );
    },
    businessNumber: (key) => {
      const value = reader.code(key, 10);
      if (value === undefined) return undefined;
      const digits = normalizeBusinessNumber(value);
      return (
        digits ??
        unreadable(
          key,
          { ko: '숫자 10자리(예: 101-81-00001)로', en: 'ten digits such as 101-81-00001' },
          'business_no_format',
        )
      );
    },
    usd: (key) => {
      if (isAbsent(key)) return required(key);
      const value = asText(key, raw(key));
      if (value === undefined) return undefined;
      // More decimals or another shape stays as it is: the rule on the export price explains it.
      const match = /^(\d+)(?:\.(\d{1,2}))?$/.exec(value);
      return match ? `${match[1]}.${(match[2] ?? '').padEnd(2, '0')}` : value;
    },
    texts: (key) => {
      const value = raw(key);
      if (value === undefined || value === null) return [];
      if (!Array.isArray(value)) {
        unreadable(key, { ko: '목록으로', en: 'a list' });
        return [undefined];
      }
      return value.map((item: unknown) => asText(key, item)).filter((text) => text !== '');
    },
    object: (key) => {
      const value = raw(key);
      if (value !== undefined && value !== null && !isObject(value))
        unreadable(key, { ko: '항목별로 나누어', en: 'its parts' });
      return createFieldReader(isObject(value) ? value : {}, `${prefix}${key}.`, findings);
    },
    objects: (key) => {
      const value = raw(key);
      if (value === undefined || value === null) return [];
      if (!Array.isArray(value)) {
        unreadable(key, { ko: '목록으로', en: 'a list' });
        return [];
      }
      return value.map((item: unknown, index) => {
        const path = `${key}[${index}]`;
        if (!isObject(item)) unreadable(path, { ko: '항목별로 나누어', en: 'its parts' });
        return createFieldReader(isObject(item) ? item : {}, `${prefix}${path}.`, findings);
      });
    },
    record: (key, known) => {
      const value = raw(key);
      if (value !== undefined && value !== null && !isObject(value))
        unreadable(key, { ko: '항목별로 나누어', en: 'its parts' });
      const inner = createFieldReader(isObject(value) ? value : {}, `${prefix}${key}.`, findings);
      const read = known.map((name): [string, string | undefined] => [name, inner.blankableText(name)]);
      return Object.fromEntries(read.filter(([, text]) => text !== ''));
    },
  };
  return reader;
}

/** Nothing but what `normalizeText` trims. */
const BLANK = /^[ \u00a0\u3000\r\n]*$/;

const TRUE_WORDS: ReadonlySet<string> = new Set(['true', '1', 'y', 'yes', 'o', '예', '네', '참', '포함', '해당']);
const FALSE_WORDS: ReadonlySet<string> = new Set([
  'false',
  '0',
  'n',
  'no',
  'x',
  '아니오',
  '아니요',
  '거짓',
  '미포함',
  '해당없음',
]);

function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value).normalize('NFKC').trim().toLowerCase()
    : '';
}

/** A number, or text as people write one: `23,900`, `23900원`, full-width digits. */
function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const plain = normalizeText(value)
    .normalize('NFKC')
    .replace(/\s*원$/, '');
  if (!/^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/.test(plain)) return undefined;
  return Number(plain.replaceAll(',', ''));
}

function isObject(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
