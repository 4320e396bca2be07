/** The weights of the first nine digits of a Korean business registration number (사업자등록번호). */
const WEIGHTS = [1, 3, 7, 1, 3, 7, 1, 3, 5] as const;

/** What people type between the digits: hyphens of every width, and spaces. */
const SEPARATORS = /[\s\u00a0\u3000\-\u2010-\u2015\u2212\uff0d]/g;

/**
 * The ten digits of a business registration number as people write it: `101-81-00001`, `101 81 00001`, full-width.
 *
 * @returns the ten digits, or `undefined` when anything else remains; the check digit is not looked at.
 */
export function normalizeBusinessNumber(text: string): string | undefined {
  const digits = text
    .replace(SEPARATORS, '')
    .replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
  return /^\d{10}$/.test(digits) ? digits : undefined;
}

/**
 * The check digit that belongs to the first nine digits.
 *
 * The outer `% 10` matters: without it every number whose check digit is 0 is refused.
 */
export function businessNumberCheckDigit(firstNineDigits: string): number {
  const digits = Array.from(firstNineDigits, Number);
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * (digits[index] ?? 0), 0);
  const carry = Math.floor(((digits[8] ?? 0) * 5) / 10);
  return (10 - ((sum + carry) % 10)) % 10;
}

/**
 * True when ten digits carry the right check digit.
 *
 * It says nothing about whether the business exists or is open; never record it as "verified".
 */
export function hasValidCheckDigit(tenDigits: string): boolean {
  return /^\d{10}$/.test(tenDigits) && businessNumberCheckDigit(tenDigits.slice(0, 9)) === Number(tenDigits[9]);
}

/** `1018100001` -> `101-81-00001`, the form that people and forms use. */
export function formatBusinessNumber(tenDigits: string): string {
  return `${tenDigits.slice(0, 3)}-${tenDigits.slice(3, 5)}-${tenDigits.slice(5)}`;
}
