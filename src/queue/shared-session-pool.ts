import { EventEmitter } from 'node:events';
import type { PgPool, PgPoolClient, PgQueryResult } from 'bullmq';

/** What the queue's statements see; never the store's tables, some of which have the same names. */
export const QUEUE_SEARCH_PATH = 'bullmq, public';

type RunSql = <Row>(text: string, values?: readonly unknown[]) => Promise<PgQueryResult<Row>>;

/** What a shared pool stands on. */
interface QueueSessions {
  /** Runs one statement on any session. */
  run: RunSql;
  /** Takes one session for a transaction. */
  take(): Promise<{ run: RunSql; giveBack: (broken: boolean) => void }>;
  /** Runs LISTEN or UNLISTEN where notifications are received. */
  listen(text: string): Promise<void>;
  /** Calls back for every notification, and when the listening session was lost; returns what stops both. */
  follow(onNotify: (channel: string, payload: string) => void, onLost: (error: Error) => void): () => void;
}

/**
 * The shape of a pg.Pool whose clients are only views: a client owns a session from BEGIN to COMMIT and at no other
 * time. The queue library checks one client out per worker for good, to LISTEN on it. With one queue per account a real
 * pool would be eaten up by waiting workers and the next query would wait for ever; an embedded store has but one
 * session at all.
 */
export class SharedSessionPool extends EventEmitter implements PgPool {
  /** Tells the library that a lost LISTEN is noticed, so that an idle worker need not ask every ten seconds. */
  readonly options = { keepAlive: true };
  readonly #sessions: QueueSessions;
  #ended = false;

  constructor(sessions: QueueSessions) {
    super();
    this.#sessions = sessions;
    // Every worker and queue adds a listener of its own.
    this.setMaxListeners(0);
  }

  async query<Row>(text: string, values?: readonly unknown[]): Promise<PgQueryResult<Row>> {
    this.#refuseEnded();
    return this.#sessions.run<Row>(text, values);
  }

  async connect(): Promise<PgPoolClient> {
    this.#refuseEnded();
    return new SharedClient(this.#sessions);
  }

  /** Refuses all later use. Whoever made the sessions closes them. */
  async end(): Promise<void> {
    this.#ended = true;
  }

  #refuseEnded(): void {
    // The library looks for these very words to tell a late straggler from a failure.
    if (this.#ended) throw new Error('Cannot use a pool after calling end on the pool');
  }
}

class SharedClient extends EventEmitter implements PgPoolClient {
  readonly #sessions: QueueSessions;
  readonly #unfollow: () => void;
  #taken: Awaited<ReturnType<QueueSessions['take']>> | undefined;
  #released = false;

  constructor(sessions: QueueSessions) {
    super();
    this.#sessions = sessions;
    this.#unfollow = sessions.follow(
      (channel, payload) => this.emit('notification', { channel, payload }),
      // Without a listener an 'error' event would end the process; a client that does not listen loses nothing.
      (error) => this.listenerCount('error') > 0 && this.emit('error', error),
    );
  }

  async query<Row>(text: string, values?: readonly unknown[]): Promise<PgQueryResult<Row>> {
    if (this.#released) throw new Error('this client was already released');
    const statement = text.replace(/^(\s|--.*\n)+/, '');
    if (/^(UN)?LISTEN\b/i.test(statement)) {
      await this.#sessions.listen(statement);
      return { rows: [], rowCount: 0 };
    }
    // The library names each worker's connection so that it can be seen in pg_stat_activity. A shared connection has
    // one name only; setting it would rename somebody else's.
    if (/^SELECT set_config\('application_name'/i.test(statement)) return { rows: [], rowCount: 0 };
    if (/^BEGIN\b/i.test(statement)) this.#taken ??= await this.#sessions.take();
    if (!this.#taken) return this.#sessions.run<Row>(text, values);
    const result = await this.#taken.run<Row>(text, values);
    if (/^(COMMIT|ROLLBACK)\b(?!\s+TO\b)/i.test(statement)) this.#giveBack(false);
    return result;
  }

  /** Ends the client's use; an open transaction is rolled back. */
  release(destroy?: boolean): void {
    if (this.#released) return;
    this.#released = true;
    this.#unfollow();
    const taken = this.#taken;
    if (!taken) return;
    // The session goes to the next one only after the rollback, or that one would work inside this transaction.
    taken.run('ROLLBACK').then(
      () => this.#giveBack(destroy === true),
      () => this.#giveBack(true),
    );
  }

  #giveBack(broken: boolean): void {
    this.#taken?.giveBack(broken);
    this.#taken = undefined;
  }
}
