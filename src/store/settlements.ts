import type { Settlement } from '../domain/settlement.ts';
import type { Queryable } from './database.ts';

/** Writes lines of the channel's money statement as they are now. */
export async function writeSettlements(
  tx: Queryable,
  accountId: string,
  settlements: readonly Settlement[],
): Promise<void> {
  if (settlements.length === 0) return;
  const rows = settlements.map((line) => ({
    settlement_id: line.settlementId,
    kind: line.kind,
    order_id: line.orderId,
    site: line.site,
    settled_on: line.settledOn,
    currency: line.gross.currency,
    gross: line.gross.minor,
    commission: line.commission.minor,
    deduction: line.deduction.minor,
    payout: line.payout.minor,
  }));
  await tx.query(
    `insert into naru.settlement (account_id, settlement_id, kind, order_id, site, settled_on, currency, gross,
       commission, deduction, payout)
     select $1, settlement_id, kind, order_id, site, settled_on, currency, gross, commission, deduction, payout
     from jsonb_to_recordset($2::jsonb) as r(settlement_id text, kind text, order_id text, site text, settled_on date,
       currency text, gross bigint, commission bigint, deduction bigint, payout bigint)
     on conflict (account_id, settlement_id) do update set kind = excluded.kind, order_id = excluded.order_id,
       site = excluded.site, settled_on = excluded.settled_on, currency = excluded.currency, gross = excluded.gross,
       commission = excluded.commission, deduction = excluded.deduction, payout = excluded.payout`,
    [accountId, JSON.stringify(rows)],
  );
}
