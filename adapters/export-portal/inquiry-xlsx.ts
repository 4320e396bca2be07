import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type ExcelJS from 'exceljs';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { inquiryFileError } from './inquiry-file-errors.ts';
import { type Cell, emptyCell, isEmptyRow, maxColumns, maxRows, maxTitleRows, type TableRow } from './inquiry-table.ts';

/** A list of 20,000 inquiries unpacks to some 30 MB; the rest is room for pictures. */
const maxUnpackedBytes = 64 * 1024 * 1024;
const maxParts = 1000;
/** Every cell becomes an object: a sheet of empty cells packs to nothing and unpacks to gigabytes. */
const maxTags = 6_000_000;
/** The library makes an object for each cell that a named range covers. */
const maxNamedCells = 2_000_000;
/** Parts of a sheet that hold no inquiries; a merge over the whole sheet alone would keep the library busy for hours. */
const unreadNodes = [
  ...['dataValidations', 'conditionalFormatting', 'drawing', 'picture', 'pageSetup', 'headerFooter', 'mergeCells'],
  ...['tableParts', 'autoFilter', 'extLst', 'legacyDrawing', 'sheetProtection', 'rowBreaks', 'colBreaks'],
];

/**
 * Rows of a workbook: of the first sheet that is shown and holds anything.
 *
 * @throws PeopleError `inquiry_workbook_broken`, `inquiry_file_too_large`, `inquiry_file_empty`, `inquiry_file_unknown`.
 */
export async function readXlsxTable(bytes: Uint8Array, fileName: string): Promise<TableRow[]> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  await checkArchive(buffer, fileName);
  // Loaded here, not with the program: it takes longer to load than the rest of the adapter.
  const { default: Excel } = await import('exceljs');
  const workbook = new Excel.Workbook();
  try {
    // The library's own type of a buffer is that of an older Node.
    await workbook.xlsx.load(buffer as unknown as ExcelJS.Buffer, { ignoreNodes: unreadNodes });
  } catch {
    throw inquiryFileError('inquiry_workbook_broken', fileName);
  }
  for (const sheet of workbook.worksheets) {
    if (sheet.state !== 'visible') continue;
    const rows: TableRow[] = [];
    sheet.eachRow((row) => {
      const read = { row: row.number, cells: readCells(row) };
      if (!isEmptyRow(read)) rows.push(read);
    });
    if (rows.length > maxRows + maxTitleRows + 1) throw inquiryFileError('inquiry_file_too_large', fileName);
    if (rows.length > 0) return rows;
  }
  throw inquiryFileError('inquiry_file_empty', fileName);
}

function readCells(row: ExcelJS.Row): Cell[] {
  const cells: Cell[] = [];
  row.eachCell({ includeEmpty: false }, (cell, position) => {
    if (position <= maxColumns) cells[position - 1] = readCell(cell.value);
  });
  return Array.from(cells, (cell) => cell ?? emptyCell);
}

function readCell(value: ExcelJS.CellValue): Cell {
  if (value === null || value === undefined) return emptyCell;
  if (value instanceof Date) return readDate(value);
  if (typeof value !== 'object') return { text: String(value) };
  if ('formula' in value || 'sharedFormula' in value) return { fault: 'formula_cell' };
  if ('richText' in value) return { text: value.richText.map(({ text }) => text).join('') };
  // A link: what is shown counts. The shown text may be formatted itself.
  return 'text' in value ? readCell(value.text) : { fault: 'cell_error' };
}

/** The library gives the time on the sheet as if it were UTC; a sheet knows no zone, so it stays a local time. */
function readDate(value: Date): Cell {
  if (Number.isNaN(value.getTime())) return { fault: 'cell_error' };
  const [day = '', time = ''] = value.toISOString().split('T');
  return { text: time.startsWith('00:00:00') ? day : `${day} ${time.slice(0, 8)}` };
}

/**
 * Unpacks every part once without keeping it. The sizes in the table of contents are not enough: they are what a bomb
 * lies about, and yauzl compares them with what really comes out.
 */
async function checkArchive(buffer: Buffer, fileName: string): Promise<void> {
  const tooLarge = inquiryFileError('inquiry_file_too_large', fileName);
  const unknown = inquiryFileError('inquiry_file_unknown', fileName);
  const broken = inquiryFileError('inquiry_workbook_broken', fileName);
  const budget = { bytes: maxUnpackedBytes, tags: maxTags };
  let zip: ZipFile | undefined;
  try {
    zip = await opened(buffer);
    if (zip.entryCount > maxParts) throw tooLarge;
    const parts = await entriesOf(zip);
    if (parts.reduce((total, part) => total + part.uncompressedSize, 0) > maxUnpackedBytes) throw tooLarge;
    if (!parts.some((part) => /(?:^|\/)worksheets\/|workbook\.xml$/.test(part.fileName))) throw unknown;
    for (const part of parts) {
      const isBook = /(?:^|\/)workbook\.xml$/.test(part.fileName);
      const text = await unpack(zip, part, budget, isBook, tooLarge);
      if (namedCells(text) > maxNamedCells) throw tooLarge;
    }
  } catch (cause) {
    throw cause === tooLarge || cause === unknown ? cause : broken;
  } finally {
    zip?.close();
  }
}

function opened(buffer: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(buffer, { lazyEntries: true }, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
}

function entriesOf(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const found: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      found.push(entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(found));
    zip.once('error', reject);
    zip.readEntry();
  });
}

/** Takes what a part really holds off the budget; returns its text where that is wanted. */
async function unpack(
  zip: ZipFile,
  part: Entry,
  budget: { bytes: number; tags: number },
  wantsText: boolean,
  tooLarge: Error,
): Promise<string> {
  if (part.fileName.endsWith('/')) return '';
  const source = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(part, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
  const kept: Buffer[] = [];
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      budget.bytes -= chunk.length;
      for (let at = chunk.indexOf(0x3c); at >= 0; at = chunk.indexOf(0x3c, at + 1)) budget.tags -= 1;
      if (wantsText) kept.push(chunk);
      done(budget.bytes < 0 || budget.tags < 0 ? tooLarge : null);
    },
  });
  await pipeline(source, count);
  return Buffer.concat(kept).toString('utf8');
}

function namedCells(bookText: string): number {
  let total = 0;
  for (const match of bookText.matchAll(/\$([A-Z]{1,3})\$(\d{1,7}):\$([A-Z]{1,3})\$(\d{1,7})/g)) {
    const [, left = '', top, right = '', bottom] = match;
    total += (Math.abs(columnNumber(right) - columnNumber(left)) + 1) * (Math.abs(Number(bottom) - Number(top)) + 1);
  }
  return total;
}

function columnNumber(letters: string): number {
  return Array.from(letters).reduce((total, letter) => total * 26 + letter.charCodeAt(0) - 64, 0);
}
