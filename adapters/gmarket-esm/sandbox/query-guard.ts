import type { Site } from './goods.ts';

/** One order query per five seconds and seller id, enforced by the channel since 2025-04-23. */
const GUARD_MS = 5_000;

/** Keeps the five-second distance of order queries and remembers how close they came. */
export class QueryGuard {
  smallestGapMs: number | null = null;
  readonly #allowedAt = new Map<string, number>();
  readonly #seenAt = new Map<string, number>();

  /** True when the call may pass. A refused call counts for the distance but does not start a new wait. */
  enter(site: Site, sellerId: string, now: number): boolean {
    const bucket = `${site}:${sellerId}`;
    const seen = this.#seenAt.get(bucket);
    if (seen !== undefined) this.smallestGapMs = Math.min(this.smallestGapMs ?? Number.POSITIVE_INFINITY, now - seen);
    this.#seenAt.set(bucket, now);
    const allowed = this.#allowedAt.get(bucket);
    if (allowed !== undefined && now - allowed < GUARD_MS) return false;
    this.#allowedAt.set(bucket, now);
    return true;
  }
}
