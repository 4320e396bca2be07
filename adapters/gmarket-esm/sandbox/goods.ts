/**
 * The products as the channel holds them: one master goods number owns up to one product on each site.
 */

import type { GoodsDraft, SiteDraft } from './goods-validation.ts';
import { DAY, kstDayNumber, MINUTE } from './kst-time.ts';
import { type Json, valueAt, withKey } from './wire-input.ts';

export type Site = 'gmkt' | 'iac';
export const SITES: readonly Site[] = ['gmkt', 'iac'];
/** Numbers of the sites wherever a site is an int: 1 Auction, 2 Gmarket. */
export const SITE_NUMBER: Record<Site, number> = { iac: 1, gmkt: 2 };
/** Marks of the sites in the messages of the item family. */
export const SITE_MARK: Record<Site, string> = { gmkt: 'GMKT', iac: 'IAC' };

export type SaleState = 'pending' | 'on-sale' | 'stopped' | 'sold-out' | 'deleted';

/** "2-3 min" in the portal's words; tests shorten it. */
export const DEFAULT_FEED_DELAY = 2_000;
/** A product left stopped for one month is deleted by the marketplace. */
const STOPPED_LIMIT = 30 * DAY;

export interface SiteDiscount {
  /** 1 amount in won, 2 percent. */
  type: number;
  value: number;
  /** First instant of the first day and of the day after the last, ms. */
  from: number;
  until: number;
}

export interface SiteGoods {
  readonly site: Site;
  readonly siteGoodsNo: string;
  readonly master: MasterGoods;
  readonly feedAt: number;
  isSell: boolean;
  stoppedByChannel: boolean;
  stoppedSince: number | null;
  /** End of the selling period in ms; `null` is unlimited. */
  periodEndsAt: number | null;
  price: number;
  stock: number;
  deleted: boolean;
  discount: SiteDiscount | null;
}

export interface MasterGoods {
  readonly goodsNo: number;
  document: Json;
  managedCode: string;
  name: string;
  optionType: number;
  readonly siteGoods: Partial<Record<Site, SiteGoods>>;
  /** Why a site did not take the product, where it did not. */
  readonly refusals: Partial<Record<Site, string>>;
  discountBody: Json | null;
  /** The search name is locked from the first sale on. */
  sold: boolean;
  deleted: boolean;
}

/** What a product is on its site at an instant; time alone feeds, expires and deletes products. */
export function saleState(goods: SiteGoods, now: number): SaleState {
  if (goods.deleted) return 'deleted';
  if (now < goods.feedAt) return 'pending';
  const expired = goods.periodEndsAt !== null && now >= goods.periodEndsAt;
  const since = goods.stoppedSince ?? (expired ? goods.periodEndsAt : null);
  if (since !== null && now - since >= STOPPED_LIMIT) return 'deleted';
  if (!goods.isSell || goods.stoppedByChannel || expired) return 'stopped';
  return goods.stock === 0 ? 'sold-out' : 'on-sale';
}

/** The `sellStatus` code of the search answer. */
export function sellStatusCode(goods: SiteGoods, now: number): string | null {
  const state = saleState(goods, now);
  if (state === 'deleted') return null;
  if (state === 'stopped') return goods.stoppedByChannel ? '22' : '21';
  return { pending: '01', 'on-sale': '11', 'sold-out': '31' }[state];
}

/** The product on one site unless it was never there or is deleted. */
export function liveOn(master: MasterGoods, site: Site, now: number): SiteGoods | undefined {
  const goods = master.siteGoods[site];
  return goods !== undefined && saleState(goods, now) !== 'deleted' ? goods : undefined;
}

export function liveSites(master: MasterGoods, now: number): SiteGoods[] {
  return SITES.flatMap((site) => liveOn(master, site, now) ?? []);
}

export function setSelling(goods: SiteGoods, isSell: boolean, now: number): void {
  goods.isSell = isSell;
  const stopped = !isSell || goods.stoppedByChannel;
  goods.stoppedSince = stopped ? (goods.stoppedSince ?? now) : null;
}

/** 0 keeps the period, -1 lifts it, a positive number of days is added to what remains. */
export function extendPeriod(goods: SiteGoods, days: number, now: number): void {
  if (days === -1) goods.periodEndsAt = null;
  else if (days > 0) goods.periodEndsAt = Math.max(goods.periodEndsAt ?? now, now) + days * DAY;
}

/** End of the selling period as `YYYYMMDD`; the far end of the calendar when unlimited. */
export function periodEndNumber(goods: SiteGoods): number {
  return goods.periodEndsAt === null ? 99991231 : kstDayNumber(goods.periodEndsAt);
}

/** `{gmkt,iac}` with `null` where the product is not live. */
export function perSite<T>(master: MasterGoods, now: number, value: (goods: SiteGoods) => T): Record<Site, T | null> {
  const of = (site: Site): T | null => {
    const goods = liveOn(master, site, now);
    return goods === undefined ? null : value(goods);
  };
  return { gmkt: of('gmkt'), iac: of('iac') };
}

/** The document as the seller sent it, with the current name, price, stock and days left put in. */
export function currentDocument(master: MasterGoods, now: number): Json {
  const blocks = (value: (goods: SiteGoods) => number): Json =>
    Object.fromEntries(liveSites(master, now).map((goods) => [goods.site === 'gmkt' ? 'Gmkt' : 'Iac', value(goods)]));
  const daysLeft = (goods: SiteGoods): number =>
    goods.periodEndsAt === null ? -1 : Math.max(0, Math.ceil((goods.periodEndsAt - now) / DAY));
  const basic = valueAt(master.document, 'itemBasicInfo');
  let more = valueAt(master.document, 'itemAddtionalInfo');
  more = withKey(
    more,
    'price',
    blocks((goods) => goods.price),
  );
  more = withKey(
    more,
    'stock',
    blocks((goods) => goods.stock),
  );
  more = withKey(more, 'sellingPeriod', blocks(daysLeft));
  const named = withKey(basic, 'goodsName', withKey(valueAt(basic, 'goodsName'), 'kor', master.name));
  return withKey(withKey(master.document, 'itemBasicInfo', named), 'itemAddtionalInfo', more);
}

/** All goods of the seller with the indexes the calls need. */
export class GoodsBook {
  readonly masters = new Map<number, MasterGoods>();
  readonly siteGoods = new Map<string, SiteGoods>();
  readonly bySku = new Map<string, MasterGoods[]>();
  /** `POST goods/search` calls of the last minute, ms. */
  readonly searches: number[] = [];
  feedDelay = DEFAULT_FEED_DELAY;
  #serial = 0;

  /** A number nobody else has; used up even when the product is never made. */
  nextGoodsNo(): number {
    this.#serial += 1;
    return 2_510_000_000 + this.#serial;
  }

  nextSiteGoodsNo(site: Site): string {
    this.#serial += 1;
    return site === 'gmkt' ? String(2_910_000_000 + this.#serial) : `C${910_000_000 + this.#serial}`;
  }

  /** Makes a master with the sites of the draft. The same SKU twice makes two products, as the channel does. */
  create(draft: GoodsDraft, document: Json, now: number): MasterGoods {
    const master: MasterGoods = {
      goodsNo: this.nextGoodsNo(),
      document,
      managedCode: draft.managedCode,
      name: draft.name,
      optionType: draft.optionType,
      siteGoods: {},
      refusals: {},
      discountBody: null,
      sold: false,
      deleted: false,
    };
    this.masters.set(master.goodsNo, master);
    this.#indexSku(master);
    for (const site of draft.sites) this.addSite(master, site, now);
    return master;
  }

  /** Puts a master on a site; it goes on sale by itself after the feed. */
  addSite(master: MasterGoods, draft: SiteDraft, now: number): SiteGoods {
    const goods: SiteGoods = {
      site: draft.site,
      siteGoodsNo: this.nextSiteGoodsNo(draft.site),
      master,
      feedAt: now + this.feedDelay,
      isSell: true,
      stoppedByChannel: false,
      stoppedSince: null,
      periodEndsAt: null,
      price: draft.price,
      stock: draft.stock,
      deleted: false,
      discount: null,
    };
    extendPeriod(goods, draft.sellingPeriod, now);
    delete master.refusals[draft.site];
    master.siteGoods[draft.site] = goods;
    this.siteGoods.set(goods.siteGoodsNo, goods);
    return goods;
  }

  renameSku(master: MasterGoods, managedCode: string): void {
    if (master.managedCode === managedCode) return;
    const former = this.bySku.get(master.managedCode) ?? [];
    this.bySku.set(
      master.managedCode,
      former.filter((other) => other !== master),
    );
    master.managedCode = managedCode;
    this.#indexSku(master);
  }

  delete(master: MasterGoods): void {
    master.deleted = true;
    for (const site of SITES) {
      const goods = master.siteGoods[site];
      if (goods !== undefined) goods.deleted = true;
    }
  }

  /** Counts a search; false when it is the 21st within a minute. The portal's newest figure is 20 a minute. */
  allowSearch(now: number): boolean {
    while (this.searches[0] !== undefined && now - this.searches[0] >= MINUTE) this.searches.shift();
    if (this.searches.length >= 20) return false;
    this.searches.push(now);
    return true;
  }

  #indexSku(master: MasterGoods): void {
    const others = this.bySku.get(master.managedCode);
    if (others === undefined) this.bySku.set(master.managedCode, [master]);
    else others.push(master);
  }
}
