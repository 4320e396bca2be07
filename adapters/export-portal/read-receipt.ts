import type { Cell, CellValue, Row, Worksheet } from 'exceljs';
import type { NamedFile, Receipt, ReceiptRow } from '../../src/channel/batches.ts';
import type { RowFault } from '../../src/channel/inquiries.ts';
import { PeopleError } from '../../src/domain/people-error.ts';
import { quotable } from '../../src/domain/text-safety.ts';
import { plainText, withoutGuard } from './cell-text.ts';
import { outcomeOf, type ReceiptColumn, receiptColumnOf, receiptColumns } from './receipt-columns.ts';
import { unpackZip } from './zip.ts';

/** A receipt of 600 products is 30 kB and unpacks to 500 kB. */
const mostBytes = 20 * 1024 * 1024;
const mostUnpackedBytes = 100 * 1024 * 1024;
/** Somebody may have put a title above the headings. */
const lastHeadingRow = 10;
/** Excel keeps fifteen digits of a number and turns the rest to zeros. */
const exactDigits = 15;

type Columns = ReadonlyMap<ReceiptColumn, number>;
type Fault = Omit<RowFault, 'row' | 'field'> & { column: ReceiptColumn | null };

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
    if (batch !== '' && batch !== batchId) return tell(otherBatch(batch, batchId ?? ''));
    if (seen.has(rest.sku)) return tell(skuTwice(rest.sku));
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
    if ('reason' in read) return unreadable(column, read.reason);
    texts.set(column, withoutGuard(plainText(read.text)));
  }
  const text = (column: ReceiptColumn) => texts.get(column) ?? '';
  if ([...texts].every(([column, value]) => column === 'batchId' || value === '')) return null;
  const { sku, portalId, note, result, action } = {
    sku: text('sku'),
    portalId: text('portalId'),
    note: text('note'),
    result: text('result'),
    action: text('action').toUpperCase(),
  };
  if (sku === '') return skuMissing;
  const outcome = outcomeOf(result);
  if (outcome === null) return unknownResult(sku, result);
  if (outcome === 'confirmed' && portalId === '' && action !== 'DELETE') return portalIdMissing(sku);
  // An update comes with its number; on a new product the number is the operator's, and so the word was forgotten.
  if (outcome === 'open' && portalId !== '' && action === 'ADD') return resultMissing(sku);
  const url = webAddress(text('url'));
  if (url === undefined) return unreadableUrl(sku);
  return {
    batch: text('batchId'),
    sku,
    outcome,
    externalIds: portalId === '' ? {} : { portalId },
    url,
    note: note === '' ? null : note,
  };
}

function cellAt(row: Row, column: number): Cell {
  return row.getCell(column);
}

type Reason = 'formula' | 'date' | 'number' | 'error';

/** The text of a cell as people see it, or why it cannot be trusted. */
function textOf(value: CellValue): { text: string } | { reason: Reason } {
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

const reasons: Record<Reason, { ko: string; en: string }> = {
  formula: { ko: '수식이 있습니다. 수식을 지우고 값만 적어', en: 'holds a formula. Type the value instead' },
  date: {
    ko: '날짜로 바뀌었습니다. 셀 서식을 텍스트로 바꾸고 값을 다시 적어',
    en: 'became a date. Format the cell as text, type it again',
  },
  number: {
    ko: '엑셀이 숫자로 바꾸면서 끝자리를 잃었을 수 있습니다. 셀 서식을 텍스트로 바꾸고 다시 적어',
    en: 'became a number that may have lost digits. Format the cell as text, type it again',
  },
  error: { ko: '오류 값이 있습니다. 값을 다시 적어', en: 'holds an error. Type the value again' },
};

function unreadable(column: ReceiptColumn, reason: Reason): Fault {
  const { ko, en } = reasons[reason];
  return {
    column,
    code: `cell_${reason}`,
    messageKo: `'${receiptColumns[column].heading}' 칸에 ${ko} 파일을 다시 올려 주십시오.`,
    messageEn: `The cell '${receiptColumns[column].heading}' ${en} and bring the file again.`,
  };
}

const skuMissing: Fault = {
  column: 'sku',
  code: 'sku_missing',
  messageKo: '상품코드(SKU)가 비어 있습니다. 받은 회신 파일의 값을 그대로 적어 파일을 다시 올려 주십시오.',
  messageEn: 'The SKU is empty. Enter it as it stood in the receipt and bring the file again.',
};

function skuTwice(sku: string): Fault {
  return {
    column: 'sku',
    code: 'sku_twice',
    messageKo: `상품 ${quotable(sku)}: 같은 상품이 두 줄 있어 첫 줄만 썼습니다. 한 줄만 남겨 파일을 다시 올려 주십시오.`,
    messageEn: `Product ${quotable(sku)} stands in two rows; the first was used. Leave one and bring the file again.`,
  };
}

function otherBatch(batch: string, expected: string): Fault {
  return {
    column: 'batchId',
    code: 'other_batch',
    messageKo: `이 줄은 다른 묶음(${quotable(batch)})의 것입니다. ${quotable(expected)}의 줄만 남기고, 이 줄은 그 묶음의 회신 파일로 올려 주십시오.`,
    messageEn: `This row belongs to another batch (${quotable(batch)}). Keep the rows of ${quotable(expected)} and bring this one with the receipt of its own batch.`,
  };
}

function unknownResult(sku: string, result: string): Fault {
  return {
    column: 'result',
    code: 'result_unknown',
    messageKo: `상품 ${quotable(sku)}: 결과 '${quotable(result)}'의 뜻을 알 수 없습니다. OK나 REFUSED를 골라 파일을 다시 올려 주십시오.`,
    messageEn: `Product ${quotable(sku)}: the result '${quotable(result)}' is not understood. Choose OK or REFUSED and bring the file again.`,
  };
}

function resultMissing(sku: string): Fault {
  return {
    column: 'result',
    code: 'result_missing',
    messageKo: `상품 ${quotable(sku)}: 포털 상품번호는 있는데 결과가 비어 있습니다. OK나 REFUSED를 골라 파일을 다시 올려 주십시오.`,
    messageEn: `Product ${quotable(sku)} has a portal id and no result. Choose OK or REFUSED and bring the file again.`,
  };
}

function portalIdMissing(sku: string): Fault {
  return {
    column: 'portalId',
    code: 'portal_id_missing',
    messageKo: `상품 ${quotable(sku)}: 결과는 OK인데 포털 상품번호가 없습니다. 포털이 준 상품번호를 적어 파일을 다시 올려 주십시오.`,
    messageEn: `Product ${quotable(sku)}: the result is OK but there is no portal id. Enter the id that the portal gave and bring the file again.`,
  };
}

function unreadableUrl(sku: string): Fault {
  return {
    column: 'url',
    code: 'url_unreadable',
    messageKo: `상품 ${quotable(sku)}: 상품 주소가 인터넷 주소가 아닙니다. https://로 시작하는 주소를 적거나 칸을 비워 파일을 다시 올려 주십시오.`,
    messageEn: `Product ${quotable(sku)}: its URL is no web address. Enter one that begins with https:// or leave the cell empty, and bring the file again.`,
  };
}

function noReceipt(name: string): PeopleError {
  const shown = quotable(name);
  return new PeopleError(
    'receipt_unreadable',
    `${shown}: 이 채널의 회신 파일이 아니거나 손상되었습니다. 묶음에 든 receipt.xlsx를 채워 .xlsx 형식 그대로 저장해 올려 주십시오.`,
    `${shown} is no receipt of this channel, or it is damaged. Fill in the receipt.xlsx of the batch, save it as .xlsx and bring that.`,
  );
}
