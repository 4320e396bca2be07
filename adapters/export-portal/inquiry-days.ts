import { endOfSeoulDay, parseSeoulInstant, seoulDayOf } from '../../src/domain/seoul-time.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthName = String.raw`(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?`;
const clock = String.raw`(?:[\sT,]+(오전|오후)?\s*(\d{1,2})\s*[:시]\s*(\d{1,2})\s*분?(?::(\d{1,2}))?(?:\.\d{1,9})?\s*(am|pm)?)?`;
const weekday = String.raw`\s*(?:\(?[월화수목금토일](?:요일)?\)?)?`;

const yearFirst = new RegExp(
  String.raw`^(\d{4}|\d{2})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?${weekday}${clock}$`,
  'i',
);
const compact = new RegExp(String.raw`^(\d{4})(\d{2})(\d{2})${clock}$`, 'i');
const monthDayYear = new RegExp(String.raw`^${monthName}\s*(\d{1,2})(?:st|nd|rd|th)?,?\s*(\d{4})${clock}$`, 'i');
const dayMonthYear = new RegExp(
  String.raw`^(\d{1,2})(?:st|nd|rd|th)?[\s./-]*${monthName}[\s.,/-]*(\d{4})${clock}$`,
  'i',
);
const yearLast = new RegExp(String.raw`^(\d{1,2})[./-](\d{1,2})[./-](\d{4})${clock}$`, 'i');
const withZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/** A moment as written: its Seoul day, and the time of day where one stands there. */
export interface WrittenMoment {
  day: string;
  at: Date;
}

/**
 * A day or time as Korean and English lists write it: `2026.11.22`, `2026년 11월 22일`, `26-11-22`, `Nov 22, 2026`,
 * `22-Nov-2026`, `2026-11-22 오후 2:30`. Without a zone it is Seoul's. `ambiguous` for `03/05/2026`, which is two days
 * half a world apart; null for what is no day.
 */
export function momentOf(text: string): WrittenMoment | 'ambiguous' | null {
  const plain = text
    .normalize('NFKC')
    .trim()
    .replace(/^(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*\.?,?\s+(?=\S)/i, '')
    .replace(/\s*(?:kst|\(kst\))$/i, '');
  if (plain.length > 60) return null;
  if (withZone.test(plain)) return zoned(plain);
  const first = yearFirst.exec(plain) ?? compact.exec(plain);
  if (first) return moment(first[1], first[2], first[3], first.slice(4));
  const english = monthDayYear.exec(plain);
  if (english) return moment(english[3], monthNumber(english[1]), english[2], english.slice(4));
  const british = dayMonthYear.exec(plain);
  if (british) return moment(british[3], monthNumber(british[2]), british[1], british.slice(4));
  const last = yearLast.exec(plain);
  if (!last) return null;
  const [, one = '', two = '', year] = last;
  const isDayFirst = Number(one) > 12;
  if (!isDayFirst && Number(two) <= 12 && Number(one) !== Number(two)) return 'ambiguous';
  return isDayFirst ? moment(year, two, one, last.slice(4)) : moment(year, one, two, last.slice(4));
}

function zoned(text: string): WrittenMoment | null {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return null;
  const day = seoulDayOf(at);
  return isPlausible(day) ? { day, at } : null;
}

function monthNumber(name: string | undefined): string {
  return String(months.indexOf((name ?? '').slice(0, 3).toLowerCase()) + 1);
}

function moment(
  year: string | undefined,
  month: string | undefined,
  date: string | undefined,
  time: readonly (string | undefined)[],
): WrittenMoment | null {
  const day = `${(year ?? '').padStart(4, '20')}-${(month ?? '').padStart(2, '0')}-${(date ?? '').padStart(2, '0')}`;
  if (!isPlausible(day)) return null;
  const [half, hours, minutes, seconds = '0', english] = time;
  if (hours === undefined || minutes === undefined) return dated(day, parseSeoulInstant(day));
  const isAfternoon = half === '오후' || english?.toLowerCase() === 'pm';
  const isMorning = half === '오전' || english?.toLowerCase() === 'am';
  const hour = isAfternoon || isMorning ? (Number(hours) % 12) + (isAfternoon ? 12 : 0) : Number(hours);
  const two = (value: number | string) => String(value).padStart(2, '0');
  return dated(day, parseSeoulInstant(`${day}T${two(hour)}:${two(minutes)}:${two(seconds)}`));
}

function dated(day: string, at: Date | null): WrittenMoment | null {
  return at ? { day, at } : null;
}

/** Portals are younger than 1995; a date far ahead is a slip of the hand. */
function isPlausible(day: string): boolean {
  return day >= '1995-01-01' && day < '2100-01-01';
}

/** Begin and end of a posting period such as `2026.11.01~2026.11.30`; null when it is none. */
export function periodOf(text: string): { from: WrittenMoment; to: WrittenMoment } | 'ambiguous' | null {
  const plain = text.normalize('NFKC').replace(/^\s*게시기간\s*:?/, '');
  const parts = plain.split(/\s*[~〜∼]\s*|\s+(?:-|–|—|to)\s+/);
  if (parts.length !== 2) return null;
  const [from, to] = parts.map((part) => momentOf(part));
  if (from === 'ambiguous' || to === 'ambiguous') return 'ambiguous';
  return from && to && from.day <= to.day ? { from, to } : null;
}

/** The end of the last day on which an offer stands: an end date on paper includes its day. */
export function endOfDay(moment: WrittenMoment): Date {
  return endOfSeoulDay(moment.day);
}
