/** The two settlement ledgers: order money and, apart from it, shipping fees. */

import { type Answer, accountRefusal, ok } from './answers.ts';
import type { Call, Endpoint } from './endpoint.ts';
import type { Site } from './goods.ts';
import { DAY, kstDay, kstStamp, parseKst } from './kst-time.ts';
import { commissionOf, grossOf } from './order-rows.ts';
import { advance, type Order } from './orders.ts';
import { booleanAt, integerAt, type Json, textAt, valueAt } from './wire-input.ts';

/** How this family writes "no date". */
const NO_DATE = '0001-01-01T00:00:00';

type Ledger = 'order' | 'delivery-fee';

interface SettlementRow {
  ledger: Ledger;
  order: Order;
  refund: boolean;
  remittedAt: number;
}

/** The date that each search type compares, `undefined` where a row has none and for types nothing here belongs to. */
function dateOf(row: SettlementRow, type: string): number | undefined {
  const { reachedAt } = row.order;
  const refundedAt = row.refund ? row.remittedAt : undefined;
  switch (type) {
    case 'D1':
      return reachedAt[1];
    case 'D2':
      return reachedAt[3];
    case 'D3':
      return reachedAt[4];
    case 'D4':
      return reachedAt[5];
    case 'D5':
    case 'D6':
      return row.remittedAt;
    case 'D7':
      return refundedAt;
    // The page calls both "combined" and says no more: remitted or refunded.
    case 'D8':
    case 'D9':
      return refundedAt ?? row.remittedAt;
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

function settlementAmount(row: SettlementRow): number {
  const { order } = row;
  const amount = row.ledger === 'order' ? grossOf(order) - order.sellerDiscount - commissionOf(order) : order.shipping;
  return signed(amount, row.refund ? -1 : 1);
}

function wireRow(row: SettlementRow): Json {
  const { order, refund } = row;
  const sign = refund ? -1 : 1;
  const common: Json = {
    ContrNo: order.orderNo,
    PackNo: order.cart.payNo,
    Kind: refund ? '2' : '1',
    GoodsNo: null,
    SiteGoodsNo: order.goods.siteGoodsNo,
    PayDate: stampOrSentinel(order.reachedAt[1]),
    TransDate: stampOrSentinel(order.reachedAt[3]),
    TransCompleteDate: stampOrSentinel(order.reachedAt[4]),
    BuyDecisionDate: stampOrSentinel(order.reachedAt[5]),
    SettleExpectDate: kstStamp(row.remittedAt),
    RemitDate: refund ? NO_DATE : kstStamp(row.remittedAt),
    RefundDate: refund ? kstStamp(row.remittedAt) : NO_DATE,
    SettleExceptName: null,
    SettlementPrice: settlementAmount(row),
  };
  if (row.ledger === 'delivery-fee') return { ...common, ShippingFee: signed(order.shipping, sign) };
  const taxFree = booleanAt(order.goods.master.document, 'itemAddtionalInfo.isVatFree') === true;
  // Commission is negative on Gmarket and positive on Auction; a refund turns the sign once more.
  const feeSign = order.site === 'gmkt' ? -1 : 1;
  return {
    ...common,
    OutGoodsNo: order.sku,
    GoodsName: order.name,
    ContrAmount: signed(order.units, sign),
    SalePrice: order.unitPrice,
    OrderAmount: signed(grossOf(order), sign),
    SellerDiscountPrice: signed(order.sellerDiscount, sign),
    ServiceFee: signed(commissionOf(order), sign * feeSign),
    TaxYn: taxFree ? '1' : '0',
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
    this.rows.push({ ledger: 'order', order, refund, remittedAt: at });
    if (withShipping && order.shipping > 0) this.rows.push({ ledger: 'delivery-fee', order, refund, remittedAt: at });
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
  if (!/^D(?:[1-9]|10)$/.test(type)) throw accountRefusal('SrchType');
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
  return ok({
    TotalSettlementAmount: found.reduce((sum, row) => sum + settlementAmount(row), 0),
    SellerId: sellerId,
    TotalCount: found.length,
    PageSize: pageSize,
    PageNo: pageNo,
    Data: found.slice((pageNo - 1) * pageSize, pageNo * pageSize).map(wireRow),
    SiteType: siteType,
    ResultCode: 0,
    Message: 'Success',
  });
}
