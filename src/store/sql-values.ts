/**
 * How values travel between JavaScript and SQL. Both stores use this one table instead of their drivers' own, because
 * the drivers differ: pg gives int8 as text and dates at local midnight, PGlite gives BigInt beyond 2^53 and dates in UTC.
 */

type Parse = (text: string) => unknown;

function toSafeInteger(text: string): number {
  const value = Number(text);
  // Beyond 2^53 a number silently becomes its neighbour: an order or an amount would be a different one.
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 value ${text} is outside the safe integer range`);
  return value;
}

function toInstant(text: string): Date {
  // The session's zone is UTC on both stores, so the text ends in +00; ECMAScript's own form needs T and minutes.
  const iso = text.endsWith('+00') ? `${text.slice(0, -3)}Z` : text.replace(/([+-]\d\d)$/, '$1:00');
  const value = new Date(iso.replace(' ', 'T'));
  if (Number.isNaN(value.getTime())) throw new RangeError(`timestamptz value ${text} is not a representable instant`);
  return value;
}

const toNumber: Parse = (text) => Number(text);
const toBoolean: Parse = (text) => text === 't';
const toJson: Parse = (text) => JSON.parse(text);
const toBytes: Parse = (text) => Buffer.from(text.slice(2), 'hex');
const asText: Parse = (text) => text;

// [type oid, oid of its array, parser]; the oids are fixed in PostgreSQL's pg_type.dat.
const TYPES: readonly (readonly [number, number, Parse])[] = [
  [16, 1000, toBoolean],
  [17, 1001, toBytes],
  [18, 1002, asText],
  [19, 1003, asText],
  [20, 1016, toSafeInteger],
  [21, 1005, toNumber],
  [23, 1007, toNumber],
  [25, 1009, asText],
  [26, 1028, toNumber],
  [114, 199, toJson],
  [700, 1021, toNumber],
  [701, 1022, toNumber],
  [1042, 1014, asText],
  [1043, 1015, asText],
  [1082, 1182, asText],
  [1083, 1183, asText],
  [1114, 1115, asText],
  [1184, 1185, toInstant],
  [1186, 1187, asText],
  [1700, 1231, asText],
  [2950, 2951, asText],
  [3802, 3807, toJson],
];

/** Parser by type oid. A type that is not here stays the text PostgreSQL wrote. */
export const VALUE_PARSERS: Readonly<Record<number, Parse>> = Object.fromEntries(
  TYPES.flatMap(([oid, arrayOid, parse]) => [
    [oid, parse],
    [arrayOid, (text: string) => parseArray(text, parse)],
  ]),
);

/** Parser for one type oid; unknown types stay text. */
export function parserOf(oid: number): Parse {
  return VALUE_PARSERS[oid] ?? asText;
}

/**
 * Reads PostgreSQL's text form of an array ({1,2}, {"a,b",NULL}, {{1},{2}}).
 * @throws SyntaxError when the text is not such an array (a lower-bound prefix such as [0:1]= is not read).
 */
function parseArray(text: string, parse: Parse): unknown[] {
  if (!text.startsWith('{')) throw new SyntaxError(`not an array: ${text.slice(0, 20)}`);
  let at = 1;
  const readList = (): unknown[] => {
    const list: unknown[] = [];
    while (text[at] !== '}') {
      if (at >= text.length) throw new SyntaxError('array text ends too early');
      if (text[at] === ',') at += 1;
      else if (text[at] === '{') {
        at += 1;
        list.push(readList());
      } else if (text[at] === '"') list.push(parse(readQuoted()));
      else list.push(readBare());
    }
    at += 1;
    return list;
  };
  const readQuoted = (): string => {
    let value = '';
    for (at += 1; text[at] !== '"'; at += 1) {
      if (at >= text.length) throw new SyntaxError('array text ends too early');
      if (text[at] === '\\') at += 1;
      value += text[at];
    }
    at += 1;
    return value;
  };
  const readBare = (): unknown => {
    const from = at;
    while (at < text.length && text[at] !== ',' && text[at] !== '}') at += 1;
    const value = text.slice(from, at);
    return value === 'NULL' ? null : parse(value);
  };
  return readList();
}

/**
 * Writes a bound value as the text PostgreSQL reads, the same for every target type and both drivers.
 * @throws TypeError for a plain object, function or symbol, and for an invalid Date.
 */
export function toSqlText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new TypeError('an invalid Date cannot be stored');
    return value.toISOString();
  }
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return `{${value.map(toArrayItem).join(',')}}`;
  throw new TypeError('a plain object cannot be bound: pass JSON text (JSON.stringify) for jsonb');
}

function toArrayItem(value: unknown): string {
  const text = toSqlText(value);
  if (text === null) return 'NULL';
  if (Array.isArray(value)) return text;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
