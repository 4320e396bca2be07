import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  endOfSeoulDay,
  formatInSeoul,
  formatSeoul,
  parseSeoulInstant,
  parseSeoulLocal,
  seoulDayOf,
  startOfSeoulDay,
} from '../../src/domain/seoul-time.ts';

const instant = (text: string) => new Date(text);

describe('the Seoul day of an instant', () => {
  it.each([
    ['2026-12-06T14:59:59.999Z', '2026-12-06'],
    ['2026-12-06T15:00:00.000Z', '2026-12-07'],
    ['2026-12-07T00:00:00.000Z', '2026-12-07'],
    ['2026-12-31T15:00:00Z', '2027-01-01'],
    ['2028-02-28T15:00:00Z', '2028-02-29'],
    // Seoul was at +10:00 in the summers of 1987 and 1988: a fixed +09:00 puts this hour on the day before.
    ['1988-07-01T14:30:00Z', '1988-07-02'],
  ])('%s is %s', (at, day) => {
    expect(seoulDayOf(instant(at))).toBe(day);
  });

  it('holds every instant of the day and no other', () => {
    const instants = fc.date({
      min: instant('1990-01-01T00:00:00Z'),
      max: instant('2100-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (at) => {
        const day = seoulDayOf(at);
        expect(startOfSeoulDay(day) <= at && at < endOfSeoulDay(day)).toBe(true);
        expect(addDays(addDays(day, 1), -1)).toBe(day);
      }),
      { seed: 20261207 },
    );
  });
});

it('begins and ends a day in Seoul', () => {
  expect(startOfSeoulDay('2026-12-07')).toEqual(instant('2026-12-06T15:00:00Z'));
  expect(endOfSeoulDay('2026-12-31')).toEqual(instant('2026-12-31T15:00:00Z'));
  expect(() => startOfSeoulDay('2026-02-30')).toThrow(RangeError);
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
});

it('shows an instant in Seoul', () => {
  expect(formatSeoul(instant('2026-12-06T15:00:00Z'))).toBe('2026-12-07 00:00');
  expect(formatInSeoul(instant('2026-12-06T15:04:05Z'), "yyyy-MM-dd'T'HH:mm:ss")).toBe('2026-12-07T00:04:05');
});

describe('reading local times', () => {
  it.each([
    ['2019-04-10T17:45:39.727', '2019-04-10T08:45:39.727Z'],
    ['2026-12-07T00:00:00', '2026-12-06T15:00:00Z'],
    ['2026-12-07', '2026-12-06T15:00:00Z'],
    ['2026-12-07T00:00:00+00:00', '2026-12-07T00:00:00Z'],
  ])('%s is %s', (text, at) => {
    expect(parseSeoulLocal(text)).toEqual(instant(at));
  });

  // A time of day alone, or a year, would be completed from the machine's own clock.
  it.each(['12:34', '10', '2026', '2026-12', '2026-W50-1', '2026-02-30T00:00:00', 'tomorrow', ''])(
    '%j is none',
    (text) => {
      expect(parseSeoulLocal(text)).toBeNull();
      expect(parseSeoulInstant(text)).toBeNull();
    },
  );
});

describe('what a person means by --from and --to', () => {
  it('takes a bare date as the whole of that Seoul day', () => {
    expect(parseSeoulInstant('2026-12-07')).toEqual(instant('2026-12-06T15:00:00Z'));
    expect(parseSeoulInstant('2026-12-07', true)).toEqual(instant('2026-12-07T15:00:00Z'));
  });

  it('takes a time as it stands, in Seoul unless it names an offset', () => {
    expect(parseSeoulInstant('2026-12-07T09:00', true)).toEqual(instant('2026-12-07T00:00:00Z'));
    expect(parseSeoulInstant('2026-12-07T09:00:00Z', true)).toEqual(instant('2026-12-07T09:00:00Z'));
  });

  it('takes no date that does not exist', () => {
    expect(parseSeoulInstant('2026-02-29')).toBeNull();
  });
});
