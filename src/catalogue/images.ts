import { createHash } from 'node:crypto';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { imageSize } from 'image-size';
import type { Finding } from '../domain/finding.ts';
import type { Product } from '../domain/product.ts';
import { createFindingList, type FindingList } from '../domain/product-rules/findings-of-product.ts';
import { quotable } from '../domain/text-safety.ts';

/** The open markets' common floor for a main image, read 2026-11-22: 600 by 600 pixels, at most 2 MB, PNG or JPEG. */
const MIN_IMAGE_SIDE = 600;
export const MAX_IMAGE_BYTES = 2 * 1024 * 1024;
/** A seller's server that takes longer than this for 2 MB would hold up a whole import. */
const FETCH_TIMEOUT_MS = 15_000;

export interface CheckedImage {
  /** As the catalogue names it. */
  file: string;
  /** Of the bytes, in hexadecimal. */
  sha256: string;
  contentType: 'image/png' | 'image/jpeg';
  width: number;
  height: number;
  bytes: Buffer;
}

interface ImageSource {
  /** The folder that holds the catalogue; nothing outside it is ever opened. */
  folder: string;
  fetch: typeof globalThis.fetch;
  signal?: AbortSignal;
}

/**
 * All images of a product: beside the catalogue, or at their address.
 *
 * @returns what could be used, in the product's order, and one finding for each image that could not.
 */
export async function loadCatalogueImages(
  product: Pick<Product, 'sku' | 'images'>,
  source: ImageSource,
): Promise<{ images: CheckedImage[]; findings: Finding[] }> {
  const findings = createFindingList(product.sku);
  const images: CheckedImage[] = [];
  for (const [index, { file }] of product.images.entries()) {
    const field = `images[${index}].file`;
    const bytes = /^[a-z][a-z0-9+.-]*:\/\//i.test(file)
      ? await fetchImage(file, field, source, findings)
      : await readImage(file, field, source.folder, findings);
    const image = bytes && checkImage(file, bytes, field, findings);
    if (image) images.push(image);
  }
  return { images, findings: [...findings.all] };
}

/** Judges an image by its bytes, not by its name; undefined after a finding has been recorded. */
function checkImage(file: string, bytes: Buffer, field: string, findings: FindingList): CheckedImage | undefined {
  const shown = quotable(file);
  if (bytes.length > MAX_IMAGE_BYTES) {
    findings.block('image_too_large', field, tooLarge(shown));
    return undefined;
  }
  const contentType = contentTypeOf(bytes);
  const size = contentType && measure(bytes);
  if (!contentType || !size) {
    findings.block('image_format', field, {
      ko: `이미지 ${shown} 파일이 PNG나 JPEG가 아니거나 손상되었습니다. PNG 또는 JPG로 다시 저장해 주십시오.`,
      en: `the image ${shown} is neither PNG nor JPEG, or it is damaged. Save it again as PNG or JPG.`,
    });
    return undefined;
  }
  if (size.width < MIN_IMAGE_SIDE || size.height < MIN_IMAGE_SIDE) {
    findings.block('image_too_small', field, {
      ko: `이미지 ${shown} 크기가 ${size.width}×${size.height}픽셀로 너무 작습니다. 가로와 세로 모두 ${MIN_IMAGE_SIDE}픽셀 이상으로 바꿔 주십시오.`,
      en: `the image ${shown} is ${size.width}×${size.height} pixels. Use one of at least ${MIN_IMAGE_SIDE} pixels on both sides.`,
    });
    return undefined;
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { file, sha256, contentType, width: size.width, height: size.height, bytes };
}

function contentTypeOf(bytes: Buffer): CheckedImage['contentType'] | undefined {
  if (bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) {
    // A PNG that was cut short has a head that reads well, and no end chunk.
    return bytes.subarray(-8, -4).toString('latin1') === 'IEND' ? 'image/png' : undefined;
  }
  const isJpeg = bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'));
  // Cameras pad after the end marker, so it is looked for near the end, not at it.
  return isJpeg && bytes.subarray(-1024).includes(Buffer.from('ffd9', 'hex')) ? 'image/jpeg' : undefined;
}

function measure(bytes: Buffer): { width: number; height: number } | undefined {
  try {
    const { width, height, orientation } = imageSize(bytes);
    // Orientations 5 to 8 lie on their side: what the buyer sees is turned.
    return orientation !== undefined && orientation >= 5 ? { width: height, height: width } : { width, height };
  } catch {
    // The reader throws for bytes it cannot make sense of; the caller says so to the person.
    return undefined;
  }
}

async function readImage(
  file: string,
  field: string,
  folder: string,
  findings: FindingList,
): Promise<Buffer | undefined> {
  const shown = quotable(file);
  if (isAbsolute(file) || /^[a-z]:|\\/i.test(file) || file.split('/').includes('..') || file.includes('\0')) {
    findings.block('image_path', field, outside(shown));
    return undefined;
  }
  try {
    const root = await realpath(folder);
    const target = await realpath(join(root, file));
    // After links are followed: a link that leads out of the folder would publish any file of the server.
    if (!target.startsWith(root.endsWith(sep) ? root : root + sep)) {
      findings.block('image_path', field, outside(shown));
      return undefined;
    }
    const handle = await open(target, 'r');
    try {
      const info = await handle.stat();
      if (info.isFile()) {
        if (info.size <= MAX_IMAGE_BYTES) return await handle.readFile();
        findings.block('image_too_large', field, tooLarge(shown));
        return undefined;
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!isFileError(error)) throw error;
  }
  findings.block('image_missing', field, {
    ko: `이미지 ${shown} 파일을 찾을 수 없습니다. 상품 목록 파일과 같은 폴더에 넣어 주십시오.`,
    en: `the image ${shown} was not found. Put it into the folder of the catalogue.`,
  });
  return undefined;
}

async function fetchImage(
  address: string,
  field: string,
  source: ImageSource,
  findings: FindingList,
): Promise<Buffer | undefined> {
  const shown = quotable(address, 120);
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) {
    findings.block('image_path', field, {
      ko: `이미지 주소(${shown})를 쓸 수 없습니다. http 또는 https로 시작하는 주소를 입력해 주십시오.`,
      en: `the image address ${shown} cannot be used. Give one that begins with http or https.`,
    });
    return undefined;
  }
  const timeout = AbortSignal.timeout(FETCH_TIMEOUT_MS);
  const signal = source.signal ? AbortSignal.any([source.signal, timeout]) : timeout;
  try {
    const response = await source.fetch(address, { signal });
    if (response.ok && response.body) {
      const bytes = await readLimited(response.body);
      if (bytes) return bytes;
      findings.block('image_too_large', field, tooLarge(shown));
      return undefined;
    }
    await response.body?.cancel();
  } catch (error) {
    // The caller's own stop is not the image's fault.
    source.signal?.throwIfAborted();
    if (!(error instanceof TypeError) && !isAbort(error)) throw error;
  }
  findings.block('image_missing', field, {
    ko: `이미지 주소(${shown})에서 파일을 받지 못했습니다. 주소가 열리는지 확인하거나 파일을 상품 목록과 같은 폴더에 넣어 주십시오.`,
    en: `the image could not be fetched from ${shown}. See whether the address opens, or put the file beside the catalogue.`,
  });
  return undefined;
}

/** The body, or undefined as soon as it grows past the limit: a stated length can lie. */
async function readLimited(body: ReadableStream<Uint8Array>): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of body) {
    total += chunk.length;
    if (total > MAX_IMAGE_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

function tooLarge(shown: string): { ko: string; en: string } {
  return {
    ko: `이미지 ${shown} 파일이 2MB를 넘습니다. 크기를 줄여 다시 저장해 주십시오.`,
    en: `the image ${shown} is over 2 MB. Save it smaller.`,
  };
}

function outside(shown: string): { ko: string; en: string } {
  return {
    ko: `이미지 경로(${shown})는 상품 목록 폴더 밖을 가리킵니다. 파일을 같은 폴더에 넣고 파일 이름만 적어 주십시오.`,
    en: `the image path ${shown} leads out of the catalogue's folder. Put the file beside the catalogue and give its name only.`,
  };
}
