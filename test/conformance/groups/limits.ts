import assert from 'node:assert/strict';
import type { Limit } from '../../../src/channel/limits.ts';
import { playEverything } from '../everything.ts';
import { type ConformanceCase, onStage, type RecordedCall } from '../stage.ts';

/** Where calls of one family came faster than its limit allows. */
function tooFast(limit: Limit, calls: RecordedCall[]): string[] {
  const faults: string[] = [];
  for (const bucket of new Set(calls.map((call) => call.bucket))) {
    const instants = calls.filter((call) => call.bucket === bucket).map((call) => call.at);
    for (let late = limit.burst; late < instants.length; late += 1) {
      for (let early = 0; early <= late - limit.burst; early += 1) {
        const tookMs = (instants[late] ?? 0) - (instants[early] ?? 0);
        const neededMs = (late - early - limit.burst + 1) * limit.intervalMs;
        if (tookMs < neededMs) faults.push(`${limit.family}/${bucket}: ${late - early + 1} calls in ${tookMs} ms`);
      }
    }
  }
  return faults;
}

export const limitsCases: ConformanceCase[] = [
  {
    name: 'limits: a day at the channel keeps every published and measured limit, and meets no rate error',
    run: (subject) =>
      onStage(subject, async (stage) => {
        await playEverything(stage);
        const kept = stage.adapter.limits.filter((limit) => limit.origin !== 'self');
        assert.deepEqual(
          kept.flatMap((limit) =>
            tooFast(
              limit,
              stage.calls.filter((call) => call.family === limit.family),
            ),
          ),
          [],
        );
        const { rateErrors, smallestOrderQueryGapMs } = stage.sandbox.ledger().traffic;
        assert.equal(rateErrors, 0, 'the channel had to say: too many calls');
        const strict = kept.filter((limit) => limit.strict).map((limit) => limit.intervalMs);
        if (stage.adapter.orders && strict.length > 0) {
          assert.ok(
            smallestOrderQueryGapMs !== null && smallestOrderQueryGapMs >= Math.min(...strict),
            `${smallestOrderQueryGapMs} ms`,
          );
        }
      }),
  },
  {
    name: 'limits: every call goes through the door that counts, in a family that is declared',
    run: (subject) =>
      onStage(subject, async (stage) => {
        await playEverything(stage);
        assert.equal(stage.sandbox.ledger().traffic.calls, stage.calls.length);
        const declared = new Set(stage.adapter.limits.map((limit) => limit.family));
        assert.deepEqual(
          stage.calls.filter((call) => !declared.has(call.family)),
          [],
        );
      }),
  },
];
