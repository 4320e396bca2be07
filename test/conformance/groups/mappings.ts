import assert from 'node:assert/strict';
import { mappingsSchema } from '../../../src/domain/mapping.ts';
import { type ConformanceCase, onStage, type Stage } from '../stage.ts';

async function defaults(stage: Stage, words: { productGroups: string[]; noticeTypes: string[] }) {
  assert.ok(stage.adapter.mappings);
  return stage.adapter.mappings.defaults(stage.context(), words);
}

export const mappingsCases: ConformanceCase[] = [
  {
    name: 'mappings: look-ups give valid mappings, the same ones twice, and write nothing',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const sample = stage.harness.listings?.product('MAPPING-1');
        const words = {
          productGroups: sample ? [sample.group.ko] : [],
          noticeTypes: sample ? [sample.noticeType] : [],
        };
        const first = await defaults(stage, words);
        assert.deepEqual(mappingsSchema.parse(first), first);
        assert.deepEqual(await defaults(stage, words), first);
        assert.deepEqual(stage.sandbox.ledger().listings, []);
      }),
  },
  {
    name: 'mappings: a word without a certain match is left out, never guessed',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const { categories, notices } = await defaults(stage, {
          productGroups: ['없는 품목 이름'],
          noticeTypes: ['no-such-type'],
        });
        assert.deepEqual({ categories, notices }, { categories: {}, notices: {} });
      }),
  },
];
