import type { ListingChange, ListingOutcome, SiteRefusal } from '../../src/channel/contract.ts';
import { ChannelError, isChannelError } from '../../src/channel/errors.ts';
import { askEsm, callEsm, type EsmCall } from './client.ts';
import { errorOfFeedDelay, errorOfResult, shortened, siteOfMessage } from './errors.ts';
import { discountBlock, offerDocument, offerProblem, saleStatusBody, stockFor } from './listing-offer.ts';
import { searchGoods } from './listings-find.ts';
import { daysToAdd, readSaleEnds } from './sale-period.ts';
import { type EsmContext, isSite, perSite, type Site, sites } from './settings.ts';
import { parseAnswer } from './wire.ts';
import { discountAnswer, type SiteDetails, writtenGoods } from './wire-listings.ts';

/** The business code of the item family: a refused value, or an edit before the feed (notes §2.3, §5.3). */
const itemRefused = '1000';

/**
 * Sends the changes, one call chain each. Errors of the whole account (credentials, permission, limit) are thrown; all
 * others are the outcome of their own item.
 */
export async function pushListings(context: EsmContext, changes: ListingChange[]): Promise<ListingOutcome[]> {
  const outcomes: ListingOutcome[] = [];
  for (const change of changes) outcomes.push(await pushOne(context, change));
  return outcomes;
}

async function pushOne(context: EsmContext, change: ListingChange): Promise<ListingOutcome> {
  const isSelling = change.operation !== 'stop' && change.operation !== 'remove';
  const problem = isSelling ? offerProblem(change.desired, change.sku) : null;
  if (problem) return { sku: change.sku, status: 'rejected', ...problem };
  try {
    return await operations[change.operation](context, change);
  } catch (error) {
    if (!isChannelError(error)) throw error;
    return outcomeOfError(change, error);
  }
}

function outcomeOfError(change: ListingChange, error: ChannelError): ListingOutcome {
  const { sku } = change;
  if (['unauthorized', 'forbidden', 'rate-limited'].includes(error.kind)) throw error;
  if (error.kind !== 'rejected') return { sku, status: 'failed', error };
  if (error.code === itemRefused && change.operation !== 'create' && isBeingFed(change)) {
    return { sku, status: 'failed', error: errorOfFeedDelay(error) };
  }
  return { sku, status: 'rejected', code: error.code, message: error.channelMessage ?? '', field: error.field };
}

/**
 * Whether the sites may not have the product yet. One that was never read back since its create counts as such: an edit
 * that is tried again costs a minute, one that is given up costs the sale.
 */
function isBeingFed({ observed }: ListingChange): boolean {
  return observed === null || observed.sites.some((seen) => seen.state === 'pending');
}

const operations: Record<
  ListingChange['operation'],
  (context: EsmContext, change: ListingChange) => Promise<ListingOutcome>
> = { create, update, price, stock, resume, stop, remove };

async function create(context: EsmContext, change: ListingChange): Promise<ListingOutcome> {
  const { settings } = context.account;
  const { body, refusal } = await askEsm(context, {
    ...itemCall('POST', '/item/v1/goods'),
    body: offerDocument(change.desired, settings, []),
    safe: false, // no idempotency key: a blind repeat would make a second product (notes §5.4)
  });
  const written = parseAnswer(writtenGoods, body);
  const made = sites.some((site) => written.sites[site]?.sitegoodsno);
  // A refusal of one site comes with the product on the other: the site numbers decide, not the code (notes §2.2).
  if (!written.goodsNo || (refusal && !made)) {
    if (refusal) throw errorOfResult('item', refusal);
    throw new ChannelError('protocol', { code: 'NO_GOODS_NO', sent: true, field: 'goodsNo' });
  }
  const refusals = made ? refusalsOf(written.sites, settings.sites, refusal) : [];
  return accepted(change, { goodsNo: written.goodsNo, ...siteNumbersOf(written.sites) }, refusals);
}

async function update(context: EsmContext, change: ListingChange): Promise<ListingOutcome> {
  const { settings } = context.account;
  const existing = existingSites(change);
  const selling = change.desired.onSale ? settings.sites : [];
  const all = sites.filter((site) => existing.includes(site) || settings.sites.includes(site));
  const body = await callEsm(context, {
    ...itemCall('PUT', goodsPath(change)),
    body: {
      ...offerDocument(change.desired, settings, existing),
      isSell: perSite(all, (site) => selling.includes(site)),
    },
  });
  const written = parseAnswer(writtenGoods, body);
  return accepted(change, siteNumbersOf(written.sites));
}

async function price(context: EsmContext, change: ListingChange): Promise<ListingOutcome> {
  // The channel ignores this while a site is stopped; `resume` carries the price then (notes §2.1, §2.3).
  const body = perSite(sellingSites(context, change), () => change.desired.price.minor);
  await callEsm(context, { ...itemCall('PUT', goodsPath(change, '/price')), body });
  await setDiscount(context, change);
  return accepted(change);
}

async function stock(context: EsmContext, change: ListingChange): Promise<ListingOutcome> {
  const amounts = perSite(sellingSites(context, change), () => stockFor(change.desired));
  await callEsm(context, { ...itemCall('PUT', goodsPath(change, '/stock')), body: { stock: amounts } });
  return accepted(change);
}

async function stop(context: EsmContext, change: ListingChange): Promise<ListingOutcome> {
  // Every site that has it, also one that is no longer configured: it must not go on selling there.
  await putSaleStatus(context, change, []);
  return accepted(change);
}

async function resume(context: EsmContext, change: ListingChange): Promise<ListingOutcome> {
  const ends = await readSaleEnds(context, goodsNoOf(change), 'items');
  await putSaleStatus(context, change, sellingSites(context, change), daysToAdd(context, ends));
  await setDiscount(context, change); // after it: a discount of a stopped site would be ignored
  return accepted(change);
}

async function remove(context: EsmContext, change: ListingChange): Promise<ListingOutcome> {
  try {
    // Only a product that is stopped everywhere can be deleted (notes §2.1).
    await putSaleStatus(context, change, []);
    await callEsm(context, itemCall('DELETE', goodsPath(change)));
  } catch (error) {
    if (!isChannelError(error) || !['rejected', 'not-found'].includes(error.kind)) throw error;
    // A delete that was done before is refused like any other, so it is asked whether the product is still there.
    const goodsNo = goodsNoOf(change);
    const left = await searchGoods(context, { goodsNo: [goodsNo] });
    if (left.some((item) => item.goodsno === goodsNo)) throw error;
  }
  return { sku: change.sku, status: 'accepted', externalIds: {}, refusals: [] };
}

function putSaleStatus(
  context: EsmContext,
  change: ListingChange,
  selling: readonly Site[],
  period?: (site: Site) => number,
): Promise<unknown> {
  const existing = existingSites(change);
  const all = existing.length > 0 ? existing : context.account.settings.sites;
  return callEsm(context, {
    ...itemCall('PUT', goodsPath(change, '/sell-status')),
    body: saleStatusBody(change.desired, all, selling, period),
  });
}

async function setDiscount(context: EsmContext, change: ListingChange): Promise<void> {
  const path = goodsPath(change, '/seller-discounts');
  if (change.desired.discount) {
    const body = { sellerDiscount: discountBlock(change.desired, sellingSites(context, change)) };
    await callEsm(context, { ...itemCall('POST', path), body });
    return;
  }
  // Asked first: what a delete of no discount answers is not written down.
  const current = parseAnswer(discountAnswer, await callEsm(context, itemCall('GET', path)));
  if (current.sellerdiscount?.isuse) await callEsm(context, itemCall('DELETE', path));
}

/** Sets are repeatable: the same body leads to the same listing. Only create is not, and says so itself. */
function itemCall(method: EsmCall['method'], path: string): EsmCall {
  return { method, path, results: 'item', limit: 'items', safe: true };
}

function goodsNoOf(change: ListingChange): string {
  const goodsNo = change.externalIds.goodsNo;
  if (goodsNo) return goodsNo;
  throw new ChannelError('not-found', {
    code: 'NO_GOODS_NO',
    sent: false,
    channelMessage: `상품 ${change.sku}: 채널의 마스터 상품번호를 알 수 없습니다. 다시 보내고(\`naru push\`), 계속되면 채널의 판매자 화면에서 상품을 확인해 주십시오. / Product ${change.sku}: its master goods number is unknown. Push again (\`naru push\`); if that does not help, look for the product at the channel.`,
  });
}

function goodsPath(change: ListingChange, rest = ''): string {
  return `/item/v1/goods/${encodeURIComponent(goodsNoOf(change))}${rest}`;
}

/** Sites that have the product as far as is known. */
function existingSites({ externalIds, observed }: ListingChange): Site[] {
  const seen = new Map(observed?.sites.map((entry) => [entry.site, entry.state]));
  return sites.filter((site) => {
    const state = seen.get(site);
    return state ? state !== 'missing' : Boolean(externalIds[site]);
  });
}

/** Configured sites that have the product; all configured ones while nothing is known of any. */
function sellingSites(context: EsmContext, change: ListingChange): Site[] {
  const configured = context.account.settings.sites;
  const existing = existingSites(change).filter((site) => configured.includes(site));
  return existing.length > 0 ? existing : configured;
}

function siteNumbersOf(details: SiteDetails): Record<string, string> {
  return Object.fromEntries(
    sites.flatMap((site) => {
      const number = details[site]?.sitegoodsno;
      return number ? [[site, number]] : [];
    }),
  );
}

function refusalsOf(
  details: SiteDetails,
  wanted: readonly Site[],
  refusal: { code: string; message: string | null } | null,
): SiteRefusal[] {
  return wanted
    .filter((site) => !details[site]?.sitegoodsno)
    .map((site) => {
      const detail = details[site];
      const named = refusal && [site, null].includes(siteOfMessage(refusal.message)) ? refusal : null;
      const inner = detail?.innerresultcode;
      return {
        site,
        code: inner !== null && inner !== undefined ? String(inner) : (named?.code ?? 'NO_SITE_NUMBER'),
        message: shortened(detail?.innerresultmessage || detail?.sitegoodscomment || named?.message || '') ?? '',
      };
    });
}

function accepted(
  change: ListingChange,
  learned: Record<string, string> = {},
  refusals: SiteRefusal[] = [],
): ListingOutcome {
  const known = Object.entries(change.externalIds).filter(([name]) => name === 'goodsNo' || isSite(name));
  return { sku: change.sku, status: 'accepted', externalIds: { ...Object.fromEntries(known), ...learned }, refusals };
}
