import { createHash } from 'node:crypto';
import type { Batch, BatchFile } from '../../src/channel/batches.ts';
import { seoulDayOf } from '../../src/domain/seoul-time.ts';
import { codesSheet, guideSheet, productSheet, receiptSheet } from './batch-sheets.ts';
import { nameImages } from './image-names.ts';
import { type ExportPortalSettings, templateOf } from './settings.ts';
import { writeCsv, writeTextWorkbook } from './workbook.ts';
import { packZip, type ZipEntry } from './zip.ts';

/** One archive with everything a person needs to enter the products of a batch and to report back. */
export function buildArchive(given: Batch<ExportPortalSettings>): BatchFile {
  // From here on nobody sees the moment of building: the file is made of the rows and the Seoul day alone.
  const batch = { ...given, builtAt: noonOf(given.builtAt) };
  const { id } = templateOf(batch.settings);
  const folder = `${id.toUpperCase()}_${seoulDayOf(batch.builtAt)}_${batch.batchId}`;
  return {
    name: `${folder}.zip`,
    content: { [Symbol.asyncIterator]: () => packZip(entriesOf(batch, folder), batch.builtAt) },
  };
}

/** Noon of the Seoul day, which the file says of itself: two people who build the same rows must get the same bytes. */
function noonOf(at: Date): Date {
  return new Date(`${seoulDayOf(at)}T12:00:00+09:00`);
}

/** The manifest comes last, because it holds the checksums of all that is read before it. */
async function* entriesOf(
  batch: Batch<ExportPortalSettings>,
  folder: string,
): AsyncGenerator<ZipEntry & { isPacked: boolean }> {
  const files: Record<string, string> = {};
  const entry = (name: string, bytes: Uint8Array) => {
    files[name] = createHash('sha256').update(bytes).digest('hex');
    return { name: `${folder}/${name}`, bytes, isPacked: !name.endsWith('.csv') };
  };
  const template = templateOf(batch.settings);
  const images = nameImages(template, batch.items);
  const products = productSheet(template, batch.items, images);
  const sheets = [products, guideSheet(template), codesSheet(template)];
  yield entry('listings.xlsx', await writeTextWorkbook(sheets, batch.builtAt));
  yield entry('listings.csv', await writeCsv(products));
  yield entry('receipt.xlsx', await writeTextWorkbook([receiptSheet(batch)], batch.builtAt));
  for (const { name, image } of images.flat()) yield entry(`images/${name}`, await image.bytes());
  yield { name: `${folder}/manifest.json`, bytes: manifest(batch, products.rows.length, files), isPacked: false };
}

function manifest(batch: Batch<ExportPortalSettings>, rows: number, files: Record<string, string>): Uint8Array {
  const { id, name, version } = templateOf(batch.settings);
  const count = (action: string) => batch.items.filter((item) => item.action === action).length;
  const content = {
    batchId: batch.batchId,
    builtOn: seoulDayOf(batch.builtAt),
    portal: id,
    portalName: name,
    templateVersion: version,
    rowCount: rows,
    actions: { add: count('add'), update: count('update'), delete: count('delete') },
    sha256: files,
  };
  return Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
}
