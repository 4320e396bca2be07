import type { PGlite, QueryOptions, Results } from '@electric-sql/pglite';
import { refuseNestedUse, SEARCH_PATH } from './database.ts';
import { toSqlText, VALUE_PARSERS } from './sql-values.ts';

// PGlite computes on this thread and answers in microtasks: a row of queries would keep sockets and timers waiting until
// its end. Kept by reference, since tests that move the clock by hand replace the global one.
const { setImmediate: runAfterEvents } = globalThis;
const letEventsIn = (): Promise<void> => new Promise((done) => runAfterEvents(done));

export interface SessionResult<Row> {
  rows: Row[];
  rowCount: number;
  /** First word of the statement, such as SELECT or COMMIT. */
  command: string;
}

/** Runs one SQL text on the session its caller holds. */
type SessionRun = <Row = Record<string, unknown>>(
  text: string,
  values?: readonly unknown[],
  parsers?: Readonly<Record<number, (text: string) => unknown>>,
) => Promise<SessionResult<Row>>;

/**
 * The one session of a PGlite, lent to one holder at a time in the order of asking. PGlite's own locks cover a single
 * call only; a BEGIN … COMMIT spread over several calls needs this one, or another caller's statement lands inside it.
 */
export class PgliteSession {
  readonly #pglite: PGlite;
  #tail: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #searchPath = '';

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
    // Emptied so that both stores convert by sql-values.ts alone.
    pglite.parsers = { ...VALUE_PARSERS };
    pglite.serializers = {};
  }

  /**
   * Waits for the turn, then runs `use` under the given search_path; the next holder follows when it settles.
   * @throws NestedUseError when called from inside an open transaction of this session: it would wait for itself.
   */
  async hold<T>(use: (run: SessionRun) => Promise<T>, searchPath: string = SEARCH_PATH): Promise<T> {
    refuseNestedUse(this);
    if (this.#closing) throw new Error('the embedded store is closed');
    return this.#inTurn(async () => {
      await this.#useSearchPath(searchPath);
      return use(this.#run);
    });
  }

  /** Takes the session until the returned function is called; for holders that span several calls of someone else. */
  async acquire(searchPath: string): Promise<{ run: SessionRun; release: () => void }> {
    return new Promise((granted, refused) => {
      const untilReleased = (run: SessionRun): Promise<void> =>
        new Promise<void>((release) => granted({ run, release }));
      this.hold(untilReleased, searchPath).catch(refused);
    });
  }

  /** Calls `listener` for every NOTIFY on a channel the session LISTENs to; returns what stops it. */
  onNotification(listener: (channel: string, payload: string) => void): () => void {
    return this.#pglite.onNotification(listener);
  }

  /** A copy of the whole database, taken between two holders. */
  async snapshot(): Promise<Blob> {
    refuseNestedUse(this);
    return this.#inTurn(() => this.#pglite.dumpDataDir('none'));
  }

  /** Waits for the holders already in the row, then stops the engine. */
  close(): Promise<void> {
    this.#closing ??= this.#inTurn(() => this.#pglite.close());
    return this.#closing;
  }

  // Store and queue both have tables such as `migration`, so each must see its own schema first. The one session is
  // switched only when the other one's turn comes, which costs about 0.1 ms.
  async #useSearchPath(searchPath: string): Promise<void> {
    if (this.#searchPath === searchPath) return;
    await this.#run(`SET search_path TO ${searchPath}`);
    this.#searchPath = searchPath;
  }

  #inTurn<T>(use: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(use);
    // The row goes on whether or not this holder failed; the failure itself goes to its caller through `turn`.
    this.#tail = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  readonly #run: SessionRun = async <Row>(
    text: string,
    values?: readonly unknown[],
    parsers?: Readonly<Record<number, (text: string) => unknown>>,
  ) => {
    await letEventsIn();
    const options: QueryOptions | undefined = parsers ? { parsers } : undefined;
    // Without values the simple protocol is spoken, as pg does: that one allows several statements in one text.
    const result: Results | undefined = values?.length
      ? await this.#pglite.query(text, values.map(toSqlText), options)
      : (await this.#pglite.exec(text, options)).at(-1);
    return { rows: (result?.rows ?? []) as Row[], rowCount: result?.rowCount ?? 0, command: result?.command ?? '' };
  };
}
