import { type OfferPart, offerParts } from '../channel/contract.ts';
import type { Operation } from '../domain/listing.ts';
import { contentHash } from '../runtime/content-hash.ts';
import type { WantedState } from '../store/attempts.ts';
import type { ListingRecord } from '../store/listings.ts';

/*
 * What a channel refused, kept in `naru.listing.refused_hash` as one word per kind of call (`content=… price=…`), each
 * with the hash of what that call would carry. A refusal holds back its own kind alone, for as long as the same would be
 * sent. A word without a kind is the hash of a whole wanted state, as a read-back and a receipt leave it.
 */

/** A create and an update carry the same. */
type Kind = 'content' | 'price' | 'stock' | 'resume' | 'stop';

const kinds: Record<Operation, Kind> = {
  create: 'content',
  update: 'content',
  price: 'price',
  stock: 'stock',
  resume: 'resume',
  stop: 'stop',
  remove: 'stop',
};

/** What an accepted call sets besides its own. */
const carriedWith: Record<Kind, readonly Kind[]> = {
  content: ['price', 'stock', 'resume'],
  resume: ['price', 'stock'],
  price: [],
  stock: [],
  stop: [],
};

/**
 * What a listing's whole document says, restricted to the `parts` of an offer that the channel knows. Stock is left out:
 * it goes down with every unit sold, and a refusal of the document would be repeated with each.
 */
export function wantedHash(wanted: WantedState, parts: readonly OfferPart[] = offerParts): string {
  return contentHash(carriedBy('content', wanted, parts));
}

function carriedBy(kind: Kind, wanted: WantedState, parts: readonly OfferPart[]): Record<string, unknown> {
  const { onSale } = wanted;
  const price = parts.includes('price') && { price: wanted.price };
  const discount = parts.includes('discount') && { discount: wanted.discount };
  switch (kind) {
    case 'content':
      return { onSale, contentHash: wanted.contentHash, ...price, ...discount };
    case 'price':
      return { ...price, ...discount };
    case 'stock':
      return { stock: wanted.stock };
    case 'resume':
      return { onSale, ...price };
    case 'stop':
      return { onSale };
  }
}

/** The fields by which an adapter says what of the offer was refused, whatever carried it. */
const marks = ['price', 'stock', 'discount'] as const;
type Mark = (typeof marks)[number];

/**
 * What is remembered once `operation` was refused, over what is remembered already.
 * @param field the field that was refused, where the channel names one
 */
export function withRefusal(
  before: string | null,
  operation: Operation,
  wanted: WantedState,
  about: { parts: readonly OfferPart[]; field: string | null },
): string {
  const kind = kinds[operation];
  const mark = marks.find((known) => known === about.field) ?? null;
  const word = `${kind}${mark ? `+${mark}` : ''}=${hashOf(kind, mark, wanted, about.parts)}`;
  return [...wordsOf(before).filter((known) => known.kind !== kind && known.kind !== null), parse(word)]
    .map(({ text }) => text)
    .join(' ');
}

/** What is still remembered once `operation` was accepted; null for nothing. */
export function withoutRefusal(before: string | null, operation: Operation): string | null {
  const kind = kinds[operation];
  const settled: readonly Kind[] = [kind, ...carriedWith[kind]];
  // A word without a kind says that what was sent does not show; now something else was sent.
  const left = wordsOf(before).filter((word) => word.kind !== null && !settled.includes(word.kind));
  return left.length === 0 || operation === 'remove' ? null : left.map(({ text }) => text).join(' ');
}

/** Whether sending this now would only earn the same refusal. A stop is always sent: the product may not be on sale. */
export function isHeldBack(
  operation: Operation,
  wanted: WantedState,
  listing: Pick<ListingRecord, 'refusedHash' | 'refusal'>,
  parts: readonly OfferPart[] = offerParts,
): boolean {
  const kind = kinds[operation];
  if (listing.refusedHash === null || kind === 'stop') return false;
  return wordsOf(listing.refusedHash).some((word) => {
    if (word.kind !== null) return word.kind === kind && word.hash === hashOf(kind, word.mark, wanted, parts);
    const isSame = word.hash === wantedHash(wanted, parts) || word.hash === earlierHash(wanted);
    return isSame && kinds[listing.refusal?.operation ?? 'create'] === kind;
  });
}

/** Whether anything that is wanted now was refused. */
export function isRefused(
  wanted: WantedState,
  listing: Pick<ListingRecord, 'refusedHash' | 'refusal'>,
  parts: readonly OfferPart[] = offerParts,
): boolean {
  const each = ['update', 'price', 'stock', 'resume'] as const;
  return listing.refusedHash !== null && each.some((operation) => isHeldBack(operation, wanted, listing, parts));
}

/** Whether the document was refused, as it is now or as it was: then it carries no price and no stock to the channel. */
export function isContentRefused(listing: Pick<ListingRecord, 'refusedHash'>): boolean {
  return wordsOf(listing.refusedHash).some((word) => word.kind === 'content');
}

/** Whether the refusal that people are shown is final and about another kind of call than `operation`. */
export function isAboutAnother(listing: Pick<ListingRecord, 'refusedHash' | 'refusal'>, operation: Operation): boolean {
  const { refusal, refusedHash } = listing;
  if (refusedHash === null || refusal === null || refusal.passing !== undefined) return false;
  return kinds[refusal.operation] !== kinds[operation];
}

function hashOf(kind: Kind, mark: Mark | null, wanted: WantedState, parts: readonly OfferPart[]): string {
  // A stock that was refused for another field's sake is refused for every number of units.
  const carried = kind === 'stock' && mark !== null ? {} : carriedBy(kind, wanted, parts);
  return contentHash({ ...carried, ...(mark !== null && { [mark]: wanted[mark] }) });
}

/** As rows of version 0.1.0 hold it: everything wanted, stock included. */
function earlierHash({ offReason: _reason, ...rest }: WantedState): string {
  return contentHash(rest);
}

interface Word {
  kind: Kind | null;
  mark: Mark | null;
  hash: string;
  text: string;
}

function wordsOf(stored: string | null): Word[] {
  return stored === null ? [] : stored.split(' ').map(parse);
}

function parse(text: string): Word {
  const [left = '', hash] = text.split('=');
  if (hash === undefined) return { kind: null, mark: null, hash: left, text };
  const [kind = '', mark] = left.split('+');
  return { kind: kind as Kind, mark: marks.find((known) => known === mark) ?? null, hash, text };
}
