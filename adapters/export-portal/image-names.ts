import type { BatchImage, BatchItem } from '../../src/channel/batches.ts';
import { readDocument } from './document.ts';
import { imageChoice } from './sources.ts';
import type { ExportTemplate } from './template.ts';

/** Old portals and old unpacking programs know ASCII names only, and Windows takes `A.jpg` and `a.jpg` for one file. */
const longestName = 60;

export interface NamedImage {
  name: string;
  image: BatchImage;
}

/**
 * File names for the images of each item, in order: unique in the batch, made of the model number. Only as many as the
 * form has room for: a file that no cell names would be uploaded by nobody.
 */
export function nameImages(template: ExportTemplate, items: readonly BatchItem[]): NamedImage[][] {
  const room = roomFor(template);
  const taken = new Set<string>();
  return items.map(({ document, sku, images }) => {
    if (images.length === 0) return [];
    const stem = freeName(asciiName(readDocument(document, sku).modelNo) || asciiName(sku) || 'product', taken);
    taken.add(stem.toLowerCase());
    return images.slice(0, room).map((image, index) => ({
      name: `${stem}_${String(index + 1).padStart(2, '0')}.${image.contentType === 'image/png' ? 'png' : 'jpg'}`,
      image,
    }));
  });
}

function roomFor(template: ExportTemplate): number {
  const choices = template.columns.map(({ source }) => imageChoice(source) ?? 0);
  return choices.includes('all') ? Number.POSITIVE_INFINITY : Math.max(0, ...choices.map(Number));
}

function asciiName(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '')
    .slice(0, longestName);
}

function freeName(stem: string, taken: ReadonlySet<string>): string {
  let name = stem;
  for (let count = 2; taken.has(name.toLowerCase()); count += 1) name = `${stem}-${count}`;
  return name;
}
