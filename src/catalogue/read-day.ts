/** Spreadsheet serials that stand for days between 1954 and 2119; smaller and larger numbers are no dates of ours. */
const FIRST_SERIAL = 20_000;
const LAST_SERIAL = 80_000;
/** Day 0 of the 1900 date system, two days early because the system counts a 29 February 1900 that never was. */
const SERIAL_ZERO_MS = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;

/**
 * A day as people and spreadsheets write it: `2026-11-22`, `2026.11.22`, `2026. 11. 22.`, `2026/11/22`, `20261122`,
 * `26/11/22` (always year first, as in Korea), a date cell, or a spreadsheet serial number.
 *
 * A day alone has no zone, so all arithmetic is in UTC and the server's zone cannot move it.
 *
 * @returns `YYYY-MM-DD`, or undefined when it is no day that exists.
 */
export function readDay(value: unknown): string | undefined {
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || value < FIRST_SERIAL || value > LAST_SERIAL) return undefined;
    return new Date(SERIAL_ZERO_MS + value * DAY_MS).toISOString().slice(0, 10);
  }
  if (typeof value !== 'string') return undefined;
  const text = value.normalize('NFKC').trim();
  const match =
    /^(\d{4}|\d{2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})\.?$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = ''] = match;
  const full = `${year.padStart(4, '20')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const moment = new Date(`${full}T00:00:00Z`);
  // The 30th of February is a moment in March: only a day that exists comes back as it was written.
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(full) ? full : undefined;
}
