import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import ExcelJS from 'exceljs';
import yauzl from 'yauzl';
import { buildArchive } from '../../adapters/export-portal/build.ts';
import { type ProfileId, profiles } from '../../adapters/export-portal/profiles/index.ts';
import { renderRow } from '../../adapters/export-portal/render.ts';
import { type ExportPortalSettings, settingsSchema } from '../../adapters/export-portal/settings.ts';
import { readCatalogue } from '../../src/catalogue/read-catalogue.ts';
import { checkRow } from '../../src/catalogue/row-schema.ts';
import type { Batch, BatchItem } from '../../src/channel/batches.ts';
import type { Json } from '../../src/domain/listing.ts';
import { type Mappings, mappingsSchema } from '../../src/domain/mapping.ts';
import type { Product } from '../../src/domain/product.ts';
import { contextOf, goodRows } from './catalogue-rows.ts';

export const builtAt = new Date('2026-11-22T15:30:00Z'); // 2026-11-23 in Seoul
export const batchId = 'demo-b0007';
export const imageUrls = ['https://images.example/aa.png', 'https://images.example/bb.jpg'];

/** The demonstration catalogue as the catalogue's own readers give it. */
export async function demoProducts(): Promise<Product[]> {
  const path = fileURLToPath(new URL('../../demo/catalogue/products.json', import.meta.url));
  const products: Product[] = [];
  for await (const row of readCatalogue(path)) {
    if ('refusal' in row) throw new Error(row.refusal.messageEn);
    const { product } = checkRow(row.value, contextOf());
    if (!product) throw new Error(`row ${row.row} of the demo catalogue is refused`);
    products.push(product);
  }
  return products;
}

/** One product of that catalogue, changed. */
export async function demoProduct(change: Partial<Product> = {}): Promise<Product> {
  const [product] = await demoProducts();
  if (!product) throw new Error('the demo catalogue is empty');
  return { ...product, ...change };
}

/** A category path for every group at every portal. */
export function mappingsFor(products: readonly Product[]): Mappings {
  const paths = Object.fromEntries(Object.keys(profiles).map((id) => [id, 'Green products > Office > Paper']));
  return mappingsSchema.parse({ categories: Object.fromEntries(products.map(({ group }) => [group.ko, paths])) });
}

export function settingsFor(profile: ProfileId, change: Record<string, unknown> = {}): ExportPortalSettings {
  const terms = {
    paymentTerms: ['T/T', 'L/C'],
    supplyAbility: '10,000 pieces per month',
    leadTimeDays: 14,
    oem: true,
  };
  return settingsSchema.parse({ profile, terms, ...change });
}

/** A picture that is told from others by its bytes. */
export function pictureOf(seed: string, length = 1_000): Uint8Array {
  const pieces: Buffer[] = [];
  for (let count = 0; pieces.length * 32 < length; count += 1) {
    pieces.push(createHash('sha256').update(`${seed}/${count}`).digest());
  }
  return Buffer.concat(pieces).subarray(0, length);
}

export function itemOf(product: Product, settings: ExportPortalSettings, change: Partial<BatchItem> = {}): BatchItem {
  const mappings = mappingsFor([product]);
  const { document, findings } = renderRow({ product, mappings, settings, imageUrls });
  if (document === null) throw new Error(findings.map((finding) => finding.messageEn).join('\n'));
  return {
    action: 'add',
    sku: product.sku,
    document: document as Json,
    externalIds: {},
    images: imageUrls.map((url) => ({
      contentType: url.endsWith('.png') ? 'image/png' : 'image/jpeg',
      bytes: async () => pictureOf(`${product.sku} ${url}`),
    })),
    ...change,
  };
}

export function batchOf(settings: ExportPortalSettings, items: BatchItem[]): Batch<ExportPortalSettings> {
  return { batchId, accountId: 'demo', builtAt, settings, items };
}

export async function buildBytes(batch: Batch<ExportPortalSettings>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of buildArchive(batch).content) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** The files of an archive by name, as another library than the one that packed it reads them. */
export function unzip(bytes: Buffer): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    const files = new Map<string, Buffer>();
    yauzl.fromBuffer(bytes, { lazyEntries: true, strictFileNames: true }, (failed, archive) => {
      if (failed) return reject(failed);
      archive.on('error', reject).on('end', () => resolve(files));
      archive.on('entry', (entry: yauzl.Entry) => {
        archive.openReadStream(entry, (error, stream) => {
          if (error) return reject(error);
          const pieces: Buffer[] = [];
          stream.on('data', (piece: Buffer) => pieces.push(piece)).on('error', reject);
          stream.on('end', () => {
            files.set(entry.fileName, Buffer.concat(pieces));
            archive.readEntry();
          });
        });
      });
      archive.readEntry();
    });
  });
}

/** A file of the batch, by its name inside the folder. */
export function fileOf(files: ReadonlyMap<string, Buffer>, name: string): Buffer {
  for (const [path, bytes] of files) if (path.slice(path.indexOf('/') + 1) === name) return bytes;
  throw new Error(`${name} is not in the batch, which holds ${[...files.keys()].join(', ')}`);
}

export async function openWorkbook(bytes: Uint8Array): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(new Uint8Array(bytes).buffer);
  return workbook;
}

export function sheetOf(workbook: ExcelJS.Workbook, name: string): ExcelJS.Worksheet {
  const sheet = workbook.getWorksheet(name);
  if (!sheet) throw new Error(`no sheet ${name}`);
  return sheet;
}

/** An account file with which every product of the demo can go to EC21 or tradeKorea; `change` stands over its settings. */
export function portalFile(change: object = {}): object {
  const groups = [...new Set(goodRows.map((row) => String(row.product_group_ko)))];
  const paths = { ec21: 'Office Supplies > Paper', tradekorea: 'Office > Paper' };
  const categories = Object.fromEntries(groups.map((group) => [group, paths]));
  const terms = { paymentTerms: ['T/T'], portOfLoading: 'Busan, Korea' };
  return { settings: { profile: 'ec21', terms, ...change }, credentials: {}, mappings: { categories } };
}
