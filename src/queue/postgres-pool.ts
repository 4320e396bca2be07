import type { PgQueryResult } from 'bullmq';
import type pg from 'pg';
import { type ConnectionLog, createPool, openConnection } from '../store/postgres-connection.ts';
import { QUEUE_SEARCH_PATH, SharedSessionPool } from './shared-session-pool.ts';

/** The queue's connections to PostgreSQL: a pool for statements and one connection that listens for all workers. */
interface PostgresQueuePool {
  pool: SharedSessionPool;
  close(): Promise<void>;
}

/**
 * Opens the queue's connections: at most `poolSize` (default 10) plus one. Nothing is connected before the first use.
 * @throws StoreUnavailableError when the url cannot be read.
 */
export function createPostgresPool(options: {
  url: string;
  poolSize?: number;
  log?: ConnectionLog;
}): PostgresQueuePool {
  const statements = createPool(options, QUEUE_SEARCH_PATH);
  const listener = new SharedListener(() => openConnection(options.url));
  const pool = new SharedSessionPool({
    run: (text, values) => runOn(statements, text, values),
    take: async () => {
      const client = await statements.connect();
      return {
        run: (text, values) => runOn(client, text, values),
        giveBack: (broken) => client.release(broken),
      };
    },
    listen: (text) => listener.listen(text),
    follow: (onNotify, onLost) => listener.follow({ onNotify, onLost }),
  });
  return {
    pool,
    close: async () => {
      await pool.end();
      await listener.close();
      await statements.end();
    },
  };
}

function runOn<Row>(
  target: pg.Pool | pg.PoolClient,
  text: string,
  values?: readonly unknown[],
): Promise<PgQueryResult<Row>> {
  return target.query<Row & pg.QueryResultRow>(text, values && [...values]);
}

interface Follower {
  onNotify: (channel: string, payload: string) => void;
  onLost: (error: Error) => void;
}

/** One connection that listens for everybody, made at the first LISTEN and again at the first one after a loss. */
class SharedListener {
  readonly #open: () => Promise<pg.Client>;
  readonly #followers = new Set<Follower>();
  #client: Promise<pg.Client> | undefined;
  #live: pg.Client | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(open: () => Promise<pg.Client>) {
    this.#open = open;
  }

  async listen(text: string): Promise<void> {
    this.#client ??= this.#connect();
    const client = await this.#client;
    // One after the other: pg is about to stop queueing statements of several callers on one connection.
    const turn = this.#turn.then(() => client.query(text));
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  follow(follower: Follower): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#followers.clear();
    this.#client = undefined;
    this.#live = undefined;
    await client?.then(
      (open) => open.end(),
      () => undefined,
    );
  }

  async #connect(): Promise<pg.Client> {
    try {
      const client = await this.#open();
      client.on('notification', (message) => {
        for (const each of [...this.#followers]) each.onNotify(message.channel, message.payload ?? '');
      });
      // pg raises 'error' for a socket failure and only 'end' when the server closes cleanly; the first one counts.
      client.on('error', (error) => this.#lose(client, error));
      client.on('end', () => this.#lose(client, new Error('the listening connection was closed by the server')));
      this.#live = client;
      return client;
    } catch (error) {
      this.#client = undefined;
      throw error;
    }
  }

  #lose(client: pg.Client, error: Error): void {
    if (this.#live !== client) return;
    this.#live = undefined;
    this.#client = undefined;
    client.removeAllListeners('notification');
    const lost = [...this.#followers];
    // Each worker now LISTENs anew and looks for jobs it was not told of meanwhile.
    for (const each of lost) each.onLost(error);
  }
}
