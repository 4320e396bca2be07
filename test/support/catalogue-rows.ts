import { readFileSync } from 'node:fs';
import { type CheckedRow, checkRow, type RowContext } from '../../src/catalogue/row-schema.ts';
import type { CampaignWindow } from '../../src/domain/product-rules/rule-context.ts';

export type RawRow = Record<string, unknown>;

function load(name: string): RawRow[] {
  return JSON.parse(readFileSync(new URL(`../../demo/catalogue/${name}`, import.meta.url), 'utf8')) as RawRow[];
}

export const goodRows: readonly RawRow[] = load('products.json');
export const badRows: readonly RawRow[] = load('products-bad.json');

export const TODAY = '2026-11-22';
export const CAMPAIGN: CampaignWindow = {
  id: 'winter-2026',
  name: '12월 녹색제품 기획전',
  startsAt: new Date('2026-12-07T00:00:00+09:00'),
  endsAt: new Date('2026-12-28T00:00:00+09:00'),
};

/** The good row with this SKU, as a copy that may be changed. */
export function goodRow(sku: string): RawRow {
  const row = goodRows.find((candidate) => candidate.sku === sku);
  if (!row) throw new Error(`no demo row ${sku}`);
  return structuredClone(row);
}

export function contextOf(changes: Partial<RowContext> = {}): RowContext {
  return {
    today: TODAY,
    campaigns: [CAMPAIGN],
    existing: undefined,
    seenSkus: new Set(),
    allowRename: false,
    ...changes,
  };
}

export function check(row: RawRow, changes: Partial<RowContext> = {}): CheckedRow {
  return checkRow(row, contextOf(changes));
}

/** `block cert_expired certificates[0].valid_to` per finding, in order. */
export function briefs(checked: CheckedRow): string[] {
  return checked.findings.map(({ result, rule, field }) => `${result} ${rule} ${field}`);
}

/** Sets `certificates[0].valid_to` and the like in a row; `undefined` removes the key. */
export function set(row: RawRow, path: string, value: unknown): RawRow {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  const last = steps.pop() ?? '';
  let target = row as Record<string, unknown>;
  for (const step of steps) target = target[step] as Record<string, unknown>;
  if (value === undefined) delete target[last];
  else target[last] = value;
  return row;
}
