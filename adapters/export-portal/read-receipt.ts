import type { Cell, CellValue, Row, Worksheet } from 'exceljs';
import {
  type BatchAction,
  batchActions,
  type NamedFile,
  type Receipt,
  type ReceiptRow,
} from '../../src/channel/batches.ts';
import type { RowFault } from '../../src/channel/inquiries.ts';
import { PeopleError } from '../../src/domain/people-error.ts';
import { quotable } from '../../src/domain/text-safety.ts';
import { plainText, withoutGuard } from './cell-text.ts';
import { outcomeOf, type ReceiptColumn, receiptColumnOf, receiptColumns } from './receipt-columns.ts';
import * as faultOf from './receipt-faults.ts';
import { unpackZip } from './zip.ts';

/** A receipt of 600 products is 30 kB and unpacks to 500 kB. */
const mostBytes = 20 * 1024 * 1024;
const mostUnpackedBytes = 100 * 1024 * 1024;
/** Somebody may have put a title above the headings. */
const lastHeadingRow = 10;
/** Excel keeps fifteen digits of a number and turns the rest to zeros. */
const exactDigits = 15;

/** The numbers that portals give are far shorter; a longer text is a note that slipped into the column. */
const longestPortalId = 100;

type Columns = ReadonlyMap<ReceiptColumn, number>;
type Fault = faultOf.ReceiptFault;

/**
 * Reads the receipt that the operator filled in. A row that cannot be used is a fault and costs no other row.
 * @throws PeopleError when the file is no receipt.
 */
export async function readFilledReceipt(file: NamedFile): Promise<Receipt> {
  const found = findHeadings(await openWorkbook(file));
  if (!found) throw noReceipt(file.name);
  const { sheet, headingRow, columns } = found;
  const rows: ReceiptRow[] = [];
  const faults: RowFault[] = [];
  const seen = new Set<string>();
  let batchId: string | null = null;
  sheet.eachRow((row, number) => {
    if (number <= headingRow) return;
    const read = readRow(row, columns);
    if (read === null) return;
    const tell = ({ column, ...fault }: Fault) => {
      faults.push({ row: number, field: column ? headingOf(sheet, headingRow, columns, column) : '', ...fault });
    };
    if ('column' in read) return tell(read);
    const { batch, ...rest } = read;
    batchId ??= batch === '' ? null : batch;
    if (batch !== '' && batch !== batchId) return tell(faultOf.otherBatch(batch, batchId ?? ''));
    if (seen.has(rest.sku)) return tell(faultOf.skuTwice(rest.sku));
    seen.add(rest.sku);
    rows.push({ row: number, ...rest });
  });
  if (batchId === null) {
    // Every row may be at fault; the number of the batch alone says what they are about.
    batchId = firstBatch(sheet, headingRow, columns);
    if (batchId === null) throw noReceipt(file.name);
  }
  return { batchId, rows, faults };
}

async function openWorkbook(file: NamedFile): Promise<Worksheet[]> {
  if (file.bytes.length > mostBytes) throw noReceipt(file.name);
  try {
    // Looked at first: the library would unpack a bomb whole and takes half an archive for a short one.
    await unpackZip(file.bytes, mostUnpackedBytes);
    const { default: ExcelJS } = await import('exceljs');
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.load(new Uint8Array(file.bytes).buffer);
    return workbook.worksheets;
  } catch {
    // Whatever a library says of a broken file, people are told the same: which file, and what to do.
    throw noReceipt(file.name);
  }
}

function findHeadings(sheets: readonly Worksheet[]) {
  for (const sheet of sheets) {
    for (let headingRow = 1; headingRow <= Math.min(lastHeadingRow, sheet.rowCount); headingRow += 1) {
      const columns = new Map<ReceiptColumn, number>();
      sheet.getRow(headingRow).eachCell((cell, number) => {
        const text = textOf(cell.value);
        const column = 'text' in text ? receiptColumnOf(text.text) : null;
        if (column && !columns.has(column)) columns.set(column, number);
      });
      if (columns.has('batchId') && columns.has('sku') && columns.has('result')) return { sheet, headingRow, columns };
    }
  }
  return null;
}

/** A row as the operator left it, its fault, or null when nothing stands in it. */
function readRow(row: Row, columns: Columns): (Omit<ReceiptRow, 'row'> & { batch: string }) | Fault | null {
  const texts = new Map<ReceiptColumn, string>();
  for (const [column, number] of columns) {
    const read = textOf(cellAt(row, number).value);
    if ('reason' in read) return faultOf.unreadable(column, read.reason);
    texts.set(column, withoutGuard(plainText(read.text)));
  }
  const text = (column: ReceiptColumn) => texts.get(column) ?? '';
  if ([...texts].every(([column, value]) => column === 'batchId' || value === '')) return null;
  const { sku, portalId, note, result } = {
    sku: text('sku'),
    portalId: text('portalId'),
    note: text('note'),
    result: text('result'),
  };
  if (sku === '') return faultOf.skuMissing;
  const outcome = outcomeOf(result);
  if (outcome === null) return faultOf.unknownResult(sku, result);
  const action = actionOf(text('action'));
  if (action === undefined) return faultOf.actionUnknown(sku);
  // Without a word about what was to be done, whoever knows the batch decides whether a number is missing.
  const hasEntry = action === 'add' || action === 'update';
  if (outcome === 'confirmed' && portalId === '' && hasEntry) return faultOf.portalIdMissing(sku);
  if (portalId.length > longestPortalId) return faultOf.portalIdTooLong(sku, longestPortalId);
  if (outcome === 'refused' && note === '') return faultOf.reasonMissing(sku);
  // An update comes with its number; on a new product the number is the operator's, and so the word was forgotten.
  if (outcome === 'open' && portalId !== '' && action === 'add') return faultOf.resultMissing(sku);
  const url = webAddress(text('url'));
  if (url === undefined) return faultOf.unreadableUrl(sku);
  return {
    batch: text('batchId'),
    sku,
    action,
    outcome,
    externalIds: portalId === '' ? {} : { portalId },
    url,
    note: note === '' ? null : note,
  };
}

/** The action as the sheet was given it, null for none, undefined for a word that we never write. */
function actionOf(word: string): BatchAction | null | undefined {
  return word === '' ? null : batchActions.find((action) => action === word.toLowerCase());
}

function cellAt(row: Row, column: number): Cell {
  return row.getCell(column);
}

/** The text of a cell as people see it, or why it cannot be trusted. */
function textOf(value: CellValue): { text: string } | { reason: faultOf.UnreadableReason } {
  if (value === null || value === undefined) return { text: '' };
  if (typeof value === 'string') return { text: value };
  if (typeof value === 'boolean') return { text: String(value) };
  if (typeof value === 'number') {
    const isExact = Number.isInteger(value) && Math.abs(value) < 10 ** exactDigits;
    return isExact ? { text: String(value) } : { reason: 'number' };
  }
  if (value instanceof Date) return { reason: 'date' };
  if ('formula' in value || 'sharedFormula' in value) return { reason: 'formula' };
  if ('richText' in value) return { text: value.richText.map((part) => part.text).join('') };
  // A cell that became a link holds a text, which may itself be a rich one.
  if ('hyperlink' in value) return textOf(value.text as CellValue);
  return { reason: 'error' };
}

/** A web address, null for none, undefined for something else; people leave `https://` away. */
function webAddress(text: string): string | null | undefined {
  if (text === '') return null;
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
  if (/\s/.test(text) || !URL.canParse(whole)) return undefined;
  const { protocol, hostname, href } = new URL(whole);
  return ['http:', 'https:'].includes(protocol) && hostname.includes('.') ? href : undefined;
}

function firstBatch(sheet: Worksheet, headingRow: number, columns: Columns): string | null {
  const column = columns.get('batchId');
  for (let number = headingRow + 1; column && number <= sheet.rowCount; number += 1) {
    const read = textOf(cellAt(sheet.getRow(number), column).value);
    if ('text' in read && plainText(read.text) !== '') return plainText(read.text);
  }
  return null;
}

function headingOf(sheet: Worksheet, headingRow: number, columns: Columns, column: ReceiptColumn): string {
  const number = columns.get(column);
  const read = number ? textOf(cellAt(sheet.getRow(headingRow), number).value) : { text: '' };
  return 'text' in read && read.text !== '' ? plainText(read.text) : receiptColumns[column].heading;
}

function noReceipt(name: string): PeopleError {
  const shown = quotable(name);
  return new PeopleError(
    'receipt_unreadable',
    `${shown}: 이 채널의 접수 결과 파일이 아니거나 손상되었습니다. 배치에 든 receipt.xlsx를 채워 .xlsx 형식 그대로 저장해 올려 주십시오.`,
    `${shown} is no receipt of this channel, or it is damaged. Fill in the receipt.xlsx of the batch, save it as .xlsx and bring that.`,
  );
}
