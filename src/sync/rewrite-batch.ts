import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchItem } from '../channel/batches.ts';
import { PeopleError } from '../domain/people-error.ts';
import { batchItems, listBatches, type StoredBatch } from '../store/batches.ts';
import { imageNamesOf } from '../store/images.ts';
import { listListings } from '../store/listing-rows.ts';
import { findBatchNeeds } from './batch-needs.ts';
import { type BatchAnswer, deliver, imageOf, takesNoFiles } from './build-batch.ts';
import type { SyncDependencies } from './dependencies.ts';
import { openAccount } from './open-account.ts';
import { createProductPictures } from './product-pictures.ts';
import { draftOf } from './recover-batches.ts';
import { makeFolder, nameDraft, writeDraft } from './written-place.ts';

/**
 * Writes the file of a batch once more into `folder`, byte for byte as it was, for people who lost it; and delivers it
 * where the account's settings say. No batch is made, and what the receipt will mean stays as it was.
 *
 * @throws PeopleError `batch_unknown`, `batch_not_repeatable` when what the file was made of has changed since.
 */
export async function rewriteBatch(
  deps: SyncDependencies,
  request: { accountId: string; batchId: string; folder: string },
): Promise<BatchAnswer> {
  const { accountId, batchId, folder } = request;
  const account = await openAccount(deps, accountId);
  const { batches } = account.adapter;
  if (!batches) throw takesNoFiles(accountId, account.adapter.id);
  const [batch] = await listBatches(deps.store, { accountId, batchId });
  if (!batch) throw unknownBatch(accountId, batchId);
  await makeFolder(folder);
  const items = await itemsOf(deps, batch);
  const settings = account.settings as never;
  const file = batches.build({ batchId, accountId, builtAt: batch.builtAt, settings, items });
  const path = join(folder, batch.fileName);
  const draft = draftOf(path, randomBytes(4).toString('hex'));
  const sha256 = await writeDraft(file.content, { draft, path, signal: deps.signal });
  // A file of that name with other contents would be taken for the one that the receipt is about.
  if (file.name !== batch.fileName || sha256 !== batch.sha256) {
    await rm(draft, { force: true });
    throw notRepeatable(batch);
  }
  await nameDraft(draft, path);
  const { withdrawn } = await findBatchNeeds(deps, account, { dryRun: true });
  const skus = new Set(items.map((item) => item.sku));
  const count = (action: BatchItem['action']) => items.filter((item) => item.action === action).length;
  const answer: BatchAnswer = {
    account: accountId,
    batch: batchId,
    file: path,
    sha256: batch.sha256,
    add: count('add'),
    update: count('update'),
    delete: count('delete'),
    waiting: batch.open,
    left: 0,
    deliveredTo: null,
    deliveryFailure: null,
    blocked: [],
    withdrawn: withdrawn.map((item) => item.sku).filter((sku) => skus.has(sku)),
  };
  await deliver(deps, account, batch, path, answer);
  return answer;
}

/** As they stood in the batch: the rows as they were kept, and what the rows name as it is now. */
async function itemsOf(deps: SyncDependencies, batch: StoredBatch): Promise<BatchItem[]> {
  const stored = await batchItems(deps.store, { batchId: batch.batchId });
  const skus = stored.map((item) => item.sku);
  const names = await imageNamesOf(deps.store, skus);
  const listings = new Map(
    (await listListings(deps.store, { accountId: batch.accountId, skus })).map((listing) => [listing.sku, listing]),
  );
  const pictures = createProductPictures(deps.store);
  return stored.map(({ sku, action, document }) => ({
    action,
    sku,
    document,
    externalIds: action === 'add' ? {} : (listings.get(sku)?.externalIds ?? {}),
    images: action === 'delete' ? [] : (names.get(sku) ?? []).map((name) => imageOf(pictures, sku, name)),
  }));
}

function unknownBatch(accountId: string, batchId: string): PeopleError {
  return new PeopleError(
    'batch_unknown',
    `계정 ${accountId}에 배치 ${batchId}이(가) 없습니다. \`naru export list ${accountId}\`로 번호를 확인해 주십시오.`,
    `Account ${accountId} has no batch ${batchId}. See \`naru export list ${accountId}\`.`,
  );
}

function notRepeatable({ accountId, batchId }: StoredBatch): PeopleError {
  return new PeopleError(
    'batch_not_repeatable',
    `계정 ${accountId}: 배치 ${batchId}의 파일을 같은 내용으로 다시 만들 수 없습니다. 그 뒤에 상품 사진, 계정 설정, 접수된 번호 또는 나루의 버전이 바뀌었습니다. 받아 둔 파일을 쓰거나, \`naru export build ${accountId}\`로 바뀐 상품의 다음 배치를 만들어 주십시오.`,
    `Account ${accountId}: the file of batch ${batchId} cannot be made with the same contents again: pictures, settings, numbers at the channel or the version of Naru have changed since. Use a copy of the file, or build the next batch of what has changed with \`naru export build ${accountId}\`.`,
  );
}
