import { drawPlaceholder } from '../catalogue/placeholder-image.ts';
import type { Queryable } from '../store/database.ts';
import { findImage, placeholderSku } from '../store/images.ts';
import { findProducts } from '../store/products.ts';

interface Picture {
  contentType: string;
  bytes: Uint8Array;
  /** True when its name is the hash of its bytes; a drawn one is another when the product's name changes. */
  isForEver: boolean;
}

/** Pictures by the names under which they are published. */
interface ProductPictures {
  /** Null when there is no picture of this name. */
  find(name: string): Promise<Picture | null>;
}

/** Placeholders kept after drawing; at 20 KB each, 10 MB. */
const keptDrawings = 500;

/** The checked pictures of products. Those of the demo have none; theirs are drawn when asked for. */
export function createProductPictures(store: Queryable): ProductPictures {
  const drawn = new Map<string, Buffer>();
  return {
    find: async (name) => {
      const sku = placeholderSku(name);
      if (sku !== null) {
        const product = (await findProducts(store, [sku])).get(sku)?.product;
        if (!product?.isFictional) return null;
        const label = product.name.ko;
        const key = `${sku}\n${label}`;
        const bytes = drawn.get(key) ?? drawPlaceholder(sku, label);
        // Each site fetches for itself, and drawing holds up everybody else: a channel that waits too long refuses a product.
        if (drawn.size < keptDrawings) drawn.set(key, bytes);
        return { contentType: 'image/png', bytes, isForEver: false };
      }
      const [, sha256] = /^([0-9a-f]{64})\.(?:png|jpg)$/.exec(name) ?? [];
      const image = sha256 ? await findImage(store, sha256) : null;
      return image && { contentType: image.contentType, bytes: image.bytes, isForEver: true };
    },
  };
}
