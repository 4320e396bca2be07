import { DateTime } from 'luxon';

/**
 * How long the channel wants us to wait, from its headers; null when it does not say. `Retry-After` is seconds or an
 * HTTP date (RFC 9110, 10.2.3).
 */
export function retryAfterMs(headers: Record<string, unknown>, now: Date): number | null {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return null;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const date = DateTime.fromHTTP(value);
  return date.isValid ? Math.max(0, date.toMillis() - now.getTime()) : null;
}
