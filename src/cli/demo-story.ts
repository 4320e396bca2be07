import axios from 'axios';
import type { RunningSandbox } from '../channel/sandbox.ts';
import { startOfSeoulDay } from '../domain/seoul-time.ts';
import { runPull } from '../sync/pull-run.ts';
import type { DemoChannel, DemoStage } from './demo-stage.ts';

/** What the buyers of the demo do on one sandbox; seeded, so that every demo tells the same story. */
interface Buyers {
  /** Places `count` orders between two instants. */
  buy(count: number, seed: number, from: Date, to: Date): Promise<string[]>;
  advance(orderNos: readonly string[], to: 'preparing' | 'shipping' | 'delivered' | 'decided'): Promise<void>;
  claim(
    orderNo: string,
    kind: 'cancel' | 'return' | 'exchange',
    state: 'requested' | 'done' | 'withdrawn',
    at: Date,
  ): Promise<void>;
  settle(at: Date): Promise<void>;
}

/** Buyers over the control paths of a sandbox. */
export function createBuyers(sandbox: RunningSandbox): Buyers {
  const post = async <Answer>(path: string, body: unknown): Promise<Answer> =>
    (await axios.post<Answer>(`${sandbox.url}${path}`, body)).data;
  return {
    buy: async (count, seed, from, to) => {
      const answer = await post<{ orderNos: (string | number)[] }>('/_buy', {
        count,
        seed,
        from: from.toISOString(),
        to: to.toISOString(),
      });
      return answer.orderNos.map(String);
    },
    advance: async (orderNos, to) => {
      for (const orderNo of orderNos) await post(`/_orders/${orderNo}/advance`, { to });
    },
    claim: async (orderNo, kind, state, at) => {
      await post('/_claims', { orderNo, kind, state, at: at.toISOString() });
    },
    settle: async (at) => {
      await post('/_settle', { all: true, at: at.toISOString() });
    },
  };
}

/** Four days of trade: orders, deliveries, claims that are done, open and withdrawn, and changes after a first pull. */
export async function openExhibition(
  stage: DemoStage,
  { accountId, sandbox }: DemoChannel,
  opening: string,
): Promise<{ orders: number; claims: number; settlements: number }> {
  const { app, clock } = stage;
  const buyers = createBuyers(sandbox);
  const at = (day: number, hour: number) =>
    new Date(startOfSeoulDay(opening).getTime() + (day * 24 + hour) * 3_600_000);
  const goTo = (instant: Date) => {
    if (instant > clock.now()) clock.jumpTo(instant);
  };
  const pull = (stream: 'orders' | 'claims' | 'settlements') =>
    runPull(app.deps, app.queues, { stream, accountId, window: null, sweep: false, wait: true });
  goTo(at(1, 12));
  const first = await buyers.buy(60, 1, at(0, 9), at(1, 11));
  const firstPull = await pull('orders');
  await buyers.advance(first.slice(0, 40), 'delivered');
  await buyers.claim(first[41] ?? '', 'cancel', 'done', at(1, 11));
  await buyers.claim(first[42] ?? '', 'cancel', 'requested', at(1, 11));
  await buyers.claim(first[43] ?? '', 'cancel', 'requested', at(1, 11));
  // Within a day: a cancel that nobody answers for longer is granted by the channel itself.
  goTo(at(2, 8));
  await buyers.claim(first[43] ?? '', 'cancel', 'withdrawn', at(2, 8));
  goTo(at(3, 18));
  const second = await buyers.buy(60, 2, at(1, 12), at(3, 17));
  await buyers.claim(first[3] ?? '', 'return', 'done', at(3, 10));
  await buyers.claim(first[4] ?? '', 'exchange', 'done', at(3, 11));
  await buyers.claim(second[5] ?? '', 'cancel', 'done', at(3, 12));
  await buyers.settle(at(3, 17));
  goTo(at(5, 9));
  const claims = await pull('claims');
  const secondPull = await pull('orders');
  const settlements = await pull('settlements');
  const failed = [firstPull, claims, secondPull, settlements].flatMap((run) => run.failed);
  if (failed.length > 0) throw new Error(failed.map((one) => one.messageEn).join('; '));
  const news = (run: typeof firstPull) => run.results.reduce((sum, one) => sum + one.new, 0);
  return { orders: news(firstPull) + news(secondPull), claims: news(claims), settlements: news(settlements) };
}
