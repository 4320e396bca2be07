import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { CatalogueFileError } from './catalogue-file-error.ts';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const OLE_CONTAINER = 0xd0cf11e0;
/** The end record is 22 bytes and may be followed by a comment of up to 65,535. */
const END_BYTES = 22;
const LONGEST_END = END_BYTES + 65_535;
/** Ten thousand products unpack to 25 MB and load into some 300; far more is a mistake or a zip bomb. */
const MAX_UNPACKED_BYTES = 200 * 1024 * 1024;

/**
 * Looks at a workbook's table of contents before anything is loaded: a truncated file has none, and the sizes in it tell
 * a zip bomb.
 *
 * Every part is unpacked once and compared with its checksum: the library does not, and a catalogue of which half the
 * rows are missing must not pass for a whole one.
 *
 * @param bytes the file's size.
 * @throws CatalogueFileError `workbook_broken`, `file_too_large`.
 */
export async function checkWorkbookFile(path: string, bytes: number): Promise<void> {
  const name = basename(path);
  const file = await open(path, 'r');
  try {
    const head = await readAt(file, 0, 4);
    if (head.length === 4 && head.readUInt32BE(0) === OLE_CONTAINER) {
      throw new CatalogueFileError('workbook_broken', {
        ko: `${name} 파일은 암호가 걸려 있거나 옛 엑셀(.xls) 형식입니다. 암호 없이 .xlsx 형식으로 다시 저장해 주십시오.`,
        en: `${name} has a password or is an old .xls workbook. Save it again as .xlsx without a password.`,
      });
    }
    const tailStart = Math.max(0, bytes - LONGEST_END);
    const tail = await readAt(file, tailStart, bytes - tailStart);
    const end = lastEndRecord(tail);
    if (end === undefined) throw brokenWorkbook(name);
    const directoryBytes = tail.readUInt32LE(end + 12);
    const directoryStart = tail.readUInt32LE(end + 16);
    if (directoryStart + directoryBytes > bytes) throw brokenWorkbook(name);
    const parts = readDirectory(await readAt(file, directoryStart, directoryBytes), name);
    if (parts.reduce((total, part) => total + part.bytes, 0) > MAX_UNPACKED_BYTES) {
      throw new CatalogueFileError('file_too_large', {
        ko: `${name} 파일의 압축을 풀면 너무 큽니다. 빈 행과 그림을 지우고 다시 저장해 주십시오.`,
        en: `${name} is too large once unpacked. Delete empty rows and pictures and save it again.`,
      });
    }
    for (const part of parts) await checkPart(path, file, part, name);
  } finally {
    await file.close();
  }
}

/** A workbook that no spreadsheet program would open either. */
export function brokenWorkbook(name: string, cause?: unknown): CatalogueFileError {
  return new CatalogueFileError(
    'workbook_broken',
    {
      ko: `${name} 파일이 손상되어 열 수 없습니다. 엑셀에서 열리는지 확인하고 .xlsx 형식으로 다시 저장해 주십시오.`,
      en: `${name} is damaged and cannot be opened. See whether Excel opens it, and save it again as .xlsx.`,
    },
    { cause },
  );
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function lastEndRecord(tail: Buffer): number | undefined {
  for (let at = tail.length - END_BYTES; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  return undefined;
}

interface WorkbookPart {
  /** Size once unpacked. */
  bytes: number;
  packedBytes: number;
  checksum: number;
  /** 0 stored, 8 deflated; a workbook knows no other. */
  method: number;
  offset: number;
}

async function checkPart(path: string, file: FileHandle, part: WorkbookPart, fileName: string): Promise<void> {
  if (part.packedBytes === 0) return;
  const header = await readAt(file, part.offset, LOCAL_HEADER_BYTES);
  if (header.length < LOCAL_HEADER_BYTES || header.readUInt32LE(0) !== LOCAL_HEADER) throw brokenWorkbook(fileName);
  const start = part.offset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = createReadStream(path, { start, end: start + part.packedBytes - 1 });
  // An error of either stream reaches the loop below, which reads the last one.
  const unpacked: Readable = part.method === 8 ? pipeline(packed, createInflateRaw(), () => {}) : packed;
  let bytes = 0;
  let checksum = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      checksum = crc32(chunk, checksum);
      // The stated size is what the limit was checked against, so it has to be true.
      if (bytes > part.bytes) break;
    }
  } catch (cause) {
    throw brokenWorkbook(fileName, cause);
  }
  if (bytes !== part.bytes || checksum !== part.checksum) throw brokenWorkbook(fileName);
}

function readDirectory(directory: Buffer, fileName: string): WorkbookPart[] {
  const parts: WorkbookPart[] = [];
  let at = 0;
  while (at + 46 <= directory.length) {
    if (directory.readUInt32LE(at) !== DIRECTORY_ENTRY) throw brokenWorkbook(fileName);
    const nameBytes = directory.readUInt16LE(at + 28);
    parts.push({
      method: directory.readUInt16LE(at + 10),
      checksum: directory.readUInt32LE(at + 16),
      packedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return parts;
}
