/** Workbooks as a person sees them: headings, and text under them. */

import ExcelJS from 'exceljs';
import { NotABatch } from './zip-reading.ts';

/** @throws NotABatch when a spreadsheet program could not open it. */
export async function openWorkbook(name: string, bytes: Uint8Array): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  try {
    // The library's types know only its own Buffer, which is the plain ArrayBuffer of these bytes.
    await workbook.xlsx.load(new Uint8Array(bytes).buffer as unknown as Parameters<typeof workbook.xlsx.load>[0]);
  } catch (error) {
    throw new NotABatch(`${name} is no workbook: ${error instanceof Error ? error.message : 'unknown'}`);
  }
  return workbook;
}

export async function workbookBytes(workbook: ExcelJS.Workbook): Promise<Buffer> {
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

/** What stands in a cell, as text; nothing is ''. */
export function textOf(cell: ExcelJS.Cell): string {
  return cell.text ?? '';
}

/** The rows of a sheet as text, from the first to the last that holds anything, each as wide as the sheet. */
export function textRows(sheet: ExcelJS.Worksheet): string[][] {
  const rows: string[][] = [];
  for (let number = 1; number <= sheet.rowCount; number += 1) {
    const row = sheet.getRow(number);
    rows.push(Array.from({ length: sheet.columnCount }, (_, index) => textOf(row.getCell(index + 1))));
  }
  while (rows.length > 0 && rows.at(-1)?.every((text) => text === '')) rows.pop();
  return rows;
}

/** Headings a column may have, in Korean or English; the first pattern that fits a heading takes it. */
const COLUMN_WORDS = {
  result: /result|결과/i,
  note: /note|remark|reason|비고|사유|메모/i,
  url: /url|주소|링크|link/i,
  portalId: /(?=.*(portal|포털|포탈))(?=.*(\bid\b|\bno\b|number|번호|아이디|코드))|등록\s*번호/i,
  sku: /\bsku\b|상품\s*코드|관리\s*코드|품번/i,
  model: /model|모델/i,
  action: /action|작업|구분|처리/i,
} as const;
export type ReceiptColumn = keyof typeof COLUMN_WORDS;

/** Where the columns are: 1-based numbers by meaning. */
export function columnsOf(headings: readonly string[]): Partial<Record<ReceiptColumn, number>> {
  const found: Partial<Record<ReceiptColumn, number>> = {};
  headings.forEach((heading, index) => {
    const meaning = (Object.keys(COLUMN_WORDS) as ReceiptColumn[]).find((name) => COLUMN_WORDS[name].test(heading));
    if (meaning !== undefined) found[meaning] ??= index + 1;
  });
  return found;
}
