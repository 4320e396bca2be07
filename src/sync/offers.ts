import { renderingOf } from '../channel/contract.ts';
import type { Offer, Offers } from '../channel/inbound.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import { listCampaigns } from '../store/campaigns.ts';
import { imageNamesOf } from '../store/images.ts';
import { pageOfFacts } from '../store/listings.ts';
import { searchProducts } from '../store/products.ts';
import type { SyncDependencies } from './dependencies.ts';
import { desire, viewCampaigns } from './desired.ts';
import type { OpenAccount } from './open-account.ts';
import { newListing } from './plan-push.ts';
import { renderProducts } from './render-listing.ts';

/** Products looked at for one page of offers; beyond it the words were too wide. */
const mostLooks = 20;

/**
 * What may be bought on an account at this moment. The same judgement as for listings that are sent out: approval,
 * certificate, campaign and stock are asked for every product that is shown, and again when it is put in a cart.
 */
export function createOffers(deps: SyncDependencies, account: OpenAccount): Offers {
  return {
    bySku: (skus) => offersOf(deps, account, skus),
    search: async ({ words, afterSku, limit }) => {
      const found: Offer[] = [];
      let after = afterSku;
      for (let look = 0; look < mostLooks && found.length < limit; look += 1) {
        const skus = await searchProducts(deps.store, { words: words.split(/\s+/).filter(Boolean), after, limit });
        const last = skus.at(-1);
        if (last === undefined) break;
        found.push(...(await offersOf(deps, account, skus)));
        after = last;
      }
      return found.slice(0, limit);
    },
  };
}

/**
 * The offers among these SKUs, in SKU order; what may not be sold now is left out, and what is sold out unless it is asked
 * for.
 */
export async function offersOf(
  deps: SyncDependencies,
  account: OpenAccount,
  skus: readonly string[],
  { withSoldOut = false }: { withSoldOut?: boolean } = {},
): Promise<Offer[]> {
  if (skus.length === 0) return [];
  const now = deps.clock.now();
  const { accountId } = account.stored;
  const page = { accountId, afterSku: '', limit: skus.length, today: seoulDayOf(now), now, skus };
  const facts = await pageOfFacts(deps.store, page);
  const view = viewCampaigns(await listCampaigns(deps.store, skus), accountId, now);
  const rendered = await renderProducts(deps, account, skus);
  const images = await imageNamesOf(deps.store, skus);
  const parts = renderingOf(account.adapter)?.parts ?? [];
  return facts.flatMap((one): Offer[] => {
    const { document = null, findings = [] } = rendered.get(one.sku) ?? {};
    const listing = { ...(one.listing ?? newListing()), findings };
    const { wanted } = desire({ ...one, listing }, view, accountId, now, parts);
    // Nothing can be bought that is not there, whatever the channel's listings say of stock.
    if (!wanted.onSale || document === null || (one.stock <= 0 && !withSoldOut)) return [];
    const [image] = images.get(one.sku) ?? [];
    const imageUrl = image ? `${deps.publicUrl}/images/${image}` : null;
    return [{ sku: one.sku, document, price: wanted.price, stock: one.stock, imageUrl }];
  });
}
