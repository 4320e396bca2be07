import type { Claim } from '../domain/claim.ts';
import type { Json } from '../domain/listing.ts';
import type { Money } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import type { ChannelContext, PulledRecord } from './contract.ts';
import type { PulledInquiry } from './inquiries.ts';

/** What a partner sends to our door. */
export interface InboundMessage {
  contentType: string;
  /** Never longer than the group's `maxBytes`: the door hangs up on more. */
  bytes: Uint8Array;
}

/** An answer of our door. */
export interface InboundAnswer {
  status: number;
  contentType: string;
  body: string;
}

/**
 * What became of a message. `recorded`: committed now. `repeated`: the same message had been committed before.
 * `conflicting`: another message with the same id had. `cancelled`: it changes an order that was cancelled, and is no
 * newer than the cancel. `outdated`: it cancels a version of an order that a newer one has replaced. `failed`: it could
 * not be stored; the partner should send it again. But for the first two nothing of it is kept.
 */
export type InboundOutcome = 'recorded' | 'repeated' | 'conflicting' | 'cancelled' | 'outdated' | 'failed';

export interface InboundResult {
  /** The partner's id of the message, by which a repeat is known for good; null when nothing is to be recorded. */
  messageId: string | null;
  /**
   * What the message says, compared by its JSON: tells a repeat from another message under the same id. Holds no instant
   * of sending or receiving, because a repeat comes at another time and may be stamped anew. Null with `messageId`.
   */
  says: unknown;
  orders: PulledRecord<Order>[];
  claims: PulledRecord<Claim>[];
  inquiries: PulledInquiry[];
  answer(outcome: InboundOutcome): InboundAnswer;
}

/** A product as it may be bought on this account now. */
export interface Offer {
  sku: string;
  document: Json;
  price: { minor: number; currency: 'KRW' | 'USD' };
  stock: number;
  /** Public address of the main image; null when there is none. */
  imageUrl: string | null;
}

export interface Offers {
  /** Offers whose name, SKU, model or company holds all the words, in SKU order, after `afterSku`. */
  search(query: { words: string; afterSku: string; limit: number }): Promise<Offer[]>;
  bySku(skus: readonly string[]): Promise<Offer[]>;
}

/** A person's visit to our pages, opened by a partner's message; its data live as long as it. */
export interface Visits {
  /** Opens a visit and returns the address to send the browser to. Nobody can guess it. */
  open(data: Json): Promise<string>;
}

export interface InboundContext<Settings, Credentials> extends ChannelContext<Settings, Credentials> {
  offers: Offers;
  visits: Visits;
  /** The public address of the account's own door. */
  url: string;
}

export interface VisitRequest {
  method: 'GET' | 'POST';
  /** Query or form fields; of repeated ones the last. */
  fields: Record<string, string>;
  /** The address of the visit itself, for links and forms. */
  url: string;
  data: Json;
}

export interface VisitAnswer {
  /** What the visit knows from now on. */
  data: Json;
  /** HTML that needs no script. */
  page: string;
  /** Addresses besides ours to which a form of this page may post. */
  formTargets: string[];
  /** The visit is over: its address answers no more. */
  ends: boolean;
}

/** A channel that calls us: orders, inquiries and visitors come to our door. */
export interface InboundGroup<Settings, Credentials> {
  /** A longer message is refused before it is read to its end. */
  maxBytes: number;
  /**
   * Judges one message: who sends it, what it says. Never throws for what a partner may send; whatever is wrong is told
   * in the answer, in the channel's own form. Compares secrets in constant time.
   */
  receive(context: InboundContext<Settings, Credentials>, message: InboundMessage): Promise<InboundResult>;
  /** What one unit of an offer costs on an account with these settings; null when it has no price there. */
  priceOf?(settings: Settings, offer: Pick<Offer, 'sku' | 'document' | 'price'>): Money | null;
  /** The answer to a message that was too long to be read. */
  tooLarge(at: Date): InboundAnswer;
  visit?(context: InboundContext<Settings, Credentials>, request: VisitRequest): Promise<VisitAnswer>;
}
