import assert from 'node:assert/strict';
import { isChannelError } from '../../../src/channel/errors.ts';
import { channelErrorFrom, spelledOut } from '../channel-error.ts';
import { playEverything, reads } from '../everything.ts';
import { changeOf, listingsOf, pushAll } from '../listing-steps.ts';
import { type ConformanceCase, onStage, type Stage } from '../stage.ts';

/** Real time after which an aborted call counts as not having listened. */
const promptMs = 1_500;

function assertSecretsKept(stage: Stage, told: string): void {
  assert.ok(stage.secrets.size > 0, 'there was nothing to keep secret');
  const leaked = [...stage.secrets].filter(
    (secret) => told.includes(secret) || told.includes(JSON.stringify(secret).slice(1, -1)),
  );
  assert.deepEqual(
    leaked.map((secret) => `${secret.slice(0, 3)}…`),
    [],
  );
}

/** Resolves with whatever the call ends with, or fails when it does not end soon. */
async function endsSoon(call: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new assert.AssertionError({ message: 'the call went on after the signal' })),
      promptMs,
    );
  });
  try {
    return await Promise.race([
      call.then(
        () => null,
        (error: unknown) => error,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

export const mannersCases: ConformanceCase[] = [
  {
    name: 'manners: no key and no token is in a log line or in anything that is returned',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const given = await playEverything(stage);
        assert.ok(stage.logLines.length > 0);
        assertSecretsKept(stage, JSON.stringify(given) + stage.logLines.join('\n'));
      }),
  },
  {
    name: 'manners: no key and no token is in an error, with all that hangs on it',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const credentials = stage.harness.badCredentials(stage.sandbox.accountConfig().credentials);
        const errors: unknown[] = [await channelErrorFrom(stage.adapter.check(stage.context({ credentials })))];
        for (const read of reads(stage)) {
          stage.fault(
            { match: read.endpoint, fault: 'status', status: 401 },
            { match: read.endpoint, fault: 'cut-json' },
          );
          errors.push(await channelErrorFrom(read.call()), await channelErrorFrom(read.call()));
        }
        if (stage.adapter.listings) {
          stage.fault({ match: listingsOf(stage).brought.endpoints.create, fault: 'business-error' });
          // What concerns the account may be thrown for the whole batch.
          const change = await changeOf(stage, 'create', 'SECRET-1');
          errors.push(await pushAll(stage, [change]).catch((error: unknown) => error));
        }
        assertSecretsKept(stage, errors.map(spelledOut).join('\n') + stage.logLines.join('\n'));
      }),
  },
  {
    name: 'manners: nothing about a buyer is in a log line',
    run: (subject) =>
      onStage(subject, async (stage) => {
        await playEverything(stage);
        const lines = stage.logLines.join('\n');
        const personal = await stage.harness.personalData(stage.sandbox);
        assert.deepEqual(
          personal.filter((text) => lines.includes(text)),
          [],
        );
      }),
  },
  {
    name: 'manners: an aborted signal ends a call that waits for an answer',
    run: (subject) =>
      onStage(subject, async (stage) => {
        for (const read of reads(stage)) {
          const controller = new AbortController();
          stage.fault({ match: read.endpoint, fault: 'timeout-before-commit', times: 5 });
          const context = stage.context;
          stage.context = (options) => context({ ...options, signal: controller.signal });
          const call = read.call();
          setImmediate(() => controller.abort());
          const ended = await endsSoon(call);
          stage.context = context;
          assert.ok(
            isChannelError(ended) || ended === controller.signal.reason,
            `${read.endpoint} ended with ${String(ended)}`,
          );
        }
      }),
  },
  {
    name: 'manners: after the signal nothing more is sent',
    run: (subject) =>
      onStage(subject, async (stage) => {
        const context = stage.context;
        stage.context = (options) => context({ ...options, signal: AbortSignal.abort() });
        for (const read of reads(stage)) assert.ok(await endsSoon(read.call()), `${read.endpoint} succeeded`);
        assert.equal(stage.sandbox.ledger().traffic.calls, 0);
      }),
  },
  {
    name: 'manners: nothing is left open',
    run: async (subject) => {
      const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
      // Once beforehand: what a process opens once and keeps is not the adapter's.
      await onStage(subject, (stage) => stage.adapter.check(stage.context()));
      const before = timers();
      await onStage(subject, async (stage) => {
        await playEverything(stage);
      });
      assert.ok(timers() <= before, `${timers() - before} timers more than before`);
    },
  },
];
