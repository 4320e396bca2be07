import type { Money } from '../../src/domain/money.ts';
import { formatInSeoul } from '../../src/domain/seoul-time.ts';
import type { XmlContent } from './xml-writing.ts';

/** An amount as cXML and CIF write it: a decimal with a point, without a symbol. */
export function decimalOf({ minor, currency }: Money): string {
  if (currency === 'KRW') return String(minor);
  const digits = String(Math.abs(minor)).padStart(3, '0');
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A `Money` element. */
export function moneyContent(amount: Money): XmlContent {
  return { '@currency': amount.currency, '#': decimalOf(amount) };
}

/** An instant as cXML writes it: Seoul time with its offset. */
export function timestampOf(instant: Date): string {
  return formatInSeoul(instant, "yyyy-MM-dd'T'HH:mm:ssZZ");
}
