import { ChannelError } from '../../src/channel/errors.ts';
import type { Claim } from '../../src/domain/claim.ts';
import type { Site } from './settings.ts';
import { instantOf } from './wire.ts';
import type { ClaimRow } from './wire-records.ts';

type StateTable = Readonly<Record<number, Claim['state']>>;

/** Status numbers by kind (notes §3.4, §8). A refund by customer service, or after remittance, is money gone as well. */
const states: Record<Claim['kind'], StateTable> = {
  cancel: { 1: 'requested', 2: 'processing', 3: 'done', 4: 'withdrawn', 5: 'done', 6: 'done' },
  // 2 collected, 3 held back
  return: { 1: 'requested', 2: 'processing', 3: 'processing', 4: 'done', 5: 'withdrawn', 6: 'done' },
  exchange: { 1: 'requested', 2: 'processing', 3: 'processing', 4: 'done', 5: 'withdrawn' },
};

const faults: Record<string, string> = { '0': 'seller', '1': 'buyer', '2': 'other' };
const reasons: Record<string, string> = {
  '0': 'other',
  '1': 'change of mind',
  '2': 'size or colour',
  '3': 'wrong item',
  '4': 'not arrived',
  '5': 'defective',
  '6': 'out of stock',
  '7': 'gift expired',
  '8': 'gift refused',
};

/**
 * One claim row. It covers the whole order: rows name neither quantity nor amount (notes §3.4), and an order has one line.
 * @param asked the status that was queried, for rows that do not repeat it; 0 for "all".
 */
export function claimOf(row: ClaimRow, site: Site, kind: Claim['kind'], asked: number): Claim {
  const requestedAt = instantOf(row.requestdate);
  if (!requestedAt) {
    throw new ChannelError('protocol', { code: 'UNEXPECTED_ANSWER', sent: true, field: 'RequestDate' });
  }
  const orderId = String(row.orderno);
  // Exchanges are seen with the status 0, which is none (notes §3.4): then the status that was asked for holds.
  const rawState = String(statusOf(row, kind) || asked);
  const state = states[kind][Number(rawState)] ?? stateByDates(row);
  const ended = instantOf(row.completedate) ?? instantOf(row.approvedate);
  return {
    // An order can be cancelled, restored and cancelled again: the request's time tells the two apart.
    claimId: `${site}-${kind}-${orderId}-${row.requestdate}`,
    kind,
    state,
    rawState,
    orderId,
    site,
    lineId: null,
    units: null,
    amount: null,
    requestedAt,
    completedAt: completedAt(state, ended, instantOf(row.withdrawdate)),
    reason: reasonOf(row),
  };
}

/** The status a claim row says of itself; null or 0 where it says none. */
export function statusOf(row: ClaimRow, kind: Claim['kind']): number | string | null {
  const status = { cancel: row.cancelstatus, return: row.returnstatus, exchange: row.exchangestatus }[kind];
  return status ?? null;
}

function completedAt(state: Claim['state'], ended: Date | null, withdrawn: Date | null): Date | null {
  if (state === 'done') return ended;
  return state === 'withdrawn' ? (withdrawn ?? ended) : null;
}

/** For a status that is in no table, such as the 0 seen in exchanges: what the dates leave no doubt about. */
function stateByDates(row: ClaimRow): Claim['state'] {
  if (instantOf(row.withdrawdate)) return 'withdrawn';
  return instantOf(row.completedate) ? 'done' : 'other';
}

function reasonOf(row: ClaimRow): string | null {
  const fault = row.reason === null || row.reason === undefined ? null : (faults[String(row.reason)] ?? null);
  const code = row.reasoncode ?? null;
  const reason = code === null ? null : (reasons[String(code)] ?? `code ${code}`);
  const parts = [fault && `fault: ${fault}`, reason].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(', ') : null;
}
