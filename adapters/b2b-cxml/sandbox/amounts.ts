/** Amounts as cXML writes them: decimals with a point, and beside them the currency. */

/** How many decimals a currency has, as ISO 4217 says. @throws RangeError when it is no currency code. */
export function decimalsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 0;
}

/** Whole minor units of a decimal text; null when it is none, or finer than the currency. */
export function minorOf(text: string, currency: string): number | null {
  if (!/^[A-Z]{3}$/.test(currency)) return null;
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(text.trim()) ?? [];
  if (whole === '') return null;
  const places = decimalsOf(currency);
  const padded = fraction.padEnd(places, '0');
  if (/[1-9]/.test(padded.slice(places))) return null;
  const minor = Number(`${sign}${whole}${padded.slice(0, places)}`);
  return Number.isSafeInteger(minor) ? minor : null;
}

/** `1580` of USD as `15.80`, of KRW as `1580`. */
export function decimalText(minor: number, currency: string): string {
  const places = decimalsOf(currency);
  const digits = String(Math.abs(minor)).padStart(places + 1, '0');
  const split = digits.length - places;
  return `${minor < 0 ? '-' : ''}${digits.slice(0, split)}${places > 0 ? `.${digits.slice(split)}` : ''}`;
}
