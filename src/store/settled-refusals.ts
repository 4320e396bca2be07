import type { Queryable } from './database.ts';
import { leaseIsFreeSql } from './process-presence.ts';

/**
 * Forgets what a channel refused of listings that want nothing any more, and closes their dead letters: the change that
 * was refused has been taken back. One that a worker holds, or that was refused anew since it was read, is left alone.
 */
export async function forgetSettledRefusals(
  store: Queryable,
  listings: readonly { listingId: number; refusedHash: string | null }[],
  now: Date,
): Promise<void> {
  if (listings.length === 0) return;
  await store.query(
    `with settled as (
       update naru.listing l set refused_hash = null, refusal = null, retry_after = null, failures = 0
       from jsonb_to_recordset($1::jsonb) as r("listingId" bigint, "refusedHash" text)
       where l.listing_id = r."listingId" and l.refused_hash is not distinct from r."refusedHash"
         and ${leaseIsFreeSql('l', '$2::timestamptz')}
       returning l.account_id, l.sku)
     update naru.dead_letter d set replayed_at = $2 from settled s
     where d.account_id = s.account_id and d.sku = s.sku and d.job_name = 'push'
       and d.replayed_at is null`,
    [JSON.stringify(listings), now],
  );
}
