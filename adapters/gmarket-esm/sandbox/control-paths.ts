/** Paths that no marketplace has: they play the buyers, the marketplace and its time, and open the books. No token. */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SandboxFaults } from '../../../src/channel/sandbox.ts';
import { buyAtRandom } from './buying.ts';
import { ClaimImpossible } from './claims.ts';
import { SITES, type SiteGoods } from './goods.ts';
import { orderLine } from './ledger.ts';
import { advance, NotForSale, type Order } from './orders.ts';
import type { SellerAccount } from './seller-account.ts';

const site = z.enum(['gmkt', 'iac']);
/** ms since 1970 or an ISO instant with an offset; the marketplace's local time is never guessed. */
const instant = z.union([z.int(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))]);

const ordersBody = z.object({
  orders: z.array(
    z.object({
      sku: z.string(),
      site: site.optional(),
      units: z.int().positive(),
      at: instant.optional(),
      cart: z.string().optional(),
      shippingFee: z.int().nonnegative().optional(),
      useSellerDiscount: z.boolean().optional(),
      addressChanged: z.boolean().optional(),
    }),
  ),
});
const buyBody = z
  .object({
    count: z.int().positive(),
    seed: z.int(),
    from: instant.optional(),
    to: instant.optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, 'from must not be later than to');
const advanceBody = z.object({
  to: z.enum(['preparing', 'shipping', 'delivered', 'decided']),
  at: instant.optional(),
});
const claimBody = z.object({
  orderNo: z.coerce.number().int(),
  kind: z.enum(['cancel', 'return', 'exchange']),
  state: z.enum(['requested', 'processing', 'done', 'withdrawn']),
  at: instant.optional(),
});
const settleBody = z.object({
  orderNo: z.coerce.number().int().optional(),
  all: z.boolean().optional(),
  at: instant.optional(),
});
const listingBody = z.object({
  site: site.optional(),
  state: z.enum(['on-sale', 'stopped', 'stopped-by-channel', 'sold-out', 'deleted']).optional(),
  price: z.int().positive().optional(),
  stock: z.int().nonnegative().optional(),
});
const faultsBody = z.object({
  feedDelayMs: z.number().nonnegative().optional(),
  phoneDelayMs: z.number().nonnegative().optional(),
  rules: z
    .array(
      z.object({
        match: z.string().regex(/^[A-Z]+ \//),
        fault: z.enum([
          'status',
          'business-error',
          'rate-limited',
          'timeout-before-commit',
          'timeout-after-commit',
          'reset-before-commit',
          'reset-after-commit',
          'cut-json',
          'ignore-silently',
          'one-site-fails',
        ]),
        status: z.int().optional(),
        times: z.int().optional(),
        after: z.int().optional(),
        probability: z.number().min(0).max(1).optional(),
        seed: z.int().optional(),
      }),
    )
    .optional(),
});

/** A control call that cannot be done; the status goes to the test that made it. */
class ControlRefused extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.name = 'ControlRefused';
    this.statusCode = statusCode;
  }
}

/** Runs a control action, turning what the books refuse into 409. */
function orConflict<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof NotForSale || error instanceof ClaimImpossible) throw new ControlRefused(409, error.message);
    throw error;
  }
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new ControlRefused(400, z.prettifyError(parsed.error));
  return parsed.data;
}

function actAsMarketplace(goods: SiteGoods, change: z.infer<typeof listingBody>, now: number): void {
  if (change.price !== undefined) goods.price = change.price;
  if (change.stock !== undefined) goods.stock = change.stock;
  if (change.state === undefined) return;
  if (change.state === 'deleted') goods.deleted = true;
  else if (change.state === 'sold-out') goods.stock = 0;
  else {
    goods.deleted = false;
    goods.stoppedByChannel = change.state === 'stopped-by-channel';
    if (change.state !== 'stopped-by-channel') goods.isSell = change.state === 'on-sale';
    goods.stoppedSince = change.state === 'on-sale' ? null : now;
  }
}

export function addControlPaths(app: FastifyInstance, account: SellerAccount): void {
  function orderOf(orderNo: number): Order {
    const order = account.orders.byNumber.get(orderNo);
    if (order === undefined) throw new ControlRefused(404, `no order ${orderNo}`);
    return order;
  }

  function created(orders: readonly Order[]): object {
    const lines = orders.map((order) => ({ ...orderLine(order), orderNo: order.orderNo, payNo: order.cart.payNo }));
    return { orderNos: orders.map((order) => order.orderNo), orders: lines };
  }

  app.addHook('onRequest', (request, _reply, next) => {
    if (request.url.startsWith('/_')) account.claims.grantOverdue(account.now());
    next();
  });

  app.post('/_orders', (request) => {
    const { orders } = read(ordersBody, request.body);
    const now = account.now();
    const wishes = orders.map((order) => ({ ...order, at: order.at ?? now }));
    return orConflict(() => created(account.orders.placeAll(wishes, now)));
  });

  app.post('/_buy', (request) => {
    const wish = read(buyBody, request.body);
    return orConflict(() => created(buyAtRandom(account.goods, account.orders, wish, account.now())));
  });

  app.post<{ Params: { orderNo: string } }>('/_orders/:orderNo/advance', (request) => {
    const { to, at } = read(advanceBody, request.body);
    const order = orderOf(Number(request.params.orderNo));
    const status = ({ preparing: 2, shipping: 3, delivered: 4, decided: 5 } as const)[to];
    if (order.claim !== null) throw new ControlRefused(409, `order ${order.orderNo} is in claim`);
    if (status < order.status) throw new ControlRefused(409, `order ${order.orderNo} is already past ${to}`);
    advance(order, status, at ?? account.now());
    return orderLine(order);
  });

  app.post('/_claims', (request) => {
    const { orderNo, kind, state, at } = read(claimBody, request.body);
    const order = orderOf(orderNo);
    orConflict(() => account.claims.move(order, kind, state, at ?? account.now()));
    return orderLine(order);
  });

  app.post('/_settle', (request) => {
    const { orderNo, all, at } = read(settleBody, request.body);
    if (orderNo === undefined && all !== true) throw new ControlRefused(400, 'orderNo or all:true is needed');
    const orders = orderNo === undefined ? account.orders.orders : [orderOf(orderNo)];
    const when = at ?? account.now();
    return { rows: orders.reduce((sum, order) => sum + account.settlements.settle(order, when), 0) };
  });

  app.post<{ Params: { sku: string } }>('/_listings/:sku', (request) => {
    const change = read(listingBody, request.body);
    const sites = change.site === undefined ? SITES : [change.site];
    const goods = (account.goods.bySku.get(request.params.sku) ?? []).flatMap((master) =>
      sites.flatMap((one) => master.siteGoods[one] ?? []),
    );
    if (goods.length === 0) throw new ControlRefused(404, `no product ${request.params.sku} on ${sites.join(', ')}`);
    for (const one of goods) actAsMarketplace(one, change, account.now());
    return { changed: goods.map((one) => one.siteGoodsNo) };
  });

  app.post('/_faults', (request) => {
    // Absent keys stay absent in what the schema gives back, which its types cannot say.
    account.setFaults(read(faultsBody, request.body) as SandboxFaults);
    return { ok: true };
  });

  app.get('/_personal', () => ({ values: account.personal() }));
  app.get('/_ledger', () => account.ledger());
}
