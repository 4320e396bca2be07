import type { Finding } from '../domain/finding.ts';

/**
 * One row as it was read, or the reason why it could not be. `row` is the number staff see: the position in the list
 * for JSON (from 1), the spreadsheet's own row number for CSV and workbooks (the headings are row 1).
 */
export type CatalogueRow = { row: number; value: Record<string, unknown> } | { row: number; refusal: Finding };

/** A row that is refused before its fields can be looked at. */
export function refuseRow(
  row: number,
  rule: string,
  field: string,
  sentences: { ko: string; en: string },
): CatalogueRow {
  return {
    row,
    refusal: {
      rule,
      result: 'block',
      field,
      messageKo: `${row}행: ${sentences.ko}`,
      messageEn: `Row ${row}: ${sentences.en}`,
    },
  };
}
