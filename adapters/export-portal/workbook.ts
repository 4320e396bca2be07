import { Writable } from 'node:stream';
import type { Worksheet } from 'exceljs';
import { cellText } from './cell-text.ts';
import { packSmall, unpackZip } from './zip.ts';

/** One sheet of nothing but text. */
export interface TextSheet {
  name: string;
  headings: readonly string[];
  rows: readonly (readonly string[])[];
  /** Letters across, by column. */
  widths: readonly number[];
  /** Columns, from 0, whose cells offer a choice. */
  choices?: Readonly<Record<number, readonly string[]>>;
}

/** A workbook of our own making is far smaller; the bound only has to be there. */
const mostUnpackedBytes = 512 * 1024 * 1024;
const textFormat = '@';
/** `_x0041_` in a cell is an escaped letter to a spreadsheet; this escapes the escape. */
const looksEscaped = /_(?=x[0-9A-Fa-f]{4}_)/g;

/**
 * A workbook whose cells are all text, so that codes keep their leading zeros, with the first row frozen. No formulas,
 * no merged cells. The same sheets and moment give the same bytes.
 */
export async function writeTextWorkbook(sheets: readonly TextSheet[], at: Date): Promise<Buffer> {
  const { default: ExcelJS } = await import('exceljs');
  const workbook = new ExcelJS.Workbook();
  workbook.creator = 'Naru';
  workbook.lastModifiedBy = 'Naru';
  workbook.created = at;
  workbook.modified = at;
  for (const sheet of sheets) {
    const added = workbook.addWorksheet(sheet.name, { views: [{ state: 'frozen', ySplit: 1 }] });
    fillSheet(added, sheet);
  }
  // The library stamps each part with the moment of writing, and writes them in the order in which they get ready.
  const parts = await unpackZip(new Uint8Array(await workbook.xlsx.writeBuffer()), mostUnpackedBytes);
  return packSmall(parts.sort(byPartName), at);
}

function fillSheet(added: Worksheet, sheet: TextSheet): void {
  for (const [index, width] of sheet.widths.entries()) {
    const column = added.getColumn(index + 1);
    column.width = width;
    // Cells that a person fills in later are text too: a number would lose its leading zeros as it is typed.
    column.numFmt = textFormat;
  }
  const write = (cells: readonly string[], isHeading: boolean) => {
    const row = added.addRow([]);
    for (const [index, text] of cells.entries()) {
      const cell = row.getCell(index + 1);
      const safe = cellText(text);
      cell.value = safe === '' ? null : safe.replace(looksEscaped, '_x005F_');
      if (isHeading) cell.font = { bold: true };
      const choices = isHeading ? undefined : sheet.choices?.[index];
      if (choices) cell.dataValidation = { type: 'list', allowBlank: true, formulae: [`"${choices.join(',')}"`] };
    }
  };
  write(sheet.headings, true);
  for (const row of sheet.rows) write(row, false);
}

/** The list of contents first, where readers look for it; the rest by name. */
function byPartName(a: { name: string }, b: { name: string }): number {
  const first = '[Content_Types].xml';
  if (a.name === first || b.name === first) return a.name === first ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

/**
 * The rows of a sheet as CSV (RFC 4180) with CRLF, and with the mark by which Excel on a Korean Windows knows UTF-8.
 */
export async function writeCsv(sheet: Pick<TextSheet, 'headings' | 'rows'>): Promise<Buffer> {
  const { default: ExcelJS } = await import('exceljs');
  const workbook = new ExcelJS.Workbook();
  const added = workbook.addWorksheet('csv');
  for (const row of [sheet.headings, ...sheet.rows]) added.addRow(row.map(cellText));
  const pieces: Buffer[] = [];
  const sink = new Writable({
    write(piece: Buffer, _encoding, done) {
      pieces.push(piece);
      done();
    },
  });
  await workbook.csv.write(sink, {
    formatterOptions: { rowDelimiter: '\r\n', writeBOM: true, includeEndRowDelimiter: true },
  });
  return Buffer.concat(pieces);
}
