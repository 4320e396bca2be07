import assert from 'node:assert/strict';
import { z } from 'zod';
import type { AnyChannel } from '../../../src/channel/contract.ts';
import { type ConformanceCase, onStage } from '../stage.ts';

/** The functions and numbers a group must have to be whole; optional parts are not listed. */
const streamParts = {
  maxWindowMs: 'number',
  overlapMs: 'number',
  sweepMs: 'number',
  settledAfterMs: 'number',
  pull: 'function',
};
const groupParts: Record<string, Record<string, string>> = {
  mappings: { defaults: 'function' },
  listings: {
    maxBatch: 'number',
    sites: 'function',
    parts: 'object',
    settle: 'object',
    render: 'function',
    push: 'function',
  },
  orders: streamParts,
  claims: streamParts,
  settlements: streamParts,
  shipments: { ship: 'function' },
  batches: {
    maxItems: 'number',
    sites: 'function',
    parts: 'object',
    render: 'function',
    build: 'function',
    readReceipt: 'function',
  },
  inquiries: { readFile: 'function' },
  inbound: { maxBytes: 'number', receive: 'function', tooLarge: 'function' },
  catalogue: { formats: 'object', write: 'function' },
};
const groupNames = [
  'mappings',
  'listings',
  'orders',
  'claims',
  'settlements',
  'shipments',
  'batches',
  'inquiries',
  'inbound',
  'catalogue',
] as const;
const plainKeys = ['id', 'kind', 'name', 'apiVersion', 'documentation', 'settings', 'credentials', 'limits', 'check'];

const groupOf = (adapter: AnyChannel, name: (typeof groupNames)[number]): Record<string, unknown> | undefined =>
  adapter[name] as Record<string, unknown> | undefined;

export const shapeCases: ConformanceCase[] = [
  {
    name: 'shape: the id is kebab-case and can be stored in rows',
    run: async ({ adapter }) => {
      assert.match(adapter.id, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      assert.ok(adapter.id.length <= 40);
    },
  },
  {
    name: 'shape: it names itself in both languages and says where its facts come from',
    run: async ({ adapter }) => {
      assert.ok(adapter.name.ko.trim() && adapter.name.en.trim() && adapter.apiVersion.trim());
      assert.ok(URL.canParse(adapter.documentation), `not an address: ${adapter.documentation}`);
      assert.ok(['open-market', 'export', 'b2b'].includes(adapter.kind));
    },
  },
  {
    name: 'shape: it is frozen, and so are its groups and limits',
    run: async ({ adapter }) => {
      assert.ok(Object.isFrozen(adapter) && Object.isFrozen(adapter.limits));
      for (const name of groupNames) assert.ok(Object.isFrozen(groupOf(adapter, name) ?? Object.freeze({})), name);
    },
  },
  {
    name: 'shape: every group that is present is whole, and nothing unknown is there',
    run: async ({ adapter }) => {
      const known = new Set<string>([...plainKeys, ...groupNames]);
      assert.deepEqual(
        Object.keys(adapter).filter((key) => !known.has(key)),
        [],
      );
      for (const name of groupNames) {
        const group = groupOf(adapter, name);
        for (const [part, type] of Object.entries(groupParts[name] ?? {})) {
          if (group) assert.equal(typeof group[part], type, `${name}.${part}`);
        }
      }
    },
  },
  {
    name: 'shape: the harness brings its part for every group that is present',
    run: async ({ adapter, harness }) => {
      for (const name of [
        'listings',
        'orders',
        'claims',
        'settlements',
        'shipments',
        'batches',
        'inquiries',
        'inbound',
      ] as const) {
        assert.equal(harness[name] !== undefined, adapter[name] !== undefined, name);
      }
      const { find, keyedBySku } = adapter.listings ?? {};
      assert.equal(find !== undefined, typeof harness.listings?.endpoints.find === 'string', 'listings.find');
      assert.ok(!adapter.listings || find || keyedBySku, 'nobody could tell what became of a create');
      assert.ok(!(adapter.listings && adapter.batches), 'it lists by calls or by batches, not by both');
    },
  },
  {
    name: 'shape: windows, batches and waits are positive numbers that fit together',
    run: async ({ adapter }) => {
      for (const name of ['orders', 'claims', 'settlements'] as const) {
        const group = adapter[name];
        if (!group) continue;
        assert.ok(group.maxWindowMs > 0 && group.overlapMs >= 0 && group.settledAfterMs >= 0, name);
        // A sweep shorter than the overlap proves nothing that the normal run has not seen.
        assert.ok(group.sweepMs >= group.overlapMs, `${name}: the sweep is shorter than the overlap`);
      }
      const { listings } = adapter;
      if (!listings) return;
      const { firstMs, everyMs, giveUpMs } = listings.settle;
      assert.ok(Number.isInteger(listings.maxBatch) && listings.maxBatch >= 1);
      assert.ok(firstMs >= 0 && everyMs > 0 && giveUpMs > firstMs);
      if (listings.find) assert.ok(Number.isInteger(listings.find.maxBatch) && listings.find.maxBatch >= 1);
    },
  },
  {
    name: 'shape: the schemas take what a seller is given, and refuse an account without credentials',
    run: (subject) =>
      onStage(subject, async ({ adapter, harness, sandbox }) => {
        const { settings, credentials } = sandbox.accountConfig();
        assert.equal(adapter.settings.parse({ ...settings, ...harness.settings }).baseUrl, settings.baseUrl);
        adapter.credentials.parse(credentials);
        // Who is never called needs no key.
        if (harness.checkEndpoint !== null) assert.equal(adapter.credentials.safeParse({}).success, false);
      }),
  },
  {
    name: 'shape: settings and credentials can be shown as a form (JSON Schema)',
    run: async ({ adapter }) => {
      for (const schema of [adapter.settings, adapter.credentials]) {
        const form = z.toJSONSchema(schema, { io: 'input' });
        assert.equal(form.type, 'object');
        assert.ok(Object.keys(form.properties ?? {}).length > 0);
      }
    },
  },
  {
    name: 'shape: every limit says its number, its source and its date',
    run: async ({ adapter }) => {
      const families = adapter.limits.map((limit) => limit.family);
      assert.ok(families.length > 0 && new Set(families).size === families.length, 'families must differ');
      for (const limit of adapter.limits) {
        assert.ok(limit.intervalMs > 0 && Number.isInteger(limit.burst) && limit.burst >= 1, limit.family);
        if (limit.strict) assert.equal(limit.burst, 1, `${limit.family}: a burst makes no sense in a strict limit`);
        assert.ok(['published', 'measured', 'self'].includes(limit.origin), limit.family);
        assert.ok(limit.source.trim().length >= 10, `${limit.family} has no source`);
        assert.match(limit.date, /^20\d\d-[01]\d(-[0-3]\d)?$/, `${limit.family} has no date`);
      }
    },
  },
];
