import { z } from 'zod';
import { currencySchema } from '../domain/money.ts';
import { PeopleError } from '../domain/people-error.ts';
import { writeRates } from '../store/exchange-rates.ts';
import type { SyncDependencies } from './dependencies.ts';

/** Rates as staff write them down: the day they were published, and by whom. */
const ratesFileSchema = z
  .array(
    z.strictObject({
      currency: currencySchema.exclude(['KRW']),
      day: z.iso.date(),
      krw_per_unit: z.string().regex(/^\d{1,12}(\.\d{1,6})?$/, 'decimal text such as "1391.50"'),
      source: z.string().min(1),
    }),
  )
  .min(1);

/** Takes exchange rates from a file. Amounts stay in their own currency; a rate only lets them be read in won. */
export async function importRates(deps: SyncDependencies, file: unknown): Promise<{ rates: number }> {
  const parsed = ratesFileSchema.safeParse(file);
  if (!parsed.success) {
    const places = parsed.error.issues
      .map((issue) => `${issue.path.join('.') || '(file)'}: ${issue.message}`)
      .join('; ');
    throw new PeopleError(
      'rates_invalid',
      `환율 파일을 쓸 수 없습니다. 다음 항목을 고쳐 주십시오: ${places}. README의 "환율" 예시를 참고해 주십시오.`,
      `The rates file cannot be used. Correct: ${places}. See the example under "Exchange rates" in the README.`,
    );
  }
  const rates = parsed.data.map(({ currency, day, krw_per_unit: krwPerUnit, source }) => {
    return { currency, day, krwPerUnit, source };
  });
  await writeRates(deps.store, rates, deps.clock.now());
  return { rates: rates.length };
}
