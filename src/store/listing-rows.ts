import type { Finding } from '../domain/finding.ts';
import type { ListingState, ObservedListing } from '../domain/listing.ts';
import type { Queryable } from './database.ts';
import type { Refusal, Remark } from './listings.ts';

/** A listing as staff see it. */
export interface ListingRow {
  listingId: number;
  account: string;
  sku: string;
  nameKo: string;
  state: ListingState;
  externalIds: Record<string, string>;
  observed: ObservedListing | null;
  refusal: Refusal | null;
  remarks: Remark[];
  findings: Finding[];
  updatedAt: Date;
}

/** Listings by account, state or SKU, in order of account and SKU. */
export async function listListings(
  store: Queryable,
  filter: {
    accountId?: string | undefined;
    state?: string | undefined;
    skus?: readonly string[] | undefined;
    /** Only those that were changed at the channel. */
    remarked?: boolean | undefined;
  },
): Promise<ListingRow[]> {
  const { rows } = await store.query<{
    listing_id: number;
    account_id: string;
    sku: string;
    name_ko: string;
    state: ListingState;
    external_ids: Record<string, string>;
    observed: ObservedListing | null;
    refusal: Refusal | null;
    remarks: Remark[];
    findings: Finding[];
    updated_at: Date;
  }>(
    `select l.listing_id, l.account_id, l.sku, p.name_ko, l.state, l.external_ids, l.observed, l.refusal, l.remarks,
       l.findings, l.updated_at
     from naru.listing l join naru.product p using (sku)
     where ($1::text is null or l.account_id = $1) and ($2::text is null or l.state = $2)
       and ($3::text[] is null or l.sku = any($3)) and (not $4::boolean or l.remarks <> '[]')
     order by l.account_id, l.sku`,
    [filter.accountId ?? null, filter.state ?? null, filter.skus ?? null, filter.remarked ?? false],
  );
  return rows.map((row) => ({
    listingId: row.listing_id,
    account: row.account_id,
    sku: row.sku,
    nameKo: row.name_ko,
    state: row.state,
    externalIds: row.external_ids,
    observed: row.observed,
    refusal: row.refusal,
    remarks: row.remarks,
    findings: row.findings,
    updatedAt: row.updated_at,
  }));
}
