import type { FastifyInstance } from 'fastify';
import { createProductPictures } from '../sync/product-pictures.ts';
import type { ServedApp } from './served-app.ts';

/**
 * Pictures for channels to fetch. Those of products go by the hash of their bytes: such an address never changes its
 * picture, and may be kept for ever. A placeholder shows the product's name, which may be corrected.
 */
export function registerImages(server: FastifyInstance, app: ServedApp): void {
  const pictures = createProductPictures(app.store);
  server.get('/images/:name', async (request, reply) => {
    const { name } = request.params as { name: string };
    const image = await pictures.find(name);
    if (!image) return reply.callNotFound();
    return reply
      .header('cache-control', image.isForEver ? 'public, max-age=31536000, immutable' : 'public, max-age=300')
      .type(image.contentType)
      .send(Buffer.from(image.bytes));
  });
}
