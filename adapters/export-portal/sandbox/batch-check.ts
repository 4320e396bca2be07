/** What a careful person looks at before uploading a batch. */

import { createHash } from 'node:crypto';
import type ExcelJS from 'exceljs';
import { imageSize } from 'image-size';
import { type Manifest, readManifest } from './manifest.ts';
import { ReceiptForm } from './receipt-form.ts';
import { columnsOf, openWorkbook, textRows } from './sheets.ts';
import { csvFaults, workbookFaults } from './workbook-check.ts';
import { NotABatch, unzip } from './zip-reading.ts';

export interface OpenedBatch {
  folder: string;
  batchId: string;
  portal: string;
  manifest: Manifest;
  receipt: ReceiptForm;
  headings: string[];
  /** Cells of Products below the headings. */
  rows: string[][];
  /** By SKU: the row of Products. */
  products: Map<string, string[]>;
  /** Names of the images, in the order of the archive. */
  images: string[];
  /** What is wrong; a batch with anything in here is not uploaded. */
  faults: string[];
}

const FOLDER = /^([A-Za-z0-9-]+)_(\d{4}-\d{2}-\d{2})_([A-Za-z0-9._-]+)$/;

function folderOf(names: readonly string[]): { folder: string; portal: string; batchId: string } {
  const folders = new Set(names.map((name) => name.split('/')[0] ?? ''));
  const [folder = ''] = folders;
  const [, portal, , batchId] = FOLDER.exec(folder) ?? [];
  if (folders.size !== 1 || portal === undefined || batchId === undefined)
    throw new NotABatch(`not one folder PORTAL_DATE_BATCH: ${[...folders].join(', ')}`);
  return { folder, portal, batchId };
}

function manifestFaults(manifest: Manifest, files: Map<string, Buffer>, batchId: string): string[] {
  const faults: string[] = [];
  if (manifest.batchId !== batchId)
    faults.push(`manifest.json is of batch ${manifest.batchId}, the folder of ${batchId}`);
  if (manifest.portal === null) faults.push('manifest.json names no portal');
  if (manifest.templateVersion === null) faults.push('manifest.json names no template version');
  for (const [name, bytes] of files) {
    if (name === 'manifest.json') continue;
    const hash = manifest.files.get(name);
    if (hash === undefined) faults.push(`manifest.json does not list ${name}`);
    else if (hash !== createHash('sha256').update(bytes).digest('hex'))
      faults.push(`${name} is not the file that manifest.json lists`);
  }
  for (const name of manifest.files.keys()) if (!files.has(name)) faults.push(`${name} is listed but missing`);
  return faults;
}

/** Names of image files in a cell; addresses elsewhere are no files of ours. */
function imageNames(cell: string): string[] {
  return cell.split(/[\s,;|]+/).filter((word) => /\.(jpe?g|png)$/i.test(word) && !word.includes('://'));
}

function imageFaults(files: Map<string, Buffer>, rows: readonly string[][]): string[] {
  const faults: string[] = [];
  const present = [...files.keys()].filter((name) => name.startsWith('images/'));
  const wanted = new Set(
    rows
      .flat()
      .flatMap(imageNames)
      .map((name) => (name.startsWith('images/') ? name : `images/${name}`)),
  );
  for (const name of wanted) if (!files.has(name)) faults.push(`${name} is named in Products but missing`);
  for (const name of present) {
    if (!wanted.has(name)) faults.push(`${name} is named nowhere in Products`);
    const type = imageType(files.get(name) ?? Buffer.alloc(0));
    const said = /\.png$/i.test(name) ? 'png' : 'jpg';
    if (type !== said) faults.push(`${name} is ${type === null ? 'no image' : `a ${type}`}`);
  }
  return faults;
}

function imageType(bytes: Buffer): string | null {
  try {
    return imageSize(bytes).type ?? null;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return null;
    throw error;
  }
}

function rowFaults(batch: Omit<OpenedBatch, 'faults'>): string[] {
  const { rows, receipt, products, manifest } = batch;
  const faults: string[] = [];
  // Whether a product to be taken down still has a row in Products is not said anywhere; both are understood.
  if (manifest.rowCount !== rows.length && manifest.rowCount !== receipt.lines.length)
    faults.push(`manifest.json tells of ${manifest.rowCount} rows, Products has ${rows.length}`);
  const told = new Set<string>();
  for (const { sku, action, row } of receipt.lines) {
    if (told.has(sku)) faults.push(`receipt.xlsx row ${row}: ${sku} is there twice`);
    told.add(sku);
    if (action !== 'DELETE' && !products.has(sku)) faults.push(`receipt.xlsx row ${row}: ${sku} is not in Products`);
  }
  const taken = new Set(products.values());
  rows.forEach((row, index) => {
    if (!taken.has(row)) faults.push(`Products row ${index + 2} is not in receipt.xlsx`);
  });
  return faults;
}

/**
 * Which row of Products each line of the receipt means: by the SKU where Products shows it, else by the model number. Two
 * companies may have the same model number, so a row is given away once.
 */
function rowsOfLines(
  headings: readonly string[],
  rows: readonly string[][],
  receipt: ReceiptForm,
): Map<string, string[]> {
  const { sku: skuColumn, model: modelColumn } = columnsOf(headings);
  if (skuColumn === undefined && modelColumn === undefined)
    throw new NotABatch('Products has no heading for the SKU or the model number');
  const cell = (row: string[], column: number | undefined): string =>
    column === undefined ? '' : (row[column - 1] ?? '').replace(/^'/, '').trim();
  const left = new Set(rows);
  const found = new Map<string, string[]>();
  for (const { sku, model } of receipt.lines) {
    const row = [...left].find((one) =>
      skuColumn === undefined ? [sku, model].includes(cell(one, modelColumn)) : cell(one, skuColumn) === sku,
    );
    if (row === undefined) continue;
    left.delete(row);
    found.set(sku, row);
  }
  return found;
}

function needed(files: Map<string, Buffer>, name: string): Buffer {
  const bytes = files.get(name);
  if (bytes === undefined) throw new NotABatch(`${name} is missing`);
  return bytes;
}

/** @throws NotABatch when it cannot be opened as a batch at all. */
export async function openBatch(zip: Uint8Array | string): Promise<OpenedBatch> {
  const archive = await unzip(zip);
  const { folder, portal, batchId } = folderOf([...archive.keys()]);
  const files = new Map([...archive].map(([name, bytes]) => [name.slice(folder.length + 1), bytes]));
  const manifest = readManifest(needed(files, 'manifest.json').toString('utf8'), folder);
  const receipt = await ReceiptForm.open(needed(files, 'receipt.xlsx'));
  const workbook = await openWorkbook('listings.xlsx', needed(files, 'listings.xlsx'));
  const sheet: ExcelJS.Worksheet | undefined = workbook.getWorksheet('Products');
  if (!sheet) throw new NotABatch('listings.xlsx has no sheet Products');
  const [headings = [], ...rows] = textRows(sheet);
  const images = [...files.keys()].filter((name) => name.startsWith('images/'));
  const products = rowsOfLines(headings, rows, receipt);
  const batch = { folder, batchId, portal, manifest, receipt, headings, rows, products, images };
  const faults = [
    ...[...archive.keys()].filter((name) => !/^[\x20-\x7e]+$/.test(name)).map((name) => `${name} is not ASCII`),
    ...manifestFaults(manifest, files, batchId),
    ...workbookFaults(workbook),
    ...csvFaults(needed(files, 'listings.csv'), sheet),
    ...imageFaults(files, rows),
    ...rowFaults(batch),
    ...(receipt.names(batchId) ? [] : ['receipt.xlsx does not name its batch']),
  ];
  return { ...batch, faults };
}
