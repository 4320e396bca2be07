import type { FastifyInstance } from 'fastify';
import { drawPlaceholder } from '../catalogue/placeholder-image.ts';
import { findImage, placeholderSku } from '../store/images.ts';
import { findProducts } from '../store/products.ts';
import type { ServedApp } from './served-app.ts';

/**
 * Pictures for channels to fetch, by the hash of their bytes: an address never changes its picture, so it may be kept
 * for ever. Products of the demo have no pictures; theirs are drawn when asked for.
 */
export function registerImages(server: FastifyInstance, app: ServedApp): void {
  const drawn = new Map<string, Buffer>();
  server.get('/images/:name', async (request, reply) => {
    const { name } = request.params as { name: string };
    const image = await imageOf(app, drawn, name);
    if (!image) return reply.callNotFound();
    return reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .type(image.contentType)
      .send(Buffer.from(image.bytes));
  });
}

/** Placeholders kept after drawing; at 5 KB each, a few MB. */
const keptDrawings = 500;

async function imageOf(
  app: ServedApp,
  drawn: Map<string, Buffer>,
  name: string,
): Promise<{ contentType: string; bytes: Uint8Array } | null> {
  const sku = placeholderSku(name);
  if (sku !== null) {
    const product = (await findProducts(app.store, [sku])).get(sku)?.product;
    if (!product?.isFictional) return null;
    const label = product.name.ko;
    const key = `${sku}\n${label}`;
    const bytes = drawn.get(key) ?? drawPlaceholder(sku, label);
    // Each site fetches for itself, and drawing holds up everybody else: a channel that waits too long refuses a product.
    if (drawn.size < keptDrawings) drawn.set(key, bytes);
    return { contentType: 'image/png', bytes };
  }
  const [, sha256] = /^([0-9a-f]{64})\.(?:png|jpg)$/.exec(name) ?? [];
  return sha256 ? findImage(app.store, sha256) : null;
}
