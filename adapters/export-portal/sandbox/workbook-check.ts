/** Whether the workbook of listings is safe to open and says what its CSV says. */

import { CsvError, parse } from 'csv-parse/sync';
import ExcelJS from 'exceljs';
import { textRows } from './sheets.ts';

const LONGEST_CELL = 32_767;
const SHEETS = ['Products', 'Guide', 'Codes'];

function cellFault(cell: ExcelJS.Cell): string | null {
  const { type } = cell;
  if (type === ExcelJS.ValueType.Null) return null;
  if (type === ExcelJS.ValueType.Formula) return 'holds a formula';
  if (type === ExcelJS.ValueType.Merge) return 'is merged';
  if (type !== ExcelJS.ValueType.String) return `is no text (type ${type})`;
  const text = String(cell.value);
  if (/^[=+\-@]/.test(text)) return 'begins like a formula';
  if (text.length > LONGEST_CELL) return `is longer than ${LONGEST_CELL}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)) return 'holds a control character';
  return null;
}

/** What is wrong with the workbook; empty when nothing is. */
export function workbookFaults(workbook: ExcelJS.Workbook): string[] {
  const faults = SHEETS.filter((name) => !workbook.getWorksheet(name)).map(
    (name) => `listings.xlsx has no sheet ${name}`,
  );
  const products = workbook.getWorksheet('Products');
  if (!products) return faults;
  if (workbook.worksheets[0] !== products) faults.push('Products is not the first sheet');
  const [view] = products.views ?? [];
  if (view?.state !== 'frozen' || view.ySplit !== 1) faults.push('the heading row of Products is not frozen');
  for (const sheet of workbook.worksheets) {
    if (sheet.hasMerges) faults.push(`sheet ${sheet.name} has merged cells`);
    sheet.eachRow((row) => {
      row.eachCell((cell) => {
        const fault = cellFault(cell);
        if (fault !== null && (sheet === products || fault === 'holds a formula'))
          faults.push(`${sheet.name} ${cell.address} ${fault}`);
      });
    });
  }
  return faults;
}

/** What is wrong with the CSV beside it. */
export function csvFaults(bytes: Buffer, products: ExcelJS.Worksheet): string[] {
  const faults: string[] = [];
  if (!bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) faults.push('listings.csv has no byte order mark');
  let rows: string[][];
  try {
    rows = parse(bytes, { bom: true, record_delimiter: '\r\n' }) as string[][];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return [...faults, `listings.csv is no CSV with CRLF: ${error.message}`];
  }
  const shown = textRows(products);
  if (rows.length !== shown.length) faults.push(`listings.csv has ${rows.length} rows, Products ${shown.length}`);
  rows.forEach((row, index) => {
    const other = shown[index] ?? [];
    // A workbook keeps line breaks as LF whatever they were.
    const same = row.length === other.length && row.every((text, column) => plain(text) === plain(other[column] ?? ''));
    if (!same && index < shown.length) faults.push(`listings.csv row ${index + 1} differs from Products`);
  });
  return faults;
}

const plain = (text: string): string => text.replace(/\r\n?/g, '\n');
