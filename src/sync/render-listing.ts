import { type RenderedListing, renderingOf } from '../channel/contract.ts';
import type { Product } from '../domain/product.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import { asShown } from '../domain/shown-product.ts';
import { contentHash, stableJson } from '../runtime/content-hash.ts';
import { listCampaigns } from '../store/campaigns.ts';
import { certificatesInForce } from '../store/certificates.ts';
import { imageNamesOf } from '../store/images.ts';
import type { ListingFacts, RenderedFacts } from '../store/listings.ts';
import { findProducts } from '../store/products.ts';
import type { SyncDependencies } from './dependencies.ts';
import { offerPriceOf, viewCampaigns } from './desired.ts';
import type { OpenAccount } from './open-account.ts';

/**
 * What a document is made from, in short. While it is the same, the document is too, and nothing has to be rendered:
 * this is what lets a sweep pass over a hundred thousand unchanged listings in seconds.
 */
export function renderedKeyOf(
  account: OpenAccount,
  facts: Pick<ListingFacts, 'productHash' | 'declaredStock' | 'inForce'> & { priceKrw: number },
  version: string,
): string {
  // Price and stock are no part of the product's hash, but of some channels' documents, and of what is checked in others.
  const { productHash, priceKrw, declaredStock, inForce } = facts;
  return `${productHash}.${account.stored.revision}.${version}.${priceKrw}.${declaredStock}.${inForce}`;
}

/**
 * The won price of the document, by SKU. Where the channel takes prices apart from it, it is the product's own; else the
 * document is the only place for the price of a campaign that is open.
 */
async function documentPrices(
  deps: SyncDependencies,
  account: OpenAccount,
  some: readonly { sku: string; priceKrw: number }[],
): Promise<Map<string, number>> {
  if (some.length === 0 || renderingOf(account.adapter)?.parts.includes('price')) {
    return new Map(some.map(({ sku, priceKrw }) => [sku, priceKrw]));
  }
  const campaigns = await listCampaigns(
    deps.store,
    some.map(({ sku }) => sku),
  );
  const view = viewCampaigns(campaigns, account.stored.accountId, deps.clock.now());
  return new Map(some.map((one) => [one.sku, offerPriceOf(one, view)]));
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
  const prices = await documentPrices(
    deps,
    account,
    [...products].map(([sku, { product }]) => ({ sku, priceKrw: product.priceKrw })),
  );
  return new Map(
    [...products].map(([sku, { product }]) => {
      const shown = asShown(product, inForce.get(sku) ?? []);
      const offered = { ...shown, priceKrw: prices.get(sku) ?? product.priceKrw };
      return [sku, renderListing(account, offered, images.get(sku) ?? [], deps.publicUrl)];
    }),
  );
}

/** Facts of a page with content hash and findings brought up to date; what was made anew is in `renewed`. */
export async function renewRendered(
  deps: SyncDependencies,
  account: OpenAccount,
  page: ListingFacts[],
): Promise<RenderedFacts[]> {
  const prices = await documentPrices(deps, account, page);
  const keyOf = (facts: ListingFacts) => {
    const priced = { ...facts, priceKrw: prices.get(facts.sku) ?? facts.priceKrw };
    return renderedKeyOf(account, priced, deps.version);
  };
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
