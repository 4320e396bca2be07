import type { FastifyInstance } from 'fastify';
import { createProductPictures } from '../sync/product-pictures.ts';
import type { ServedApp } from './served-app.ts';

/**
 * Pictures for channels to fetch, by the hash of their bytes: an address never changes its picture, so it may be kept
 * for ever.
 */
export function registerImages(server: FastifyInstance, app: ServedApp): void {
  const pictures = createProductPictures(app.store);
  server.get('/images/:name', async (request, reply) => {
    const { name } = request.params as { name: string };
    const image = await pictures.find(name);
    if (!image) return reply.callNotFound();
    return reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .type(image.contentType)
      .send(Buffer.from(image.bytes));
  });
}
