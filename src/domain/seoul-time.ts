import { DateTime } from 'luxon';

/**
 * Decisions about days are made in Seoul, whatever zone the server runs in. The zone id is used, not a fixed +09:00,
 * because Korea had daylight saving in 1987-88 and old dates must still read right.
 */
export const seoulZone = 'Asia/Seoul';

/** A calendar day in Seoul, `YYYY-MM-DD`. */
export type SeoulDay = string;

/** The Seoul day that holds `instant`. */
export function seoulDayOf(instant: Date): SeoulDay {
  return DateTime.fromJSDate(instant, { zone: seoulZone }).toFormat('yyyy-MM-dd');
}

/** The instant at which `day` begins in Seoul. Throws RangeError when `day` is no real date. */
export function startOfSeoulDay(day: SeoulDay): Date {
  const start = DateTime.fromISO(day, { zone: seoulZone });
  if (!start.isValid) throw new RangeError(`not a date: ${day}`);
  return start.startOf('day').toJSDate();
}

/** `day` moved by a number of days; negative goes back. */
export function addDays(day: SeoulDay, days: number): SeoulDay {
  return DateTime.fromISO(day, { zone: seoulZone }).plus({ days }).toFormat('yyyy-MM-dd');
}

/** The instant at which `day` is over: the first instant of the next day. An end date on paper includes its day. */
export function endOfSeoulDay(day: SeoulDay): Date {
  return startOfSeoulDay(addDays(day, 1));
}

/** `instant` as people in Seoul write it: `2026-12-07 00:00`, in Seoul time. */
export function formatSeoul(instant: Date): string {
  return DateTime.fromJSDate(instant, { zone: seoulZone }).toFormat('yyyy-MM-dd HH:mm');
}

/** A local Seoul time without offset (`2019-04-10T17:45:39.727`), as an instant; null when it is no whole date. */
export function parseSeoulLocal(text: string): Date | null {
  // ISO 8601 also knows `12:34` and `2026`; the rest of the date would be guessed, the first from the machine's clock.
  if (!/^\d{4}-\d{2}-\d{2}(?:T|$)/.test(text)) return null;
  const local = DateTime.fromISO(text, { zone: seoulZone });
  return local.isValid ? local.toJSDate() : null;
}

/** `instant` in a luxon format, in Seoul; for wire formats. */
export function formatInSeoul(instant: Date, format: string): string {
  return DateTime.fromJSDate(instant, { zone: seoulZone }).toFormat(format);
}

/**
 * What a person means by `--from 2026-12-01` or a full ISO instant: a bare date is the start of that Seoul day, and with
 * `inclusiveEnd` the end of it. A time without offset is Seoul time. Null when it is neither.
 */
export function parseSeoulInstant(text: string, inclusiveEnd = false): Date | null {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    if (!DateTime.fromISO(text, { zone: seoulZone }).isValid) return null;
    return inclusiveEnd ? endOfSeoulDay(text) : startOfSeoulDay(text);
  }
  return parseSeoulLocal(text);
}
