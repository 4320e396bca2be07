/**
 * The channel's clock face: Korean local time without an offset.
 *
 * Korea has had one fixed offset since 1988, so plain arithmetic is exact for every date a sandbox can meet and costs
 * nothing on the hot path.
 */

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;

const OFFSET = 9 * 60 * MINUTE;

/** `2019-04-10T17:45:39.727`: the form of every date in order and claim answers. */
export function kstStamp(ms: number): string {
  return new Date(ms + OFFSET).toISOString().slice(0, 23);
}

/** `2019-04-10`. */
export function kstDay(ms: number): string {
  return new Date(ms + OFFSET).toISOString().slice(0, 10);
}

/** `20190410`: how sell-status answers the end of the selling period. */
export function kstDayNumber(ms: number): number {
  return Number(kstDay(ms).replaceAll('-', ''));
}

const DATE_PATTERNS = {
  day: /^(\d{4})-(\d{2})-(\d{2})$/,
  'day-or-minute': /^(\d{4})-(\d{2})-(\d{2})(?: (\d{2}):(\d{2}))?$/,
  second: /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,7})?$/,
} as const;

/**
 * Reads a Korean local date of the stated form.
 *
 * @returns ms since 1970, or `null` when the text has another form or names no real date. A bare day is its midnight.
 */
export function parseKst(text: unknown, form: keyof typeof DATE_PATTERNS): number | null {
  if (typeof text !== 'string') return null;
  const parts = DATE_PATTERNS[form].exec(text);
  if (parts === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(utc);
  const real = back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return real ? utc - OFFSET : null;
}
