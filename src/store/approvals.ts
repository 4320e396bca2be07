import { type ApprovalEvent, type ApprovalState, mayMove } from '../domain/approval.ts';
import { standsSql } from './certificates.ts';
import type { Queryable } from './database.ts';

const inForceSql = (product: string, today: string) =>
  `from naru.certificate c where c.sku = ${product}.sku and ${standsSql('c', today)}`;

/** The sale rule in SQL: a certificate that stands on Seoul day `$today`. An EPD alone makes no green product. */
function certifiedSql(product: string, today: string): string {
  return `exists (select 1 ${inForceSql(product, today)} and c.kind <> 'epd')`;
}

/**
 * The same rule for a page of products out of very many, and which certificates stand (`certified` and `in_force`): looked
 * up product by product. With `exists` PostgreSQL reads all certificates there are for every page.
 */
export function certificatesOfPageSql(product: string, today: string): string {
  return `lateral (select coalesce(bool_or(c.kind <> 'epd'), false) as certified,
      coalesce(string_agg(c.kind || ' ' || c.number, ',' order by c.kind, c.number), '') as in_force
    ${inForceSql(product, today)})`;
}

export interface ApprovalMove {
  sku: string;
  to: ApprovalState;
  /** A person's name, or `naru`. */
  by: string;
  reason: string | null;
  at: Date;
}

/**
 * Moves one product and writes the history in the same transaction. Returns the state it was in; `moved` is false when
 * the state machine has no such step, and nothing was changed then.
 */
export async function moveApproval(
  tx: Queryable,
  move: ApprovalMove,
): Promise<{ from: ApprovalState | null; moved: boolean }> {
  const found = await tx.query<{ approval_state: ApprovalState }>(
    'select approval_state from naru.product where sku = $1 for update',
    [move.sku],
  );
  const from = found.rows[0]?.approval_state ?? null;
  if (from === null || !mayMove(from, move.to)) return { from, moved: false };
  await tx.query('update naru.product set approval_state = $2, updated_at = $3 where sku = $1', [
    move.sku,
    move.to,
    move.at,
  ]);
  await writeEvents(tx, [{ sku: move.sku, from, to: move.to, by: move.by, reason: move.reason, at: move.at }]);
  return { from, moved: true };
}

/** Adds rows to the history. */
export async function writeEvents(tx: Queryable, events: readonly ApprovalEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `insert into naru.approval_event (sku, from_state, to_state, by_name, reason, at)
     select sku, "from", "to", "by", reason, at
     from jsonb_to_recordset($1::jsonb) as r(sku text, "from" text, "to" text, "by" text, reason text, at timestamptz)`,
    [JSON.stringify(events)],
  );
}

/** The history of one product, oldest first. */
export async function approvalHistory(store: Queryable, sku: string): Promise<ApprovalEvent[]> {
  const { rows } = await store.query<{
    sku: string;
    from_state: ApprovalState | null;
    to_state: ApprovalState;
    by_name: string;
    reason: string | null;
    at: Date;
  }>(
    'select sku, from_state, to_state, by_name, reason, at from naru.approval_event where sku = $1 order by event_id',
    [sku],
  );
  return rows.map((row) => ({
    sku: row.sku,
    from: row.from_state,
    to: row.to_state,
    by: row.by_name,
    reason: row.reason,
    at: row.at,
  }));
}

/**
 * Products whose approval no longer fits their certificates on `today`: approved without one that stands, or expired
 * with one.
 */
export async function findCertificateMismatches(
  store: Queryable,
  today: string,
): Promise<{ ended: string[]; renewed: string[] }> {
  const certified = certifiedSql('p', '$1');
  const { rows } = await store.query<{ sku: string; approval_state: string }>(
    `select p.sku, p.approval_state from naru.product p
     where (p.approval_state = 'approved' and not ${certified}) or (p.approval_state = 'expired' and ${certified})
     order by p.sku`,
    [today],
  );
  return {
    ended: rows.filter((row) => row.approval_state === 'approved').map((row) => row.sku),
    renewed: rows.filter((row) => row.approval_state === 'expired').map((row) => row.sku),
  };
}

/** Products that were approved and hold no certificate that stands on `today`, with the day the last one ended. */
export async function findCertificatesEnded(
  store: Queryable,
  today: string,
): Promise<{ sku: string; nameKo: string; lastDay: string | null }[]> {
  const { rows } = await store.query<{ sku: string; name_ko: string; last_day: string | null }>(
    `select p.sku, p.name_ko, (select max(least(c.valid_to, c.withdrawn_on - 1)) from naru.certificate c
       where c.sku = p.sku and c.kind <> 'epd' and c.valid_from <= $1::date)::text as last_day
     from naru.product p
     where p.approval_state in ('approved', 'expired') and not ${certifiedSql('p', '$1')} order by p.sku`,
    [today],
  );
  return rows.map((row) => ({ sku: row.sku, nameKo: row.name_ko, lastDay: row.last_day }));
}

/** Approved products whose last standing certificate ends within `[today, until]`, soonest first. */
export async function findCertificatesEnding(
  store: Queryable,
  today: string,
  until: string,
): Promise<{ sku: string; nameKo: string; lastDay: string }[]> {
  const { rows } = await store.query<{ sku: string; name_ko: string; last_day: string }>(
    `select p.sku, p.name_ko, max(c.valid_to) as last_day
     from naru.product p join naru.certificate c on c.sku = p.sku and c.kind <> 'epd' and c.withdrawn_on is null
     where p.approval_state = 'approved' group by p.sku, p.name_ko
     having max(c.valid_to) between $1::date and $2::date order by last_day, p.sku`,
    [today, until],
  );
  return rows.map((row) => ({ sku: row.sku, nameKo: row.name_ko, lastDay: row.last_day }));
}
