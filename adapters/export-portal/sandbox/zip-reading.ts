/** The batch as files in memory. */

import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';

/** The file is not what a person could open, or not a batch at all. */
export class NotABatch extends Error {
  override name = 'NotABatch';
}

function opened(file: Uint8Array | string): Promise<yauzl.ZipFile> {
  const options = { lazyEntries: true, strictFileNames: true };
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, zip: yauzl.ZipFile): void => (error ? reject(error) : resolve(zip));
    if (typeof file === 'string') yauzl.open(file, options, done);
    else yauzl.fromBuffer(Buffer.from(file), options, done);
  });
}

function streamOf(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}

/**
 * Every file by its full name in the archive, in order.
 * @throws NotABatch when it is no ZIP, is damaged, or holds one name twice.
 */
export async function unzip(file: Uint8Array | string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  try {
    const zip = await opened(file);
    await new Promise<void>((resolve, reject) => {
      const take = async (entry: yauzl.Entry): Promise<void> => {
        if (files.has(entry.fileName)) throw new NotABatch(`${entry.fileName} is there twice`);
        if (!entry.fileName.endsWith('/')) files.set(entry.fileName, await buffer(await streamOf(zip, entry)));
        zip.readEntry();
      };
      zip.on('entry', (entry: yauzl.Entry) => take(entry).catch(reject));
      zip.on('end', resolve);
      zip.on('error', reject);
      zip.readEntry();
    });
  } catch (error) {
    if (error instanceof NotABatch) throw error;
    throw new NotABatch(`the ZIP cannot be opened: ${error instanceof Error ? error.message : 'unknown'}`);
  }
  return files;
}
