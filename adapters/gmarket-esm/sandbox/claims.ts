/** Cancels, returns and exchanges. A claim always covers the whole order line. */

import { DAY } from './kst-time.ts';
import type { Order } from './orders.ts';

export type ClaimKind = 'cancel' | 'return' | 'exchange';
export type ClaimState = 'requested' | 'processing' | 'done' | 'withdrawn';

/** A cancel request that the seller leaves unanswered is granted by itself. */
const UNANSWERED_LIMIT = DAY;
const RANK: Record<ClaimState, number> = { requested: 0, processing: 1, done: 2, withdrawn: 2 };

export interface Claim {
  readonly kind: ClaimKind;
  readonly order: Order;
  state: ClaimState;
  readonly requestedAt: number;
  processingAt: number | null;
  doneAt: number | null;
  withdrawnAt: number | null;
  /** Reason code of the channel (1 change of mind, 6 out of stock …) and whose fault: 0 seller, 1 buyer. */
  reasonCode: number;
  fault: number;
}

/** The move is not possible for this order; the text says why. */
export class ClaimImpossible extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ClaimImpossible';
  }
}

export class ClaimBook {
  readonly claims: Claim[] = [];
  readonly #openCancels = new Set<Claim>();

  /**
   * Opens a claim, or moves the open one of the same kind on. An order whose claim was withdrawn, or exchanged, can have
   * another one; as at the channel, no two of them are requested at one instant.
   *
   * @throws ClaimImpossible when another claim is open, the order is already cancelled or returned, or the move goes back.
   */
  move(order: Order, kind: ClaimKind, state: ClaimState, at: number): Claim {
    const claim = order.claim ?? this.#open(order, kind, state, at);
    if (claim.kind !== kind)
      throw new ClaimImpossible(`order ${order.orderNo} has a ${claim.kind} claim (${claim.state})`);
    if (claim.state === 'done') throw new ClaimImpossible(`the ${kind} of order ${order.orderNo} is done`);
    if (RANK[state] < RANK[claim.state])
      throw new ClaimImpossible(`a ${kind} cannot go from ${claim.state} to ${state}`);
    const when = Math.max(at, claim.processingAt ?? claim.requestedAt);
    claim.state = state;
    if (state === 'processing') claim.processingAt ??= when;
    if (state === 'withdrawn') {
      claim.withdrawnAt = when;
      order.claim = null;
    }
    if (state === 'done') this.#finish(claim, when);
    if (state === 'done' || state === 'withdrawn') this.#openCancels.delete(claim);
    order.statusChangedAt = when;
    return claim;
  }

  /** Grants the cancel requests that nobody answered for a day. */
  grantOverdue(now: number): void {
    for (const claim of this.#openCancels) {
      const due = claim.requestedAt + UNANSWERED_LIMIT;
      if (claim.state === 'requested' && now >= due) this.move(claim.order, 'cancel', 'done', due);
    }
  }

  #open(order: Order, kind: ClaimKind, state: ClaimState, at: number): Claim {
    if (state === 'withdrawn') throw new ClaimImpossible(`order ${order.orderNo} has no open ${kind}`);
    const former = order.claims.at(-1);
    const endedAt = former?.doneAt ?? former?.withdrawnAt;
    const claim: Claim = {
      kind,
      order,
      state: 'requested',
      requestedAt: endedAt === null || endedAt === undefined ? at : Math.max(at, endedAt + 1),
      processingAt: null,
      doneAt: null,
      withdrawnAt: null,
      reasonCode: 1,
      fault: 1,
    };
    this.claims.push(claim);
    order.claims.push(claim);
    order.claim = claim;
    if (kind === 'cancel') this.#openCancels.add(claim);
    return claim;
  }

  #finish(claim: Claim, at: number): void {
    claim.processingAt ??= at;
    claim.doneAt = at;
    if (claim.kind === 'cancel') claim.order.goods.stock += claim.order.units;
    // The goods of an exchange are delivered again: the order goes on to its decision.
    if (claim.kind === 'exchange') claim.order.claim = null;
  }
}
