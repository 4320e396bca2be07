import { type RenderedListing, renderingOf } from '../channel/contract.ts';
import type { Product } from '../domain/product.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import { asShown } from '../domain/shown-product.ts';
import { contentHash, stableJson } from '../runtime/content-hash.ts';
import { certificatesInForce } from '../store/certificates.ts';
import { imageNamesOf } from '../store/images.ts';
import type { ListingFacts, RenderedFacts } from '../store/listings.ts';
import { findProducts } from '../store/products.ts';
import type { SyncDependencies } from './dependencies.ts';
import type { OpenAccount } from './open-account.ts';

/**
 * What a document is made from, in short. While it is the same, the document is too, and nothing has to be rendered:
 * this is what lets a sweep pass over a hundred thousand unchanged listings in seconds.
 */
export function renderedKeyOf(
  account: OpenAccount,
  productHash: string,
  version: string,
  certificates: readonly string[],
): string {
  return `${productHash}.${account.stored.revision}.${version}.${contentHash(certificates)}`;
}

/** Makes the channel document of a product. */
export function renderListing(
  account: OpenAccount,
  product: Product,
  imageNames: readonly string[],
  publicUrl: string,
): RenderedListing {
  const rendering = renderingOf(account.adapter);
  if (!rendering) return { document: null, title: null, findings: [] };
  return rendering.render({
    product,
    mappings: account.stored.mappings,
    settings: account.settings,
    imageUrls: imageNames.map((name) => `${publicUrl}/images/${name}`),
  });
}

/**
 * The hash by which a document is compared; null for none. It is taken without our own public address: moving the
 * service to another host must not send every listing again.
 */
function hashOf(rendered: RenderedListing | undefined, publicUrl: string): string | null {
  if (!rendered || rendered.document === null) return null;
  return contentHash(stableJson(rendered.document).replaceAll(publicUrl, ''));
}

/** Renders products by SKU, with their pictures and the certificates that may be shown today. */
export async function renderProducts(
  deps: SyncDependencies,
  account: OpenAccount,
  skus: readonly string[],
): Promise<Map<string, RenderedListing>> {
  const products = await findProducts(deps.store, skus);
  const images = await imageNamesOf(deps.store, skus);
  const inForce = await certificatesInForce(deps.store, skus, seoulDayOf(deps.clock.now()));
  return new Map(
    [...products].map(([sku, { product }]) => {
      const shown = asShown(product, inForce.get(sku) ?? []);
      return [sku, renderListing(account, shown, images.get(sku) ?? [], deps.publicUrl)];
    }),
  );
}

/** Facts of a page with content hash and findings brought up to date; what was made anew is in `renewed`. */
export async function renewRendered(
  deps: SyncDependencies,
  account: OpenAccount,
  page: ListingFacts[],
): Promise<RenderedFacts[]> {
  const skus = page.map((facts) => facts.sku);
  const inForce = await certificatesInForce(deps.store, skus, seoulDayOf(deps.clock.now()));
  const keyOf = ({ sku, productHash }: ListingFacts) =>
    renderedKeyOf(account, productHash, deps.version, inForce.get(sku) ?? []);
  const stale = page.filter((facts) => facts.listing?.renderedKey !== keyOf(facts));
  if (stale.length === 0) return [];
  const rendered = await renderProducts(
    deps,
    account,
    stale.map((facts) => facts.sku),
  );
  return stale.map((facts) => ({
    sku: facts.sku,
    renderedKey: keyOf(facts),
    contentHash: hashOf(rendered.get(facts.sku), deps.publicUrl),
    findings: rendered.get(facts.sku)?.findings ?? [],
  }));
}
