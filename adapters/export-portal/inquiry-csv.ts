import { parse } from 'csv-parse/sync';
import { inquiryFileError } from './inquiry-file-errors.ts';
import { maxColumns, maxRows, maxTitleRows, type TableRow } from './inquiry-table.ts';

/** Characters of one row; the cell of a spreadsheet holds at most 32,767. */
const maxRowLength = 500_000;

/**
 * Rows of a CSV file, between commas, semicolons or tabs.
 *
 * @throws PeopleError `inquiry_csv_broken`, `inquiry_file_too_large`.
 */
export function readCsvTable(text: string, fileName: string): TableRow[] {
  let records: string[][];
  try {
    records = parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      // A quote inside a cell that is not quoted (12" pan) is just a letter.
      relax_quotes: true,
      skip_empty_lines: false,
      max_record_size: maxRowLength,
      to: maxRows + maxTitleRows + 2,
    });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause) throw inquiryFileError('inquiry_csv_broken', fileName);
    throw cause;
  }
  if (records.some((cells) => cells.length > maxColumns && cells.slice(maxColumns).some((cell) => cell !== ''))) {
    throw inquiryFileError('inquiry_csv_broken', fileName);
  }
  return records.map((cells, index) => ({
    row: index + 1,
    cells: cells.slice(0, maxColumns).map((cell) => ({ text: cell })),
  }));
}

/** The separator that the first lines hold most of; title rows above the headings may hold none. */
function delimiterOf(text: string): string {
  const head = text.slice(0, 8192).split('\n', maxTitleRows);
  const most = (delimiter: string) => Math.max(...head.map((line) => line.split(delimiter).length));
  return [',', ';', '\t'].reduce((best, next) => (most(next) > most(best) ? next : best));
}
