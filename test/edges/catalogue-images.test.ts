import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalogueImages, MAX_IMAGE_BYTES } from '../../src/catalogue/images.ts';
import { drawPlaceholder } from '../../src/catalogue/placeholder-image.ts';

let root = '';
let folder = '';
let server: Server;
let origin = '';
/** Bytes of the endless image that the server has parted with. */
let sent = 0;
const good = drawPlaceholder('SG-01-001', '재생 복사용지');

function png(width: number, height: number): Buffer {
  return PNG.sync.write(new PNG({ width, height }));
}

/** A JPEG head that states a size, and the end marker: enough for a reader that measures and does not decode. */
function jpeg(width: number, height: number): Buffer {
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]);
  const head = Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
    Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1'),
  ]);
  return Buffer.concat([head, frame, Buffer.alloc(64), Buffer.from([0xff, 0xd9])]);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'naru-images-'));
  folder = join(root, 'catalogue');
  await mkdir(join(folder, 'pictures'), { recursive: true });
  await writeFile(join(root, 'secret.png'), good);
  await writeFile(join(folder, 'good.png'), good);
  await writeFile(join(folder, 'pictures', 'photo.jpg'), jpeg(800, 600));
  await writeFile(join(folder, 'small.png'), png(600, 599));
  await writeFile(join(folder, 'narrow.png'), png(599, 600));
  await writeFile(join(folder, 'edge.png'), png(600, 600));
  await writeFile(join(folder, 'cut.png'), good.subarray(0, good.length - 20));
  await writeFile(join(folder, 'cut.jpg'), jpeg(800, 600).subarray(0, 60));
  await writeFile(join(folder, 'text.png'), 'not an image');
  await writeFile(join(folder, 'large.png'), Buffer.concat([good, Buffer.alloc(MAX_IMAGE_BYTES)]));
  await symlink(join(root, 'secret.png'), join(folder, 'link.png'));
  await symlink(join(folder, 'good.png'), join(folder, 'inner-link.png'));
  server = createServer((request, response) => {
    if (request.url === '/good.png') response.end(good);
    // No length is stated, and it never ends by itself.
    else if (request.url === '/endless.png') {
      const pump = () => {
        do sent += 65_536;
        while (response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', pump);
      pump();
    } else if (request.url === '/reset.png') request.socket.destroy();
    else response.writeHead(404).end('gone');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(root, { recursive: true });
});

async function load(...files: string[]) {
  const images = files.map((file) => ({ file, altKo: '' }));
  const { images: loaded, findings } = await loadCatalogueImages({ sku: 'A-1', images }, { folder, fetch });
  for (const finding of findings) {
    expect(finding.messageKo).toContain('상품 A-1: ');
  }
  return { loaded, briefs: findings.map(({ result, rule, field }) => `${result} ${rule} ${field}`) };
}

describe('images beside the catalogue', () => {
  it('are taken with type, size and hash', async () => {
    const { loaded, briefs } = await load('good.png', 'pictures/photo.jpg', 'edge.png', 'inner-link.png');
    expect(briefs).toEqual([]);
    expect(loaded.map(({ file, contentType, width, height }) => [file, contentType, width, height])).toEqual([
      ['good.png', 'image/png', 1000, 1000],
      ['pictures/photo.jpg', 'image/jpeg', 800, 600],
      ['edge.png', 'image/png', 600, 600],
      ['inner-link.png', 'image/png', 1000, 1000],
    ]);
    expect(loaded[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(loaded[0]?.sha256).toBe(loaded[3]?.sha256);
    expect(loaded[0]?.sha256).not.toBe(loaded[2]?.sha256);
    expect(loaded[0]?.bytes.equals(good)).toBe(true);
  });

  it.each([
    ['nothing.png', 'image_missing'],
    ['pictures', 'image_missing'],
    ['good.png/x.png', 'image_missing'],
    ['small.png', 'image_too_small'],
    ['narrow.png', 'image_too_small'],
    ['large.png', 'image_too_large'],
    ['text.png', 'image_format'],
    ['cut.png', 'image_format'],
    ['cut.jpg', 'image_format'],
    ['../secret.png', 'image_path'],
    ['pictures/../../secret.png', 'image_path'],
    ['link.png', 'image_path'],
    ['..\\secret.png', 'image_path'],
    ['file:///etc/hostname', 'image_path'],
    ['ftp://127.0.0.1/a.png', 'image_path'],
  ])('%s: %s, and the others are still taken', async (file, rule) => {
    const { loaded, briefs } = await load(file, 'good.png');
    expect(briefs).toEqual([`block ${rule} images[0].file`]);
    expect(loaded).toHaveLength(1);
  });

  it('are never looked for at an absolute path', async () => {
    expect((await load(join(root, 'secret.png'))).briefs).toEqual(['block image_path images[0].file']);
    expect((await load(join(folder, 'good.png'))).briefs).toEqual(['block image_path images[0].file']);
  });
});

describe('images at an address', () => {
  it('are fetched', async () => {
    expect((await load(`${origin}/good.png`)).loaded[0]).toMatchObject({ width: 1000, contentType: 'image/png' });
  });

  it.each([
    ['/gone.png', 'image_missing'],
    ['/reset.png', 'image_missing'],
    ['/endless.png', 'image_too_large'],
  ])('%s gives %s', async (path, rule) => {
    expect((await load(`${origin}${path}`)).briefs).toEqual([`block ${rule} images[0].file`]);
    // What is on its way in the sockets comes on top of the limit.
    expect(sent).toBeLessThan(10 * MAX_IMAGE_BYTES);
  });

  it('are given up when the server takes too long', async () => {
    const slow: typeof fetch = () => Promise.reject(new DOMException('too slow', 'TimeoutError'));
    const product = { sku: 'A-1', images: [{ file: `${origin}/good.png`, altKo: '' }] };
    const { findings } = await loadCatalogueImages(product, { folder, fetch: slow });
    expect(findings.map(({ rule }) => rule)).toEqual(['image_missing']);
  });

  it('stop when the caller stops, without blaming the image', async () => {
    const product = { sku: 'A-1', images: [{ file: `${origin}/good.png`, altKo: '' }] };
    const stopped = AbortSignal.abort(new Error('shutting down'));
    await expect(loadCatalogueImages(product, { folder, fetch, signal: stopped })).rejects.toThrow('shutting down');
  });
});

describe('placeholder', () => {
  it('is the same for the same product, another for another, small and good enough for a market', () => {
    expect(drawPlaceholder('SG-01-001', '재생 복사용지').equals(good)).toBe(true);
    expect(drawPlaceholder('SG-01-002', '재생 복사용지').equals(good)).toBe(false);
    expect(drawPlaceholder('SG-01-001', '봉투').equals(good)).toBe(false);
    expect(good.length).toBeLessThan(30_000);
    const { data, width, height } = PNG.sync.read(good);
    expect([width, height]).toEqual([1000, 1000]);
    const colours = new Set<number>();
    for (let at = 0; at < data.length; at += 4) colours.add(data.readUInt32BE(at));
    expect(colours.size).toBe(2);
  });
});
