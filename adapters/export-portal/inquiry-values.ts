import { type Money, parseMoney } from '../../src/domain/money.ts';

/** Incoterms 2020; and the name that one of them had before 1990 and still has in many mails. */
const incoterms = /(?<![A-Za-z])(EXW|FCA|FAS|FOB|CFR|CIF|CPT|CIP|DAP|DPU|DDP|C&F|CNF)(?![A-Za-z])/i;

/** Words that say that nothing is stated yet. */
const nothing =
  /^(?:-+|\.+|n\/?a\.?|none|null|nil|tbd|unknown|없음|미정|미기재|해당\s*없음|무관|협의|추후\s*협의|협의\s*가능|negotiable|to be discussed|open)$/i;

export function isNothing(text: string): boolean {
  return nothing.test(text.trim());
}

/**
 * The amount of goods; `as-written` for what is no single whole number and stays as the portal wrote it, `no-number` for
 * words alone (`trial order`, `MOQ`), which say nothing where they are not the answer to a column of its own.
 */
export type QuantityReading = { quantity: number | null; unit: string | null } | 'as-written' | 'no-number';

const amount = String.raw`\d{1,3}(?:,\d{3})+|\d+`;
const quantityPattern = new RegExp(
  String.raw`^(?:약|대략|최소|about|approx\.?|approximately|around|min\.?|minimum|at least)?\s*(${amount})(\.\d+)?\s*(k(?![a-z])|천|만)?\s*(.*)$`,
  'is',
);

/** The size of a container stands before its kind: `20ft`, `40'HC`, `20 feet container`. */
const containerSize = /^(?:['’′]|ft\b|feet\b|foot\b|피트|(?:HQ|HC|GP|DV|DC|FR|OT|RF|RH)\b)/i;

/** `1,000 pcs`, `500개`, `약 1만개`, `1 x 20ft container`. */
export function quantityOf(text: string): QuantityReading {
  const plain = text.normalize('NFKC').trim();
  if (plain === '') return { quantity: null, unit: null };
  if (isNothing(plain)) return 'as-written';
  const match = quantityPattern.exec(plain);
  if (!match) return /\d/.test(plain) && !/^-\s*\d/.test(plain) ? 'as-written' : 'no-number';
  const [, digits = '', fraction = '', scale = '', rest = ''] = match;
  // `100~500`, `1.5 ton` and `1.000` are numbers, but not one whole number: choosing one would be a guess.
  // `20ft x 1` and `500ml x 24` count something else than units: which number is the amount, a person knows.
  if (containerSize.test(rest) || /[x×*]\s*\d+\s*$/i.test(rest)) return 'as-written';
  if (/[1-9]/.test(fraction) || fraction.length > 3 || /^[~\-–/.,:]\s*\d|^\d|^(?:to|or)\s+\d/i.test(rest.trim())) {
    return 'as-written';
  }
  const quantity = Number(digits.replaceAll(',', '')) * scaleOf(scale);
  if (!Number.isSafeInteger(quantity)) return 'no-number';
  return { quantity: quantity === 0 ? null : quantity, unit: unitOf(rest) };
}

function scaleOf(word: string): number {
  if (word === '만') return 10_000;
  return word === '' ? 1 : 1000;
}

/** The unit as written, without what people add to it. */
export function unitOf(text: string): string | null {
  const unit = text
    .normalize('NFKC')
    .replace(/\([^)]*\)/g, ' ')
    .replace(/^\s*(?:x|×|\*|\+)\s*/i, '')
    .replace(/\s*(?:이상|이하|정도|가량|내외|or more|and more|per\b.*|\/.*|\+)\s*$/i, '')
    .replace(/\s+/g, ' ')
    .trim();
  return /\p{L}/u.test(unit) && unit.length <= 30 ? unit : null;
}

const otherCurrency =
  /\b(?:EUR|JPY|CNY|RMB|GBP|AUD|CAD|SGD|HKD|TWD|VND|THB|INR|MYR|IDR|PHP|CHF|AED|SAR|RUB|BRL|MXN|NZD|TRY|ZAR)\b|[€£¥₫฿₹₽]|[A-Z]{1,3}\$(?<!US\$)|유로|위안|엔/;
const dollars = /\bUSD?\b|US\$|\$|달러|dollars?/i;
const wons = /\bKRW\b|₩|￦|\bwon\b|원/i;

/** A price in won or dollars as a buyer writes it; null for other currencies, ranges and words. */
export function priceOf(text: string, currencyWords: string): Money | null {
  const plain = text.normalize('NFKC').trim();
  const stated = otherCurrency.test(plain) || dollars.test(plain) || wons.test(plain) ? plain : currencyWords;
  if (otherCurrency.test(stated)) return null;
  const isDollar = dollars.test(stated);
  if (isDollar === wons.test(stated)) return null;
  const numbers = plain.match(/\d[\d.,]*/g) ?? [];
  const written = numbers[0]?.replace(/[.,]+$/, '') ?? '';
  // `USD 5~7` is no price yet, and `1.234,56` is one that not everybody reads alike.
  if (numbers.length !== 1 || !/^(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$/.test(written)) return null;
  if (/-\s*(?:[$₩]|\d)/.test(plain) || /[만천억]/.test(plain)) return null;
  const price = parseMoney(written.replaceAll(',', ''), isDollar ? 'USD' : 'KRW');
  return price && price.minor > 0 ? price : null;
}

/** The Incoterms 2020 code in a text, and the place after it. */
export function incotermOf(text: string): { code: string; place: string | null } | null {
  const match = incoterms.exec(text.normalize('NFKC'));
  if (!match) return null;
  const written = (match[1] ?? '').toUpperCase();
  const after = text.normalize('NFKC').slice(match.index + written.length);
  const place = after.replace(/incoterms.*$/i, '').replace(/^[\s:,()-]+|[\s,()]+$/g, '');
  const isPlace = /^\p{L}[\p{L}\s,.'-]{1,60}$/u.test(place);
  return { code: /^C(?:&|N)F$/.test(written) ? 'CFR' : written, place: isPlace ? place : null };
}
