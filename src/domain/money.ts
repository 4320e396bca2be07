import { z } from 'zod';

/**
 * Money is a whole number of minor units with its currency. The won has no minor unit (ISO 4217 exponent 0), so 1 is
 * one won; a US dollar has two decimals, so 1 is one cent. No floating-point amount exists past this file.
 */
export const currencySchema = z.enum(['KRW', 'USD']);
export type Currency = z.infer<typeof currencySchema>;

export const moneySchema = z.object({ minor: z.int(), currency: currencySchema });
export type Money = z.infer<typeof moneySchema>;

const exponents: Record<Currency, number> = { KRW: 0, USD: 2 };

/** Won as Money. `won` must be a safe integer. Throws RangeError otherwise: a fraction of a won is a bug, not data. */
export function won(won: number): Money {
  return money(won, 'KRW');
}

/** Money of `minor` minor units. Throws RangeError unless it is a safe integer. */
export function money(minor: number, currency: Currency): Money {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`not a whole number of minor units: ${minor} ${currency}`);
  return { minor, currency };
}

/**
 * Reads a decimal text such as `"6800.0000"` or `"15.80"` without a float in between.
 * Returns null when the text is no decimal, or holds a part smaller than the currency's minor unit: rounding silently
 * would make totals differ from the channel's.
 */
export function parseMoney(text: string, currency: Currency): Money | null {
  const match = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const exponent = exponents[currency];
  const fraction = (match[3] ?? '').padEnd(exponent, '0');
  if (/[1-9]/.test(fraction.slice(exponent))) return null;
  const minor = Number(`${match[2]}${fraction.slice(0, exponent)}`);
  if (!Number.isSafeInteger(minor)) return null;
  return { minor: match[1] && minor !== 0 ? -minor : minor, currency };
}

/** Sum of amounts of one currency. Throws RangeError on a mix: won and dollars are never added together. */
export function sumMoney(amounts: readonly Money[], currency: Currency): Money {
  let total = 0;
  for (const amount of amounts) {
    if (amount.currency !== currency) throw new RangeError(`cannot add ${amount.currency} to ${currency}`);
    total += amount.minor;
  }
  return money(total, currency);
}

/** `1234567 KRW` as `₩1,234,567`, `1580 USD` as `$15.80`. */
export function formatMoney(amount: Money): string {
  const exponent = exponents[amount.currency];
  const digits = String(Math.abs(amount.minor)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = amount.minor < 0 ? '-' : '';
  const symbol = amount.currency === 'KRW' ? '₩' : '$';
  return `${sign}${symbol}${whole}${exponent > 0 ? `.${digits.slice(-exponent)}` : ''}`;
}
