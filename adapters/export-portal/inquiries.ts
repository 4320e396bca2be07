import type { NamedFile } from '../../src/channel/batches.ts';
import type { InquiryFile, PulledInquiry, RowFault } from '../../src/channel/inquiries.ts';
import type { Inquiry } from '../../src/domain/inquiry.ts';
import { quotable } from '../../src/domain/text-safety.ts';
import { fieldOf, type InquiryField, kindOf } from './inquiry-columns.ts';
import { readCsvTable } from './inquiry-csv.ts';
import { rowFault } from './inquiry-faults.ts';
import { inquiryFileError } from './inquiry-file-errors.ts';
import { sourceOf } from './inquiry-file-kind.ts';
import { readMail } from './inquiry-mail.ts';
import { readPageTables } from './inquiry-page.ts';
import { withoutPersonalData } from './inquiry-personal-data.ts';
import { type InquiryColumn, type InquirySheet, isRowFault, readInquiryRow } from './inquiry-rows.ts';
import { isEmptyRow, maxFileBytes, maxRows, maxTitleRows, type TableRow, textOf } from './inquiry-table.ts';
import { readXlsxTable } from './inquiry-xlsx.ts';

/** A row with these headings is one that tells of inquiries, and not of anything else. */
const tellingFields: ReadonlySet<InquiryField> = new Set(['product', 'title', 'message', 'company', 'channelNumber']);
const maxHeadingLength = 100;

/**
 * Reads what a person saved from a portal, or from a mailbox: a workbook, CSV, a page that calls itself `.xls`, a mail.
 * What the file is, its content decides. What is kept of a buyer's contact, the core decides, whatever the settings say.
 *
 * @throws PeopleError when the file as a whole cannot be read; a row that cannot be used is a fault and the others count.
 */
export async function readInquiryFile(file: NamedFile, _settings: unknown, now: Date): Promise<InquiryFile> {
  if (file.bytes.byteLength > maxFileBytes) throw inquiryFileError('inquiry_file_too_large', file.name);
  const source = sourceOf(file);
  if (source.kind === 'mail') return readMail(file.bytes, file.name, now);
  if (source.kind === 'workbook') return readTable([await readXlsxTable(file.bytes, file.name)], file.name, now);
  const tables =
    source.kind === 'page' ? readPageTables(source.text, file.name) : [readCsvTable(source.text, file.name)];
  return readTable(tables, file.name, now);
}

/** Rows under the headings that tell most; a page holds tables of menus and layout beside the one that counts. */
function readTable(tables: readonly TableRow[][], fileName: string, now: Date): InquiryFile {
  let best: Headings | null = null;
  for (const table of tables) {
    const found = headingsOf(table);
    if (found && found.score > (best?.score ?? 0)) best = found;
  }
  if (!best) throw inquiryFileError('inquiry_headings_missing', fileName);
  const rows = best.table.slice(best.at + 1).filter((row) => !isEmptyRow(row) && !repeats(row, best.row));
  if (rows.length > maxRows) throw inquiryFileError('inquiry_file_too_large', fileName);
  return readRows(rows, { columns: best.columns, kind: usualKind(best), now });
}

function readRows(rows: readonly TableRow[], sheet: InquirySheet): InquiryFile {
  const inquiries = new Map<string, PulledInquiry>();
  const faults: RowFault[] = [];
  for (const { row, cells } of rows) {
    const reading = readInquiryRow(row, cells, sheet);
    if (isRowFault(reading)) {
      faults.push(reading);
      continue;
    }
    const key = JSON.stringify([reading.externalId, reading.sender]);
    const before = inquiries.get(key);
    if (!before) inquiries.set(key, reading);
    // Whether the list begins with the newest or the oldest, no portal says: of two contents a person chooses.
    else if (contentOf(before) !== contentOf(reading)) faults.push(rowFault(row, 'inquiry_twice'));
  }
  return { inquiries: [...inquiries.values()], faults };
}

function contentOf({ value, contact, extras }: PulledInquiry): string {
  return JSON.stringify([value, contact, extras]);
}

interface Headings {
  table: TableRow[];
  /** Position of the headings in the table. */
  at: number;
  row: TableRow;
  columns: InquiryColumn[];
  /** How many different fields the headings name. */
  score: number;
}

/** The row of headings: the one of the first rows that names most fields. Titles and notes may stand above it. */
function headingsOf(table: TableRow[]): Headings | null {
  let best: Headings | null = null;
  for (const [at, row] of table.slice(0, maxTitleRows + 1).entries()) {
    const columns = row.cells.map((cell, index) => columnOf(textOf(cell), index));
    const fields = new Set(columns.flatMap(({ field }) => field ?? []));
    const isTelling = [...fields].some((field) => tellingFields.has(field));
    if (isTelling && fields.size >= 2 && fields.size > (best?.score ?? 0)) {
      best = { table, at, row, columns, score: fields.size };
    }
  }
  return best;
}

function columnOf(text: string, index: number): InquiryColumn {
  const written = text.length > maxHeadingLength ? '' : text.replace(/\s+/g, ' ').trim();
  const heading = quotable(withoutPersonalData(written), maxHeadingLength);
  return { heading: heading || `column ${index + 1}`, field: heading ? fieldOf(heading) : null };
}

/** Lists that were pasted together repeat their headings. */
function repeats(row: TableRow, headings: TableRow): boolean {
  return (
    row.cells.length === headings.cells.length &&
    row.cells.every((cell, at) => textOf(cell) === textOf(headings.cells[at]))
  );
}

/** The kind that the title above the list names, for rows that name none. */
function usualKind({ table, at }: Headings): Inquiry['kind'] {
  const title = table
    .slice(0, at)
    .flatMap((row) => row.cells.map(textOf))
    .join(' ');
  return kindOf(title.slice(0, 1000)) ?? 'inquiry';
}
