import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Whatever can run one SQL text. Values are bound as $1, $2 …: strings, numbers, bigints, booleans, Date (an instant),
 * Uint8Array (bytea), null, and arrays of these. A plain object is refused: jsonb is passed as JSON text.
 *
 * What comes back is the same on both stores: int8 is a number (a RangeError when it is not a safe integer), numeric
 * and date are text, timestamptz is a Date, json and jsonb are parsed, bytea is a Buffer, everything unlisted is text.
 * `rowCount` is the number of rows returned or touched, 0 for statements that have none.
 */
export interface Queryable {
  query<Row = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ rows: Row[]; rowCount: number }>;
}

/** One store: the only door to SQL. `close()` waits for what is running and may be called twice. */
export interface Database extends Queryable {
  readonly kind: 'pglite' | 'postgres';
  /**
   * Runs `work` in one transaction. Any error rolls everything back and is thrown again unchanged. A serialization
   * failure or deadlock runs `work` again from the start, so `work` may do nothing but SQL. There is no nesting: inside
   * `work` only `tx` may be used; the database itself throws a NestedUseError.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /**
   * Holds the advisory lock (space, number), both int4, until the returned function is called or this process dies,
   * however it dies. Waits while another process holds it. A lost connection takes the lock again by itself; until it
   * has, others may see it as free.
   */
  holdLock(space: number, number: number): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** What the store's statements see: Naru's own tables first; `public` last so that an extension put there is found. */
export const SEARCH_PATH = 'naru, bullmq, public';

/** Raised when the store cannot be reached, opened or written. The message names the place, never a password. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
  /** host:port/database or the folder. */
  readonly place: string;
  /** SQLSTATE or system code, when there is one. */
  readonly code: string | undefined;
  readonly messageKo: string;
  readonly messageEn: string;

  constructor(sentences: { messageKo: string; messageEn: string }, place: string, cause?: unknown) {
    super(sentences.messageEn, cause === undefined ? undefined : { cause });
    this.place = place;
    this.code = errorCode(cause);
    this.messageKo = sentences.messageKo;
    this.messageEn = sentences.messageEn;
  }
}

/** The database was used directly inside one of its own transactions: a fault of our code, never of a person. */
export class NestedUseError extends Error {
  override readonly name = 'NestedUseError';

  constructor() {
    super('the database was used inside its own transaction: use the tx that the transaction hands to its work');
  }
}

/** COMMIT was answered with ROLLBACK: a statement had failed and `work` swallowed its error. Nothing was saved. */
export class TransactionAbortedError extends Error {
  override readonly name = 'TransactionAbortedError';

  constructor() {
    super('nothing was saved: a statement of this transaction had failed and its error was not thrown on');
  }
}

/** The SQLSTATE or system error code an error carries, if any. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

// One embedded session answers everybody in turn, so a query that waits for a transaction which waits for that query
// would hang for ever, silently. PostgreSQL would let it pass, outside the transaction. Both are refused the same way.
const insideTransaction = new AsyncLocalStorage<{ open: boolean; owner: object }>();

/** Throws a NestedUseError when the caller runs inside a transaction of `owner` that is still open. */
export function refuseNestedUse(owner: object): void {
  const mark = insideTransaction.getStore();
  if (mark?.open && mark.owner === owner) throw new NestedUseError();
}

/**
 * Runs `work` marked as being inside a transaction of `owner`. The mark is lifted when `work` settles, because timers
 * and listeners created in it inherit it and may run long after the transaction is over.
 */
export async function markedAsTransaction<T>(owner: object, work: () => Promise<T>): Promise<T> {
  const mark = { open: true, owner };
  return insideTransaction.run(mark, async () => {
    try {
      return await work();
    } finally {
      mark.open = false;
    }
  });
}

// 40001 serialization_failure, 40P01 deadlock_detected: PostgreSQL's manual (13.5) asks for the whole transaction to be
// run again, and promises that nothing of the failed try was kept.
const RETRYABLE = new Set(['40001', '40P01']);
const TRIES = 5;

/** Runs `attempt` again, up to five times in all, while it fails by serialization or deadlock; then throws that error. */
export async function withTransactionRetry<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tried >= TRIES || !RETRYABLE.has(errorCode(error) ?? '')) throw error;
      // A growing random wait (at most 80 ms) keeps two equal rivals from meeting again in the same order.
      await pause(Math.random() * 5 * 2 ** tried);
    }
  }
}
