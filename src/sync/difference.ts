import { type OfferPart, offerParts } from '../channel/contract.ts';
import { type Discount, isOnSaleSomewhere, type Operation, priorityOf } from '../domain/listing.ts';
import type { WantedState } from '../store/attempts.ts';
import type { ListingRecord } from '../store/listings.ts';
import { isContentRefused, isHeldBack } from './refused.ts';

/**
 * What must be done to make the listing what it should be, most urgent first; empty when nothing must.
 *
 * It compares three things: what is wanted, what the last accepted write set, and what the channel showed since. What
 * the channel changed on its own (its stock after a sale, a stop by its own staff) is no difference of ours.
 * What the channel refused is left out for as long as the same would be sent, and holds up nothing else.
 * `byPerson`: a seller who stopped a listing at the channel had a reason, so only a person's push resumes it.
 */
export function operationsFor(
  wanted: WantedState,
  listing: ListingRecord,
  sites: readonly string[],
  options: { byPerson: boolean; parts?: readonly OfferPart[] },
): Operation[] {
  const parts = options.parts ?? offerParts;
  const mayBeSent = (operation: Operation) => !isHeldBack(operation, wanted, listing, parts);
  const exists = Object.keys(listing.externalIds).length > 0 && listing.state !== 'removed';
  if (!exists) return wanted.onSale && mayBeSent('create') ? ['create'] : [];
  const { pushed, observed } = listing;
  // An accepted write that was not read back yet is newer than what was observed before it.
  const fresh = listing.state === 'accepted' ? null : observed;
  if (!wanted.onSale) {
    const selling = fresh ? isOnSaleSomewhere(fresh) : (pushed?.onSale ?? true);
    return selling ? ['stop'] : [];
  }
  // Adopted: we know it only from the channel, so everything is set once.
  if (!pushed && !mayBeSent('update')) return [];
  if (!pushed) return parts.includes('price') ? ['update', 'price'] : ['update'];
  const found: Operation[] = [];
  const stoppedByOthers = fresh !== null && pushed.onSale && fresh.sites.every((site) => site.state === 'stopped');
  const blockedByChannel = fresh?.sites.every((site) => site.state === 'blocked') ?? false;
  // The channel ends the sale by itself: that is nobody's decision, and it is carried on.
  const ending = fresh?.sites.some((site) => site.ending === true && pushed.sites.includes(site.site)) ?? false;
  if (blockedByChannel || (stoppedByOthers && !options.byPerson && !ending)) return [];
  if (!pushed.onSale || stoppedByOthers || ending) found.push('resume');
  const missingSite = sites.some((site) => !pushed.sites.includes(site));
  if (pushed.contentHash !== wanted.contentHash || missingSite) found.push('update');
  // A resume or an update carries price and stock with it, but not to a channel that refuses the update.
  const carried = found.includes('resume') || (found.includes('update') && !isContentRefused(listing));
  const priceDiffers =
    parts.includes('price') &&
    (pushed.price.minor !== wanted.price.minor || pushed.price.currency !== wanted.price.currency);
  const discountDiffers = !isSameDiscount(pushed.discount, wanted.discount);
  if (discountDiffers || (priceDiffers && !carried)) found.push('price');
  const stockDiffers =
    parts.includes('stock') &&
    pushed.sites.some((site) => pushed.stock - (listing.soldSincePush[site] ?? 0) !== wanted.stock);
  if (stockDiffers && !carried) found.push('stock');
  return found.filter(mayBeSent).sort((a, b) => priorityOf(a) - priorityOf(b));
}

/** Field by field: this is asked for every listing at every sweep, and hashing both costs more than all the rest. */
function isSameDiscount(pushed: Discount | null, wanted: Discount | null): boolean {
  if (pushed === null || wanted === null) return pushed === wanted;
  return (
    pushed.amount.minor === wanted.amount.minor &&
    pushed.amount.currency === wanted.amount.currency &&
    pushed.firstDay === wanted.firstDay &&
    pushed.lastDay === wanted.lastDay
  );
}
