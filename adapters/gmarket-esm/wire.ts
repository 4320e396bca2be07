import { z } from 'zod';
import { ChannelError } from '../../src/channel/errors.ts';
import type { Json } from '../../src/domain/listing.ts';
import { type Money, money, parseMoney } from '../../src/domain/money.ts';
import { parseSeoulLocal } from '../../src/domain/seoul-time.ts';

/**
 * What all answers of ESM share. Schemas here and in wire-*.ts are written with lower-case keys, once: the portal mixes
 * `resultCode`/`ResultCode`, `price.gmkt`/`Price.Gmkt`, `BuyerId`/`BuyerID` (notes §0 no. 4), so `lowerKeys` runs first.
 *
 * Fields that no schema names are dropped. That is what keeps buyers' personal data out of the system: no schema names a
 * buyer, a receiver, a phone, an address or a memo, so what is not named is never stored, not even in raw records.
 */

/** The same JSON with lower-case keys at every depth. */
export function lowerKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), lowerKeys(inner)]));
}

/**
 * Parses an answer whose keys are already lower case. Throws ChannelError `protocol` that names the wrong fields, never
 * their values: those may be a buyer's.
 */
export function parseAnswer<Value>(schema: z.ZodType<Value>, answer: unknown): Value {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const fields = result.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'answer'} (${issue.code})`);
  throw new ChannelError('protocol', {
    code: 'UNEXPECTED_ANSWER',
    sent: true,
    channelMessage: `fields not as documented: ${fields.join(', ')}`,
    field: result.error.issues[0]?.path.join('.') || null,
  });
}

/** The part of a record that its schema names, as it is kept for proof. */
export function toJson(record: object): Json {
  return JSON.parse(JSON.stringify(record));
}

/**
 * A row as it is kept, with the status by which it was asked for where the row itself does not say one: without it a row
 * that moved on would look like the one before, and nobody would see it.
 */
export function toJsonWithAsked(record: object, status: unknown, asked: number | null): Json {
  return toJson(status || asked === null ? record : { ...record, askedstatus: asked });
}

/** A number the channel uses as a name: 64 bit on the wire, text with us. Above 2^53 it would have lost digits already. */
export const numberId = z.union([z.int(), z.string().regex(/^\d+$/)]).transform(String);

/** `null`, `""` and `0` all stand for "none" in optional numbers. */
export const optionalId = z
  .union([z.int(), z.string()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' || value === 0 ? null : String(value)));

const decimalText = /^-?\d{1,15}(\.\d+)?$/;

/** `"6800.0000"` in orders, `6800.0` in settlements and prices; kept as it came, read with `wonOf`. */
export const decimal = z.union([z.string().trim().regex(decimalText), z.number()]);

/** Won of a decimal. Throws ChannelError `protocol` on a part of a won: rounding would make totals differ from theirs. */
export function wonOf(value: string | number | null | undefined, field: string): Money {
  if (value === null || value === undefined) return money(0, 'KRW');
  const parsed = parseMoney(String(value), 'KRW');
  if (parsed) return parsed;
  throw new ChannelError('protocol', {
    code: 'NOT_WHOLE_WON',
    sent: true,
    channelMessage: `${field} is no whole number of won`,
    field,
  });
}

/** Local Seoul time without offset; kept as text, read with `instantOf`. */
export const localTime = z.string().refine((text) => parseSeoulLocal(text) !== null);

/**
 * The instant of a local time; null for "none". ESM writes "none" as year 1, and reasons for holding money back as dates
 * between 1800 and 1999 (etapi/41), years before either site had an order in this API.
 */
export function instantOf(text: string | null | undefined): Date | null {
  const instant = text ? parseSeoulLocal(text) : null;
  return instant && instant.getUTCFullYear() >= 2000 ? instant : null;
}

/** Result codes come as number, as digits, and as the word `success` (notes §5.3, etapi/50). */
export const resultCode = z
  .union([z.int(), z.string()])
  .transform((code) => (/^success$/i.test(String(code)) ? '0' : String(code)));

export const envelope = z.object({
  resultcode: resultCode.nullish(),
  message: z.string().nullish(),
  bizrulecode: z.union([z.string(), z.number()]).nullish(),
  status: z.object({ status_code: z.int(), message: z.string().nullish() }).nullish().catch(null),
});
