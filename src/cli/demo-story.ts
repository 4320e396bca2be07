import axios from 'axios';
import type { RunningSandbox } from '../channel/sandbox.ts';

/** What the buyers of the demo do on one sandbox; seeded, so that every demo tells the same story. */
export interface Buyers {
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
