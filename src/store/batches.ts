import type { BatchAction } from '../channel/batches.ts';
import type { Json } from '../domain/listing.ts';
import type { WantedState } from './attempts.ts';
import type { Queryable } from './database.ts';

/** A batch as staff see it. */
export interface StoredBatch {
  batchId: string;
  accountId: string;
  number: number;
  builtAt: Date;
  fileName: string;
  sha256: string;
  deliveredTo: string | null;
  items: number;
  open: number;
  confirmed: number;
  refused: number;
}

export type BatchItemOutcome = 'confirmed' | 'refused' | 'superseded';

/** One product of a batch, with what the person told of it. */
export interface StoredBatchItem {
  listingId: number;
  sku: string;
  action: BatchAction;
  wanted: WantedState;
  wantedHash: string;
  document: Json;
  outcome: BatchItemOutcome | null;
}

export interface NewBatchItem {
  listingId: number;
  action: BatchAction;
  wanted: WantedState;
  wantedHash: string;
  document: Json;
}

/** The number after the account's last batch. */
export async function nextBatchNumber(store: Queryable, accountId: string): Promise<number> {
  const { rows } = await store.query<{ number: number }>(
    'select coalesce(max(number), 0) + 1 as number from naru.batch where account_id = $1',
    [accountId],
  );
  return rows[0]?.number ?? 1;
}

/**
 * Writes a batch with its items, inside the caller's transaction. What an earlier batch still waits for about the same
 * listings is superseded. A second batch of the same number fails: two people built at the same moment.
 */
export async function writeBatch(
  tx: Queryable,
  batch: Pick<StoredBatch, 'batchId' | 'accountId' | 'number' | 'builtAt' | 'fileName' | 'sha256'>,
  items: readonly NewBatchItem[],
): Promise<void> {
  await tx.query(
    `insert into naru.batch (batch_id, account_id, number, built_at, file_name, sha256) values ($1, $2, $3, $4, $5, $6)`,
    [batch.batchId, batch.accountId, batch.number, batch.builtAt, batch.fileName, batch.sha256],
  );
  await tx.query(
    `update naru.batch_item set outcome = 'superseded', told_at = $2 where outcome is null and listing_id = any($1)`,
    [items.map((item) => item.listingId), batch.builtAt],
  );
  await tx.query(
    `insert into naru.batch_item (batch_id, listing_id, action, wanted, wanted_hash, document)
     select $1, "listingId", action, wanted, "wantedHash", document from jsonb_to_recordset($2::jsonb)
       as r("listingId" bigint, action text, wanted jsonb, "wantedHash" text, document jsonb)`,
    [batch.batchId, JSON.stringify(items)],
  );
}

/** Notes where the file went. */
export async function markDelivered(store: Queryable, batchId: string, place: string): Promise<void> {
  await store.query('update naru.batch set delivered_to = $2 where batch_id = $1', [batchId, place]);
}

/** Batches by account, oldest first. */
export async function listBatches(
  store: Queryable,
  filter: { accountId?: string | undefined; batchId?: string | undefined } = {},
): Promise<StoredBatch[]> {
  const { rows } = await store.query<{
    batch_id: string;
    account_id: string;
    number: number;
    built_at: Date;
    file_name: string;
    sha256: string;
    delivered_to: string | null;
    items: number;
    open: number;
    confirmed: number;
    refused: number;
  }>(
    `select b.*, count(i.listing_id) as items, count(i.listing_id) filter (where i.outcome is null) as open,
       count(*) filter (where i.outcome = 'confirmed') as confirmed,
       count(*) filter (where i.outcome = 'refused') as refused
     from naru.batch b left join naru.batch_item i using (batch_id)
     where ($1::text is null or b.account_id = $1) and ($2::text is null or b.batch_id = $2)
     group by b.batch_id order by b.account_id, b.number`,
    [filter.accountId ?? null, filter.batchId ?? null],
  );
  return rows.map((row) => ({
    batchId: row.batch_id,
    accountId: row.account_id,
    number: row.number,
    builtAt: row.built_at,
    fileName: row.file_name,
    sha256: row.sha256,
    deliveredTo: row.delivered_to,
    items: row.items,
    open: row.open,
    confirmed: row.confirmed,
    refused: row.refused,
  }));
}

/** Items of one batch, or all of an account that wait for their receipt; in SKU order. */
export async function batchItems(
  store: Queryable,
  filter: { batchId: string } | { openOfAccount: string },
): Promise<StoredBatchItem[]> {
  const [where, value] =
    'batchId' in filter
      ? ['i.batch_id = $1', filter.batchId]
      : ['i.outcome is null and l.account_id = $1', filter.openOfAccount];
  const { rows } = await store.query<{
    listing_id: number;
    sku: string;
    action: BatchAction;
    wanted: WantedState;
    wanted_hash: string;
    document: Json;
    outcome: BatchItemOutcome | null;
  }>(
    `select i.listing_id, l.sku, i.action, i.wanted, i.wanted_hash, i.document, i.outcome
     from naru.batch_item i join naru.listing l using (listing_id) where ${where} order by l.sku`,
    [value],
  );
  return rows.map((row) => ({
    listingId: row.listing_id,
    sku: row.sku,
    action: row.action,
    wanted: row.wanted,
    wantedHash: row.wanted_hash,
    document: row.document,
    outcome: row.outcome,
  }));
}

/** What the channel was last told of these listings and confirmed: the row of a delete repeats it. */
export async function confirmedDocuments(store: Queryable, listingIds: readonly number[]): Promise<Map<number, Json>> {
  const { rows } = await store.query<{ listing_id: number; document: Json }>(
    `select distinct on (i.listing_id) i.listing_id, i.document
     from naru.batch_item i join naru.batch b using (batch_id)
     where i.listing_id = any($1) and i.outcome = 'confirmed' and i.action <> 'delete'
     order by i.listing_id, b.number desc`,
    [listingIds],
  );
  return new Map(rows.map((row) => [row.listing_id, row.document]));
}

/** Writes down what the person told of one item; true when it was not known before. */
export async function closeBatchItem(
  tx: Queryable,
  end: { batchId: string; listingId: number; outcome: 'confirmed' | 'refused'; note: string | null; now: Date },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update naru.batch_item set outcome = $3, note = $4, told_at = $5
     where batch_id = $1 and listing_id = $2 and (outcome, note) is distinct from ($3, $4)`,
    [end.batchId, end.listingId, end.outcome, end.note, end.now],
  );
  return rowCount > 0;
}

/** What is known of the batches of a listing after one batch: whether one waits for its receipt, and what others said. */
export interface LaterBatches {
  open: boolean;
  confirmed: boolean;
  refused: boolean;
}

/** How the batches that were built after this one stand about one listing. */
export async function laterBatches(tx: Queryable, listingId: number, batchId: string): Promise<LaterBatches> {
  const { rows } = await tx.query<LaterBatches>(
    `select coalesce(bool_or(i.outcome is null), false) as open,
       coalesce(bool_or(i.outcome = 'confirmed'), false) as confirmed,
       coalesce(bool_or(i.outcome = 'refused'), false) as refused
     from naru.batch_item i join naru.batch b using (batch_id)
     where i.listing_id = $1 and b.number > (select number from naru.batch where batch_id = $2)`,
    [listingId, batchId],
  );
  return rows[0] ?? { open: false, confirmed: false, refused: false };
}
