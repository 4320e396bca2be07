/** Certificates apart from the rows that brought them: which are in force, and which were cancelled by whom. */
import { type CertificateKind, certificateKey } from '../domain/certificate.ts';
import type { Queryable } from './database.ts';

/** In SQL: whether a row of `naru.certificate` is in force on the Seoul day in the parameter `day`. */
export function standsSql(certificate: string, day: string): string {
  return `(${certificate}.valid_from <= ${day}::date and ${certificate}.valid_to >= ${day}::date
    and (${certificate}.withdrawn_on is null or ${certificate}.withdrawn_on > ${day}::date))`;
}

/** The certificates of each product that are in force on a Seoul day, by `certificateKey` and sorted. */
export async function certificatesInForce(
  store: Queryable,
  skus: readonly string[],
  day: string,
): Promise<Map<string, string[]>> {
  const { rows } = await store.query<{ sku: string; kind: CertificateKind; number: string }>(
    `select c.sku, c.kind, c.number from naru.certificate c where c.sku = any($1) and ${standsSql('c', '$2')}`,
    [skus, day],
  );
  const found = new Map<string, string[]>(skus.map((sku) => [sku, []]));
  for (const row of rows) found.get(row.sku)?.push(certificateKey(row));
  for (const keys of found.values()) keys.sort();
  return found;
}

/** A certificate with the products that hold it. */
export interface HeldCertificate {
  kind: CertificateKind;
  number: string;
  /** From this Seoul day on it does not count; null while it stands. */
  withdrawnOn: string | null;
  skus: string[];
}

/** The certificates under a number, which are several when two schemes have given it. */
export async function findCertificates(store: Queryable, number: string): Promise<HeldCertificate[]> {
  const { rows } = await store.query<{
    kind: CertificateKind;
    number: string;
    withdrawn_on: string | null;
    skus: string[];
  }>(
    `select kind, number, min(withdrawn_on) as withdrawn_on, array_agg(sku order by sku) as skus from naru.certificate
     where number = $1 group by kind, number order by kind`,
    [number],
  );
  return rows.map((row) => ({ kind: row.kind, number: row.number, withdrawnOn: row.withdrawn_on, skus: row.skus }));
}

/**
 * Writes down, inside the caller's transaction, that a certificate does not count from Seoul day `withdrawnOn` on, or
 * counts again when that is null; with who says so and why.
 */
export async function recordCertificateEvent(
  tx: Queryable,
  event: {
    kind: CertificateKind;
    number: string;
    withdrawnOn: string | null;
    by: string;
    reason: string;
    at: Date;
  },
): Promise<void> {
  const { kind, number, withdrawnOn, by, reason, at } = event;
  await tx.query(
    `insert into naru.certificate_event (kind, number, withdrawn_on, by_name, reason, at)
     values ($1, $2, $3, $4, $5, $6)`,
    [kind, number, withdrawnOn, by, reason, at],
  );
  await tx.query('update naru.certificate set withdrawn_on = $3 where kind = $1 and number = $2', [
    kind,
    number,
    withdrawnOn,
  ]);
}
