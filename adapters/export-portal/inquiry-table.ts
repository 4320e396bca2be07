/** What stands in one cell, as text; or why it cannot be used. */
export type Cell = { text: string } | { fault: 'formula_cell' | 'cell_error' };

export interface TableRow {
  /** As the operator's program counts rows. */
  row: number;
  cells: readonly Cell[];
}

/** Bounds of a file. A portal's list is some hundred rows of ten columns; what is far beyond is a mistake or an attack. */
export const maxFileBytes = 20 * 1024 * 1024;
export const maxRows = 20_000;
export const maxColumns = 200;
/** Rows of title, notes and blank lines that may stand above the headings. */
export const maxTitleRows = 30;

export const emptyCell: Cell = { text: '' };

/** The text of a cell, empty where it has none that can be used. */
export function textOf(cell: Cell | undefined): string {
  return cell && 'text' in cell ? cell.text : '';
}

/** True when nothing stands in any cell of the row. */
export function isEmptyRow(row: TableRow): boolean {
  return row.cells.every((cell) => 'text' in cell && cell.text.trim() === '');
}
