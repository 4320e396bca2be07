import { ChannelError } from '../../src/channel/errors.ts';
import { money, sumMoney } from '../../src/domain/money.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Site } from './settings.ts';
import { instantOf, wonOf } from './wire.ts';
import type { OrderRow } from './wire-records.ts';

/** Status numbers of orders; 6 to 10 are claims and are only seen by number (notes §3.1). */
const statusWords: Record<string, Order['status']> = {
  '0': 'unpaid',
  '1': 'paid',
  '2': 'preparing',
  '3': 'shipping',
  '4': 'delivered',
  '5': 'decided',
  '6': 'in-claim',
  '7': 'in-claim',
  '8': 'in-claim',
  '9': 'in-claim',
  '10': 'in-claim',
};

/**
 * One wire row as an order. The channel gives every line its own order number and groups lines by `PayNo`, so one row is
 * one order with one line.
 * @param asked the status that was queried, for rows that do not repeat it; null when asked by number.
 */
export function orderOf(row: OrderRow, site: Site, asked: number | null): Order {
  const orderId = String(row.orderno);
  const orderedAt = instantOf(row.orderdate);
  if (!orderedAt) {
    throw new ChannelError('protocol', { code: 'UNEXPECTED_ANSWER', sent: true, field: 'OrderDate' });
  }
  const rawStatus = statusNumberOf(row, asked);
  const unitPrice = wonOf(row.saleprice, 'SalePrice');
  return {
    orderId,
    cartId: nameOf(row.payno),
    site,
    status: statusWords[rawStatus] ?? 'other',
    rawStatus,
    orderedAt,
    paidAt: instantOf(row.paydate),
    shipping: shippingOf(row, site),
    // The cart, not `GroupNo`: what Auction repeats is the sum of the cart (notes §3.2), and the portal calls `GroupNo` the
    // number of a fee policy, which carts of different buyers may share.
    shippingGroup: site === 'iac' ? nameOf(row.payno) : null,
    lines: [
      {
        lineId: orderId,
        sku: row.outgoodsno?.trim() || null,
        externalListingId: nameOf(row.sitegoodsno),
        title: row.goodsname ?? null,
        units: row.contramount,
        unitPrice,
        gross: money(unitPrice.minor * row.contramount, 'KRW'),
        sellerDiscount: sellerDiscountOf(row),
        // etapi/67: `DirectDiscountPrice` is what Gmarket or Auction gives; all `SellerDiscountPrice…` is the seller's.
        channelDiscount: wonOf(row.directdiscountprice, 'DirectDiscountPrice'),
      },
    ],
  };
}

/** True when the seller has acknowledged the order, or it is further than that. */
export function isAcknowledged(row: OrderRow): boolean {
  return instantOf(row.orderconfirmdate) !== null || ['2', '3', '4', '5'].includes(statusNumberOf(row, null));
}

function nameOf(id: string | number | null | undefined): string | null {
  return id === null || id === undefined || id === '' || id === 0 ? null : String(id);
}

/** The total of parts 1 and 2 as the channel states it; where it does not, their sum (etapi/67). */
function sellerDiscountOf(row: OrderRow) {
  if (row.sellerdiscountprice !== null && row.sellerdiscountprice !== undefined) {
    return wonOf(row.sellerdiscountprice, 'SellerDiscountPrice');
  }
  const parts = [
    wonOf(row.sellerdiscountprice1, 'SellerDiscountPrice1'),
    wonOf(row.sellerdiscountprice2, 'SellerDiscountPrice2'),
  ];
  return sumMoney(parts, 'KRW');
}

function statusNumberOf(row: OrderRow, asked: number | null): string {
  if (row.orderstatus !== null && row.orderstatus !== undefined) return String(row.orderstatus);
  if (asked !== null) return String(asked);
  if (instantOf(row.buydecisiondate)) return '5';
  if (instantOf(row.transcompletedate)) return '4';
  if (instantOf(row.transdate)) return '3';
  if (instantOf(row.orderconfirmdate)) return '2';
  return instantOf(row.paydate) ? '1' : '0';
}

/**
 * Shipping that may be booked on this row without ever counting a cart's shipping twice.
 *
 * A row is judged alone, because the cart's other rows may be on another page, in another status, or hidden by a claim:
 * whatever were decided by looking at them could fall to two rows on two days. What a row tells (notes §3.2):
 * - Gmarket puts the cart's shipping into `AcntMoney` of exactly one row. So the fee counts on the row whose payment is
 *   more than its goods, and on no other.
 * - Auction puts it into every row of the cart, and nothing on the row tells whether it is the first. So every row says
 *   it, and names the cart as the group that shares it; a row without a cart cannot, and says none.
 */
function shippingOf(row: OrderRow, site: Site) {
  const none = money(0, 'KRW');
  const fee = wonOf(row.shippingfee, 'ShippingFee');
  if (site === 'iac') return nameOf(row.payno) === null ? none : fee;
  if (fee.minor <= 0 || row.acntmoney === null || row.acntmoney === undefined) return none;
  const options = wonOf(row.optselprice, 'OptSelPrice').minor + wonOf(row.optaddprice, 'OptAddPrice').minor;
  const goods =
    wonOf(row.saleprice, 'SalePrice').minor * row.contramount +
    options -
    sellerDiscountOf(row).minor -
    wonOf(row.directdiscountprice, 'DirectDiscountPrice').minor -
    wonOf(row.sellercashbackmoney, 'SellerCashBackMoney').minor;
  return wonOf(row.acntmoney, 'AcntMoney').minor > goods ? fee : none;
}
