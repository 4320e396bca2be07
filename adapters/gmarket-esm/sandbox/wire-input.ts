/**
 * Reading of what a caller sent.
 *
 * The portal's own samples disagree about the casing of keys and the server looks case-insensitive on input, so every
 * key is found without regard to case.
 */

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keyOf(source: Json, name: string): string | undefined {
  if (name in source) return name;
  const wanted = name.toLowerCase();
  return Object.keys(source).find((key) => key.toLowerCase() === wanted);
}

/** The value at a dotted path, whatever the casing of the keys; `undefined` when any part of the path is missing. */
export function valueAt(source: unknown, path: string): unknown {
  let value = source;
  for (const name of path.split('.')) {
    if (!isObject(value)) return undefined;
    const key = keyOf(value, name);
    if (key === undefined) return undefined;
    value = value[key];
  }
  return value;
}

/** A copy of `source` with one key set; a key that differs in case only is replaced, not doubled. */
export function withKey(source: unknown, name: string, value: unknown): Json {
  const base = isObject(source) ? source : {};
  return { ...base, [keyOf(base, name) ?? name]: value };
}

export function textAt(source: unknown, path: string): string | undefined {
  const value = valueAt(source, path);
  return typeof value === 'string' ? value : undefined;
}

export function integerAt(source: unknown, path: string): number | undefined {
  const value = valueAt(source, path);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

export function booleanAt(source: unknown, path: string): boolean | undefined {
  const value = valueAt(source, path);
  return typeof value === 'boolean' ? value : undefined;
}

export function listAt(source: unknown, path: string): unknown[] | undefined {
  const value = valueAt(source, path);
  return Array.isArray(value) ? value : undefined;
}

/** True when the path holds anything but nothing: a block given as `null` counts as not given. */
export function isGiven(source: unknown, path: string): boolean {
  const value = valueAt(source, path);
  return value !== undefined && value !== null;
}

/** Length in the channel's bytes: one for ASCII, two for anything else, as in a double-byte code page. */
export function doubleByteLength(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) bytes += text.charCodeAt(index) < 0x80 ? 1 : 2;
  return bytes;
}
