import type { ListingRow } from '../store/listing-rows.ts';
import { readSales, type SalesQuery, type SalesRow } from '../store/sales.ts';
import type { SyncDependencies } from './dependencies.ts';

/** A sales row as scripts and dashboards get it; amounts are minor units of `currency` (for KRW the won itself). */
export function salesJson(row: SalesRow, by: SalesQuery['by']): Record<string, string | number | null> {
  return {
    ...(by && { [by]: row.key }),
    ...(row.name !== null && { name: row.name }),
    currency: row.currency,
    orders: row.orders,
    units: row.units,
    gross: row.gross,
    cancelled: row.cancelled,
    returned: row.returned,
    net: row.net,
    seller_discount: row.sellerDiscount,
    channel_discount: row.channelDiscount,
    shipping: row.shipping,
  };
}

export interface SalesAnswer {
  rows: Record<string, string | number | null>[];
  /** One per currency: amounts of different currencies are never added together. */
  totals: Record<string, string | number | null>[];
}

/** Sales in one grouping, with totals read by the same query, so that rows and totals cannot disagree. */
export async function salesAnswer(deps: SyncDependencies, query: SalesQuery): Promise<SalesAnswer> {
  const rows = await readSales(deps.store, query);
  const totals = query.by === null ? rows : await readSales(deps.store, { ...query, by: null });
  return { rows: rows.map((row) => salesJson(row, query.by)), totals: totals.map((row) => salesJson(row, null)) };
}

/** A listing as scripts and dashboards get it. */
export function listingJson(row: ListingRow): Record<string, unknown> {
  return {
    account: row.account,
    sku: row.sku,
    name: row.nameKo,
    state: row.state,
    external_ids: row.externalIds,
    sites:
      row.observed?.sites.map((site) => ({
        site: site.site,
        external_id: site.externalId,
        state: site.state,
        price: site.price?.minor ?? null,
        stock: site.stock,
        note: site.note,
      })) ?? [],
    refusal: row.refusal,
    missing: row.findings.map(({ rule, messageKo, messageEn }) => ({
      rule,
      message_ko: messageKo,
      message_en: messageEn,
    })),
    updated_at: row.updatedAt.toISOString(),
  };
}
