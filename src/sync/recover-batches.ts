import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { listBatches, type StoredBatch } from '../store/batches.ts';
import { errorCode } from '../store/database.ts';
import type { SyncDependencies } from './dependencies.ts';

/** What the name of a batch's file ends with until the store knows the batch. */
const draftEnd = '.unfinished';

/** The name of a draft; `own` tells it from the draft of somebody who builds at the same moment. */
export function draftOf(path: string, own: string): string {
  return `${path}.${own}${draftEnd}`;
}

/** Gives a draft its name. It may have it already: whoever builds next does the same for a process that was stopped. */
export async function finishDraft(draft: string, path: string): Promise<void> {
  try {
    await rename(draft, path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || !(await isThere(path))) throw error;
  }
}

/**
 * Finishes files of batches whose process was stopped after the store knew the batch and before the file had its name:
 * without them nobody could upload what the batch holds, and its products would wait for a receipt for ever. Returns the
 * batches whose files came to light, oldest first.
 */
export async function recoverBatchFiles(
  deps: SyncDependencies,
  accountId: string,
  folder: string,
): Promise<{ batch: StoredBatch; path: string }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(draftEnd));
  if (names.length === 0) return [];
  const recovered: { batch: StoredBatch; path: string }[] = [];
  for (const batch of await listBatches(deps.store, { accountId })) {
    const path = join(folder, batch.fileName);
    for (const name of names.filter((one) => one.startsWith(`${batch.fileName}.`))) {
      // Of two who built at once only one file is the batch's.
      const draft = join(folder, name);
      if ((await isThere(path)) || (await sha256Of(draft).catch(() => null)) !== batch.sha256) continue;
      await finishDraft(draft, path);
      deps.log.warn({ batch: batch.batchId }, 'the file of a batch was finished after a stop');
      recovered.push({ batch, path });
    }
  }
  return recovered;
}

/** True when there is something by that path. */
export function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** SHA-256 of a file, hex. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex');
}
