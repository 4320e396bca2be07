import type { Limit } from '../../src/channel/limits.ts';

const self = (family: string, intervalMs: number, burst: number): Limit => ({
  family,
  intervalMs,
  burst,
  origin: 'self',
  source: 'cXML names no rate; every buyer and network has its own and publishes none',
  date: '2026-11-23',
});

/** A catalogue upload starts a load at the other side that takes minutes, so uploads are rarer than notices. */
export const limits = [
  self('catalogue', 10_000, 3),
  self('notices', 1_000, 10),
  self('profile', 2_000, 3),
] as const satisfies readonly Limit[];

export type LimitFamily = (typeof limits)[number]['family'];
