import { basename } from 'node:path';
import type ExcelJS from 'exceljs';
import { CatalogueFileError } from './catalogue-file-error.ts';
import { type CatalogueRow, refuseRow } from './catalogue-row.ts';
import type { Column } from './column-names.ts';
import { isEmptyCell, nestCells } from './flat-row.ts';
import { readHeadings } from './read-csv.ts';
import { brokenWorkbook, checkWorkbookFile } from './workbook-file.ts';

/** Parts of a sheet that say nothing about products. */
const UNREAD_NODES = ['dataValidations', 'conditionalFormatting', 'drawing', 'picture', 'pageSetup', 'headerFooter'];

/** A cell as plain data, or the reason why its row cannot be taken. */
type CellReading = { cell: unknown } | { fault: 'formula_cell' | 'cell_error' };

/**
 * Rows of a workbook: of the first sheet that is shown and holds anything; later sheets are notes and code lists.
 *
 * A formula cell refuses its row: its stored result may be stale, and on another machine it may be another.
 *
 * @param bytes the file's size.
 * @throws CatalogueFileError `workbook_broken`, `workbook_empty`, `header_missing`, `file_too_large`.
 */
export async function* readXlsx(path: string, bytes: number): AsyncGenerator<CatalogueRow> {
  const name = basename(path);
  await checkWorkbookFile(path, bytes);
  let columns: (Column | undefined)[] | undefined;
  for (const { number, cells } of await filledRows(path, name)) {
    if (columns) yield toCatalogueRow(number, columns, cells);
    else columns = readHeadings(cells.map(plain), name);
  }
  if (columns === undefined) {
    throw new CatalogueFileError('workbook_empty', {
      ko: `${name} 파일에 내용이 있는 시트가 없습니다. 첫 시트에 제목 줄과 상품을 넣어 주십시오.`,
      en: `${name} has no sheet with rows. Put the headings and products in the first sheet.`,
    });
  }
}

interface FilledRow {
  number: number;
  cells: CellReading[];
}

/**
 * Loads the workbook whole. The library can also read in pieces, but then it decodes each piece by itself and breaks
 * Korean letters that lie across two pieces.
 */
async function filledRows(path: string, name: string): Promise<FilledRow[]> {
  // Loaded here, not with the program: half of the time that any command took to start went into it.
  const { default: Excel } = await import('exceljs');
  const workbook = new Excel.Workbook();
  try {
    await workbook.xlsx.readFile(path, { ignoreNodes: UNREAD_NODES });
  } catch (cause) {
    throw brokenWorkbook(name, cause);
  }
  for (const sheet of workbook.worksheets) {
    if (sheet.state !== 'visible') continue;
    const rows: FilledRow[] = [];
    sheet.eachRow((row) => {
      const cells = readCells(row);
      if (!cells.every((reading) => 'cell' in reading && isEmptyCell(reading.cell)))
        rows.push({ number: row.number, cells });
    });
    if (rows.length > 0) return rows;
  }
  return [];
}

function readCells(row: ExcelJS.Row): CellReading[] {
  const cells: CellReading[] = [];
  row.eachCell({ includeEmpty: true }, (cell, position) => {
    cells[position - 1] = readCell(cell.value, cell.numFmt);
  });
  return Array.from(cells, (reading) => reading ?? { cell: undefined });
}

function readCell(value: ExcelJS.CellValue, format: string | undefined): CellReading {
  if (value instanceof Date) return { cell: readDate(value, format) };
  if (typeof value === 'number') return { cell: restoreZeros(value, format) };
  if (typeof value !== 'object' || value === null) return { cell: value };
  if ('formula' in value || 'sharedFormula' in value) return { fault: 'formula_cell' };
  if ('error' in value) return { fault: 'cell_error' };
  if ('richText' in value) return { cell: value.richText.map(({ text }) => text).join('') };
  // A link: what is shown counts, as it does for the reader of the sheet. The shown text may be formatted itself.
  return 'text' in value ? readCell(value.text, format) : { fault: 'cell_error' };
}

/** A date cell counts in UTC; a cell that shows only year and month is no day. */
function readDate(value: Date, format: string | undefined): string {
  const day = value.toISOString().slice(0, 10);
  return format !== undefined && /y/i.test(format) && !/d/i.test(format.replace(/"[^"]*"|\[[^\]]*\]/g, ''))
    ? day.slice(0, 7)
    : day;
}

/** `0000000000` and `000-00-00000` are how spreadsheets show numbers whose leading zeros they have thrown away. */
function restoreZeros(value: number, format: string | undefined): number | string {
  if (format === undefined || !Number.isSafeInteger(value) || value < 0 || !/^0[0-]*0$/.test(format)) return value;
  return String(value).padStart(format.replaceAll('-', '').length, '0');
}

function plain(reading: CellReading): unknown {
  return 'cell' in reading ? reading.cell : undefined;
}

function toCatalogueRow(
  row: number,
  columns: readonly (Column | undefined)[],
  cells: readonly CellReading[],
): CatalogueRow {
  const faulty = columns.flatMap((column, index) => {
    const reading = cells[index];
    return column && reading && 'fault' in reading ? [{ field: column.field, fault: reading.fault }] : [];
  });
  const [first] = faulty;
  if (!first) return { row, value: nestCells(columns, cells.map(plain)) };
  const fields = faulty.map(({ field }) => field).join(', ');
  return refuseRow(
    row,
    first.fault,
    first.field,
    first.fault === 'formula_cell'
      ? {
          ko: `수식이 들어 있는 칸이 있습니다(${fields}). 복사한 뒤 "값만 붙여넣기"로 바꿔 주십시오.`,
          en: `there is a formula in ${fields}. Copy the cell and paste it back as a value.`,
        }
      : {
          ko: `오류 값(#N/A 등)이 들어 있는 칸이 있습니다(${fields}). 올바른 값을 입력해 주십시오.`,
          en: `there is an error value (such as #N/A) in ${fields}. Enter the right value.`,
        },
  );
}
