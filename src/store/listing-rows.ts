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

/** A number that a channel gave to a listing, with the kind of number that it is. */
export interface KnownNumber {
  kind: string;
  number: string;
}

/** Listings of an account that hold any of these numbers of the channel; a listing stands once for each of them. */
export async function listingsWithNumbers(
  store: Queryable,
  accountId: string,
  numbers: readonly KnownNumber[],
): Promise<(KnownNumber & { sku: string })[]> {
  if (numbers.length === 0) return [];
  const { rows } = await store.query<KnownNumber & { sku: string }>(
    `select l.sku, held.key as kind, held.value as number
     from naru.listing l cross join lateral jsonb_each_text(l.external_ids) held
     where l.account_id = $1 and (held.key, held.value) in
       (select asked.kind, asked.number from jsonb_to_recordset($2::jsonb) as asked(kind text, number text))
     order by l.sku`,
    [accountId, JSON.stringify(numbers)],
  );
  return rows;
}
