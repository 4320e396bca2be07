import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchesGroup, BatchImage, BatchItem } from '../channel/batches.ts';
import { isChannelError } from '../channel/errors.ts';
import type { Finding } from '../domain/finding.ts';
import type { Json } from '../domain/listing.ts';
import { PeopleError } from '../domain/people-error.ts';
import {
  confirmedDocuments,
  listBatches,
  markDelivered,
  nextBatchNumber,
  type StoredBatch,
  writeBatch,
} from '../store/batches.ts';
import { errorCode } from '../store/database.ts';
import { imageNamesOf } from '../store/images.ts';
import { type BatchNeed, type BatchNeeds, findBatchNeeds, showBatchStates } from './batch-needs.ts';
import type { SyncDependencies } from './dependencies.ts';
import { sentenceFor } from './error-sentences.ts';
import { type OpenAccount, openAccount } from './open-account.ts';
import { createProductPictures } from './product-pictures.ts';
import { draftOf, finishDraft, isThere, recoverBatchFiles, sha256Of } from './recover-batches.ts';
import { renderProducts } from './render-listing.ts';
import { makeFolder, writeDraft } from './written-place.ts';

/** What a person who asked for a batch is told. */
export interface BatchAnswer {
  account: string;
  /** Null when there was nothing to tell the channel. */
  batch: string | null;
  file: string | null;
  sha256: string | null;
  add: number;
  update: number;
  delete: number;
  /** Products of earlier batches whose receipt has not come. */
  waiting: number;
  /** Products beyond what one batch may hold; the next batch takes them. */
  left: number;
  deliveredTo: string | null;
  deliveryFailure: { code: string; messageKo: string; messageEn: string } | null;
  blocked: (Finding & { sku: string; account: string })[];
  /** Products of an earlier batch that must not be uploaded any more. */
  withdrawn: string[];
}

/**
 * Makes the next batch of an account as a file in `folder`, delivers it where the account's settings say, and writes down
 * what its receipt will mean. With nothing new to tell, no batch is made; a file that could not be delivered before is
 * tried again, and one that a stopped process left without its name is finished.
 *
 * @throws PeopleError `batches_unsupported` when the account's channel takes no files.
 */
export async function buildBatch(
  deps: SyncDependencies,
  request: { accountId: string; folder: string },
): Promise<BatchAnswer> {
  const account = await openAccount(deps, request.accountId);
  const { batches } = account.adapter;
  if (!batches) throw takesNoFiles(request.accountId, account.adapter.id);
  await makeFolder(request.folder);
  const recovered = (await recoverBatchFiles(deps, request.accountId, request.folder)).at(-1);
  const found = await findBatchNeeds(deps, account);
  const chosen = found.needs.slice(0, batches.maxItems);
  const answer: BatchAnswer = {
    account: request.accountId,
    batch: null,
    file: null,
    sha256: null,
    add: countOf(chosen, 'add'),
    update: countOf(chosen, 'update'),
    delete: countOf(chosen, 'delete'),
    waiting: found.waiting.length,
    left: found.needs.length - chosen.length,
    deliveredTo: null,
    deliveryFailure: null,
    blocked: found.plan.blocked,
    withdrawn: found.withdrawn.map((item) => item.sku),
  };
  if (chosen.length === 0) {
    await showBatchStates(deps, request.accountId, found);
    if (recovered) {
      const { batch, path } = recovered;
      Object.assign(answer, { batch: batch.batchId, file: path, sha256: batch.sha256 });
    }
    await deliverLeftBatches(deps, account, request.folder, answer);
    return answer;
  }
  const made = await makeFile(deps, account, batches, chosen, request.folder);
  await keepBatch(deps, made);
  Object.assign(answer, { batch: made.batch.batchId, file: made.path, sha256: made.batch.sha256 });
  await showBatchStates(deps, request.accountId, afterBuilding(found, chosen, made.items));
  account.context.log.info({ batch: made.batch.batchId, items: made.items.length }, 'a batch was built');
  await deliver(deps, account, made.batch, made.path, answer);
  return answer;
}

/** Two people may build at the same moment; the second is told, and nothing of its file is left. */
async function keepBatch(deps: SyncDependencies, made: MadeFile): Promise<void> {
  try {
    await deps.store.transaction((tx) => writeBatch(tx, made.batch, made.items));
  } catch (error) {
    await rm(made.draft, { force: true });
    if (errorCode(error) !== uniqueViolation) throw error;
    const { accountId } = made.batch;
    throw new PeopleError(
      'batch_at_once',
      `계정 ${accountId}: 같은 때에 다른 곳에서도 배치를 만들었습니다. \`naru export list ${accountId}\`로 확인해 주십시오.`,
      `Account ${accountId}: somebody else built a batch at the same moment. See \`naru export list ${accountId}\`.`,
    );
  }
  await finishDraft(made.draft, made.path);
}

/** SQLSTATE of a key that is taken. */
const uniqueViolation = '23505';

function countOf(needs: readonly BatchNeed[], action: BatchNeed['action']): number {
  return needs.filter((need) => need.action === action).length;
}

interface MadeFile {
  batch: Pick<StoredBatch, 'batchId' | 'accountId' | 'number' | 'builtAt' | 'fileName' | 'sha256'>;
  items: Parameters<typeof writeBatch>[2];
  draft: string;
  path: string;
}

/** Writes the file under a draft's name: it gets its own when the store knows it, so that nobody uploads an unknown one. */
async function makeFile(
  deps: SyncDependencies,
  account: OpenAccount,
  batches: BatchesGroup<never, never>,
  needs: readonly BatchNeed[],
  folder: string,
): Promise<MadeFile> {
  const { accountId } = account.stored;
  const number = await nextBatchNumber(deps.store, accountId);
  const batchId = `${accountId}-b${String(number).padStart(4, '0')}`;
  const builtAt = deps.clock.now();
  const items = await itemsOf(deps, account, needs);
  const file = batches.build({ batchId, accountId, builtAt, settings: account.settings as never, items });
  const path = join(folder, file.name);
  // Its own, whoever builds at the same moment: two writers of one file would spoil it.
  const draft = draftOf(path, randomBytes(4).toString('hex'));
  const sha256 = await writeDraft(file.content, { draft, path, signal: deps.signal });
  const documents = new Map(items.map((item) => [item.sku, item.document]));
  return {
    batch: { batchId, accountId, number, builtAt, fileName: file.name, sha256 },
    items: needs.map(({ listingId, sku, action, wanted, wantedHash }) => {
      return { listingId, action, wanted, wantedHash, document: documents.get(sku) ?? null };
    }),
    draft,
    path,
  };
}

async function itemsOf(
  deps: SyncDependencies,
  account: OpenAccount,
  needs: readonly BatchNeed[],
): Promise<BatchItem[]> {
  const skus = needs.map((need) => need.sku);
  const rendered = await renderProducts(deps, account, skus);
  const told = await confirmedDocuments(
    deps.store,
    needs.map((need) => need.listingId),
  );
  const names = await imageNamesOf(deps.store, skus);
  const pictures = createProductPictures(deps.store);
  return needs.map(({ listingId, sku, action, externalIds }) => {
    const document: Json = (action === 'delete' ? told.get(listingId) : rendered.get(sku)?.document) ?? null;
    const images = action === 'delete' ? [] : (names.get(sku) ?? []).map((name) => imageOf(pictures, sku, name));
    return { action, sku, document, externalIds, images };
  });
}

/** A picture of the store, read when its turn comes. */
export function imageOf(pictures: ReturnType<typeof createProductPictures>, sku: string, name: string): BatchImage {
  return {
    contentType: name.endsWith('.png') ? 'image/png' : 'image/jpeg',
    bytes: async () => {
      const picture = await pictures.find(name);
      if (!picture) throw new Error(`the picture ${name} of product ${sku} is gone`);
      return picture.bytes;
    },
  };
}

/** How things stand once the batch is on its way. */
function afterBuilding(found: BatchNeeds, chosen: readonly BatchNeed[], items: MadeFile['items']): BatchNeeds {
  const waiting = chosen.map(({ listingId, sku }, index) => {
    const item = items[index] as MadeFile['items'][number];
    return { ...item, listingId, sku, outcome: null };
  });
  const rest = found.needs.filter((need) => !chosen.includes(need));
  return { ...found, needs: rest, waiting: [...found.waiting, ...waiting] };
}

/** Files of this account that were made and did not get to where they should be. */
async function deliverLeftBatches(
  deps: SyncDependencies,
  account: OpenAccount,
  folder: string,
  answer: BatchAnswer,
): Promise<void> {
  for (const batch of await listBatches(deps.store, { accountId: account.stored.accountId })) {
    if (batch.deliveredTo !== null || batch.open === 0) continue;
    const path = join(folder, batch.fileName);
    if (!(await isThere(path)) || (await sha256Of(path)) !== batch.sha256) continue;
    await deliver(deps, account, batch, path, answer);
    if (answer.deliveredTo === null && answer.deliveryFailure === null) continue;
    Object.assign(answer, { batch: batch.batchId, file: path, sha256: batch.sha256 });
  }
}

/** A delivery that fails loses nothing: the file stays, people are told, and the next build tries again. */
export async function deliver(
  deps: SyncDependencies,
  account: OpenAccount,
  batch: Pick<StoredBatch, 'batchId' | 'fileName'>,
  path: string,
  answer: BatchAnswer,
): Promise<void> {
  const { batches } = account.adapter;
  if (!batches?.deliver) return;
  try {
    const place = await batches.deliver(account.context, { name: batch.fileName, path });
    if (place === null) return;
    await markDelivered(deps.store, batch.batchId, place);
    answer.deliveredTo = place;
  } catch (error) {
    if (!isChannelError(error)) throw error;
    const { kind, code, channelMessage } = error;
    const { accountId } = account.stored;
    const sentence = sentenceFor({ sku: null, accountId, operation: null, kind, code, channelMessage, isPlace: true });
    account.context.log.warn({ batch: batch.batchId, kind, code }, 'a batch could not be delivered');
    answer.deliveryFailure = { code, messageKo: sentence.ko, messageEn: sentence.en };
  }
}

/** The error for an account whose channel has an API. */
export function takesNoFiles(accountId: string, adapterId: string): PeopleError {
  return new PeopleError(
    'batches_unsupported',
    `계정 ${accountId}의 채널(${adapterId})은 파일로 등록하지 않습니다. \`naru push\`를 사용해 주십시오.`,
    `The channel of account ${accountId} (${adapterId}) takes no files. Use \`naru push\`.`,
  );
}
