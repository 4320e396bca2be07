import { type Currency, currencySchema, type Money, parseMoney } from '../../src/domain/money.ts';
import { parseSeoulInstant } from '../../src/domain/seoul-time.ts';
import { quotable, unsafeCharacters } from '../../src/domain/text-safety.ts';
import { Refusal } from './refusal.ts';
import { attributeOf, childOf, type XmlElement } from './xml-element.ts';

/** Where a value stands, for the sentences. */
export interface Place {
  en: string;
  ko: string;
}

const maxId = 255;
/**
 * Beyond these an amount or a quantity is a slip of the hand: a hundred times the largest order such a seller could fill.
 * Minor units: 1,000,000,000,000 won, or 10,000,000,000.00 dollars.
 */
export const maxMinor = 1_000_000_000_000;
export const maxUnits = 10_000_000;

/** An id or number of the partner's: present, of a sane length, without characters that nobody can see. */
export function requiredId(value: string | undefined, place: Place): string {
  if (value === undefined) {
    throw new Refusal(400, `${place.en} is missing. Send it.`, `${place.ko}이(가) 없습니다. 넣어 보내십시오.`);
  }
  if (value.length > maxId || unsafeCharacters(value).length > 0) {
    throw new Refusal(
      400,
      `${place.en} is longer than ${maxId} characters or has control characters.`,
      `${place.ko}이(가) ${maxId}자를 넘거나 제어 문자가 있습니다.`,
    );
  }
  return value;
}

/** The amount of the `Money` child. Only won and dollars, exact to the minor unit, not negative. */
export function requiredMoney(parent: XmlElement | undefined, place: Place): Money {
  const element = childOf(parent, 'Money');
  if (!element) {
    throw new Refusal(400, `${place.en} has no Money.`, `${place.ko}에 Money가 없습니다.`);
  }
  const written = attributeOf(element, 'currency') ?? '';
  const currency = currencySchema.safeParse(written).data;
  if (!currency) {
    throw new Refusal(
      400,
      `${place.en} is in ${quotable(written, 10) || 'no currency'}. Only KRW and USD are taken.`,
      `${place.ko}의 통화는 KRW와 USD만 받습니다.`,
    );
  }
  return amountOf(element, currency, place);
}

function amountOf(element: XmlElement, currency: Currency, place: Place): Money {
  // Some systems group thousands; nothing else about the number is forgiven.
  const text = element.text.trim();
  const amount = parseMoney(/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text, currency);
  if (amount && amount.minor >= 0) return amount;
  throw new Refusal(
    400,
    `${place.en} is no amount of ${currency} that can be booked exactly.`,
    `${place.ko}은(는) ${currency}로 정확히 적을 수 있는 금액이 아닙니다.`,
  );
}

/** A quantity as whole units above nought; `3` and `3.00` are the same. */
export function wholeUnits(text: string | undefined): number | null {
  const match = /^\+?(\d{1,9})(?:\.0*)?$/.exec(text ?? '');
  const units = match ? Number(match[1]) : 0;
  return units > 0 ? units : null;
}

/** A date with time and offset as an instant; one without an offset is Seoul time. */
export function requiredInstant(text: string | undefined, place: Place): Date {
  const instant = text === undefined ? null : parseSeoulInstant(text);
  if (instant) return instant;
  throw new Refusal(
    400,
    `${place.en} is no date. Send it like 2026-11-23T09:00:00+09:00.`,
    `${place.ko}이(가) 날짜가 아닙니다. 2026-11-23T09:00:00+09:00처럼 보내십시오.`,
  );
}
