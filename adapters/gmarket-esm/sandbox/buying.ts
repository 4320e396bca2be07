/** Random buyers that repeat for the same seed and the same shelf. */

import { type GoodsBook, SITES, type Site, type SiteGoods, saleState } from './goods.ts';
import { NotForSale, type Order, type OrderBook, type OrderWish } from './orders.ts';
import { seededRandom } from './seeded-random.ts';

export interface RandomPurchase {
  count: number;
  seed: number;
  /** First and last instant of the orders, ms, also long past: what is on sale now was on sale then. Now when left out. */
  from?: number | undefined;
  to?: number | undefined;
}

const MOST_UNITS = 3;
const MOST_LINES = 3;
const SHIPPING_FEE = 3_000;

/** What one site has left while the purchases are thought out. */
interface Shelf {
  goods: SiteGoods[];
  left: Map<SiteGoods, number>;
}

function shelfOf(book: GoodsBook, site: Site, now: number): Shelf {
  const goods = [...book.siteGoods.values()].filter((one) => one.site === site && saleState(one, now) === 'on-sale');
  return { goods, left: new Map(goods.map((one) => [one, one.stock])) };
}

/** Takes up to `units` of the product at this position, and the product off the shelf when that was all. */
function takeFrom({ goods, left }: Shelf, position: number, units: number): { chosen: SiteGoods; taken: number } {
  const chosen = goods[position] as SiteGoods;
  const stock = left.get(chosen) ?? 0;
  const taken = Math.min(units, stock);
  left.set(chosen, stock - taken);
  if (taken === stock) goods.splice(position, 1);
  return { chosen, taken };
}

/**
 * Buys `count` order lines of whatever is on sale. Carts take turns between the sites for as long as both have something,
 * about every fourth line joins the cart of the line before, and half of the carts pay for shipping.
 *
 * @throws NotForSale when nothing is on sale or the shelves are empty before all are bought; nothing is bought then.
 */
export function buyAtRandom(goods: GoodsBook, orders: OrderBook, wish: RandomPurchase, now: number): Order[] {
  const random = seededRandom(wish.seed);
  const pick = (count: number): number => Math.floor(random() * count);
  const shelves = SITES.map((site) => shelfOf(goods, site, now));
  const from = wish.from ?? wish.to ?? now;
  const to = wish.to ?? Math.max(from, now);
  const times = Array.from({ length: wish.count }, () => from + pick(to - from + 1)).sort((one, other) => one - other);

  const wishes: OrderWish[] = [];
  let carts = 0;
  let linesInCart = 0;
  for (const at of times) {
    const former = wishes.at(-1);
    const current = shelves[(carts - 1) % SITES.length];
    // The second line always opens a cart of its own, so that two lines are two carts and two sites.
    const mayJoin = wishes.length > 1 && linesInCart < MOST_LINES && current !== undefined && current.goods.length > 0;
    const joins = mayJoin && pick(4) === 0;
    if (!joins) {
      carts += 1;
      linesInCart = 0;
    }
    const turn = shelves[(carts - 1) % SITES.length];
    const shelf = turn !== undefined && turn.goods.length > 0 ? turn : shelves.find((one) => one.goods.length > 0);
    if (shelf === undefined) throw new NotForSale(`only ${wishes.length} of ${wish.count} lines can be bought`);
    const { chosen, taken } = takeFrom(shelf, pick(shelf.goods.length), 1 + pick(MOST_UNITS));
    linesInCart += 1;
    wishes.push({
      sku: chosen.master.managedCode,
      site: chosen.site,
      goods: chosen,
      units: taken,
      // Lines of one cart are paid at one moment.
      at: joins && former ? former.at : at,
      cart: `random-${orders.orders.length}-${carts}`,
      // Carts one, four, five, eight …: half of those on each site.
      shippingFee: carts % 4 < 2 ? SHIPPING_FEE : 0,
      useSellerDiscount: true,
    });
  }
  return orders.placeAll(wishes, now);
}
