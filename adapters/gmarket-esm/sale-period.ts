import { startOfSeoulDay } from '../../src/domain/seoul-time.ts';
import { callEsm } from './client.ts';
import type { LimitFamily } from './limits.ts';
import { keepPeriod } from './listing-offer.ts';
import { type EsmContext, type PerSite, type Site, sites } from './settings.ts';
import { parseAnswer } from './wire.ts';
import { sellStatusAnswer } from './wire-listings.ts';

/**
 * The selling period: the sites end every sale by themselves after the days that were asked for, and delete what was left
 * stopped for a month (notes §2.3). Only `sell-status` tells the end, one product at a time.
 */

/** A week of daily read-backs in which a renewal may fail and be tried again. */
export const renewBeforeMs = 7 * 24 * 3_600_000;

/** When the sale of a product ends, by site: the start of its last day. Sites without an end are left out. */
export async function readSaleEnds(context: EsmContext, goodsNo: string, limit: LimitFamily): Promise<PerSite<Date>> {
  const answer = await callEsm(context, {
    method: 'GET',
    path: `/item/v1/goods/${encodeURIComponent(goodsNo)}/sell-status`,
    results: 'item',
    limit,
    safe: true,
  });
  const periods = parseAnswer(sellStatusAnswer, answer).itembasicinfo.sellingperiod ?? {};
  const ends: PerSite<Date> = {};
  for (const site of sites) {
    const end = instantOf(periods[site]);
    if (end) ends[site] = end;
  }
  return ends;
}

/** The days to send with a resume: a period that is over, or soon will be, is carried on; days are added, never set. */
export function daysToAdd(context: EsmContext, ends: PerSite<Date>): (site: Site) => number {
  const renewFrom = context.clock.now().getTime() + renewBeforeMs;
  return (site) => {
    const end = ends[site];
    return end !== undefined && end.getTime() < renewFrom ? context.account.settings.sellingPeriodDays : keepPeriod;
  };
}

/** `YYYYMMDD`; the year 9999 stands for "never", and a small number would be the count of days that a `PUT` takes. */
function instantOf(end: number | null | undefined): Date | null {
  if (typeof end !== 'number' || end < 20_000_000 || end >= 99_990_000) return null;
  const text = String(end);
  try {
    return startOfSeoulDay(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
