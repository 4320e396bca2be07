/** A batch typed by hand from the notes on export portals, with every part open to spoiling. */

import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import ExcelJS from 'exceljs';
import { PNG } from 'pngjs';
import yazl from 'yazl';

export const FOLDER = 'EC21_2026-11-22_b0007';
export const HEADINGS = ['Model No.', 'SKU', 'Product name', 'Price', 'Currency', 'HS code', 'Images'];

export type Rows = string[][];

export const row = (sku: string, price = '12.50', images = `images/${sku}_01.png`): string[] => [
  `M-${sku}`,
  sku,
  `Paper "${sku}", recycled`,
  price,
  'USD',
  '048235',
  images,
];

export interface BatchParts {
  folder?: string;
  rows?: Rows;
  /** SKU, action and portal id of each line of the receipt; all rows as ADD when left out. */
  receipt?: [sku: string, action: string, portalId?: string][];
  receiptHeadings?: string[];
  receiptTitle?: string;
  /** The same model number in every line of the receipt. */
  receiptModel?: string;
  images?: string[];
  csv?: (text: string) => string;
  workbook?: (workbook: ExcelJS.Workbook) => void;
  manifest?: (manifest: Record<string, unknown>) => unknown;
  /** Changes files after the manifest was written. */
  files?: (files: Map<string, Buffer>) => void;
}

export async function bytesOf(workbook: ExcelJS.Workbook): Promise<Buffer> {
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

async function listings(rows: Rows, change: BatchParts['workbook']): Promise<Buffer> {
  const workbook = new ExcelJS.Workbook();
  const sheet = workbook.addWorksheet('Products', { views: [{ state: 'frozen', ySplit: 1 }] });
  for (const one of [HEADINGS, ...rows]) sheet.addRow(one);
  workbook.addWorksheet('Guide').addRow(['HS code', 'six digits']);
  workbook.addWorksheet('Codes').addRow(['USD', 'US dollar']);
  change?.(workbook);
  return bytesOf(workbook);
}

export async function zipOf(files: Map<string, Buffer>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of files) zip.addBuffer(bytes, name);
  zip.end();
  return buffer(zip.outputStream as NodeJS.ReadableStream);
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

export async function batch(parts: BatchParts = {}): Promise<Buffer> {
  const { folder = FOLDER, rows = [row('GRN-1'), row('GRN-2', '9.00')] } = parts;
  const batchId = folder.split('_').at(-1) ?? '';
  const receipt = new ExcelJS.Workbook();
  const form = receipt.addWorksheet('Receipt');
  form.addRow([parts.receiptTitle ?? `Batch ${batchId}`]);
  form.addRow(parts.receiptHeadings ?? ['Model No.', 'SKU', 'Action', 'Portal ID', 'URL', 'Result', 'Note']);
  const lines = parts.receipt ?? rows.map((one): [string, string] => [one[1] ?? '', 'ADD']);
  for (const [sku, action, portalId = ''] of lines)
    form.addRow([parts.receiptModel ?? `M-${sku}`, sku, action, portalId]);

  const png = PNG.sync.write(new PNG({ width: 4, height: 4 }));
  const names = parts.images ?? rows.map((one) => one[6] ?? '').filter(Boolean);
  const csv = [HEADINGS, ...rows].map((one) => `${one.map(quoted).join(',')}\r\n`).join('');
  const files = new Map<string, Buffer>([
    ['listings.xlsx', await listings(rows, parts.workbook)],
    ['listings.csv', Buffer.from((parts.csv ?? String)(`\uFEFF${csv}`))],
    ['receipt.xlsx', await bytesOf(receipt)],
    ...names.map((name): [string, Buffer] => [name, png]),
  ]);
  const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const manifest = {
    batchId,
    portal: folder.split('_')[0],
    templateVersion: '2026-11',
    rowCount: rows.length,
    files: [...files].map(([name, bytes]) => ({ name, sha256: sha256(bytes) })),
  };
  files.set('manifest.json', Buffer.from(JSON.stringify(parts.manifest?.(manifest) ?? manifest)));
  parts.files?.(files);
  return zipOf(new Map([...files].map(([name, bytes]) => [`${folder}/${name}`, bytes])));
}

/** What a filled receipt says, below its headings in the second row. */
export async function receiptRows(bytes: Uint8Array): Promise<string[][]> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(new Uint8Array(bytes).buffer as unknown as Parameters<typeof workbook.xlsx.load>[0]);
  const sheet = workbook.getWorksheet('Receipt');
  const rows: string[][] = [];
  for (let number = 3; number <= (sheet?.rowCount ?? 0); number += 1)
    rows.push([2, 3, 4, 5, 6, 7].map((column) => sheet?.getRow(number).getCell(column).text ?? ''));
  return rows;
}
