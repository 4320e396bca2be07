/**
 * A channel's limits as data, kept beside the adapter, each with where the number comes from.
 */
export interface Limit {
  /** Endpoint family; every call names one. */
  family: string;
  /** Mean distance between calls. */
  intervalMs: number;
  /** Calls that may follow at once after a pause. */
  burst: number;
  /**
   * `strict`: the next call starts only `intervalMs` after the *answer* of the one before. A guard that the channel
   * measures at its own door is kept even when a call was slow on its way; a burst makes no sense then.
   */
  strict?: boolean;
  /**
   * `self` is our own politeness where nothing is published. It is not applied to a loopback address: there is nobody
   * there to be polite to, and a rehearsal of 600 products should not take an hour.
   */
  origin: 'published' | 'measured' | 'self';
  source: string;
  date: string;
}

export interface LimitSlot {
  accountId: string;
  limit: Limit;
  /** Part of the family with a limit of its own, such as one site's seller id. */
  bucket: string;
}

/**
 * Grants calls, for all processes of an account together. `waitMs` 0 means go now. Above `maxWaitMs` nothing is
 * reserved: the caller should come back after `waitMs`.
 */
export interface Limiter {
  take(slot: LimitSlot, maxWaitMs: number): Promise<{ granted: boolean; waitMs: number }>;
  /** The call of a strict limit was answered. */
  answered(slot: LimitSlot): Promise<void>;
  /** The channel said to wait: nobody calls this family before `ms` have passed. */
  pause(slot: LimitSlot, ms: number): Promise<void>;
}
