import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const folder = 'adapters/gmarket-esm/';
const sources = readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') || name === 'README.md')
  .map((name) => folder + name.replaceAll('\\', '/'));

it('every section that the adapter cites is in the protocol notes', () => {
  const sections = [...text('docs/channels/gmarket-esm.md').matchAll(/^##+ ([0-9.]+?)\.? /gm)].map(
    ([, number]) => number,
  );
  const cited = sources.flatMap((path) =>
    [...text(path).matchAll(/§([0-9]+(?:\.[0-9]+)?)/g)].map(([, number]) => `${path} §${number}`),
  );
  expect(sections.length).toBeGreaterThan(20);
  expect(cited.length).toBeGreaterThan(50);
  expect(cited.filter((citation) => !sections.includes(citation.split('§')[1] ?? ''))).toEqual([]);
});

it('open questions are cited by a number that exists', () => {
  const notes = text('docs/channels/gmarket-esm.md');
  const cited = sources.flatMap((path) => [...text(path).matchAll(/§0 no\. (\d+)/g)].map(([, number]) => number));
  expect(cited.length).toBeGreaterThan(0);
  expect(cited.filter((number) => !notes.includes(`| ${number} | `))).toEqual([]);
});
