import axios from 'axios';
import { readSales } from '../store/sales.ts';
import { acknowledgeOrder } from '../sync/tell-orders.ts';
import type { DemoChannel, DemoStage } from './demo-stage.ts';

/** What came of the partners who call us. */
export interface PartnerStory {
  account: string;
  catalogue: number;
  cart_lines: number;
  order: string;
  currency: string;
  net: number;
  /** What the partner's own books say. */
  ledger_net: number;
}

/**
 * A corporate buyer visits our pages, fills a cart, takes it back to its own system and orders. The sandbox is the buyer:
 * `POST /_punchout` opens the visit, `POST /_shop` walks through the pages as a browser would, `POST /_order` orders.
 */
export async function tellPartner(stage: DemoStage, channel: DemoChannel): Promise<PartnerStory> {
  const { app, say } = stage;
  const { accountId, sandbox } = channel;
  const url = `${app.deps.publicUrl}/inbound/${accountId}`;
  const post = async <Answer>(path: string, body: unknown): Promise<Answer> =>
    (await axios.post<Answer>(`${sandbox.url}${path}`, body)).data;
  const catalogue = sandbox.ledger().listings.filter((one) => one.state === 'on-sale').length;
  const { startPage, buyerCookie } = await post<{ startPage: string; buyerCookie: string }>('/_punchout', { url });
  const { lines } = await post<{ lines: number }>('/_shop', { startPage, lines: 2, quantity: 5 });
  const ordered = await post<{ orderId: string; code: number }>('/_order', { url, cart: buyerCookie });
  if (ordered.code !== 200) throw new Error(`the order was answered with ${ordered.code}`);
  await acknowledgeOrder(app.deps, { accountId, orderId: ordered.orderId, by: '데모 담당자' });
  const books = sandbox.ledger().sales[0];
  say(
    `   ${accountId}: 구매사 카탈로그 in the buyer's catalogue ${catalogue}, 장바구니 cart ${lines}, 주문 order ${ordered.orderId}`,
  );
  return {
    account: accountId,
    catalogue,
    cart_lines: lines,
    order: ordered.orderId,
    currency: books?.currency ?? '',
    net: await netOf(stage, books?.currency ?? ''),
    ledger_net: books?.net ?? 0,
  };
}

async function netOf({ app }: DemoStage, currency: string): Promise<number> {
  const rows = await readSales(app.store, { by: null, asOf: null });
  return Number(rows.find((row) => row.currency === currency)?.net ?? 0);
}
