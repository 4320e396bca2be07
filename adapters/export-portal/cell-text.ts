import { startsLikeFormula } from '../../src/domain/text-safety.ts';

/** Excel's own limit of a cell, in UTF-16 units. */
export const longestCell = 32_767;

/** Controls, line separators, lone surrogates and non-characters; a line feed stays. */
const stripped = /(?!\n)[\p{Cc}\u2028\u2029\p{Cs}\p{Noncharacter_Code_Point}]/gu;

/** Text without the characters that no sheet can hold; tabs become blanks. */
export function plainText(text: string): string {
  return text.normalize('NFC').replace(/\r\n?/g, '\n').replaceAll('\t', ' ').replace(stripped, '').trim();
}

/**
 * Text as it may stand in a cell: an apostrophe keeps a spreadsheet from running it as a formula, which it would do as
 * soon as somebody saves the sheet as CSV or copies the cell.
 */
export function cellText(text: string): string {
  const plain = plainText(text);
  const safe = startsLikeFormula(plain) ? `'${plain}` : plain;
  if (safe.length <= longestCell) return safe;
  // Half a surrogate pair would make the whole sheet unreadable.
  return safe.slice(0, longestCell).replace(/[\ud800-\udbff]$/, '');
}

/** The text that `cellText` was given, for cells that come back. */
export function withoutGuard(text: string): string {
  return text.startsWith("'") && startsLikeFormula(text.slice(1)) ? text.slice(1) : text;
}
