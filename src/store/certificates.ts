/** Certificates apart from the rows that brought them: which are in force, and which were cancelled by whom. */
import { type CertificateKind, certificateKey } from '../domain/certificate.ts';
import type { Queryable } from './database.ts';

/** The certificates of each product that are in force on a Seoul day, by `certificateKey` and sorted. */
export async function certificatesInForce(
  store: Queryable,
  skus: readonly string[],
  day: string,
): Promise<Map<string, string[]>> {
  const { rows } = await store.query<{ sku: string; kind: CertificateKind; number: string }>(
    `select sku, kind, number from naru.certificate where sku = any($1) and valid_from <= $2::date and valid_to >= $2::date
       and (withdrawn_on is null or withdrawn_on > $2::date)`,
    [skus, day],
  );
  const found = new Map<string, string[]>(skus.map((sku) => [sku, []]));
  for (const row of rows) found.get(row.sku)?.push(certificateKey(row));
  for (const keys of found.values()) keys.sort();
  return found;
}
