import { describe, expect, it } from 'vitest';
import { createManualClock, createOffsetClock, systemClock } from '../../src/runtime/clock.ts';

const start = new Date('2026-12-07T00:00:00Z');
const stopped = () => AbortSignal.abort(new Error('stopped'));

describe('a clock moved by hand', () => {
  it('stands still until it is moved, and a sleep moves it', async () => {
    const clock = createManualClock(start);
    expect(clock.now()).toEqual(start);
    await clock.sleep(5_000);
    expect(clock.now()).toEqual(new Date('2026-12-07T00:00:05Z'));
    await clock.sleep(-1);
    clock.jumpTo(new Date('2026-12-08T00:00:00Z'));
    expect(clock.now()).toEqual(new Date('2026-12-08T00:00:00Z'));
    expect(clock.realMs(60_000)).toBe(0);
  });

  it('never goes back', () => {
    const clock = createManualClock(start);
    expect(() => clock.jumpTo(new Date(start.getTime() - 1))).toThrow(RangeError);
  });

  it('does not sleep when told to stop', async () => {
    const clock = createManualClock(start);
    await expect(clock.sleep(1_000, stopped())).rejects.toThrow('stopped');
    expect(clock.now()).toEqual(start);
  });

  it('hands out instants that nobody can move it with', () => {
    const clock = createManualClock(start);
    clock.now().setFullYear(2000);
    expect(clock.now()).toEqual(start);
  });
});

describe('a clock with an offset', () => {
  it('starts where it is told and runs on at its speed', async () => {
    const clock = createOffsetClock(start, 1_000_000);
    const before = clock.now().getTime();
    expect(before).toBeGreaterThanOrEqual(start.getTime());
    await clock.sleep(2_000_000);
    expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(1_000_000);
    expect(clock.realMs(3_000_000)).toBe(3);
  });

  it('jumps forward only', () => {
    const clock = createOffsetClock(start);
    const later = new Date('2026-12-28T00:00:00Z');
    clock.jumpTo(later);
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(later.getTime());
    expect(() => clock.jumpTo(start)).toThrow(RangeError);
  });
});

it('ends a real sleep when told to stop', async () => {
  const stopping = new AbortController();
  const sleeping = systemClock.sleep(60_000, stopping.signal);
  stopping.abort(new Error('stopped'));
  await expect(sleeping).rejects.toThrow();
});
