import type { ListingState, ObservedListing, ObservedSite, PushedListing } from '../domain/listing.ts';
import { isOnSaleSomewhere } from '../domain/listing.ts';
import type { ListingRecord, Refusal, Remark } from '../store/listings.ts';

/** What a read-back found, compared with what was last pushed. Pure: no store, no clock, no channel. */
export interface Verdict {
  state: ListingState;
  /** The base of the next comparison: a site that lost the product is taken out of it, one that has it again comes back. */
  pushed: PushedListing | null;
  /** What was accepted does not show, or does not show yet. */
  pending: boolean;
  /** It was to be stopped and still sells. */
  stillSelling: boolean;
  /** Why it is not as it was pushed: the channel's doing when not `pending`, else what to say when it never shows. */
  refusal: Refusal | null;
  /** What was changed at the channel, if nothing of ours is on its way there. */
  remarks: Remark[];
}

/** What the read-back is judged by. */
export interface Evidence {
  listing: Pick<ListingRecord, 'pushed' | 'refusal' | 'acceptedAt'>;
  observed: ObservedListing | null;
  /** The name we want buyers to see; null when there is no document. */
  title: string | null;
  /** Where the account wants its products; what was pushed leaves out those that refused. */
  sites: readonly string[];
}

/** Codes of the refusals that a read-back finds itself, and takes back when they are over; all others are answers. */
export const readBackCodes = {
  blocked: 'BLOCKED_BY_CHANNEL',
  missing: 'MISSING_ON_SITE',
  silent: 'SILENTLY_REFUSED',
  stuck: 'STUCK',
} as const;

/** Accepted, and never seen as it should be. */
export const stuckRefusal: Refusal = refusalOf('create', readBackCodes.stuck, null, null, '');

/** Of several listings under our SKU ours is the one whose numbers we were given. */
export function ownListing(
  externalIds: Record<string, string>,
  found: readonly ObservedListing[],
): ObservedListing | null {
  const values = new Set(Object.values(externalIds));
  return (
    found.find((candidate) => Object.values(candidate.externalIds).some((id) => values.has(id))) ?? found[0] ?? null
  );
}

/** Says what a read-back means. */
export function judge(evidence: Evidence): Verdict {
  const { listing, observed } = evidence;
  const { pushed } = listing;
  const fine = { pushed, pending: false, stillSelling: false, refusal: null, remarks: [] };
  if (!observed) return { ...fine, state: 'planned', pending: true };
  // Adopted and not yet written to: the next push sets everything; until then it is what it is.
  if (!pushed) return { ...fine, state: isOnSaleSomewhere(observed) ? 'on-sale' : 'stopped' };
  if (!pushed.onSale) {
    const selling = observed.sites.some((site) => site.state === 'on-sale' || site.state === 'pending');
    return { ...fine, state: selling ? 'accepted' : 'stopped', pending: selling, stillSelling: selling };
  }
  return judgeSelling(evidence, observed, pushed);
}

function judgeSelling(evidence: Evidence, observed: ObservedListing, pushed: PushedListing): Verdict {
  const { listing, sites } = evidence;
  const isOurs = listing.acceptedAt !== null;
  const seen = new Map(observed.sites.map((site) => [site.site, site]));
  const stateOf = (site: string) => seen.get(site)?.state ?? null;
  const isThere = (site: string) => !['missing', 'pending', null].includes(stateOf(site));
  // A site that had lost the product shows it again: it is the product we had put there.
  const wasMissing = listing.refusal?.code === readBackCodes.missing;
  const back = wasMissing ? sites.filter((site) => !pushed.sites.includes(site) && isThere(site)) : [];
  const held = [...pushed.sites, ...back];
  const waiting = held.some((site) => stateOf(site) === 'pending' || stateOf(site) === null);
  // What was just sent may show on one site before the other; what nobody is sending now is not on its way.
  const missing = isOurs && waiting ? [] : held.filter((site) => stateOf(site) === 'missing' || stateOf(site) === null);
  const kept: PushedListing = { ...pushed, sites: held.filter((site) => !missing.includes(site)) };
  const here = kept.sites.flatMap((site) => seen.get(site) ?? []);
  const blocked = here.find((site) => site.state === 'blocked');
  const isSelling = isOnSaleSomewhere({ ...observed, sites: here });
  const found = { pushed: kept, stillSelling: false, remarks: remarksOf(evidence.title, pushed, here, observed.title) };
  // A site that the account does not use any more may lose it.
  const lost = missing.find((site) => sites.includes(site));
  if (blocked || lost !== undefined || kept.sites.length === 0) {
    const refusal = blocked
      ? refusalOf('create', readBackCodes.blocked, blocked.site, null, blocked.note)
      : lost !== undefined
        ? refusalOf('create', readBackCodes.missing, lost, null, seen.get(lost)?.note)
        : null;
    return { ...found, state: isSelling ? 'partial' : 'stopped', pending: false, refusal };
  }
  if (waiting || here.some((site) => site.state === 'stopped')) {
    return { ...found, state: isSelling ? 'partial' : 'stopped', pending: true, refusal: null };
  }
  const state = sites.every((site) => kept.sites.includes(site)) ? 'on-sale' : 'partial';
  // Sold out counts as on sale: the channel keeps its own stock.
  const [wrong] = found.remarks;
  if (!wrong) return { ...found, state, pending: false, refusal: null };
  // The channel answered "yes" and kept the old value.
  const field = wrong.code === 'PRICE_CHANGED' ? 'price' : 'name';
  const message = `${wrong.wanted} → ${wrong.seen}`;
  const refusal = refusalOf('update', readBackCodes.silent, wrong.site, field, message);
  return { ...found, state, pending: true, refusal };
}

/** Everything that is otherwise than we set it, the most important first: a stop, a price, a name. */
function remarksOf(
  title: string | null,
  pushed: PushedListing,
  here: readonly ObservedSite[],
  seenTitle: string | null,
): Remark[] {
  const stopped = here.flatMap(({ site, state, ending }): Remark[] =>
    // What ended by itself is carried on; nobody stopped it.
    state === 'stopped' && ending !== true ? [{ code: 'STOPPED_AT_CHANNEL', site, wanted: null, seen: null }] : [],
  );
  const prices = here.flatMap(({ site, state, price }): Remark[] => {
    // The price of a site that does not sell is not applied by every channel; a resume carries it.
    if (state !== 'on-sale' || price === null || price.minor === pushed.price.minor) return [];
    return [{ code: 'PRICE_CHANGED', site, wanted: String(pushed.price.minor), seen: String(price.minor) }];
  });
  const isRenamed = title !== null && seenTitle !== null && seenTitle !== title && here.length > 0;
  const names: Remark[] = isRenamed ? [{ code: 'NAME_CHANGED', site: null, wanted: title, seen: seenTitle }] : [];
  return [...stopped, ...prices, ...names];
}

/** What there is to remark beside a refusal: what was told as ignored by the channel is not told again as changed there. */
export function remarksBeside(refusal: Refusal | null, { remarks }: Verdict): Remark[] {
  if (refusal?.code !== readBackCodes.silent) return remarks;
  return remarks.filter(({ code }) => code === 'STOPPED_AT_CHANNEL');
}

/**
 * The refusal that is in force after a read-back that found nothing new to refuse; null when there is none. An answer of
 * the channel stands until something else is wanted; what a read-back had found is over when it is not found any more.
 */
export function refusalInForce(
  before: Refusal | null,
  verdict: Verdict,
  observed: ObservedListing | null,
): Refusal | null {
  switch (before?.code) {
    case undefined:
    case readBackCodes.blocked:
      return null;
    case readBackCodes.missing:
      return verdict.pushed?.sites.includes(before?.site ?? '') ? null : (before ?? null);
    case readBackCodes.silent:
    case readBackCodes.stuck:
      return verdict.pending ? (before ?? null) : null;
    default: {
      const isStopped = observed !== null && !isOnSaleSomewhere(observed);
      return before?.operation === 'stop' && isStopped ? null : (before ?? null);
    }
  }
}

function refusalOf(
  operation: Refusal['operation'],
  code: string,
  site: string | null,
  field: string | null,
  message: string | null | undefined,
): Refusal {
  return { operation, code, message: message ?? '', field, site };
}
