import assert from 'node:assert/strict';
import type { InquiryFile } from '../../../src/channel/inquiries.ts';
import { inquirySchema } from '../../../src/domain/inquiry.ts';
import { PeopleError } from '../../../src/domain/people-error.ts';
import { type ConformanceCase, onStage, type Stage } from '../stage.ts';

async function readAll(stage: Stage): Promise<{ name: string; read: InquiryFile }[]> {
  const { inquiries } = stage.adapter;
  const brought = stage.harness.inquiries;
  assert.ok(inquiries && brought, 'the adapter or its harness has no inquiries');
  const { settings } = stage.context().account;
  const files = await brought.files(stage);
  assert.ok(files.length > 0, 'the harness brought no file');
  return Promise.all(
    files.map(async (file) => ({
      name: file.name,
      read: await inquiries.readFile(file, settings, stage.clock.now()),
    })),
  );
}

export const inquiriesCases: ConformanceCase[] = [
  {
    name: 'inquiries: every form of a file is read, with a key for each and nothing refused',
    run: (subject) =>
      onStage(subject, async (stage) => {
        for (const { name, read } of await readAll(stage)) {
          assert.deepEqual(read.faults, [], name);
          assert.ok(read.inquiries.length > 0, `${name}: nothing was found`);
          const keys = read.inquiries.map((one) => one.externalId);
          assert.ok(new Set(keys).size === keys.length && keys.every(Boolean), `${name}: keys`);
          for (const { value } of read.inquiries) inquirySchema.parse(value);
        }
      }),
  },
  {
    name: 'inquiries: the same file again has the same keys',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const keys = (all: Awaited<ReturnType<typeof readAll>>) =>
          all.map(({ read }) => read.inquiries.map((one) => one.externalId));
        assert.deepEqual(keys(await readAll(stage)), keys(await readAll(stage)));
      }),
  },
  {
    name: 'inquiries: who asks stands in the contact alone',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const all = await readAll(stage);
        const personal = await stage.harness.personalData(stage.sandbox);
        assert.ok(personal.length > 0, 'the harness invented nobody');
        for (const { name, read } of all) {
          const told = JSON.stringify(read.inquiries.map(({ value, extras }) => ({ value, extras })));
          assert.deepEqual(
            personal.filter((text) => told.includes(text)),
            [],
            name,
          );
        }
      }),
  },
  {
    name: 'inquiries: a file that is none is refused with a sentence',
    run: (subject) =>
      onStage(subject, async ({ adapter, context, clock }) => {
        const junk = [Buffer.alloc(0), Buffer.from([0, 1, 2, 3, 255]), Buffer.from('PK\u0003\u0004 and then nothing')];
        for (const bytes of junk) {
          const reading = adapter.inquiries?.readFile(
            { name: 'x.xlsx', bytes },
            context().account.settings,
            clock.now(),
          );
          await assert.rejects(reading ?? Promise.resolve(), PeopleError);
        }
      }),
  },
];
