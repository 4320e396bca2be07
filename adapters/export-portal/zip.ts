import { type PassThrough, Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import yazl from 'yazl';
import { seoulDayOf } from '../../src/domain/seoul-time.ts';

export interface ZipEntry {
  name: string;
  bytes: Uint8Array;
}

/**
 * The stamp of an archive: noon of the Seoul day. A zip holds a wall clock without a zone, which the library reads off in
 * the machine's own zone, so it is built in that zone too; noon is no hour that any zone skips.
 */
function stampOf(at: Date): Date {
  const [year = 1980, month = 1, day = 1] = seoulDayOf(at).split('-').map(Number);
  return new Date(year, month - 1, day, 12);
}

const entryOptions = (mtime: Date) => ({ mtime, mode: 0o100644, forceDosTimestamp: true });

/**
 * An archive in pieces, whose entries are asked for one at a time, each only when the one before is passed on.
 *
 * Entries are given to the library as streams, because it keeps every buffer it was given until the end: a batch with
 * 240 MB of pictures would stay in memory as a whole.
 */
export async function* packZip(
  entries: AsyncIterable<ZipEntry & { isPacked: boolean }>,
  at: Date,
): AsyncGenerator<Uint8Array> {
  const zip = new yazl.ZipFile();
  const output = zip.outputStream as PassThrough;
  const options = entryOptions(stampOf(at));
  const waiting = entries[Symbol.asyncIterator]();
  const fail = (error: Error) => void output.destroy(error);
  zip.on('error', fail);
  const addNext = async (): Promise<void> => {
    const { done, value } = await waiting.next();
    if (done) return zip.end();
    const { name, isPacked, bytes } = value;
    const holder: Holder = { source: Readable.from([asBuffer(bytes)]) };
    holder.source?.once('end', () => void addNext().catch(fail));
    // What is packed already gains nothing from being packed again, and it would take four times as long.
    addStream(zip, name, { ...options, compress: !isPacked, size: bytes.length }, holder);
  };
  try {
    await addNext();
    for await (const piece of output) yield piece as Uint8Array;
  } finally {
    await waiting.return?.();
  }
}

interface Holder {
  source: Readable | null;
}

/** Apart, because the library keeps the function it is given, and with it all that the function can see. */
function addStream(zip: yazl.ZipFile, name: string, options: Partial<yazl.ReadStreamOptions>, holder: Holder): void {
  zip.addReadStreamLazy(name, options, (take) => {
    if (holder.source) take(null, holder.source);
    holder.source = null;
  });
}

/** The same entries packed small, in this order, with this stamp. */
export async function packSmall(entries: readonly ZipEntry[], at: Date): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  const options = entryOptions(stampOf(at));
  for (const { name, bytes } of entries) zip.addBuffer(asBuffer(bytes), name, options);
  zip.end();
  const pieces: Uint8Array[] = [];
  for await (const piece of zip.outputStream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/**
 * All files of an archive, each compared with its checksum.
 * @param mostBytes an archive that unpacks to more is refused before it fills the memory.
 * @throws Error when it is no whole archive, or too large.
 */
export async function unpackZip(bytes: Uint8Array, mostBytes: number): Promise<ZipEntry[]> {
  const archive = await openZip(asBuffer(bytes));
  const entries: ZipEntry[] = [];
  let left = mostBytes;
  return new Promise((resolve, reject) => {
    archive.on('error', reject);
    archive.on('end', () => resolve(entries));
    archive.on('entry', (entry: yauzl.Entry) => {
      left -= entry.uncompressedSize;
      if (left < 0) reject(new Error('the archive unpacks to more than is allowed'));
      else if (entry.fileName.endsWith('/')) archive.readEntry();
      else {
        readEntry(archive, entry).then((content) => {
          entries.push({ name: entry.fileName, bytes: content });
          archive.readEntry();
        }, reject);
      }
    });
    archive.readEntry();
  });
}

function openZip(bytes: Buffer): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, archive) => {
      if (error) reject(error);
      else resolve(archive);
    });
  });
}

/** The library stops at an entry that is longer than it says; it does not look at checksums. */
async function readEntry(archive: yauzl.ZipFile, entry: yauzl.Entry): Promise<Buffer> {
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    archive.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  const content = Buffer.concat(pieces);
  if (crc32(content) !== entry.crc32) throw new Error(`${entry.fileName} is damaged`);
  return content;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
