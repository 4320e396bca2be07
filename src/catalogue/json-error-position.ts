/** Where a text stops being JSON. Lines and columns count from 1; a column is one UTF-16 unit, as editors show it. */
interface TextPosition {
  line: number;
  column: number;
}

const LITERALS = ['true', 'false', 'null'] as const;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SPACE = /[ \t\n\r]*/y;

/**
 * The place of the first fault in a text that `JSON.parse` has refused. The engine's message names a place only
 * sometimes, and its wording differs between versions.
 *
 * Walks with a stack of its own, so deep nesting cannot exhaust the call stack.
 */
export function locateJsonError(text: string): TextPosition {
  return toPosition(text, offsetOfError(text));
}

type Expectation = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end';

function offsetOfError(text: string): number {
  const open: ('[' | '{')[] = [];
  let expected: Expectation = 'value';
  let at = skip(text, SPACE, 0) ?? 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    const next = step(text, at, character, expected, open);
    if (next === undefined) return faultInside(text, at, expected);
    [at, expected] = next;
    at = skip(text, SPACE, at) ?? at;
    if (open.length === 0 && expected === 'comma-or-end') return at;
  }
  return text.length;
}

/** One token further, or undefined when the token does not fit. */
function step(
  text: string,
  at: number,
  character: string,
  expected: Expectation,
  open: ('[' | '{')[],
): [number, Expectation] | undefined {
  const top = open.at(-1);
  const mayEnd = expected === 'value-or-end' || expected === 'key-or-end' || expected === 'comma-or-end';
  if (mayEnd && ((character === ']' && top === '[') || (character === '}' && top === '{'))) {
    open.pop();
    return [at + 1, 'comma-or-end'];
  }
  if (expected === 'comma-or-end') return character === ',' ? [at + 1, top === '{' ? 'key' : 'value'] : undefined;
  if (expected === 'colon') return character === ':' ? [at + 1, 'value'] : undefined;
  if (expected === 'key' || expected === 'key-or-end') {
    const end = stringEnd(text, at);
    return end === undefined ? undefined : [end, 'colon'];
  }
  if (character === '[' || character === '{') {
    open.push(character);
    return [at + 1, character === '[' ? 'value-or-end' : 'key-or-end'];
  }
  const literal = LITERALS.find((word) => text.startsWith(word, at));
  const end = literal ? at + literal.length : (stringEnd(text, at) ?? skip(text, NUMBER, at));
  return end === undefined ? undefined : [end, 'comma-or-end'];
}

/** For a string that is broken inside, the place of its first bad character rather than its opening quote. */
function faultInside(text: string, at: number, expected: Expectation): number {
  if (text[at] !== '"' || expected === 'colon' || expected === 'comma-or-end') return at;
  return scanString(text, at).at;
}

function stringEnd(text: string, at: number): number | undefined {
  if (text[at] !== '"') return undefined;
  const scanned = scanString(text, at);
  return scanned.isClosed ? scanned.at : undefined;
}

/** Walks a string from its opening quote; by hand, because a pattern over a string of megabytes exhausts its stack. */
function scanString(text: string, start: number): { isClosed: boolean; at: number } {
  let at = start + 1;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '"') return { isClosed: true, at: at + 1 };
    if (character < ' ') return { isClosed: false, at };
    if (character !== '\\') {
      at += 1;
      continue;
    }
    const end = skip(text, ESCAPE, at);
    if (end === undefined) return { isClosed: false, at };
    at = end;
  }
  return { isClosed: false, at };
}

function skip(text: string, pattern: RegExp, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function toPosition(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}
