/** The two settlement ledgers: order money and, apart from it, shipping fees. */

import { type Answer, accountRefusal, ok } from './answers.ts';
import type { Call, Endpoint } from './endpoint.ts';
import type { Site } from './goods.ts';
import { DAY, kstDay, kstStamp, parseKst } from './kst-time.ts';
import { commissionOf, grossOf, groupNoOf } from './order-rows.ts';
import { advance, type Order } from './orders.ts';
import { booleanAt, integerAt, type Json, textAt, valueAt } from './wire-input.ts';

/** How this family writes "no date". */
const NO_DATE = '0001-01-01T00:00:00';
/** Share of a shipping fee that the marketplace keeps: 66 won of 2,000 in the portal's sample. */
const DELIVERY_FEE_PER_MILLE = 33;

type Ledger = 'order' | 'delivery-fee';

interface SettlementRow {
  ledger: Ledger;
  order: Order;
  refund: boolean;
  /** The instant of remittance or refund. */
  settledAt: number;
}

/** Search types that a ledger knows; the shipping fees have no date of delivery, of decision or of expected remittance. */
const SEARCH_TYPES: Record<Ledger, readonly string[]> = {
  order: ['D1', 'D2', 'D3', 'D4', 'D5', 'D6', 'D7', 'D8', 'D9', 'D10'],
  'delivery-fee': ['D1', 'D3', 'D6', 'D7', 'D8', 'D10'],
};

/** Gmarket writes a day of remittance on refunds of orders; elsewhere a refund has only its own day. */
function remittedAt({ order, refund, ledger, settledAt }: SettlementRow): number | undefined {
  return refund && (order.site === 'iac' || ledger === 'delivery-fee') ? undefined : settledAt;
}

/** The date that each search type compares, `undefined` where a row has none and for types nothing here belongs to. */
function dateOf(row: SettlementRow, type: string): number | undefined {
  const { reachedAt } = row.order;
  const refundedAt = row.refund ? row.settledAt : undefined;
  // D1 to D4 are of the sale, not of its refund.
  const sold = (at: number | undefined): number | undefined => (row.refund ? undefined : at);
  switch (type) {
    case 'D1':
      return sold(reachedAt[1]);
    case 'D2':
      return sold(reachedAt[3]);
    case 'D3':
      return sold(reachedAt[4]);
    case 'D4':
      return sold(reachedAt[5]);
    case 'D5':
    case 'D6':
      return remittedAt(row);
    case 'D7':
      return refundedAt;
    case 'D8':
      return refundedAt ?? (row.order.site === 'gmkt' ? reachedAt[1] : row.settledAt);
    case 'D9':
      return refundedAt ?? reachedAt[4];
    default:
      return undefined;
  }
}

function stampOrSentinel(ms: number | undefined): string {
  return ms === undefined ? NO_DATE : kstStamp(ms);
}

/** Minus zero is a number too, but no one would send it. */
function signed(amount: number, sign: number): number {
  return amount === 0 ? 0 : amount * sign;
}

/** `SettlementPrice`, or `DelFeeAmt` in the ledger of shipping fees: what the total above the rows adds up. */
function amountOf({ ledger, order, refund }: SettlementRow): number {
  const amount = ledger === 'order' ? grossOf(order) - commissionOf(order) - order.sellerDiscount : order.shipping;
  return signed(amount, refund ? -1 : 1);
}

/** The fields of both ledgers about sellers abroad, which this seller is not. */
const NOT_ABROAD: Json = { TransferNumber: 0, TransferDate: NO_DATE, ExchangeRate: 0 };

function orderRow(row: SettlementRow): Json {
  const { order, refund } = row;
  const sign = refund ? -1 : 1;
  const { reachedAt } = order;
  const taxFree = booleanAt(order.goods.master.document, 'itemAddtionalInfo.isVatFree') === true;
  const gross = grossOf(order);
  const commission = commissionOf(order);
  const discount = signed(order.sellerDiscount, sign);
  // What is kept of a sale is negative on Gmarket and positive on Auction; a refund turns the sign once more.
  const kept = sign * (order.site === 'gmkt' ? -1 : 1);
  // Auction names the seller's discounts in the total only.
  const named = order.site === 'gmkt' ? discount : 0;
  return {
    PackNo: order.cart.payNo,
    ContrNo: order.orderNo,
    GoodsNo: null,
    SiteGoodsNo: order.goods.siteGoodsNo,
    OrderDate: kstStamp(order.orderedAt),
    PayDate: stampOrSentinel(reachedAt[1]),
    ShippingDate: stampOrSentinel(reachedAt[3]),
    ShippingCmplDate: stampOrSentinel(reachedAt[4]),
    BuyDecisonDate: stampOrSentinel(reachedAt[5]),
    RevenueBaseDate: stampOrSentinel(refund ? row.settledAt : reachedAt[4]),
    SettleExpectDate: stampOrSentinel(order.site === 'gmkt' ? row.settledAt : undefined),
    SettleExceptName: '',
    RemitDate: stampOrSentinel(remittedAt(row)),
    RefundDate: stampOrSentinel(refund ? row.settledAt : undefined),
    SettleType: 'B',
    OrderUnitPrice: signed(order.unitPrice, sign),
    OrderQty: signed(order.units, sign),
    SellOrderPrice: signed(gross, sign),
    OptionPrice: 0,
    GoodsCost: signed(gross - commission, sign),
    OptionCost: 0,
    BasicCommission: signed(commission, kept),
    OptionCommission: 0,
    DeductTaxPrice: 0,
    TotCommission: signed(commission, kept),
    DeductNontaxPrice: signed(order.sellerDiscount, kept),
    SettlementPrice: amountOf(row),
    ServiceFee: signed(commission, kept),
    CorpDiscountTotalPrice: 0,
    OverProfitDiscountPrice: 0,
    FeeDiscountPrice: 0,
    SellerDiscountTotalPrice: discount,
    BuyerPayAmt: signed(gross - order.sellerDiscount, sign),
    BranchPrice: 0,
    BranchCode: 0,
    TaxYn: taxFree ? 1 : 0,
    SellerDiscountPrice1: named,
    SellerDiscountPrice2: 0,
    SellerDiscountPrice: named,
    SellerPcsFee: 0,
    ...(order.site === 'iac' && { CancelAfterRemitYN: 'N' }),
    DelFeeOverseaAmt: 0,
    Kind: refund ? '2' : '1',
    ...NOT_ABROAD,
  };
}

/** A cart's shipping fee; it names the cart, and on Gmarket the order that stands for it. */
function deliveryFeeRow(row: SettlementRow): Json {
  const { order, refund } = row;
  const sign = refund ? -1 : 1;
  return {
    PackNo: order.cart.payNo,
    PayDate: stampOrSentinel(order.reachedAt[1]),
    RefundDate: stampOrSentinel(refund ? row.settledAt : undefined),
    RemitDate: stampOrSentinel(remittedAt(row)),
    RevenueDate: stampOrSentinel(refund ? undefined : order.reachedAt[4]),
    DelFeeAmt: amountOf(row),
    DelFeeCommission: signed(Math.ceil((order.shipping * DELIVERY_FEE_PER_MILLE) / 1_000), sign),
    DelFeeNo: 900_000_000 + order.serial,
    DelFeePayWay: 'A',
    Kind: refund ? '2' : '1',
    DeliveryGroupNo: groupNoOf(order.cart),
    DelFeeType: '10',
    RefContrNo: order.site === 'gmkt' ? order.orderNo : 0,
    ...NOT_ABROAD,
  };
}

export class SettlementBook {
  readonly rows: SettlementRow[] = [];
  readonly #sold = new Set<Order>();
  readonly #refunded = new Set<Order>();

  /**
   * Settles an order: the sale once, and its refund once when a cancel or return is done by then.
   * Money is only sent out for a decided order, so an order without a claim is taken to its decision first.
   *
   * @returns how many rows were added; none for an order whose claim is still open.
   */
  settle(order: Order, at: number): number {
    const before = this.rows.length;
    const claim = order.claim;
    if (claim !== null && claim.state !== 'done') return 0;
    if (claim === null) advance(order, 5, at);
    if (!this.#sold.has(order)) {
      this.#sold.add(order);
      this.#add(order, false, at, true);
    }
    if (claim !== null && !this.#refunded.has(order)) {
      this.#refunded.add(order);
      // A return gives the price back; only an order that never left gives back the fee of shipping it.
      this.#add(order, true, at, claim.kind === 'cancel');
    }
    return this.rows.length - before;
  }

  #add(order: Order, refund: boolean, at: number, withShipping: boolean): void {
    this.rows.push({ ledger: 'order', order, refund, settledAt: at });
    if (withShipping && order.shipping > 0) this.rows.push({ ledger: 'delivery-fee', order, refund, settledAt: at });
  }
}

export function settlementEndpoints(book: SettlementBook): Endpoint[] {
  const list = (name: string, ledger: Ledger): Endpoint => ({
    method: 'POST',
    path: `/account/v1/settle/${name}`,
    family: 'account',
    writes: false,
    run: (call) => answerRows(book, ledger, call),
  });
  return [list('getsettleorder', 'order'), list('getsettledeliveryfee', 'delivery-fee')];
}

function answerRows(book: SettlementBook, ledger: Ledger, call: Call): Answer {
  const { body, caller, now } = call;
  const siteType = textAt(body, 'SiteType');
  const site = ({ A: 'iac', G: 'gmkt' } as Record<string, Site>)[siteType ?? ''];
  const sellerId = site === undefined ? undefined : caller.sellerIds[site];
  if (site === undefined || sellerId === undefined) throw accountRefusal('SiteType');
  const type = textAt(body, 'SrchType') ?? '';
  if (!SEARCH_TYPES[ledger].includes(type)) throw accountRefusal('SrchType');
  const from = parseKst(valueAt(body, 'SrchStartDate'), 'day');
  const last = parseKst(valueAt(body, 'SrchEndDate'), 'day');
  if (from === null || last === null || last < from) throw accountRefusal('SrchStartDate, SrchEndDate');
  // Remittances of a day are known on the next business day: today and the future cannot be asked for.
  if (kstDay(last) >= kstDay(now)) throw accountRefusal('SrchEndDate는 오늘 이전이어야 합니다.');
  const pageNo = integerAt(body, 'PageNo') ?? 0;
  const pageSize = integerAt(body, 'PageRowCnt') ?? 0;
  if (pageNo < 1 || pageSize < 1) throw accountRefusal('PageNo, PageRowCnt');
  const found = book.rows.filter((row) => {
    if (row.ledger !== ledger || row.order.site !== site) return false;
    const date = dateOf(row, type);
    return date !== undefined && date >= from && date < last + DAY;
  });
  const total = found.reduce((sum, row) => sum + amountOf(row), 0);
  return ok({
    [ledger === 'order' ? 'TotalSettlementAmount' : 'TotalDelFeeAmt']: total,
    SellerId: sellerId,
    TotalCount: found.length,
    PageSize: pageSize,
    PageNo: pageNo,
    Data: found.slice((pageNo - 1) * pageSize, pageNo * pageSize).map(ledger === 'order' ? orderRow : deliveryFeeRow),
    SiteType: siteType,
    ResultCode: 0,
    Message: 'Success',
  });
}
