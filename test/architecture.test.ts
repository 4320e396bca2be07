import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

/** A source file as the rules see it: its path from the root, with `/`, and its text. */
interface Source {
  path: string;
  text: string;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

// ---- who may import whom: the table of DESIGN, one line per part. What is not listed is forbidden.

const mayImport: Record<string, readonly string[]> = {
  'src/domain': [],
  'src/runtime': ['src/domain'],
  'src/channel': ['src/domain', 'src/runtime'],
  'src/catalogue': ['src/domain', 'src/runtime'],
  'src/store': ['src/domain', 'src/runtime', 'src/channel'],
  // The embedded queue lives in the same database as the store, so it is handed the store's connection.
  'src/queue': ['src/domain', 'src/runtime', 'src/channel', 'src/store'],
  'src/sync': ['src/domain', 'src/runtime', 'src/channel', 'src/catalogue', 'src/store', 'src/queue'],
  'src/http': [
    'src/domain',
    'src/runtime',
    'src/channel',
    'src/catalogue',
    'src/store',
    'src/queue',
    'src/sync',
    'src/config.ts',
  ],
  'src/config.ts': ['src/domain', 'src/runtime'],
  'src/app.ts': ['src'],
  'src/cli': ['src', 'workers'],
  'src/cli.ts': ['src', 'workers', 'adapters'],
  workers: [
    'src/domain',
    'src/runtime',
    'src/channel',
    'src/catalogue',
    'src/store',
    'src/queue',
    'src/sync',
    'src/config.ts',
    // The composition root hands the workers all they need; it does not know them, so there is no circle.
    'src/app.ts',
  ],
  'adapters/index.ts': ['adapters', 'src/channel'],
  'adapters/harnesses.ts': ['adapters', 'src/channel'],
  'adapters/*': ['src/channel', 'src/domain'],
  // Could be published for people who write adapters outside this repository.
  'test/conformance': ['src/channel', 'src/domain', 'src/runtime/clock.ts'],
};

/** Packages that only some parts may know; an adapter speaks through the http it is given, not through its own client. */
const closedPackages: Record<string, readonly string[]> = {
  axios: ['src/channel', 'src/cli'],
  pg: ['src/store', 'src/queue', 'src/app.ts'],
  '@electric-sql/pglite': ['src/store', 'src/queue', 'src/app.ts'],
  // The store's migrations include those of the embedded queue, which live in the same database.
  bullmq: ['src/queue', 'workers', 'src/app.ts', 'src/store/migrate.ts'],
  ioredis: ['src/queue', 'src/app.ts'],
  fastify: ['src/http', 'src/app.ts', 'adapters/*/sandbox'],
};
const domainPackages = ['zod', 'luxon'];

/** True when `path` is `folder` or in it; `*` stands for one segment. */
function isUnder(path: string, folder: string): boolean {
  const segments = path.split('/');
  return folder.split('/').every((part, index) => part === segments[index] || (part === '*' && segments[index]));
}
const adapterOf = (path: string): string | null => /^adapters\/([^/]+)\//.exec(path)?.[1] ?? null;

/** The line of the table for a file; null for files without a rule, such as tests. */
function partOf(path: string): string | null {
  if (path.endsWith('.test.ts')) return null;
  if (mayImport[path]) return path;
  if (adapterOf(path)) return 'adapters/*';
  return Object.keys(mayImport).find((part) => !part.endsWith('.ts') && isUnder(path, part)) ?? null;
}

function mayReach(from: string, to: string): boolean {
  const part = partOf(from);
  if (!part) return !isUnder(from, 'src') && !isUnder(from, 'workers');
  const adapter = adapterOf(from);
  if (adapter && isUnder(to, `adapters/${adapter}`)) return mayReachInAdapter(from, to, `adapters/${adapter}/sandbox`);
  if (!adapter && isUnder(from, part) && isUnder(to, part)) return true;
  return (mayImport[part] ?? []).some((allowed) => isUnder(to, allowed));
}

/** Adapter and sandbox are two readings of the same facts; code they share would be wrong in both and found by nobody. */
function mayReachInAdapter(from: string, to: string, sandbox: string): boolean {
  if (isUnder(from, sandbox)) return isUnder(to, sandbox);
  return !isUnder(to, sandbox) || from.endsWith('/testing.ts');
}

/** Code without comments; with `keepTexts` false also without what stands in quotes. */
function codeOf(text: string, keepTexts = true): string {
  const token = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(token, (found) => (found.startsWith('/') ? ' ' : keepTexts ? found : "''"));
}

function importsOf(text: string): string[] {
  const specifier = /(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([^'"]+)['"]/g;
  return [...codeOf(text).matchAll(specifier)].map((match) => match[1] ?? '');
}

function forbiddenImports({ path, text }: Source): string[] {
  return importsOf(text).flatMap((specifier) => {
    if (specifier.startsWith('.')) {
      const target = normalize(join(dirname(path), specifier)).replaceAll('\\', '/');
      return mayReach(path, target) ? [] : [`${path} imports ${target}`];
    }
    if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return [];
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
    const isClosed = isUnder(path, 'src') || isUnder(path, 'workers') || isUnder(path, 'adapters');
    const open = closedPackages[name]?.some((part) => isUnder(path, part)) ?? true;
    const isForeign = isUnder(path, 'src/domain') && !domainPackages.includes(name);
    return (isClosed && !open) || isForeign ? [`${path} imports the package ${name}`] : [];
  });
}

/** Files that reach themselves by imports that run, as one path each; type imports are gone by then. */
function circles(files: readonly Source[]): string[] {
  const next = new Map(
    files.map(({ path, text }) => {
      const running = text.replace(/^\s*(?:import|export) type\b[^;]*;/gm, '');
      const relative = importsOf(running).filter((specifier) => specifier.startsWith('.'));
      return [path, relative.map((specifier) => normalize(join(dirname(path), specifier)))];
    }),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (done.has(path) || trail.includes(path)) return;
    for (const target of next.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return found;
}

// ---- what may be written where

const production = (path: string): boolean => /^(src|workers|adapters)\//.test(path);
const core = (path: string): boolean => /^(src|workers)\//.test(path);

/** Channels by the names people and programs give them; the ids of the registered adapters are added to these. */
const marketplaceNames = [
  ...['gmarket', 'g마켓', '지마켓', 'auction', '옥션', 'esm', 'esmplus', 'coupang', '쿠팡', 'ec21', 'ecplaza'],
  ...['naver', '네이버', 'smartstore', '스마트스토어', '11st', 'elevenst', '11번가', 'shopee', 'alibaba', 'amazon'],
];

function marketplacesIn(text: string, adapterIds: readonly string[]): string[] {
  const names = [...marketplaceNames, ...adapterIds, ...adapterIds.map((id) => id.replaceAll('-', '_'))];
  // Letters around a name make another word: `handlesMany` names no one.
  return names.filter((name) => new RegExp(`(?<![a-z])${name}(?![a-z])`, 'i').test(text));
}

const sqlStart =
  'with\\s+\\w+\\s+as\\s*\\(|select\\s[\\s\\S]*?\\sfrom\\s|insert\\s+into\\s|update\\s+\\w+\\s+set\\s|delete\\s+from\\s' +
  '|(?:create|alter|drop)\\s+(?:unique\\s+)?(?:table|index|schema)\\s';
/** All small or all capital: `Select a product from the list` is a sentence. */
const sqlText = new RegExp(
  `['"\`]\\s*(?:${sqlStart}|${sqlStart.replace(/(?<!\\)[a-z]/g, (letter) => letter.toUpperCase())})`,
);
const anyType = /(?:[:<]|[^|]\||[^&]&|\bas|\bextends|\btype\s[^=;]*=)\s*any\b(?!\s*[(:.])|,\s*any\s*>|\bany\[\]/;

const textRules: Record<string, (source: Source, adapterIds: readonly string[]) => boolean> = {
  'reads process.env outside src/config.ts': ({ path, text }) =>
    production(path) && path !== 'src/config.ts' && /\bprocess\s*(?:\.\s*env\b|\[)/.test(codeOf(text)),
  'reads the clock outside src/runtime/clock.ts': ({ path, text }) =>
    production(path) &&
    path !== 'src/runtime/clock.ts' &&
    /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|DateTime\.(?:now|local|utc)\(\s*\)/.test(codeOf(text)),
  'holds SQL outside src/store': ({ path, text }) =>
    production(path) && !isUnder(path, 'src/store') && sqlText.test(codeOf(text)),
  'names a marketplace': ({ path, text }, ids) => core(path) && marketplacesIn(text, ids).length > 0,
  'is longer than 400 lines': ({ text }) => text.split('\n').length > 401,
  'uses the type any': ({ text }) => anyType.test(codeOf(text, false)),
};

// ---- the tree

function sourcesIn(folder: string): Source[] {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(root, file).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') }));
}

const sources = ['src', 'workers', 'adapters', 'test'].flatMap(sourcesIn);
const adapterIds = [...new Set(sources.map(({ path }) => adapterOf(path)).filter((id) => id !== null))];

describe('architecture', () => {
  it('sees the tree', () => {
    assert.ok(sources.some(({ path }) => path === 'src/channel/contract.ts') && sources.length > 20);
  });
  it('lets nobody import what is above or beside them', () => {
    assert.deepEqual(sources.flatMap(forbiddenImports), []);
  });
  it('has no import that runs in a circle', () => {
    assert.deepEqual(circles(sources), []);
  });
  for (const [rule, isBroken] of Object.entries(textRules)) {
    it(`has no file that ${rule}`, () => {
      // This file holds the names and patterns it looks for.
      const judged = sources.filter(({ path }) => path !== 'test/architecture.test.ts' || rule.includes('lines'));
      assert.deepEqual(
        judged.filter((source) => isBroken(source, adapterIds)).map(({ path }) => path),
        [],
      );
    });
  }
});

describe('the rules of architecture can be broken', () => {
  const wrongImports: [path: string, specifier: string][] = [
    ['src/domain/order.ts', '../runtime/clock.ts'],
    ['src/domain/order.ts', 'pino'],
    ['src/runtime/clock.ts', '../channel/http.ts'],
    ['src/channel/http.ts', '../store/accounts.ts'],
    ['src/catalogue/csv.ts', '../channel/contract.ts'],
    ['src/store/orders.ts', '../queue/contracts.ts'],
    ['src/store/orders.ts', '../sync/pull.ts'],
    ['src/queue/jobs.ts', '../sync/pull.ts'],
    ['src/sync/pull.ts', '../http/server.ts'],
    ['src/sync/pull.ts', 'bullmq'],
    ['src/sync/pull.ts', '../../adapters/index.ts'],
    ['src/cli/accounts.ts', '../../adapters/index.ts'],
    ['src/http/server.ts', '../../workers/main.ts'],
    ['src/other/new.ts', '../domain/order.ts'],
    ['workers/pull.ts', '../adapters/index.ts'],
    ['workers/pull.ts', '../src/http/server.ts'],
    ['src/app.ts', '../workers/start-workers.ts'],
    ['adapters/one/index.ts', '../../src/store/orders.ts'],
    ['adapters/one/index.ts', '../two/wire.ts'],
    ['adapters/one/client.ts', 'axios'],
    ['adapters/one/client.ts', 'fastify'],
    ['adapters/one/client.ts', './sandbox/server.ts'],
    ['adapters/one/sandbox/server.ts', '../wire.ts'],
    ['test/conformance/stage.ts', '../../src/store/orders.ts'],
    ['test/conformance/stage.ts', '../../adapters/index.ts'],
  ];
  it.each(wrongImports)('%s may not import %s', (path, specifier) => {
    for (const text of [
      `import { x } from '${specifier}';`,
      `export * from "${specifier}";`,
      `await import('${specifier}');`,
    ]) {
      assert.equal(forbiddenImports({ path, text }).length, 1, text);
    }
  });

  const rightImports: [path: string, specifier: string][] = [
    ['src/cli.ts', '../adapters/index.ts'],
    ['src/sync/pull.ts', '../store/orders.ts'],
    ['src/domain/order.ts', 'zod'],
    ['adapters/one/index.ts', '../../src/channel/contract.ts'],
    ['adapters/one/testing.ts', './sandbox/server.ts'],
    ['adapters/one/sandbox/server.ts', './goods.ts'],
    ['adapters/index.ts', './one/index.ts'],
    ['workers/pull.ts', '../src/sync/pull.ts'],
  ];
  it.each(rightImports)('%s may import %s', (path, specifier) => {
    assert.deepEqual(forbiddenImports({ path, text: `import { x } from '${specifier}';` }), []);
  });

  it('finds a circle of imports, and none where only types go round', () => {
    const circle = (word: string): Source[] => [
      { path: 'src/a/one.ts', text: "import { two } from '../b/two.ts';" },
      { path: 'src/b/two.ts', text: `import ${word}{ one } from '../a/one.ts';` },
    ];
    assert.deepEqual(circles(circle('')), ['src/a/one.ts -> src/b/two.ts -> src/a/one.ts']);
    assert.deepEqual(circles(circle('type ')), []);
  });

  const wrongTexts: [rule: string, path: string, text: string][] = [
    ['reads process.env outside src/config.ts', 'src/app.ts', 'const { PORT } = process.env;'],
    ['reads process.env outside src/config.ts', 'adapters/one/client.ts', "const key = process['env'].KEY;"],
    ['reads the clock outside src/runtime/clock.ts', 'src/sync/pull.ts', 'const now = Date.now();'],
    ['reads the clock outside src/runtime/clock.ts', 'adapters/one/auth.ts', 'const now = new Date();'],
    ['holds SQL outside src/store', 'src/sync/pull.ts', 'db.query(`\n  SELECT id\n  FROM orders WHERE a = $1`)'],
    ['holds SQL outside src/store', 'workers/pull.ts', "db.query('update orders set a = 1')"],
    ['names a marketplace', 'src/sync/pull.ts', "if (channel === 'gmarket-esm') return;"],
    ['names a marketplace', 'workers/pull.ts', '// Coupang wants it this way\n'],
    ['names a marketplace', 'src/sync/pull.ts', "const id = 'some_portal';"],
    ['is longer than 400 lines', 'src/app.ts', 'a\n'.repeat(401)],
    ['uses the type any', 'src/app.ts', 'const x: any = 1;'],
    ['uses the type any', 'test/unit/x.test.ts', 'const x = y as any;'],
    ['uses the type any', 'src/app.ts', 'const x = new Map<string, any>();'],
  ];
  it.each(wrongTexts)('finds a file that %s: %s', (rule, path, text) => {
    assert.equal(textRules[rule]?.({ path, text }, ['some-portal']), true);
  });

  const rightTexts: [rule: string, path: string, text: string][] = [
    ['reads process.env outside src/config.ts', 'src/app.ts', '// process.env is read elsewhere\n'],
    ['reads the clock outside src/runtime/clock.ts', 'src/sync/pull.ts', 'const at = new Date(ms);'],
    ['holds SQL outside src/store', 'src/sync/pull.ts', "log.info('Select a product from the list')"],
    ['names a marketplace', 'adapters/one/index.ts', "const id = 'gmarket-esm';"],
    ['names a marketplace', 'src/app.ts', 'ESModule, auctioneer'],
    ['is longer than 400 lines', 'src/app.ts', 'a\n'.repeat(400)],
    [
      'uses the type any',
      'src/app.ts',
      "// any of them\nconst said = 'as any'; expect.any(Number); const any: Set<string> = all; if (a && any || is(b, any)) f(any);",
    ],
  ];
  it.each(rightTexts)('leaves in peace a file that does not break "%s": %s', (rule, path, text) => {
    assert.equal(textRules[rule]?.({ path, text }, ['some-portal']), false);
  });
});
