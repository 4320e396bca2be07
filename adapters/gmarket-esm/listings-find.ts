import { isChannelError } from '../../src/channel/errors.ts';
import type { ObservedListing, ObservedSite } from '../../src/domain/listing.ts';
import type { Money } from '../../src/domain/money.ts';
import { callEsm } from './client.ts';
import { shortened } from './errors.ts';
import { type EsmContext, type Site, sites } from './settings.ts';
import { parseAnswer, wonOf } from './wire.ts';
import { type FoundItem, type SiteDetails, searchPage, writtenGoods } from './wire-listings.ts';

/** Largest page and largest list of codes in one search (notes §2.1). */
export const searchPageSize = 500;

/**
 * How many products without a site number are asked about one by one in a call. A note for staff is worth some calls, not
 * hundreds: right after a bulk create all of them are in this state.
 */
const maxStatusQuestions = 10;

const states: Record<string, ObservedSite['state']> = {
  '01': 'pending',
  '11': 'on-sale',
  '21': 'stopped',
  '22': 'blocked',
  '31': 'sold-out',
};

/** All products that match, over all pages. `query` holds arrays; conditions outside it would be ignored (notes §8). */
export async function searchGoods(
  context: EsmContext,
  query: { managedCode: string[] } | { goodsNo: string[] },
): Promise<FoundItem[]> {
  const found = new Map<string, FoundItem>();
  for (let pageIndex = 1; ; pageIndex += 1) {
    const body = { query, pageIndex, pageSize: searchPageSize };
    const answer = await callEsm(context, {
      method: 'POST',
      path: '/item/v1/goods/search',
      results: 'search',
      limit: 'search',
      safe: true,
      body,
    });
    const page = parseAnswer(searchPage, answer);
    for (const item of page.items) found.set(item.goodsno, item);
    if (page.items.length === 0 || pageIndex * searchPageSize >= page.totalItems) return [...found.values()];
  }
}

/** What the account holds under these SKUs, exactly; a SKU that is there twice gives two entries. */
export async function findBySku(context: EsmContext, skus: string[]): Promise<ObservedListing[]> {
  if (skus.length === 0) return [];
  const wanted = new Set(skus);
  const items = (await searchGoods(context, { managedCode: skus })).filter(
    // Whether the search also matches parts of a code is not documented; a part of a SKU is another product.
    (item) => wanted.has(item.managedcode ?? ''),
  );
  const listings: ObservedListing[] = [];
  let questions = maxStatusQuestions;
  for (const item of items) {
    const isOpen = context.account.settings.sites.some((site) => !item.sitegoodsno?.[site]);
    const details: SiteDetails | null = isOpen && questions > 0 ? await feedState(context, item.goodsno) : null;
    if (isOpen) questions = details ? questions - 1 : 0;
    listings.push(observe(item, details ?? {}, context.account.settings.sites));
  }
  return listings;
}

/** The feed state of one product, or null when our own limit has no call left: the next reading brings it. */
async function feedState(context: EsmContext, goodsNo: string): Promise<SiteDetails | null> {
  try {
    const answer = await callEsm(context, {
      method: 'GET',
      path: `/item/v1/goods/${encodeURIComponent(goodsNo)}/status`,
      results: 'item',
      limit: 'lookups',
      safe: true,
    });
    return parseAnswer(writtenGoods, answer).sites;
  } catch (error) {
    if (isChannelError(error) && error.kind === 'rate-limited' && !error.sent) return null;
    throw error;
  }
}

/** One search hit as the core sees it. Configured sites are always named, others when the channel names them. */
export function observe(item: FoundItem, details: SiteDetails, configured: readonly Site[]): ObservedListing {
  const externalIds: Record<string, string> = { goodsNo: item.goodsno };
  const seen: ObservedSite[] = [];
  for (const site of sites) {
    const number = item.sitegoodsno?.[site] ?? details[site]?.sitegoodsno ?? null;
    const code = item.sellstatus?.[site] ?? null;
    if (number) externalIds[site] = number;
    if (number || code || configured.includes(site)) seen.push(observeSite(item, site, number, details[site] ?? null));
  }
  return { sku: item.managedcode ?? '', externalIds, title: titleOf(item), sites: seen };
}

function observeSite(
  item: FoundItem,
  site: Site,
  number: string | null,
  detail: NonNullable<SiteDetails[Site]> | null,
): ObservedSite {
  const code = item.sellstatus?.[site] ?? null;
  const known = code === null ? undefined : states[code];
  const isRefused = !['', '0'].includes(String(detail?.innerresultcode ?? ''));
  let state: ObservedSite['state'] = known ?? 'pending';
  let note = code !== null && !known ? `sellStatus ${code}` : null;
  if (!number) {
    // Without a number nothing is for sale, whatever the status says: it is being fed, was refused, or was never asked for.
    const isAbsent = code === null && detail !== null && !detail.sitegoodscomment;
    state = isRefused || isAbsent ? 'missing' : 'pending';
    note = shortened(detail?.innerresultmessage || detail?.sitegoodscomment || note);
  }
  return {
    site,
    externalId: number,
    state,
    price: priceOf(item, site),
    stock: item.stock?.[site] ?? null,
    note,
  };
}

function priceOf(item: FoundItem, site: Site): Money | null {
  const price = item.price?.[site];
  return price === null || price === undefined ? null : wonOf(price, `price.${site}`);
}

function titleOf({ goodsname }: FoundItem): string | null {
  return typeof goodsname === 'string' ? goodsname : (goodsname?.kor ?? null);
}
