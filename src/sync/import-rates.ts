import { z } from 'zod';
import { fieldFaults, inBoth } from '../domain/field-faults.ts';
import { currencySchema } from '../domain/money.ts';
import { PeopleError } from '../domain/people-error.ts';
import { type ExchangeRate, writeRates } from '../store/exchange-rates.ts';
import type { SyncDependencies } from './dependencies.ts';

/** One rate as staff write it down: the day it was published, and by whom. */
const rateSchema = z.strictObject({
  currency: currencySchema.exclude(['KRW']),
  day: z.iso.date(),
  krw_per_unit: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,6})?$/, inBoth('"1391.50" 같은 숫자 글자여야 합니다', 'decimal text such as "1391.50"'))
    .refine((text) => /[1-9]/.test(text), inBoth('0보다 커야 합니다', 'must be above 0')),
  source: z.string().trim().min(1),
});
const ratesFileSchema = z.array(z.unknown()).min(1);

/** A rate of the file that was kept out; `row` counts from 1. */
export interface RefusedRate {
  row: number;
  messageKo: string;
  messageEn: string;
}

/**
 * Takes exchange rates from a file. Amounts stay in their own currency; a rate only lets them be read in won. Good rates
 * go in whatever the others are like. Throws PeopleError when none of the file can be used.
 */
export async function importRates(
  deps: SyncDependencies,
  file: unknown,
): Promise<{ rates: number; refused: RefusedRate[] }> {
  const rows = ratesFileSchema.safeParse(file);
  if (!rows.success) throw unusable(fieldFaults(ratesFileSchema, file));
  const read = rows.data.map((row) => rateSchema.safeParse(row).data);
  const keys = read.map((rate) => rate && `${rate.currency} ${rate.day}`);
  const rates: ExchangeRate[] = [];
  const refused: RefusedRate[] = [];
  read.forEach((rate, index) => {
    const key = keys[index];
    const place = [`${index}`];
    if (!rate) refused.push(refusal(index, fieldFaults(rateSchema, rows.data[index], place)));
    // Which of two is right is not ours to guess.
    else if (keys.indexOf(key) !== keys.lastIndexOf(key))
      refused.push(refusal(index, repeated(place.join(), key ?? '')));
    else rates.push({ currency: rate.currency, day: rate.day, krwPerUnit: rate.krw_per_unit, source: rate.source });
  });
  if (rates.length === 0) {
    throw unusable({
      ko: refused.map(({ messageKo }) => messageKo).join('; '),
      en: refused.map(({ messageEn }) => messageEn).join('; '),
    });
  }
  await writeRates(deps.store, rates, deps.clock.now());
  return { rates: rates.length, refused };
}

function refusal(index: number, { ko, en }: { ko: string; en: string }): RefusedRate {
  return { row: index + 1, messageKo: ko, messageEn: en };
}

function repeated(place: string, key: string): { ko: string; en: string } {
  return {
    ko: `${place}: ${key}의 환율이 이 파일에 두 번 이상 있습니다. 맞는 것 하나만 남겨 주십시오`,
    en: `${place}: the file holds more than one rate for ${key}; keep the right one`,
  };
}

function unusable(places: { ko: string; en: string }): PeopleError {
  return new PeopleError(
    'rates_invalid',
    `환율 파일을 쓸 수 없습니다. 다음 항목을 고쳐 주십시오: ${places.ko}. README의 "환율" 예시를 참고해 주십시오.`,
    `The rates file cannot be used. Correct: ${places.en}. See the example under "Exchange rates" in the README.`,
  );
}
