/** Orders as the channel keeps them: one order number per product line, lines of one cart share a pay number. */

import type { Claim } from './claims.ts';
import { type GoodsBook, SITES, type Site, type SiteGoods, saleState } from './goods.ts';
import { MINUTE } from './kst-time.ts';
import { discountPerUnit } from './seller-discounts.ts';

/** 1 paid, 2 preparing, 3 shipping, 4 delivered, 5 purchase decided. */
export type OrderStatus = 1 | 2 | 3 | 4 | 5;

export const STATUS_WORDS: Record<OrderStatus, string> = {
  1: 'paid',
  2: 'preparing',
  3: 'shipping',
  4: 'delivered',
  5: 'decided',
};

/** Phones come about five minutes after the order: a virtual number has to be assigned first. */
export const DEFAULT_PHONE_DELAY = 5 * MINUTE;

export interface Cart {
  payNo: number;
  site: Site;
  name: string | null;
  shippingFee: number;
}

export interface Order {
  readonly orderNo: number;
  readonly serial: number;
  readonly cart: Cart;
  readonly site: Site;
  readonly goods: SiteGoods;
  readonly sku: string;
  readonly name: string;
  readonly units: number;
  readonly unitPrice: number;
  readonly sellerDiscount: number;
  /** The cart's fee on its first line, 0 on the others: the true sum, whatever the wire repeats. */
  readonly shipping: number;
  readonly orderedAt: number;
  readonly addressChanged: boolean;
  status: OrderStatus;
  statusChangedAt: number;
  /** When each status was reached. */
  readonly reachedAt: Partial<Record<OrderStatus, number>>;
  courier: number | null;
  invoiceNo: string | null;
  expectedShippingAt: number | null;
  /** The claim that hides the order from the order query; a withdrawn one or a finished exchange does not. */
  claim: Claim | null;
  readonly claims: Claim[];
}

export interface OrderWish {
  sku: string;
  site?: Site | undefined;
  /** Exactly this product; otherwise the first one of the SKU that is on sale. */
  goods?: SiteGoods | undefined;
  units: number;
  at: number;
  cart?: string | undefined;
  shippingFee?: number | undefined;
  useSellerDiscount?: boolean | undefined;
  addressChanged?: boolean | undefined;
}

/** A buyer cannot have what was asked for; the text says why. */
export class NotForSale extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotForSale';
  }
}

export class OrderBook {
  readonly orders: Order[] = [];
  readonly byNumber = new Map<number, Order>();
  readonly byPayNo = new Map<number, Order[]>();
  phoneDelay = DEFAULT_PHONE_DELAY;
  readonly #goods: GoodsBook;
  #lastCart: Cart | null = null;

  constructor(goods: GoodsBook) {
    this.#goods = goods;
  }

  /**
   * Buys everything that is wished for, or nothing.
   *
   * @throws NotForSale when a product is not on sale on the site or has too little stock.
   */
  placeAll(wishes: readonly OrderWish[], now: number): Order[] {
    const wanted = new Map<SiteGoods, number>();
    const chosen = wishes.map((wish) => {
      const goods = this.#choose(wish, wanted, now);
      wanted.set(goods, (wanted.get(goods) ?? 0) + wish.units);
      return goods;
    });
    return chosen.map((goods, position) => this.#place(goods, wishes[position] as OrderWish));
  }

  #choose(wish: OrderWish, wanted: ReadonlyMap<SiteGoods, number>, now: number): SiteGoods {
    if (wish.goods !== undefined) return wish.goods;
    const sites = wish.site === undefined ? SITES : [wish.site];
    const offers = sites.flatMap((site) =>
      (this.#goods.bySku.get(wish.sku) ?? []).flatMap((master) => master.siteGoods[site] ?? []),
    );
    const onSale = offers.filter((goods) => saleState(goods, now) === 'on-sale');
    const place = `${wish.sku} (${sites.join(', ')})`;
    if (offers.length === 0) throw new NotForSale(`${place}: no such product`);
    if (onSale.length === 0)
      throw new NotForSale(`${place}: ${offers.map((goods) => saleState(goods, now)).join(', ')}`);
    const enough = onSale.find((goods) => goods.stock - (wanted.get(goods) ?? 0) >= wish.units);
    if (enough === undefined) throw new NotForSale(`${place}: stock is below ${wish.units}`);
    return enough;
  }

  #place(goods: SiteGoods, wish: OrderWish): Order {
    const serial = this.orders.length + 1;
    const former = this.#lastCart;
    const sameCart = wish.cart !== undefined && former?.name === wish.cart && former.site === goods.site;
    const cart: Cart =
      sameCart && former !== null
        ? former
        : {
            payNo: 8_200_000_000 + serial,
            site: goods.site,
            name: wish.cart ?? null,
            shippingFee: wish.shippingFee ?? 0,
          };
    this.#lastCart = cart;
    const off = wish.useSellerDiscount ? discountPerUnit(goods.site, goods.discount, goods.price, wish.at) : 0;
    const order: Order = {
      orderNo: 4_300_000_000 + serial,
      serial,
      cart,
      site: goods.site,
      goods,
      sku: goods.master.managedCode,
      name: goods.master.name,
      units: wish.units,
      unitPrice: goods.price,
      sellerDiscount: off * wish.units,
      shipping: sameCart ? 0 : cart.shippingFee,
      orderedAt: wish.at,
      addressChanged: wish.addressChanged ?? false,
      status: 1,
      statusChangedAt: wish.at,
      reachedAt: { 1: wish.at },
      courier: null,
      invoiceNo: null,
      expectedShippingAt: null,
      claim: null,
      claims: [],
    };
    goods.stock -= wish.units;
    goods.master.sold = true;
    this.orders.push(order);
    this.byNumber.set(order.orderNo, order);
    const lines = this.byPayNo.get(cart.payNo);
    if (lines === undefined) this.byPayNo.set(cart.payNo, [order]);
    else lines.push(order);
    return order;
  }
}

/** Moves an order on; the states in between are reached at the same instant. Never moves backwards. */
export function advance(order: Order, to: OrderStatus, at: number): void {
  for (const status of [2, 3, 4, 5] as const) {
    if (status > order.status && status <= to) order.reachedAt[status] = at;
  }
  if (to <= order.status) return;
  order.status = to;
  order.statusChangedAt = at;
}
