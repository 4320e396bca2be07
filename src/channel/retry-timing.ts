import { DateTime } from 'luxon';

/** Nobody is made to wait longer: a date in the wrong year must not end an account's sales. */
export const longestWaitMs = 24 * 3_600_000;

/**
 * How long the channel wants us to wait, from its headers; null when it does not say. `Retry-After` is seconds or an
 * HTTP date (RFC 9110, 10.2.3).
 */
export function retryAfterMs(headers: Record<string, unknown>, now: Date): number | null {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return null;
  if (/^\d+$/.test(value.trim())) return Math.min(Number(value) * 1000, longestWaitMs);
  const date = DateTime.fromHTTP(value);
  return date.isValid ? Math.min(Math.max(0, date.toMillis() - now.getTime()), longestWaitMs) : null;
}
