import type { Queryable } from './database.ts';

/** Won for one unit of a currency, from a Seoul day on; decimal text, so that no float comes near money. */
export interface ExchangeRate {
  currency: string;
  day: string;
  krwPerUnit: string;
  source: string;
}

/** Writes rates; one of the same currency and day is replaced. */
export async function writeRates(store: Queryable, rates: readonly ExchangeRate[], now: Date): Promise<void> {
  await store.query(
    `insert into naru.exchange_rate (currency, day, krw_per_unit, source, imported_at)
     select currency, day, "krwPerUnit", source, $2
     from jsonb_to_recordset($1::jsonb) as r(currency text, day date, "krwPerUnit" numeric, source text)
     on conflict (currency, day) do update set krw_per_unit = excluded.krw_per_unit, source = excluded.source,
       imported_at = excluded.imported_at`,
    [JSON.stringify(rates), now],
  );
}

/** All rates, newest first. */
export async function listRates(store: Queryable): Promise<ExchangeRate[]> {
  const { rows } = await store.query<{ currency: string; day: string; krw_per_unit: string; source: string }>(
    `select currency, day::text as day, trim_scale(krw_per_unit)::text as krw_per_unit, source
     from naru.exchange_rate order by currency, day desc`,
  );
  return rows.map((row) => ({
    currency: row.currency,
    day: row.day,
    krwPerUnit: row.krw_per_unit,
    source: row.source,
  }));
}
