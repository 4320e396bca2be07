import { normalizeText } from '../domain/text-safety.ts';
import { type Column, columnOf } from './column-names.ts';

type Nested = Record<string, unknown>;

/**
 * Columns of a sheet by their position; a heading that is not ours leaves a hole. When two headings mean the same field
 * the first is kept: a later one is usually a copied remark.
 */
export function columnsOf(headings: readonly unknown[]): (Column | undefined)[] {
  const taken = new Set<string>();
  return headings.map((heading) => {
    const column = typeof heading === 'string' ? columnOf(heading) : undefined;
    if (!column || taken.has(column.field)) return undefined;
    taken.add(column.field);
    return column;
  });
}

/** Builds the nested row that a JSON catalogue would hold from the cells of one line. Empty cells leave no key. */
export function nestCells(columns: readonly (Column | undefined)[], cells: readonly unknown[]): Nested {
  const row: Nested = {};
  columns.forEach((column, index) => {
    const cell = cells[index];
    if (!column || isEmptyCell(cell)) return;
    place(row, column.steps, column.isList ? splitList(cell) : cell);
  });
  return row;
}

/** True for a cell in which nothing stands, whatever a spreadsheet calls that. */
export function isEmptyCell(cell: unknown): boolean {
  return cell === undefined || cell === null || (typeof cell === 'string' && normalizeText(cell) === '');
}

function splitList(cell: unknown): string[] {
  return String(cell)
    .split(/[|;\n]/)
    .map((item) => normalizeText(item))
    .filter((item) => item !== '');
}

function place(row: Nested, steps: readonly (string | number)[], value: unknown): void {
  const [first, second, third] = steps;
  if (typeof first !== 'string') return;
  if (second === undefined) {
    row[first] = value;
  } else if (typeof second === 'string') {
    row[first] ??= {};
    const inner = row[first] as Nested;
    inner[second] = value;
  } else if (typeof third === 'string') {
    row[first] ??= [];
    const list = row[first] as Nested[];
    // Positions before this one whose cells are all empty become empty objects, so that paths keep naming their column.
    while (list.length <= second) list.push({});
    const item = list[second];
    if (item) item[third] = value;
  }
}
