/** Random buyers that repeat for the same seed and the same shelf. */

import { type GoodsBook, type SiteGoods, saleState } from './goods.ts';
import { NotForSale, type Order, type OrderBook, type OrderWish } from './orders.ts';
import { seededRandom } from './seeded-random.ts';

export interface RandomPurchase {
  count: number;
  seed: number;
  /** First and last instant of the orders, ms; now when left out. */
  from?: number | undefined;
  to?: number | undefined;
}

const MOST_UNITS = 3;
const SHIPPING_FEE = 3_000;

/**
 * Buys `count` order lines of whatever is on sale; about every fourth line joins the cart of the line before.
 *
 * @throws NotForSale when nothing is on sale or the shelf is empty before all are bought; nothing is bought then.
 */
export function buyAtRandom(goods: GoodsBook, orders: OrderBook, wish: RandomPurchase, now: number): Order[] {
  const random = seededRandom(wish.seed);
  const pick = (count: number): number => Math.floor(random() * count);
  const left = new Map<SiteGoods, number>();
  for (const one of goods.siteGoods.values()) if (saleState(one, now) === 'on-sale') left.set(one, one.stock);
  const shelf = [...left.keys()];
  const from = wish.from ?? wish.to ?? now;
  const times = Array.from({ length: wish.count }, () => from + pick((wish.to ?? from) - from + 1));
  times.sort((one, other) => one - other);

  const wishes: OrderWish[] = [];
  for (const at of times) {
    const position = pick(shelf.length);
    const chosen = shelf[position];
    if (chosen === undefined) throw new NotForSale(`only ${wishes.length} of ${wish.count} lines can be bought`);
    const stock = left.get(chosen) ?? 0;
    const units = Math.min(1 + pick(MOST_UNITS), stock);
    left.set(chosen, stock - units);
    if (stock === units) {
      // Order does not matter on a shelf: the last one takes the empty place.
      const last = shelf.pop();
      if (last !== undefined && last !== chosen) shelf[position] = last;
    }
    const former = wishes.at(-1);
    const joins = former?.site === chosen.site && pick(4) === 0;
    const cart = joins ? former.cart : `random-${orders.orders.length + wishes.length}`;
    const shippingFee = pick(2) === 0 ? 0 : SHIPPING_FEE;
    wishes.push({
      sku: chosen.master.managedCode,
      site: chosen.site,
      goods: chosen,
      units,
      // Lines of one cart are paid at one moment.
      at: joins ? former.at : at,
      cart,
      shippingFee,
      useSellerDiscount: true,
    });
  }
  return orders.placeAll(wishes, now);
}
