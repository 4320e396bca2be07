import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { harnesses } from '../../adapters/harnesses.ts';
import { adapters } from '../../adapters/index.ts';
import { isChannelError } from '../../src/channel/errors.ts';
import { inBatches } from './breakages.ts';
import { casesFor } from './describe-channel.ts';
import type { ConformanceCase, Subject } from './stage.ts';
import { brokenVariants } from './variants.ts';

/** An adapter with every group: only there can each of the mistakes be made. */
function wholeSubject(): Subject {
  const adapter = adapters.find((each) => each.listings?.find && each.orders && each.claims && each.settlements);
  const harness = harnesses[adapter?.id ?? ''];
  assert.ok(adapter && harness, 'no adapter has every group');
  return { adapter, harness };
}

function caseNamed(subject: Subject, name: string): ConformanceCase {
  const found = casesFor(subject.adapter, subject.harness).find((each) => each.name === name);
  assert.ok(found, `the suite has no case "${name}"`);
  return found;
}

/** What a case says against a subject; null when it lets it pass. */
const objection = (subject: Subject, { run }: ConformanceCase): Promise<unknown> =>
  run(subject).then(
    () => null,
    (error: unknown) => error ?? 'thrown nothing',
  );

describe('the suite rejects an adapter that', () => {
  for (const { name, harm, breakIt, rejectedBy } of brokenVariants) {
    it(`${name}: ${harm}`, async () => {
      const sound = wholeSubject();
      const broken = breakIt(sound);
      assert.ok(rejectedBy.length > 0);
      for (const caseName of rejectedBy) {
        // First without the mistake: a case that fails anyway proves nothing.
        assert.equal(await objection(sound, caseNamed(sound, caseName)), null, caseName);
        const said = await objection(broken, caseNamed(broken, caseName));
        // A TypeError would be an accident of the variant's own making: a rejection for the wrong reason.
        const isMeant = said instanceof assert.AssertionError || isChannelError(said);
        assert.ok(isMeant, `"${caseName}" let it pass: ${String(said)}`);
      }
    });
  }

  it('is wrong in nothing passes, also when it is wrapped as the broken ones are', async () => {
    const wrapped = inBatches((outcomes) => outcomes)(wholeSubject());
    for (const each of casesFor(wrapped.adapter, wrapped.harness).filter(({ name }) => /^(push|shape):/.test(name))) {
      assert.equal(await objection(wrapped, each), null, each.name);
    }
  });

  it('can be wrong in at least ten ways, each with a name and a harm of its own', () => {
    assert.ok(brokenVariants.length >= 10);
    for (const key of ['name', 'harm'] as const) {
      assert.equal(new Set(brokenVariants.map((variant) => variant[key])).size, brokenVariants.length);
    }
  });
});
