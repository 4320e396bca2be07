import type {
  ChannelHarness,
  ExpectedClaim,
  ExpectedOrder,
  ExpectedSettlement,
  HarnessStage,
} from '../../src/channel/harness.ts';
import { sampleProduct } from '../../src/channel/sample-product.ts';
import { won } from '../../src/domain/money.ts';
import type { OrderLine } from '../../src/domain/order.ts';
import { startGmarketSandbox } from './sandbox/index.ts';

/** The site of an order in this channel's words, and what the sandbox answers when something was bought. */
const sites = ['gmkt', 'iac'] as const;
type Site = (typeof sites)[number];

interface OrderWish {
  sku: string;
  site?: Site;
  units: OrderLine['units'];
  at?: string;
  cart?: string;
  shippingFee?: number;
  useSellerDiscount?: boolean;
}

interface Bought {
  orders: { orderId: string; payNo: number; site: string }[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Speaks to the sandbox as buyers, couriers and the channel's own staff would act. Throws when it refuses. */
async function control({ sandbox }: Pick<HarnessStage, 'sandbox'>, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${sandbox.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

const buy = async (stage: HarnessStage, orders: OrderWish[]): Promise<Bought['orders']> =>
  ((await control(stage, '/_orders', { orders })) as Bought).orders;

/** A copy of a JSON value; `change` sees every key of every object and says what becomes of the value, or drops it. */
function mapped(value: unknown, change: (key: string, part: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((part) => mapped(part, change));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, change(key, mapped(part, change))]);
  return Object.fromEntries(entries.filter(([, part]) => part !== undefined));
}

/** Replaces the values of these keys, whatever their case, by words that no article has. */
const withWords = (words: Record<string, unknown>) => (answer: unknown) =>
  mapped(answer, (key, part) => words[key.toLowerCase()] ?? part);

const without = (field: string) => (answer: unknown) =>
  mapped(answer, (key, part) => (key.toLowerCase() === field ? undefined : part));

const statuses = ['paid', 'preparing', 'shipping', 'delivered', 'decided'] as const;

/** One order of every status on each site, carts with shipping, and more paid ones than a page of 100 holds. */
async function stageOrders(
  stage: HarnessStage,
  skus: string[],
): Promise<{ from: Date; to: Date; expected: ExpectedOrder[] }> {
  const [first = '', second = first] = skus;
  const from = stage.clock.now();
  const at = (minutes: number) => new Date(from.getTime() + minutes * 60_000 + 1_234).toISOString();
  const expected: ExpectedOrder[] = [];
  for (const site of sites) {
    const cart = `cart-${site}`;
    const placed = await buy(stage, [
      { sku: first, site, units: 1, at: at(1) },
      { sku: second, site, units: 3, at: at(2), cart, shippingFee: 3000 },
      { sku: first, site, units: 2, at: at(2), cart, shippingFee: 3000 },
      { sku: second, site, units: 1, at: at(4), shippingFee: 3000, useSellerDiscount: true },
      { sku: first, site, units: 7, at: at(5), useSellerDiscount: true },
    ]);
    for (const [index, { orderId }] of placed.entries()) {
      const status = statuses[index] ?? 'paid';
      if (status !== 'paid') await control(stage, `/_orders/${orderId}/advance`, { to: status, at: at(30) });
      expected.push({ orderId, site, status });
    }
  }
  const many = await buy(
    stage,
    Array.from({ length: 104 }, (_, index) => ({ sku: first, site: 'gmkt' as const, units: 1, at: at(6 + index / 4) })),
  );
  expected.push(...many.map(({ orderId }): ExpectedOrder => ({ orderId, site: 'gmkt', status: 'paid' })));
  const to = new Date(from.getTime() + hourMs);
  stage.clock.jumpTo(new Date(to.getTime() + hourMs));
  return { from, to, expected };
}

const claimKinds = ['cancel', 'return', 'exchange'] as const;
const claimPaths = {
  requested: ['requested'],
  processing: ['requested', 'processing'],
  done: ['requested', 'processing', 'done'],
  withdrawn: ['requested', 'withdrawn'],
} as const;

/** Every kind of claim in every state, on both sites. */
async function stageClaims(
  stage: HarnessStage,
  skus: string[],
): Promise<{ from: Date; to: Date; expected: ExpectedClaim[] }> {
  const from = stage.clock.now();
  const at = (hours: number) => new Date(from.getTime() + hours * hourMs + 5_678).toISOString();
  const expected: ExpectedClaim[] = [];
  for (const site of sites) {
    for (const kind of claimKinds) {
      for (const [state, path] of Object.entries(claimPaths)) {
        const [order] = await buy(stage, [{ sku: skus[0] ?? '', site, units: 2, at: at(0), shippingFee: 3000 }]);
        const orderId = order?.orderId ?? '';
        if (kind !== 'cancel') await control(stage, `/_orders/${orderId}/advance`, { to: 'delivered', at: at(0.5) });
        for (const [step, reached] of path.entries()) {
          await control(stage, '/_claims', { orderNo: orderId, kind, state: reached, at: at(1 + step) });
        }
        expected.push({ orderId, site, kind, state: state as ExpectedClaim['state'] });
      }
    }
  }
  // Cancels that wait for more than a day are granted by the channel itself, so the clock stays within it.
  const to = new Date(from.getTime() + 5 * hourMs);
  stage.clock.jumpTo(to);
  return { from, to, expected };
}

/** Remitted orders, a return and a cancel that gave money back, discounts, shipping fees in a ledger of their own. */
async function stageSettlements(
  stage: HarnessStage,
  skus: string[],
): Promise<{ from: Date; to: Date; expected: ExpectedSettlement[] }> {
  const from = stage.clock.now();
  const expected: ExpectedSettlement[] = [];
  for (const site of sites) {
    const placed = await buy(
      stage,
      ['plain', 'cancel', 'return'].map((kind) => ({
        ...{ sku: skus[0] ?? '', site, units: 3, shippingFee: 3000 },
        useSellerDiscount: kind !== 'cancel',
      })),
    );
    for (const [index, { orderId, payNo }] of placed.entries()) {
      const kind = (['plain', 'cancel', 'return'] as const)[index];
      if (kind === 'return') await control(stage, `/_orders/${orderId}/advance`, { to: 'delivered' });
      if (kind !== 'plain') {
        for (const state of ['requested', 'done']) await control(stage, '/_claims', { orderNo: orderId, kind, state });
        expected.push({ orderId, site, kind: 'refund' });
      }
      // Auction's ledger of fees knows carts only.
      const feeOf = site === 'iac' ? String(payNo) : orderId;
      expected.push({ orderId, site, kind: 'sale' }, { orderId: feeOf, site, kind: 'shipping' });
    }
  }
  stage.clock.jumpTo(new Date(from.getTime() + dayMs));
  await control(stage, '/_settle', { all: true });
  const to = new Date(from.getTime() + 3 * dayMs);
  // What was remitted on a day is known on the next business day, and a weekend may lie between.
  stage.clock.jumpTo(new Date(to.getTime() + 5 * dayMs));
  return { from, to, expected };
}

/** What the conformance suite needs to judge this adapter against its sandbox. */
export const gmarketEsmHarness: ChannelHarness = {
  startSandbox: startGmarketSandbox,
  startAt: new Date('2026-12-07T09:00:00+09:00'),
  badCredentials: (good) => ({ ...good, secretKey: `${String(good.secretKey)}-of-another-seller` }),
  checkEndpoint: 'GET /item/v1/shipping/places',
  // The order query's is the only one that anybody has seen (notes §3.1, §5.1).
  rateAnswers: ['POST /shipping/v1/Order/RequestOrders'],
  personalData: async (sandbox) => ((await control({ sandbox }, '/_personal')) as { values: string[] }).values,
  listings: {
    product: sampleProduct,
    imageUrls: ['https://images.example/main.png', 'https://images.example/side.png'],
    prices: [won(23_900), won(21_900)],
    completeMappings: (defaults) => defaults,
    endpoints: {
      create: 'POST /item/v1/goods',
      price: 'PUT /item/v1/goods/{goodsNo}/price',
      find: 'POST /item/v1/goods/search',
    },
  },
  orders: {
    endpoint: 'POST /shipping/v1/Order/RequestOrders',
    stage: stageOrders,
    placeAt: async (stage, sku, instants) => {
      const wishes = instants.map((at) => ({ sku, site: 'gmkt' as const, units: 1, at: at.toISOString() }));
      return (await buy(stage, wishes)).map((order) => order.orderId);
    },
    withUnknownWord: withWords({ orderstatus: 97, transtype: 'Z9', deliveryfeecondition: 'Z9' }),
    withoutRequired: without('orderno'),
  },
  claims: {
    endpoint: 'POST /claim/v1/sa/Cancels',
    stage: stageClaims,
    withUnknownWord: withWords({ cancelstatus: 42, returnstatus: 42, exchangestatus: 42, reasoncode: 97 }),
    withoutRequired: without('orderno'),
  },
  settlements: {
    endpoint: 'POST /account/v1/settle/getsettleorder',
    stage: stageSettlements,
    withUnknownWord: withWords({ kind: '9', taxyn: '7' }),
    withoutRequired: without('contrno'),
  },
  shipments: { courierCode: '10013' },
  deviations: [],
};
