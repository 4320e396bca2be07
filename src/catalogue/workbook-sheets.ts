import ExcelJS from 'exceljs';

/** One sheet; `rows` may be walked once. */
export interface Sheet {
  isShown: boolean;
  rows: AsyncIterable<ExcelJS.Row> | Iterable<ExcelJS.Row>;
}

const SHEET_PART = /^xl\/worksheets\/sheet\d+\.xml$/;

/**
 * The sheets of a workbook, in the order of the file.
 *
 * A workbook is read in pieces, which takes half the time and far less memory than loading it. That needs the formats
 * before the cells: a file that keeps shared texts first, then a sheet, then its formats is loaded whole instead.
 *
 * @param parts names of the file's parts in their order, from `workbookParts`.
 */
export async function* workbookSheets(path: string, parts: readonly string[]): AsyncGenerator<Sheet> {
  if (!canBeStreamed(parts)) {
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(path);
    for (const sheet of workbook.worksheets) {
      yield { isShown: sheet.state === 'visible', rows: sheet.getRows(1, sheet.rowCount) ?? [] };
    }
    return;
  }
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(path, {
    entries: 'ignore',
    hyperlinks: 'ignore',
    sharedStrings: 'cache',
    styles: 'cache',
    worksheets: 'emit',
  });
  for await (const sheet of reader) {
    yield { isShown: !('state' in sheet) || sheet.state === undefined || sheet.state === 'visible', rows: sheet };
  }
}

/** A sheet that comes before the shared texts is put aside by the reader until everything else is known. */
function canBeStreamed(parts: readonly string[]): boolean {
  const texts = parts.indexOf('xl/sharedStrings.xml');
  const needed = ['xl/styles.xml', 'xl/workbook.xml', 'xl/_rels/workbook.xml.rels'].map((part) => parts.indexOf(part));
  return parts.every(
    (part, at) => !SHEET_PART.test(part) || texts < 0 || at < texts || needed.every((index) => index < at),
  );
}
