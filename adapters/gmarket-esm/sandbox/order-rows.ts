/** One order as the order query answers it. */

import { buyerOf } from './buyers.ts';
import { SITE_NUMBER } from './goods.ts';
import { DAY, kstStamp, SECOND } from './kst-time.ts';
import type { Cart, Order } from './orders.ts';
import type { Json } from './wire-input.ts';

/** Share of the price that the marketplace keeps. */
const COMMISSION_PERCENT = 12;
/** The dispatch due date is worked out 1-2 minutes after the order. */
const DUE_DATE_DELAY = 90 * SECOND;

/** Money on the order wire: a string with four decimals. */
export function wireMoney(won: number): string {
  return won.toFixed(4);
}

export function grossOf(order: Order): number {
  return order.unitPrice * order.units;
}

export function commissionOf(order: Order): number {
  return Math.floor((grossOf(order) * COMMISSION_PERCENT) / 100);
}

export function dispatchDueAt(order: Order): number {
  return order.orderedAt + 3 * DAY;
}

/** The bundle-fee group of a cart, by which Auction's ledger of shipping fees names it too. */
export function groupNoOf(cart: Cart): number {
  return cart.payNo + 500_000_000;
}

/** What the wire says of the shipping fee: Gmarket puts a cart's fee on one line, Auction repeats it on every line. */
export function wireShipping(order: Order): number {
  return order.site === 'gmkt' ? order.shipping : order.cart.shippingFee;
}

function stampOrNull(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : kstStamp(ms);
}

/** @param phoneDelay ms from the order until the buyer's phones are known. */
export function orderRow(order: Order, now: number, phoneDelay: number): Json {
  const buyer = buyerOf(order.serial);
  const phone = now - order.orderedAt >= phoneDelay ? buyer.phone : null;
  const shipping = wireShipping(order);
  const gross = grossOf(order);
  const fee = commissionOf(order);
  return {
    SiteType: SITE_NUMBER[order.site],
    OrderNo: order.orderNo,
    PayNo: order.cart.payNo,
    GroupNo: groupNoOf(order.cart),
    OrderDate: kstStamp(order.orderedAt),
    PayDate: kstStamp(order.orderedAt),
    OrderConfirmDate: stampOrNull(order.reachedAt[2]),
    TransDate: stampOrNull(order.reachedAt[3]),
    TransDueDate: now - order.orderedAt >= DUE_DATE_DELAY ? kstStamp(dispatchDueAt(order)) : null,
    TransCompleteDate: stampOrNull(order.reachedAt[4]),
    BuyDecisionDate: stampOrNull(order.reachedAt[5]),
    OrderStatus: order.status,
    // Orders know only the number of the site; the master number is documented as always null.
    GoodsNo: null,
    SiteGoodsNo: order.goods.siteGoodsNo,
    OutGoodsNo: order.sku,
    GoodsName: order.name,
    ContrAmount: order.units,
    SalePrice: wireMoney(order.unitPrice),
    OrderAmount: wireMoney(gross),
    AcntMoney: wireMoney(gross - order.sellerDiscount + shipping),
    SellerDiscountPrice: wireMoney(order.sellerDiscount),
    SellerDiscountPrice1: wireMoney(order.sellerDiscount),
    SellerDiscountPrice2: wireMoney(0),
    DirectDiscountPrice: wireMoney(0),
    CostPrice: null,
    ShippingFee: wireMoney(shipping),
    BackwoodsAddDeliveryFee: wireMoney(0),
    JejuAddDeliveryFee: wireMoney(0),
    SettlementPrice: wireMoney(gross - order.sellerDiscount - fee),
    ServiceFee: wireMoney(fee),
    OutsidePrice: null,
    OptSelPrice: wireMoney(0),
    OptAddPrice: wireMoney(0),
    TransType: 'B',
    DeliveryFeeCondition: shipping === 0 ? 'F' : 'X',
    TakbaeCompanyCode: order.courier,
    InvoiceNo: order.invoiceNo,
    OutOrderNo: order.site === 'gmkt' ? '101' : null,
    ItemOptionSelectList: [],
    ItemOptionAdditionList: [],
    isGiftOrder: false,
    giftOrderStatus: 0,
    giftConfirmDueDate: null,
    BuyerName: buyer.buyerName,
    // The portal writes this key in two ways.
    [order.site === 'gmkt' ? 'BuyerId' : 'BuyerID']: buyer.buyerId,
    BuyerMobileTel: phone,
    BuyerTel: phone,
    ReceiverName: buyer.receiverName,
    HpNo: phone,
    TelNo: phone,
    ZipCode: buyer.zipCode,
    DelFrontAddress: buyer.frontAddress,
    DelBackAddress: buyer.backAddress,
    DelFullAddress: `${buyer.frontAddress} ${buyer.backAddress}`,
    DelMemo: buyer.memo,
    InfoCin: buyer.customsId,
  };
}
