import { isChannelError } from '../channel/errors.ts';
import type { ObservedListing, ObservedSite } from '../domain/listing.ts';
import type { ListingRecord } from '../store/listings.ts';
import type { SyncDependencies } from './dependencies.ts';
import { pauseForError } from './note-failure.ts';
import type { OpenAccount } from './open-account.ts';
import { actionFor } from './retry-policy.ts';

/** Most listings whose end is asked for in one run: it may cost a call each, and writes want calls too. */
const maxQuestions = 30;

/** How many more listings may be asked about in this run. */
export interface EndQuestions {
  left: number;
}

/** Questions for one run. */
export function endQuestions(): EndQuestions {
  return { left: maxQuestions };
}

/** A read-back with what is known about the end of the sale. */
export interface WithEnds {
  observed: ObservedListing;
  /** False: the end is not known because nobody could be asked now; to be looked at again soon. */
  isComplete: boolean;
}

/**
 * Adds to a read-back when the channel ends the sale by itself (`endsAt`), and where it is time to carry it on (`ending`).
 * An end that is known and far away is not asked for again. What a person stopped before its end stays stopped.
 */
export async function withSaleEnds(
  deps: SyncDependencies,
  account: OpenAccount,
  read: { listing: ListingRecord; observed: ObservedListing },
  questions: EndQuestions,
): Promise<WithEnds> {
  const { listing, observed } = read;
  const saleEnds = account.adapter.listings?.find?.saleEnds;
  const { pushed } = listing;
  if (!saleEnds || !pushed?.onSale) return { observed, isComplete: true };
  const now = deps.clock.now().getTime();
  const before = new Map(listing.observed?.sites.map((site) => [site.site, site]));
  const isFar = (end: string) => Date.parse(end) - now >= saleEnds.renewBeforeMs;
  const carried = observed.sites.map((site): ObservedSite => {
    const endsAt = before.get(site.site)?.endsAt;
    return endsAt === null || (endsAt !== undefined && isFar(endsAt)) ? { ...site, endsAt } : site;
  });
  // What was just written is seen again by the daily read-back: asking now would carry a sale on twice.
  if (listing.acceptedAt !== null) return { observed: { ...observed, sites: carried }, isComplete: true };
  const ours = carried.filter((site) => pushed.sites.includes(site.site));
  const isByHand = (site: ObservedSite) => {
    if (site.state !== 'stopped') return false;
    const last = before.get(site.site);
    if (last?.state === 'stopped') return last.ending !== true;
    return last?.endsAt === null || (last?.endsAt !== undefined && Date.parse(last.endsAt) > now);
  };
  const isOpen = ours.some((site) => sells(site) && site.endsAt === undefined) || ours.some((site) => isEnded(site));
  function isEnded(site: ObservedSite): boolean {
    return site.state === 'stopped' && !isByHand(site);
  }
  if (ours.some(isByHand) || !isOpen) return { observed: { ...observed, sites: carried }, isComplete: true };
  const ends = await ask(deps, account, observed, questions);
  if (ends === 'later') return { observed: { ...observed, sites: carried }, isComplete: false };
  if (ends === 'unknown') return { observed: { ...observed, sites: carried }, isComplete: true };
  const sites = carried.map((site): ObservedSite => {
    const end = ends[site.site]?.toISOString() ?? null;
    if (!pushed.sites.includes(site.site) || !(sells(site) || isEnded(site))) return site;
    const isDue = end !== null && (sells(site) ? !isFar(end) : Date.parse(end) <= now);
    return { ...site, endsAt: end, ...(isDue && { ending: true }) };
  });
  return { observed: { ...observed, sites }, isComplete: true };
}

/** It is time to carry the sale on. */
export function isEnding(observed: ObservedListing | null): boolean {
  return observed?.sites.some((site) => site.ending === true) ?? false;
}

function sells({ state }: ObservedSite): boolean {
  return state === 'on-sale' || state === 'sold-out';
}

async function ask(
  deps: SyncDependencies,
  account: OpenAccount,
  observed: ObservedListing,
  questions: EndQuestions,
): Promise<Record<string, Date> | 'later' | 'unknown'> {
  const saleEnds = account.adapter.listings?.find?.saleEnds;
  if (!saleEnds) return 'unknown';
  if (questions.left <= 0) return 'later';
  questions.left -= 1;
  try {
    return await saleEnds.of(account.context, observed.externalIds);
  } catch (error) {
    if (!isChannelError(error)) throw error;
    const { kind, code } = error;
    account.context.log.warn({ sku: observed.sku, kind, code }, 'the end of a sale could not be read');
    const action = actionFor(kind);
    if (action === 'pause-account') await pauseForError(deps, account, error);
    // The next daily read-back asks again for what the channel would not tell of this listing.
    if (action !== 'later') return 'unknown';
    questions.left = 0;
    return 'later';
  }
}
