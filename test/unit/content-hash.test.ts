import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contentHash, stableJson } from '../../src/runtime/content-hash.ts';

/** The same value with the keys of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, turned(inner)]),
  );
}

it('does not depend on the order in which keys were written', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(stableJson(turned(value))).toBe(stableJson(value));
      expect(contentHash(turned(value))).toBe(contentHash(value));
    }),
    { seed: 20261207 },
  );
});

it('says everything that was in the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(stableJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { seed: 20261207 },
  );
});

it('differs where content differs', () => {
  const values = [{ a: 1 }, { a: '1' }, { a: [1] }, { b: 1 }, { a: null }, {}, [], [1, 2], [2, 1], null, 'null', 0, ''];
  expect(new Set(values.map(contentHash)).size).toBe(values.length);
});

it('writes instants by their value and leaves absent fields out', () => {
  expect(stableJson({ at: new Date('2026-12-07T00:00:00Z'), none: undefined })).toBe(
    '{"at":"2026-12-07T00:00:00.000Z"}',
  );
});

it('is 128 bits in hex and stays the same for ever, because stored rows are compared with it', () => {
  expect(contentHash({ b: [1, '나루'], a: null })).toMatch(/^[0-9a-f]{32}$/);
  expect(contentHash({ b: 1, a: 2 })).toBe('d3626ac30a87e6f7a6428233b3c68299');
});
