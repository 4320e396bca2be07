import type { ChannelErrorKind } from '../channel/errors.ts';
import type { ApprovalState } from '../domain/approval.ts';
import type { Finding } from '../domain/finding.ts';
import type { ListingState, ObservedListing, Operation, PushedListing } from '../domain/listing.ts';
import { certificatesOfPageSql } from './approvals.ts';
import type { Queryable } from './database.ts';
import { leaseIsFreeSql } from './process-presence.ts';

/** What the channel would not take; `wanted` names the hash it refused. */
export interface Refusal {
  operation: Operation;
  /** The error kind when it is a passing failure that is tried again; absent when the channel said no for good. */
  passing?: ChannelErrorKind;
  code: string;
  message: string;
  field: string | null;
  site: string | null;
}

/**
 * Something that the channel shows otherwise than our last write set it, without anything of ours being on its way:
 * changed there by hand or by the channel. It is told and left alone. Prices are minor units.
 */
export interface Remark {
  code: 'STOPPED_AT_CHANNEL' | 'PRICE_CHANGED' | 'NAME_CHANGED';
  site: string | null;
  /** What we had set, and what is there now. */
  wanted: string | null;
  seen: string | null;
}

/** One product on one account with everything that decides what should be done about it. */
export interface ListingFacts {
  sku: string;
  nameKo: string;
  approvalState: ApprovalState;
  certified: boolean;
  /** The certificates that stand, in one text: which of them buyers are shown depends on it. */
  inForce: string;
  productHash: string;
  priceKrw: number;
  /** Units that may still be sold: the count as declared, less what was ordered since. */
  stock: number;
  /** The count as declared. */
  declaredStock: number;
  listing: ListingRecord | null;
}

export interface ListingRecord {
  listingId: number;
  state: ListingState;
  externalIds: Record<string, string>;
  renderedKey: string | null;
  contentHash: string | null;
  findings: Finding[];
  pushed: PushedListing | null;
  soldSincePush: Record<string, number>;
  observed: ObservedListing | null;
  /** When the channel was last asked about it; null: never, so it may hold one that we do not know. */
  observedAt: Date | null;
  refusedHash: string | null;
  refusal: Refusal | null;
  acceptedAt: Date | null;
  checks: number;
  retryAfter: Date | null;
  failures: number;
  leased: boolean;
  /** A write was begun of which no outcome is known. */
  inDoubt: boolean;
}

interface FactsRow {
  sku: string;
  name_ko: string;
  approval_state: ApprovalState;
  certified: boolean;
  in_force: string;
  product_hash: string;
  price_krw: number;
  stock: number;
  declared_stock: number;
  listing_id: number | null;
  state: ListingState;
  external_ids: Record<string, string>;
  rendered_key: string | null;
  content_hash: string | null;
  findings: Finding[];
  pushed: PushedListing | null;
  sold_since_push: Record<string, number>;
  observed: ObservedListing | null;
  observed_at: Date | null;
  refused_hash: string | null;
  refusal: Refusal | null;
  accepted_at: Date | null;
  checks: number;
  retry_after: Date | null;
  failures: number;
  leased: boolean;
  in_doubt: boolean;
}

const factsColumns = (now: string) => `p.sku, p.name_ko, p.approval_state, c.certified, c.in_force,
  p.content_hash as product_hash, p.price_krw,
  greatest(p.stock_qty - p.sold_units, 0) as stock, p.stock_qty as declared_stock, l.listing_id, l.state, l.external_ids, l.rendered_key,
  l.content_hash, l.findings, l.pushed, l.sold_since_push, l.observed, l.observed_at, l.refused_hash, l.refusal, l.accepted_at,
  l.checks, l.retry_after, l.failures,
  (l.lease_process is not null and not ${leaseIsFreeSql('l', now)}) as leased,
  exists (select 1 from naru.attempt a where a.listing_id = l.listing_id and a.finished_at is null) as in_doubt`;

/**
 * Products with their listing on `accountId`, in SKU order, for the planner to page through: all of them, since people
 * are told what keeps a product from being listed, or those of `skus`.
 */
export async function pageOfFacts(
  store: Queryable,
  page: {
    accountId: string;
    afterSku: string;
    limit: number;
    today: string;
    now: Date;
    skus: readonly string[] | null;
  },
): Promise<ListingFacts[]> {
  // The listing is looked up for each product of the page: joined as a whole, PostgreSQL walks all listings up to the
  // page's place every time, and the hundredth page takes a hundred times as long as the first.
  const { rows } = await store.query<FactsRow>(
    `select ${factsColumns('$5::timestamptz')}
     from (select * from naru.product where sku > $2 ${page.skus ? 'and sku = any($6)' : ''} order by sku limit $3) p
     cross join ${certificatesOfPageSql('p', '$4')} c
     left join lateral (select * from naru.listing where account_id = $1 and sku = p.sku limit 1) l on true
     order by p.sku`,
    [page.accountId, page.afterSku, page.limit, page.today, page.now, ...(page.skus ? [page.skus] : [])],
  );
  return rows.map(factsFromRow);
}

/**
 * Takes the lease of listings that nobody else holds, and returns their facts as they are at that moment. Of two
 * workers that were woken for one listing, the second gets nothing.
 */
export async function leaseListings(
  store: Queryable,
  lease: {
    accountId: string;
    listingIds: readonly number[];
    process: number;
    token: string;
    until: Date;
    today: string;
    now: Date;
  },
): Promise<ListingFacts[]> {
  // One statement for taking and reading: it is made for every job, and the way to the server costs more than the work.
  const { rows } = await store.query<FactsRow>(
    `with l as (
       update naru.listing t set lease_process = $3, lease_token = $4, lease_until = $5
       where t.listing_id in (select i.listing_id from naru.listing i
           where i.listing_id = any($2) and i.account_id = $1 and ${leaseIsFreeSql('i', '$6::timestamptz')}
           order by i.listing_id for update skip locked)
       returning t.*)
     select ${factsColumns('$6::timestamptz')}
     from l join naru.product p on p.sku = l.sku cross join ${certificatesOfPageSql('p', '$7')} c order by l.listing_id`,
    [lease.accountId, lease.listingIds, lease.process, lease.token, lease.until, lease.now, lease.today],
  );
  return rows.map(factsFromRow);
}

/** Gives leases back; only those still held with this token. */
export async function releaseListings(store: Queryable, listingIds: readonly number[], token: string): Promise<void> {
  await store.query(
    `update naru.listing set lease_process = null, lease_token = null, lease_until = null
     where listing_id = any($1) and lease_token = $2`,
    [listingIds, token],
  );
}

export interface RenderedFacts {
  sku: string;
  renderedKey: string;
  contentHash: string | null;
  findings: Finding[];
}

/** Makes the listing rows that are missing, and stores what was rendered for them. Returns their ids by SKU. */
export async function saveRendered(
  store: Queryable,
  accountId: string,
  rendered: readonly RenderedFacts[],
  now: Date,
): Promise<Map<string, number>> {
  if (rendered.length === 0) return new Map();
  const { rows } = await store.query<{ sku: string; listing_id: number }>(
    `insert into naru.listing as l (account_id, sku, state, rendered_key, content_hash, findings, updated_at)
     select $1, sku, 'planned', "renderedKey", "contentHash", findings, $3
     from jsonb_to_recordset($2::jsonb) as r(sku text, "renderedKey" text, "contentHash" text, findings jsonb)
     on conflict (account_id, sku) do update set rendered_key = excluded.rendered_key,
       content_hash = excluded.content_hash, findings = excluded.findings
     returning sku, listing_id`,
    [accountId, JSON.stringify(rendered), now],
  );
  return new Map(rows.map((row) => [row.sku, row.listing_id]));
}

/** Fields of a listing that a step changes; what is left out stays. */
export interface ListingChanges {
  state?: ListingState;
  externalIds?: Record<string, string>;
  pushed?: PushedListing | null;
  observed?: ObservedListing | null;
  observedAt?: Date;
  refusedHash?: string | null;
  refusal?: Refusal | null;
  remarks?: Remark[];
  acceptedAt?: Date | null;
  checks?: number;
  checkAfter?: Date | null;
  retryAfter?: Date | null;
  failures?: number;
  soldSincePush?: Record<string, number>;
}

const changeColumns: { [Key in keyof Required<ListingChanges>]: { column: string; json?: true } } = {
  state: { column: 'state' },
  externalIds: { column: 'external_ids', json: true },
  pushed: { column: 'pushed', json: true },
  observed: { column: 'observed', json: true },
  observedAt: { column: 'observed_at' },
  refusedHash: { column: 'refused_hash' },
  refusal: { column: 'refusal', json: true },
  remarks: { column: 'remarks', json: true },
  acceptedAt: { column: 'accepted_at' },
  checks: { column: 'checks' },
  checkAfter: { column: 'check_after' },
  retryAfter: { column: 'retry_after' },
  failures: { column: 'failures' },
  soldSincePush: { column: 'sold_since_push', json: true },
};

/** Which listing is changed, and what must still be true of it. */
export interface ListingTarget {
  listingId: number;
  /** Only while this lease is held: a worker that was thought dead must not overwrite what its successor wrote. */
  leaseToken?: string;
  /** Only while nobody changed or leased the row since it was read (`listingsToCheck`). */
  version?: string;
  now: Date;
}

/** Changes one listing. Returns false, and changes nothing, when what `target` asks for is not true any more. */
export async function changeListing(
  store: Queryable,
  target: ListingTarget,
  changes: ListingChanges,
): Promise<boolean> {
  const { text, values } = changeStatement(target, changes);
  const { rowCount } = await store.query(text, values);
  return rowCount > 0;
}

/** The statement of `changeListing`, for those who send more with it. */
export function changeStatement(target: ListingTarget, changes: ListingChanges): { text: string; values: unknown[] } {
  const values: unknown[] = [target.listingId, target.now, target.leaseToken ?? null, target.version ?? null];
  const assignments = Object.entries(changes).map(([key, value]) => {
    const { column, json } = changeColumns[key as keyof ListingChanges];
    values.push(json && value !== null ? JSON.stringify(value) : value);
    return `${column} = $${values.length}${json ? '::jsonb' : ''}`;
  });
  const text = `update naru.listing set ${[...assignments, 'updated_at = $2'].join(', ')}
     where listing_id = $1 and ($3::text is null or lease_token = $3) and ($4::text is null or xmin::text = $4)`;
  return { text, values };
}

function factsFromRow(row: FactsRow): ListingFacts {
  return {
    sku: row.sku,
    nameKo: row.name_ko,
    approvalState: row.approval_state,
    certified: row.certified,
    inForce: row.in_force,
    productHash: row.product_hash,
    priceKrw: row.price_krw,
    stock: row.stock,
    declaredStock: row.declared_stock,
    listing:
      row.listing_id === null
        ? null
        : {
            listingId: row.listing_id,
            state: row.state,
            externalIds: row.external_ids,
            renderedKey: row.rendered_key,
            contentHash: row.content_hash,
            findings: row.findings,
            pushed: row.pushed,
            soldSincePush: row.sold_since_push,
            observed: row.observed,
            observedAt: row.observed_at,
            refusedHash: row.refused_hash,
            refusal: row.refusal,
            acceptedAt: row.accepted_at,
            checks: row.checks,
            retryAfter: row.retry_after,
            failures: row.failures,
            leased: row.leased,
            inDoubt: row.in_doubt,
          },
  };
}
