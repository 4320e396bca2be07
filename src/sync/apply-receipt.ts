import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ReceiptRow } from '../channel/batches.ts';
import type { RowFault } from '../channel/inquiries.ts';
import type { ObservedListing } from '../domain/listing.ts';
import { PeopleError } from '../domain/people-error.ts';
import {
  batchItems,
  closeBatchItem,
  laterBatches,
  listBatches,
  type StoredBatch,
  type StoredBatchItem,
} from '../store/batches.ts';
import type { Queryable } from '../store/database.ts';
import { changeListing, type ListingChanges } from '../store/listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import { type OpenAccount, openAccount } from './open-account.ts';
import { unknownRow, unusableRows } from './receipt-faults.ts';

/** What became of a receipt. */
export interface ReceiptAnswer {
  account: string;
  batch: string;
  confirmed: number;
  refused: { sku: string; reason: string }[];
  /** Rows in which nothing was filled in yet. */
  open: number;
  /** Rows that said what we knew already. */
  unchanged: number;
  faults: RowFault[];
}

const maxReceiptBytes = 20 * 1024 * 1024;

/**
 * Reads the receipt of a batch: only now does a product count as on sale at a channel that people fill by hand. Good rows
 * count whatever the others are like, and the same receipt again changes nothing.
 */
export async function applyReceipt(deps: SyncDependencies, path: string): Promise<ReceiptAnswer> {
  const file = { name: basename(path), bytes: await readSmallFile(path, maxReceiptBytes) };
  const { receipt, batch } = await readReceipt(deps, file);
  const account = await openAccount(deps, batch.accountId);
  const items = new Map((await batchItems(deps.store, { batchId: batch.batchId })).map((item) => [item.sku, item]));
  const answer = await deps.store.transaction(async (tx) => {
    // Begun anew with the transaction: one that met a deadlock is run again, and nothing may count twice.
    const answer: ReceiptAnswer = {
      account: batch.accountId,
      batch: batch.batchId,
      confirmed: 0,
      refused: [],
      open: 0,
      unchanged: 0,
      faults: [...receipt.faults],
    };
    const unusable = await unusableRows(tx, batch, items, receipt.rows);
    for (const row of receipt.rows) {
      const fault = unusable.get(row);
      const item = items.get(row.sku);
      if (!item) answer.faults.push(unknownRow(row, batch.batchId));
      else if (row.outcome === 'open') answer.open += 1;
      else if (fault) answer.faults.push(fault);
      else if (await applyRow(deps, tx, account, batch, item, row)) count(answer, row);
      else answer.unchanged += 1;
    }
    return answer;
  });
  account.context.log.info(
    { batch: batch.batchId, confirmed: answer.confirmed, refused: answer.refused.length },
    'a receipt was read',
  );
  return answer;
}

function count(answer: ReceiptAnswer, row: ReceiptRow): void {
  if (row.outcome === 'confirmed') answer.confirmed += 1;
  else answer.refused.push({ sku: row.sku, reason: row.note ?? '' });
}

/** The receipt names its batch; which channel's form it is shows when that channel's adapter can read it. */
async function readReceipt(deps: SyncDependencies, file: { name: string; bytes: Uint8Array }) {
  let refusal: unknown = null;
  for (const { batches } of deps.registry.list()) {
    if (!batches) continue;
    try {
      const receipt = await batches.readReceipt(file);
      const [batch] = await listBatches(deps.store, { batchId: receipt.batchId });
      if (batch) return { receipt, batch };
      refusal = new PeopleError(
        'batch_unknown',
        `접수 결과 파일 ${file.name}의 배치 ${receipt.batchId}을(를) 알 수 없습니다. 이 나루에서 만든 receipt.xlsx인지 확인해 주십시오.`,
        `The receipt ${file.name} is of batch ${receipt.batchId}, which is not known here. Check that it is the receipt.xlsx of a batch built by this Naru.`,
      );
    } catch (error) {
      if (!(error instanceof PeopleError)) throw error;
      refusal ??= error;
    }
  }
  throw (
    refusal ??
    new PeopleError('batches_unsupported', '파일로 등록하는 채널이 없습니다.', 'No channel of this build takes files.')
  );
}

/** Writes down what one row says. False when it was known. */
async function applyRow(
  deps: SyncDependencies,
  tx: Queryable,
  account: OpenAccount,
  batch: StoredBatch,
  item: StoredBatchItem,
  row: ReceiptRow,
): Promise<boolean> {
  const now = deps.clock.now();
  const { listingId } = item;
  const outcome = row.outcome === 'confirmed' ? 'confirmed' : 'refused';
  const note = row.outcome === 'confirmed' ? JSON.stringify([row.externalIds, row.url]) : row.note;
  const isNew = await closeBatchItem(tx, { batchId: batch.batchId, listingId, outcome, note, now });
  if (!isNew) return false;
  const later = await laterBatches(tx, listingId, batch.batchId);
  // What a later batch brought about stands: an older receipt tells of what was there before, and is only written down.
  if (later.confirmed || (later.refused && outcome === 'refused')) return true;
  const changes = outcome === 'confirmed' ? confirmedChanges(account, item, row, now) : refusedChanges(item, row);
  // The channel has this version and has refused the later one, which is not offered again unchanged.
  if (later.refused) for (const kept of ['refusal', 'refusedHash'] as const) delete changes[kept];
  // A later batch is on its way: that is what the listing waits for.
  await changeListing(tx, { listingId, now }, { ...changes, ...(later.open && { state: 'exported' as const }) });
  return true;
}

function confirmedChanges(account: OpenAccount, item: StoredBatchItem, row: ReceiptRow, now: Date): ListingChanges {
  if (item.action === 'delete') {
    return { state: 'removed', externalIds: {}, pushed: null, observed: null, refusal: null, refusedHash: null };
  }
  const { onSale, contentHash, price, stock, discount } = item.wanted;
  const sites = account.adapter.batches?.sites(account.settings) ?? [];
  const externalId = Object.values(row.externalIds)[0] ?? null;
  const observed: ObservedListing = {
    sku: item.sku,
    externalIds: row.externalIds,
    title: null,
    sites: sites.map((site) => ({ site, externalId, state: 'on-sale', price: null, stock: null, note: row.url })),
  };
  return {
    state: 'on-sale',
    externalIds: row.externalIds,
    pushed: { onSale, contentHash, price, stock, discount, sites, at: now.toISOString() },
    observed,
    observedAt: now,
    refusal: null,
    refusedHash: null,
  };
}

/** Kept with the hash of what was offered: it is offered again when something about it has changed. */
function refusedChanges(item: StoredBatchItem, row: ReceiptRow): ListingChanges {
  const message = row.note ?? '';
  return {
    state: item.action === 'add' ? 'rejected' : 'on-sale',
    refusedHash: item.wantedHash,
    refusal: { operation: 'create', code: 'REFUSED_BY_OPERATOR', message, field: null, site: null },
  };
}

/** A file that people hand in; none of them is large. */
export async function readSmallFile(path: string, maxBytes: number): Promise<Uint8Array> {
  const name = basename(path);
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) {
    throw new PeopleError(
      'file_missing',
      `파일 ${name}을(를) 찾을 수 없습니다. 경로를 확인해 주십시오.`,
      `There is no file ${name}. Check the path.`,
    );
  }
  if (info.size > maxBytes) {
    throw new PeopleError(
      'file_too_large',
      `파일 ${name}이(가) 너무 큽니다(최대 ${maxBytes / 1024 / 1024}MB). 나누어 주십시오.`,
      `The file ${name} is too large (at most ${maxBytes / 1024 / 1024} MB). Split it.`,
    );
  }
  return readFile(path);
}
