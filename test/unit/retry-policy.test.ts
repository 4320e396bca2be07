import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChannelError, type ChannelErrorKind, channelErrorKinds } from '../../src/channel/errors.ts';
import type { Operation } from '../../src/domain/listing.ts';
import { actionFor, backoffMs, leavesDoubt } from '../../src/sync/retry-policy.ts';

const actions: Record<ChannelErrorKind, string> = {
  'rate-limited': 'later',
  unavailable: 'later',
  timeout: 'later',
  conflict: 'later',
  unauthorized: 'pause-account',
  forbidden: 'pause-account',
  'not-found': 'look',
  rejected: 'give-up',
  protocol: 'give-up',
  unsupported: 'give-up',
};

it.each(channelErrorKinds)('has one action for %s', (kind) => {
  expect(actionFor(kind)).toBe(actions[kind]);
});

describe('doubt', () => {
  const error = (kind: ChannelErrorKind, sent: boolean) => new ChannelError(kind, { code: 'X', sent });
  const doubtful = (operation: Operation, sent: boolean) =>
    channelErrorKinds.filter((kind) => leavesDoubt(operation, error(kind, sent)));

  it('is left by a create whose answer never came or made no sense', () => {
    expect(doubtful('create', true)).toEqual(['unavailable', 'timeout', 'protocol']);
  });

  it('is not left by what never went out, nor by a write that may simply be sent again', () => {
    expect(doubtful('create', false)).toEqual([]);
    for (const operation of ['price', 'stock', 'stop'] as const) expect(doubtful(operation, true)).toEqual([]);
  });
});

describe('the wait after failures', () => {
  it('doubles from two seconds to five minutes', () => {
    const most = () => 1;
    expect([1, 2, 3, 8, 9, 50].map((failures) => backoffMs(failures, most))).toEqual([
      2_000, 4_000, 8_000, 256_000, 300_000, 300_000,
    ]);
  });

  it('is never less than half of that, nor more', () => {
    const failures = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(failures, fc.double({ min: 0, max: 1, noNaN: true }), (count, random) => {
        const full = backoffMs(count, () => 1);
        const wait = backoffMs(count, () => random);
        expect(wait).toBeGreaterThanOrEqual(full / 2);
        expect(wait).toBeLessThanOrEqual(full);
      }),
      { seed: 20261207 },
    );
  });
});
