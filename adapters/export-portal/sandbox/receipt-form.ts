/** The form that the operator fills in: which products, what to do with them, and what became of it. */

import type ExcelJS from 'exceljs';
import { columnsOf, openWorkbook, type ReceiptColumn, textOf, workbookBytes } from './sheets.ts';
import { NotABatch } from './zip-reading.ts';

export type Action = 'ADD' | 'UPDATE' | 'DELETE';

export interface ReceiptLine {
  row: number;
  sku: string;
  /** Empty where the form has no such column. */
  model: string;
  action: Action;
  /** As the form already shows it; empty for what is new. */
  portalId: string;
}

export interface Outcome {
  portalId: string;
  url: string;
  result: 'OK' | 'REFUSED';
  note: string;
}

/** Headings stand near the top; above them there may be a title and the batch. */
const HEADING_ROWS = 20;
const FILLED_IN = ['portalId', 'url', 'result', 'note'] as const satisfies readonly ReceiptColumn[];

function actionOf(text: string): Action | null {
  if (/add|등록|신규/i.test(text)) return 'ADD';
  if (/update|수정|변경/i.test(text)) return 'UPDATE';
  return /delete|삭제/i.test(text) ? 'DELETE' : null;
}

export class ReceiptForm {
  readonly #workbook: ExcelJS.Workbook;
  readonly #sheet: ExcelJS.Worksheet;
  readonly #columns: Partial<Record<ReceiptColumn, number>>;
  readonly lines: ReceiptLine[];

  /** @throws NotABatch when headings are missing or an action is unknown. */
  static async open(bytes: Uint8Array): Promise<ReceiptForm> {
    return new ReceiptForm(await openWorkbook('receipt.xlsx', bytes));
  }

  private constructor(workbook: ExcelJS.Workbook) {
    this.#workbook = workbook;
    for (const sheet of workbook.worksheets) {
      for (let number = 1; number <= Math.min(sheet.rowCount, HEADING_ROWS); number += 1) {
        const row = sheet.getRow(number);
        const texts = Array.from({ length: sheet.columnCount }, (_, index) => textOf(row.getCell(index + 1)));
        const columns = columnsOf(texts);
        if (columns.action === undefined || (columns.sku ?? columns.model) === undefined) continue;
        const missing = FILLED_IN.filter((name) => columns[name] === undefined);
        if (missing.length > 0) throw new NotABatch(`receipt.xlsx has no column for ${missing.join(', ')}`);
        this.#sheet = sheet;
        this.#columns = columns;
        this.lines = this.#read(number + 1);
        return;
      }
    }
    throw new NotABatch('receipt.xlsx has no headings for SKU and action');
  }

  #cell(row: number, column: ReceiptColumn): ExcelJS.Cell | null {
    const number = this.#columns[column];
    return number === undefined ? null : this.#sheet.getRow(row).getCell(number);
  }

  #text(row: number, column: ReceiptColumn): string {
    const cell = this.#cell(row, column);
    return cell === null ? '' : textOf(cell).trim();
  }

  #read(first: number): ReceiptLine[] {
    const lines: ReceiptLine[] = [];
    for (let row = first; row <= this.#sheet.rowCount; row += 1) {
      const sku = (this.#text(row, 'sku') || this.#text(row, 'model')).replace(/^'/, '');
      const word = this.#text(row, 'action');
      if (sku === '' && word === '') continue;
      const action = actionOf(word);
      if (sku === '' || action === null)
        throw new NotABatch(`receipt.xlsx row ${row}: ${sku || 'no SKU'}, ${word || 'no action'}`);
      lines.push({
        row,
        sku,
        model: this.#text(row, 'model').replace(/^'/, ''),
        action,
        portalId: this.#text(row, 'portalId'),
      });
    }
    return lines;
  }

  /** True when the batch's id stands anywhere in the form: without it nobody knows what the receipt is for. */
  names(batchId: string): boolean {
    return this.#workbook.worksheets.some((sheet) => {
      let found = false;
      sheet.eachRow((row) => {
        row.eachCell((cell) => {
          found ||= textOf(cell).includes(batchId);
        });
      });
      return found;
    });
  }

  fill(line: ReceiptLine, outcome: Outcome): void {
    for (const name of FILLED_IN) {
      const cell = this.#cell(line.row, name);
      if (cell !== null) cell.value = outcome[name] === '' ? null : outcome[name];
    }
  }

  bytes(): Promise<Buffer> {
    return workbookBytes(this.#workbook);
  }
}
