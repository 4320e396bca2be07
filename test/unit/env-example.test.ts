import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentNames, loadConfig } from '../../src/config.ts';
import { packageRoot } from '../../src/runtime/package-files.ts';

const read = (name: string): string => readFileSync(join(packageRoot(), name), 'utf8');
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

/** What docker-compose.yml asks the person to fill in beside our own settings, for the database it starts. */
const composeAsks = all(read('docker-compose.yml'), /\$\{(\w+)/g);
const composeOnly = composeAsks.filter((name) => !environmentNames.includes(name));

/** The table of settings in a README: lines whose first cell is a variable in capitals. */
const tableOf = (name: string): string[] => all(read(name), /^\| `([A-Z][A-Z0-9_]+)` \|/gm);

describe('.env.example', () => {
  const lines = read('.env.example')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const entries = lines.map((line) => line.split('=', 2) as [string, string]);

  it('names every setting and nothing that nobody reads', () => {
    expect(sorted(entries.map(([name]) => name))).toEqual(sorted([...environmentNames, ...composeOnly]));
  });

  it('names each once, because the last of two silently wins', () => {
    expect(entries.map(([name]) => name)).toHaveLength(new Set(entries.map(([name]) => name)).size);
  });

  it('can be used as it stands, empty values meaning "not set"', () => {
    expect(loadConfig(Object.fromEntries(entries))).toEqual(loadConfig({}));
  });

  it('holds no secret that somebody could keep by oversight', () => {
    const filled = entries.filter(([, value]) => value !== '').map(([name]) => name);
    expect(filled.filter((name) => /PASSWORD|KEY|TOKEN|URL/.test(name))).toEqual([]);
  });
});

describe('the tables of settings', () => {
  it.each(['README.md', 'README.ko.md'])('%s lists every variable and no other', (name) => {
    expect(sorted(tableOf(name))).toEqual(sorted(environmentNames));
  });

  it.each(['README.md', 'README.ko.md'])('%s tells what compose asks for', (name) => {
    for (const variable of composeOnly) expect(read(name)).toContain(`\`${variable}\``);
    expect(composeOnly).toEqual(expect.arrayContaining(['POSTGRES_PASSWORD']));
  });
});
