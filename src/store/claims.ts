import type { Claim } from '../domain/claim.ts';
import type { Queryable } from './database.ts';

/** Writes claims as they are now. What they do to sales is set by `applyClaims` on their orders. */
export async function writeClaims(tx: Queryable, accountId: string, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return;
  const rows = claims.map((claim) => ({
    claim_id: claim.claimId,
    kind: claim.kind,
    state: claim.state,
    raw_state: claim.rawState,
    order_id: claim.orderId,
    order_version: claim.orderVersion ?? null,
    line_id: claim.lineId,
    site: claim.site,
    units: claim.units,
    amount: claim.amount?.minor ?? null,
    requested_at: claim.requestedAt,
    completed_at: claim.completedAt,
    reason: claim.reason,
  }));
  await tx.query(
    `insert into naru.claim (account_id, claim_id, kind, state, raw_state, order_id, order_version, line_id, site,
       units, amount, requested_at, completed_at, reason)
     select $1, claim_id, kind, state, raw_state, order_id, order_version, line_id, site, units, amount, requested_at,
       completed_at, reason
     from jsonb_to_recordset($2::jsonb) as r(claim_id text, kind text, state text, raw_state text, order_id text,
       order_version bigint, line_id text, site text, units bigint, amount bigint, requested_at timestamptz, completed_at timestamptz,
       reason text)
     on conflict (account_id, claim_id) do update set kind = excluded.kind, state = excluded.state,
       raw_state = excluded.raw_state, order_id = excluded.order_id,
       order_version = excluded.order_version, line_id = excluded.line_id, site = excluded.site,
       units = excluded.units, amount = excluded.amount, requested_at = excluded.requested_at,
       completed_at = excluded.completed_at, reason = excluded.reason`,
    [accountId, JSON.stringify(rows)],
  );
}

/**
 * Orders named by claims or settlements that never came: saved claims waiting for their order. Another `turn` gives them
 * in another order, so that some that can never be found do not keep the others from being asked for.
 */
export async function ordersAwaited(
  store: Queryable,
  accountId: string,
  limit: number,
  turn = '',
): Promise<{ orderId: string; site: string }[]> {
  const { rows } = await store.query<{ order_id: string; site: string }>(
    `select w.order_id, w.site from (
       select order_id, site from naru.claim where account_id = $1
       union select order_id, site from naru.settlement where account_id = $1 and kind <> 'shipping') w
     where not exists (select 1 from naru.order_line o
       where o.account_id = $1 and o.site = w.site and o.order_id = w.order_id)
     order by md5($3 || w.order_id), w.order_id limit $2`,
    [accountId, limit, turn],
  );
  return rows.map((row) => ({ orderId: row.order_id, site: row.site }));
}
