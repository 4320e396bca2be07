/** Claims about an order of several lines as a whole, which name units or an amount and no line. */
import { type ClaimedLine, type DoneClaim, shareClaims } from '../domain/claim-shares.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Queryable } from './database.ts';

/**
 * Sets what claims take from those of these orders that have several lines and a claim about all of them together. They
 * are few; all others are set by one statement.
 */
export async function applySharedClaims(tx: Queryable, accountId: string, orderIds: readonly string[]): Promise<void> {
  const { rows: lines } = await tx.query<{
    site: string;
    order_id: string;
    line_id: string;
    units: number;
    unit_price: number;
    gross: number;
  }>(
    `select l.site, l.order_id, l.line_id, l.units, l.unit_price, l.gross from naru.order_line l
     where l.account_id = $1 and l.order_id = any($2) and exists (select 1 from naru.claim c
         where (c.account_id, c.site, c.order_id) = (l.account_id, l.site, l.order_id) and c.state = 'done'
           and c.line_id is null and (c.units is not null or c.amount is not null))
       and exists (select 1 from naru.order_line x where (x.account_id, x.site, x.order_id)
         = (l.account_id, l.site, l.order_id) and x.line_id <> l.line_id)`,
    [accountId, orderIds],
  );
  if (lines.length === 0) return;
  const { rows: claims } = await tx.query<{
    site: string;
    order_id: string;
    claim_id: string;
    kind: DoneClaim['kind'];
    line_id: string | null;
    units: number | null;
    amount: number | null;
  }>(
    `select c.site, c.order_id, c.claim_id, c.kind, c.line_id, c.units, c.amount from naru.claim c
     where c.account_id = $1 and c.order_id = any($2) and c.state = 'done' and c.kind in ('cancel', 'return')
       and (c.order_version is null or not exists (select 1 from naru.order_line l join naru.record_head h
         on (h.account_id, h.stream, h.external_id) = (l.account_id, 'orders', l.record_id)
         where (l.account_id, l.site, l.order_id) = (c.account_id, c.site, c.order_id)
           and h.source_version > c.order_version))`,
    [accountId, [...new Set(lines.map((line) => line.order_id))]],
  );
  const orderOf = (row: { site: string; order_id: string }) => JSON.stringify([row.site, row.order_id]);
  const claimsByOrder = groupBy(claims, orderOf);
  const losses = [...groupBy(lines, orderOf)].flatMap(([order, own]) => {
    const claimed = own.map((row): ClaimedLine => {
      return { lineId: row.line_id, units: row.units, unitPrice: row.unit_price, gross: row.gross };
    });
    const done = (claimsByOrder.get(order) ?? []).map((row): DoneClaim => {
      return { claimId: row.claim_id, kind: row.kind, lineId: row.line_id, units: row.units, amount: row.amount };
    });
    const [{ site, order_id } = { site: '', order_id: '' }] = own;
    return shareClaims(claimed, done).map((loss) => ({ site, order_id, ...loss }));
  });
  await tx.query(
    `update naru.order_line o set cancelled_units = r."cancelledUnits", cancelled = r.cancelled,
       returned_units = r."returnedUnits", returned = r.returned
     from jsonb_to_recordset($2::jsonb) as r(site text, order_id text, "lineId" text, "cancelledUnits" bigint,
       cancelled bigint, "returnedUnits" bigint, returned bigint)
     where o.account_id = $1 and (o.site, o.order_id, o.line_id) = (r.site, r.order_id, r."lineId")`,
    [accountId, JSON.stringify(losses)],
  );
}
