/** What has become of an order, in the numbers of the status poll. */

import type { ClaimKind, ClaimState } from './claims.ts';
import { kstStamp } from './kst-time.ts';
import type { Order } from './orders.ts';
import type { Json } from './wire-input.ts';

const CLAIM_STATUS: Record<ClaimKind, number> = { cancel: 6, return: 7, exchange: 8 };

/** Cancels and returns end at 3; an exchange goes over 3 reshipping to 4 reshipped. */
function claimNumber(kind: ClaimKind, state: ClaimState): number {
  if (state === 'requested') return 1;
  if (state === 'processing') return 2;
  return kind === 'exchange' ? 4 : 3;
}

export function deliveryStatusRow(order: Order): Json {
  const last = order.claims.at(-1);
  const claim = last !== undefined && last.state !== 'withdrawn' ? last : undefined;
  return {
    OrderNo: order.orderNo,
    Status: claim === undefined ? order.status : CLAIM_STATUS[claim.kind],
    ClaimStatus: claim === undefined ? 0 : claimNumber(claim.kind, claim.state),
    StatusChangeDate: kstStamp(order.statusChangedAt),
    IsGiftOrder: false,
  };
}
