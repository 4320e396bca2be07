/** A catalogue as a flat file, CIF 3.0. */

import { CsvError, parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import { minorOf } from './amounts.ts';
import type { CatalogueFile, CatalogueItem } from './catalogue.ts';
import { Refused } from './refusal.ts';

export const CIF_FIRST_LINE = 'CIF_I_V3.0';

const REQUIRED = [
  'supplier id',
  'supplier part id',
  'item description',
  'spsc code',
  'unit price',
  'unit of measure',
] as const;
const LONGEST_DESCRIPTION = 2000;

export function looksLikeCif(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 64))
    .toString('latin1')
    .replace(/^\xEF\xBB\xBF/, '')
    .startsWith('CIF_');
}

function refuse(reason: string): never {
  throw new Refused(400, `CIF: ${reason}`);
}

function rowsOf(text: string): string[][] {
  try {
    return parse(text, { skip_empty_lines: true, relax_column_count: true }) as string[][];
  } catch (error) {
    if (error instanceof CsvError) refuse(`the rows are no CSV: ${error.message}`);
    throw error;
  }
}

/** The lines before DATA, by key in capitals. */
function headerOf(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.slice(1).flatMap((line): [string, string][] => {
      if (line.trim() === '') return [];
      const [, key, value] = /^\s*([A-Za-z_]+)\s*:\s?(.*)$/.exec(line) ?? [];
      return key === undefined
        ? refuse(`no header line: ${line.slice(0, 40)}`)
        : [[key.toUpperCase(), (value ?? '').trim()]];
    }),
  );
}

function itemOf(row: readonly string[], columns: readonly string[], currency: string, place: string): CatalogueItem {
  const field = (name: string): string => row[columns.indexOf(name)]?.trim() ?? '';
  if (row.length !== columns.length) refuse(`${place} has ${row.length} fields instead of ${columns.length}`);
  for (const name of REQUIRED) if (field(name) === '') refuse(`${place} lacks ${name}`);
  if (field('item description').length > LONGEST_DESCRIPTION) refuse(`${place} has too long a description`);
  if (!/^\d+(\.\d+)?$/.test(field('unit price'))) refuse(`${place} has the price ${field('unit price')}`);
  const rowCurrency = field('currency') || currency;
  const price = minorOf(field('unit price'), rowCurrency);
  if (price === null) refuse(`${place} has a price that ${rowCurrency || 'no currency'} cannot hold`);
  return {
    sku: field('supplier part id'),
    supplier: field('supplier id'),
    deleted: ['t', 'true', 'yes', 'y'].includes(field('delete').toLowerCase()),
    name: field('item description').slice(0, 120),
    price,
    currency: rowCurrency,
    stock: null,
  };
}

/** @throws Refused naming what is wrong with the file or the row. */
export function readCif(bytes: Uint8Array): CatalogueFile {
  const charset = /^\s*CHARSET\s*:\s*(\S+)/im.exec(Buffer.from(bytes).toString('latin1'))?.[1] ?? 'UTF-8';
  const encoding = charset.replace(/^8859_(\d+)$/, 'ISO-8859-$1');
  if (!iconv.encodingExists(encoding)) refuse(`unknown CHARSET ${charset}`);
  const text = iconv.decode(Buffer.from(bytes), encoding);
  const lines = text.split(/\r?\n/);
  if (lines[0]?.trim() !== CIF_FIRST_LINE) refuse(`the first line must be ${CIF_FIRST_LINE}`);
  const data = lines.findIndex((line) => line.trim() === 'DATA');
  if (data < 0) refuse('there is no DATA');
  const end = lines.findLastIndex((line) => line.trim() === 'ENDOFDATA');
  if (end < data) refuse('there is no ENDOFDATA');
  if (lines.slice(end + 1).some((line) => line.trim() !== '')) refuse('something follows ENDOFDATA');

  const header = headerOf(lines.slice(0, data));
  const loadmode = header.get('LOADMODE');
  if (loadmode !== 'F' && loadmode !== 'I') refuse('LOADMODE must be F or I');
  const currency = header.get('CURRENCY') ?? '';
  if (!/^([A-Z]{3})?$/.test(currency)) refuse(`CURRENCY is ${currency}`);
  const columns = (header.get('FIELDNAMES') ?? '').split(',').map((name) => name.trim().toLowerCase());
  for (const name of REQUIRED) if (!columns.includes(name)) refuse(`FIELDNAMES lacks ${name}`);
  const rows = rowsOf(lines.slice(data + 1, end).join('\n'));
  if (header.get('ITEMCOUNT') !== String(rows.length))
    refuse(`ITEMCOUNT is ${header.get('ITEMCOUNT') ?? 'missing'}, but there are ${rows.length} rows`);
  const items = rows.map((row, index) => itemOf(row, columns, currency, `row ${index + 1}`));
  return {
    form: 'CIF',
    full: loadmode === 'F',
    suppliers: items.map((item) => ({ domain: header.get('SUPPLIERID_DOMAIN') ?? '', identity: item.supplier })),
    items,
  };
}
