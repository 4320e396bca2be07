import { type Figure, figureJson, sumFigures } from '../domain/figure.ts';
import { readLeads } from '../store/inquiries.ts';
import type { ListingRow } from '../store/listing-rows.ts';
import { ratesOfSales, readSales, type SalesQuery, type SalesRow } from '../store/sales.ts';
import type { SyncDependencies } from './dependencies.ts';
import { requireCampaign, requireOrder } from './known-names.ts';
import { refusalSentence, remarkSentence } from './listing-sentences.ts';

/**
 * A sales row as scripts and dashboards get it; amounts are minor units of `currency` (for KRW the won itself), as a text
 * of digits where a JSON number could not hold them exactly.
 */
export function salesJson(row: SalesRow, by: SalesQuery['by']): Record<string, string | number | null> {
  return {
    ...(by && { [by]: row.key }),
    ...(row.name !== null && { name: row.name }),
    currency: row.currency,
    order_lines: figureJson(row.orderLines),
    units: figureJson(row.units),
    gross: figureJson(row.gross),
    cancelled: figureJson(row.cancelled),
    returned: figureJson(row.returned),
    net: figureJson(row.net),
    seller_discount: figureJson(row.sellerDiscount),
    channel_discount: figureJson(row.channelDiscount),
    shipping: figureJson(row.shipping),
    gross_krw: row.grossKrw === null ? null : figureJson(row.grossKrw),
    net_krw: row.netKrw === null ? null : figureJson(row.netKrw),
  };
}

export interface SalesAnswer {
  rows: Record<string, string | number | null>[];
  /** One per currency: amounts of different currencies are never added together. */
  totals: Record<string, string | number | null>[];
  /** Everything read in won by the rates below; null when a rate is missing. */
  won: { gross: number | string; net: number | string } | null;
  /** The rates that days with sales were read by, and no others. */
  rates: { currency: string; day: string; krw_per_unit: string; source: string }[];
  /** Leads in the same grouping: what may become sales. */
  leads: Record<string, string | number | null>[];
}

/** Sales in one grouping, with totals, leads and rates of one instant of the store, so that they cannot disagree. */
export async function salesAnswer(deps: SyncDependencies, query: SalesQuery): Promise<SalesAnswer> {
  await requireCampaign(deps, query.campaignId);
  requireOrder(query.fromDay, query.toDay);
  const kinds = Object.fromEntries(deps.registry.list().map((adapter) => [adapter.id, adapter.kind]));
  const { rows, totals, leads, rates } = await deps.store.transaction(async (tx) => {
    // Several questions, one snapshot: what a pull commits between two of them is in none of them.
    await tx.query('set transaction isolation level repeatable read, read only');
    const rows = await readSales(tx, { ...query, kinds });
    const totals = query.by === null ? rows : await readSales(tx, { ...query, by: null, kinds });
    return {
      rows,
      totals,
      leads: await readLeads(tx, { ...query, kinds }),
      rates: await ratesOfSales(tx, query),
    };
  });
  return {
    rows: rows.map((row) => salesJson(row, query.by)),
    totals: totals.map((row) => salesJson(row, null)),
    won: wonOf(totals),
    rates: rates.map(({ currency, day, krwPerUnit, source }) => ({ currency, day, krw_per_unit: krwPerUnit, source })),
    leads: leads.map(({ key, name, inquiries, answered, open }) => ({
      ...(query.by && { [query.by]: key }),
      ...(name !== null && { name }),
      inquiries,
      answered,
      open,
    })),
  };
}

function wonOf(totals: readonly SalesRow[]): SalesAnswer['won'] {
  const gross: Figure[] = [];
  const net: Figure[] = [];
  for (const { grossKrw, netKrw } of totals) {
    if (grossKrw === null || netKrw === null) return null;
    gross.push(grossKrw);
    net.push(netKrw);
  }
  return { gross: figureJson(sumFigures(gross)), net: figureJson(sumFigures(net)) };
}

/** What staff should know of a listing, in sentences, the most important first: what is refused, then what was changed. */
function remarksJson({ sku, account, refusal, remarks }: ListingRow): Record<string, string | null>[] {
  const told = remarks.map((remark) => ({ ...remark, sentence: remarkSentence(sku, account, remark) }));
  const refused = refusal ? [{ ...refusal, sentence: refusalSentence(sku, account, refusal) }] : [];
  return [...refused, ...told].map(({ code, site, sentence }) => ({
    code,
    site,
    message_ko: sentence.ko,
    message_en: sentence.en,
  }));
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
        ends_at: site.endsAt ?? null,
      })) ?? [],
    refusal: row.refusal,
    remarks: remarksJson(row),
    missing: row.findings.map(({ rule, messageKo, messageEn }) => ({
      rule,
      message_ko: messageKo,
      message_en: messageEn,
    })),
    updated_at: row.updatedAt.toISOString(),
  };
}
