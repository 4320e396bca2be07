/**
 * Characters that look harmless in a spreadsheet and do harm in a listing, a log or an export.
 * All functions are pure and take any string, lone surrogates included.
 */

/** C0/C1 controls and the two Unicode line separators; a line feed and a tab are judged by the caller. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
/** Takes no width, so two names look the same and are not: zero-width, soft hyphen, Hangul fillers, tags. */
const INVISIBLE =
  /\u034f|[\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2064\u3164\ufeff\uffa0\u00ad\u{e0000}-\u{e007f}]/u;
/** Turns the reading direction, so that a price can be shown backwards. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** Private use, lone surrogates and non-characters: each reader shows something else, or nothing. */
const UNASSIGNED = /[\p{Co}\p{Cs}\p{Noncharacter_Code_Point}]/u;

/** What no store keeps: NUL, and half of a surrogate pair, which is no character at all. */
const UNSTORABLE = /\0|\p{Cs}/u;

const HAS_UNSAFE = new RegExp([CONTROL, INVISIBLE, BIDI, UNASSIGNED].map((set) => set.source).join('|'), 'u');

const EMOJI = /\p{Emoji_Presentation}|\p{Regional_Indicator}|\ufe0f|\u20e3|[\u{1f000}-\u{1faff}]/u;

/** Full-width forms count too: spreadsheets fold them before they evaluate. */
const FORMULA_START = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/u;

/** Six digits, a separator and seven: nothing else in a catalogue is written like a resident registration number. */
const RESIDENT_NUMBER = /(?<!\d)\d{6}\s?[-\u2010-\u2015\u2212]\s?\d{7}(?!\d)/;
const THIRTEEN_DIGITS = /(?<!\d)\d{13}(?!\d)/g;

const BLANKS = ' \u00a0\u3000\n';

/** NFC and without outer spaces: files from macOS carry decomposed Hangul, cells carry stray blanks. */
export function normalizeText(text: string): string {
  const composed = text.normalize('NFC').replace(/\r\n?/g, '\n');
  let start = 0;
  let end = composed.length;
  while (start < end && BLANKS.includes(composed.charAt(start))) start += 1;
  while (end > start && BLANKS.includes(composed.charAt(end - 1))) end -= 1;
  return composed.slice(start, end);
}

/**
 * The unsafe characters of a text, each once, as `U+200B`; empty when the text is safe.
 *
 * @param multiline line feeds and tabs are fine, as in a description.
 */
export function unsafeCharacters(text: string, multiline = false): string[] {
  if (!HAS_UNSAFE.test(text)) return [];
  const found = new Set<string>();
  for (const character of text) {
    if (multiline && (character === '\n' || character === '\t')) continue;
    if (isUnsafe(character)) found.add(codePointName(character));
  }
  return [...found];
}

/** True when a store can keep the text and be asked about it. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}

/**
 * Where in a value of JSON a text stands that no store keeps, and which characters it holds, as `U+0000`; null when there
 * is none. Names of fields are texts too.
 */
export function findUnstorable(value: unknown): { place: string; characters: string[] } | null {
  const open: { value: unknown; steps: readonly string[] }[] = [{ value, steps: [] }];
  // A list of open ends instead of recursion: how deep JSON from outside goes is not ours to say.
  for (let next = open.pop(); next; next = open.pop()) {
    const { value: current, steps } = next;
    if (typeof current === 'string') {
      if (!isStorable(current)) return told(current, steps);
    } else if (typeof current === 'object' && current !== null) {
      for (const [key, inner] of Object.entries(current)) {
        if (!isStorable(key)) return told(key, [...steps, key]);
        open.push({ value: inner, steps: [...steps, key] });
      }
    }
  }
  return null;
}

function told(text: string, steps: readonly string[]): { place: string; characters: string[] } {
  return { place: quotable(steps.join('.')), characters: unsafeCharacters(text, true).filter(isUnstorableName) };
}

function isUnstorableName(name: string): boolean {
  const code = Number.parseInt(name.slice(2), 16);
  return code === 0 || (code >= 0xd800 && code <= 0xdfff);
}

function isUnsafe(character: string): boolean {
  return HAS_UNSAFE.test(character);
}

function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** True when the text holds an emoji; signs such as ™, ® and ㎡ are not emoji. */
export function hasEmoji(text: string): boolean {
  return EMOJI.test(text);
}

/** True when U+FFFD stands in the text: an earlier program already lost the letters that were there. */
export function hasLostLetters(text: string): boolean {
  return text.includes('\ufffd');
}

/** True when a spreadsheet that opens an export of this text would take it for a formula. */
export function startsLikeFormula(text: string): boolean {
  return FORMULA_START.test(text);
}

/**
 * True when the text holds something shaped like a resident registration number (주민등록번호), which may not be
 * processed without a legal basis (PIPA Art. 24-2). Thirteen digits in a row count only with that number's own check
 * digit, since a barcode has thirteen digits too.
 */
export function hasResidentNumber(text: string): boolean {
  // Folding is slow and most texts hold no six digits in any width.
  if (!/\p{Nd}{6}/u.test(text)) return false;
  const plain = text.normalize('NFKC');
  if (RESIDENT_NUMBER.test(plain)) return true;
  return (plain.match(THIRTEEN_DIGITS) ?? []).some((digits) => isResidentNumber(digits) && !hasGtinCheckDigit(digits));
}

function isResidentNumber(digits: string): boolean {
  const month = Number(digits.slice(2, 4));
  const day = Number(digits.slice(4, 6));
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  const weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return (11 - (sum % 11)) % 10 === Number(digits[12]);
}

/** True when the last digit of a GTIN-8, -12, -13 or -14 is its check digit. */
export function hasGtinCheckDigit(gtin: string): boolean {
  if (!/^(\d{8}|\d{12,14})$/.test(gtin)) return false;
  const digits = Array.from(gtin, Number);
  const sum = digits.slice(0, -1).reduceRight((total, digit, index) => {
    const fromRight = digits.length - 2 - index;
    return total + digit * (fromRight % 2 === 0 ? 3 : 1);
  }, 0);
  return (10 - (sum % 10)) % 10 === digits.at(-1);
}

/** Length in bytes as CP949 counts it: 1 for ASCII, 2 for everything else. The unit of the domestic name limits. */
export function doubleByteLength(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += (character.codePointAt(0) ?? 0) < 0x80 ? 1 : 2;
  return bytes;
}

/**
 * The text as it may stand in a message or a log: unsafe characters out, resident numbers masked, cut to `limit`
 * characters.
 */
export function quotable(text: string, limit = 60): string {
  if (hasResidentNumber(text)) return '******-*******';
  const safe = Array.from(text).filter((character) => !isUnsafe(character));
  return safe.length > limit ? `${safe.slice(0, limit).join('')}…` : safe.join('');
}
