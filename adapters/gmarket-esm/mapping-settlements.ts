import { type Money, money } from '../../src/domain/money.ts';
import { seoulDayOf } from '../../src/domain/seoul-time.ts';
import type { Settlement } from '../../src/domain/settlement.ts';
import type { Site } from './settings.ts';
import { instantOf, wonOf } from './wire.ts';
import type { DeliveryFeeRow, SettlementRow } from './wire-records.ts';

/** `Kind` 2 is a refund, in both ledgers (notes §4.1). */
function isRefund(kind: string | number): boolean {
  return String(kind) === '2';
}

/**
 * The channel's signs differ between sites: Gmarket writes what it keeps of a sale negative, Auction positive (notes §4.1).
 * Only the kind of the row is trusted: money to the seller is positive, a refund negative, an amount that is kept positive.
 */
function signed(amount: Money, refund: boolean): Money {
  const size = Math.abs(amount.minor);
  return money(refund && size !== 0 ? -size : size, 'KRW');
}

/**
 * A row of the sales ledger. `gross` is the sale price of all units with options, before any discount; `deduction` is
 * `DeductNontaxPrice` (공제환급금), in every sample the seller's own discounts. By the portal's formula gross less
 * commission less deduction is `SettlementPrice`: 19000 - 1330 - 1900 = 15770 (notes §4.1).
 */
export function settlementOf(row: SettlementRow, site: Site): Settlement {
  const refund = isRefund(row.kind);
  const orderId = String(row.contrno);
  const sold = wonOf(row.sellorderprice, 'SellOrderPrice').minor + wonOf(row.optionprice, 'OptionPrice').minor;
  const remitted = instantOf(row.remitdate) ?? instantOf(row.settleexpectdate);
  return {
    // One sale per order; refunds of one order are told apart by their time. The date of payment is no part of it: a
    // row is seen before and after it is paid.
    settlementId: refund ? `${site}-refund-${orderId}-${row.refunddate ?? ''}` : `${site}-sale-${orderId}`,
    kind: refund ? 'refund' : 'sale',
    orderId,
    site,
    settledOn: remitted && seoulDayOf(remitted),
    gross: signed(money(sold, 'KRW'), refund),
    commission: signed(wonOf(row.totcommission, 'TotCommission'), refund),
    deduction: signed(wonOf(row.deductnontaxprice, 'DeductNontaxPrice'), refund),
    // Its sign is the same on both sites, and a sale may well end below zero: kept as it is.
    payout: wonOf(row.settlementprice, 'SettlementPrice'),
  };
}

/**
 * A row of the delivery-fee ledger: a cart's shipping, once. It names the cart; Gmarket sometimes names an order that
 * stands for it, which is easier to find and is taken then.
 */
export function deliveryFeeOf(row: DeliveryFeeRow, site: Site): Settlement {
  const refund = isRefund(row.kind);
  const gross = signed(wonOf(row.delfeeamt, 'DelFeeAmt'), refund);
  const commission = signed(wonOf(row.delfeecommission, 'DelFeeCommission'), refund);
  const remitted = instantOf(row.remitdate);
  const named = String(row.refcontrno ?? '0');
  const refundedAt = refund ? `-${row.refunddate ?? ''}` : '';
  return {
    settlementId: `${site}-shipping-${row.delfeeno}-${row.delfeetype ?? ''}-${row.kind}${refundedAt}`,
    kind: 'shipping',
    orderId: named === '0' ? String(row.packno) : named,
    site,
    settledOn: remitted && seoulDayOf(remitted),
    gross,
    commission,
    deduction: money(0, 'KRW'),
    payout: money(gross.minor - commission.minor, 'KRW'),
  };
}
