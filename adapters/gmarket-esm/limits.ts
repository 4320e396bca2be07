import type { Limit } from '../../src/channel/limits.ts';

const self = (family: string, intervalMs: number, burst: number): Limit => ({
  family,
  intervalMs,
  burst,
  origin: 'self',
  source: 'nothing is published; public clients keep to 30 calls a minute (notes §5.1)',
  date: '2026-11-22',
});

export const limits = [
  {
    family: 'orders',
    // 5 s at the channel's door, plus 200 ms because its clock is not ours. One call too many costs a refused call, and
    // the guard starts anew.
    intervalMs: 5_200,
    burst: 1,
    strict: true,
    origin: 'measured',
    source:
      'etapi.gmarket.com/67: one order query per 5 s, enforced since 2025-04-23; per seller id in the token (measured)',
    date: '2026-07-20',
  },
  {
    family: 'search',
    // 20 a minute is the stricter of two reports. A burst of 5 and one more every 4 s are 20 in any minute; every 3 s
    // would make 25 in the first one.
    intervalMs: 4_000,
    burst: 5,
    origin: 'published',
    source:
      'goods/search: 30 a minute in the portal (2026-05), 20 a minute from 2026-08-10 by an integrator (notes §5.1)',
    date: '2026-08-10',
  },
  self('items', 2_000, 10),
  self('lookups', 2_000, 10),
  self('orders-by-number', 2_000, 10),
  self('claims', 2_000, 10),
  self('settlements', 2_000, 5),
  self('shipments', 2_000, 10),
] as const satisfies readonly Limit[];

export type LimitFamily = (typeof limits)[number]['family'];
