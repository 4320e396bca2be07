import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { CatalogueFileError } from './catalogue-file-error.ts';
import { type CatalogueRow, refuseRow } from './catalogue-row.ts';
import type { Column } from './column-names.ts';
import { csvRecords, detectDelimiter } from './csv-records.ts';
import { decodedText, detectEncoding } from './decode-text.ts';
import { columnsOf, isEmptyCell, nestCells } from './flat-row.ts';

/**
 * Rows of a CSV catalogue in UTF-8 (with or without byte order mark), UTF-16 or CP949; commas, tabs or semicolons.
 * Reads in pieces; blank lines are skipped but counted, as a spreadsheet does.
 *
 * @throws CatalogueFileError `file_empty`, `header_missing`.
 */
export async function* readCsv(path: string): AsyncGenerator<CatalogueRow> {
  const text = decodedText(path, await detectEncoding(path));
  let columns: (Column | undefined)[] | undefined;
  let delimiter = ',';
  for await (const record of csvRecords(text)) {
    if (record.text.trim() === '') continue;
    if (columns === undefined) {
      delimiter = detectDelimiter(record.text);
      columns = readHeadings(splitRecord(record.text, delimiter), basename(path));
      continue;
    }
    if (record.isBroken) {
      yield refuseRow(record.row, 'csv_quote_broken', '', {
        ko: '큰따옴표(")의 짝이 맞지 않습니다. 칸 안의 큰따옴표는 두 번("") 적어 주십시오.',
        en: 'a double quote (") is not closed or not doubled. Write a quote inside a cell twice ("").',
      });
      continue;
    }
    const cells = splitRecord(record.text, delimiter);
    if (cells.every(isEmptyCell)) continue;
    if (!cells.slice(columns.length).every(isEmptyCell)) {
      yield refuseRow(record.row, 'csv_column_count', '', {
        ko: `칸이 ${cells.length}개로 제목 줄(${columns.length}개)보다 많습니다. 쉼표가 들어 있는 값을 큰따옴표로 묶어 주십시오.`,
        en: `there are ${cells.length} cells under ${columns.length} headings. Put values that hold a comma in double quotes.`,
      });
      continue;
    }
    yield { row: record.row, value: nestCells(columns, cells) };
  }
  if (columns === undefined) {
    throw new CatalogueFileError('file_empty', {
      ko: `${basename(path)} 파일이 비어 있습니다. 제목 줄과 상품이 있는 파일을 다시 올려 주십시오.`,
      en: `${basename(path)} is empty. Upload a file with a heading line and products.`,
    });
  }
}

/**
 * The columns a heading line stands for.
 *
 * @throws CatalogueFileError `header_missing` when none of them is the SKU: then the line is no heading line.
 */
export function readHeadings(headings: readonly unknown[], fileName: string): (Column | undefined)[] {
  const columns = columnsOf(headings);
  if (columns.some((column) => column?.field === 'sku')) return columns;
  throw new CatalogueFileError('header_missing', {
    ko: `${fileName} 파일의 첫 줄에 상품코드(sku) 제목이 없습니다. 첫 줄에 항목 이름(sku, name_ko 등)을 적어 주십시오.`,
    en: `the first line of ${fileName} has no "sku" heading. Put the field names (sku, name_ko, …) in the first line.`,
  });
}

function splitRecord(text: string, delimiter: string): string[] {
  // A quote inside an unquoted cell (24" monitor) is plain text.
  const [cells] = parse(text, { delimiter, relax_quotes: true, relax_column_count: true, record_delimiter: '\u0000' });
  return (cells as string[] | undefined) ?? [];
}
