import type pg from 'pg';
import {
  type Database,
  markedAsTransaction,
  type Queryable,
  refuseNestedUse,
  SEARCH_PATH,
  TransactionAbortedError,
  withTransactionRetry,
} from './database.ts';
import {
  createPool,
  describePlace,
  isConnectionFailure,
  type PostgresOptions,
  unavailable,
} from './postgres-connection.ts';
import { holdSessionLock } from './session-lock.ts';
import { parserOf, toSqlText } from './sql-values.ts';

/**
 * Opens a PostgreSQL store and proves the connection with one query.
 * @throws StoreUnavailableError when the server cannot be reached, refuses the login, or lacks the database.
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const place = describePlace(options.url);
  const pool = createPool(options, SEARCH_PATH, { getTypeParser: (oid) => parserOf(Number(oid)) });
  try {
    (await pool.connect()).release();
  } catch (error) {
    await pool.end();
    throw unavailable(error, place);
  }
  return new PostgresDatabase(pool, place, (space, number) => holdSessionLock(options, space, number));
}

class PostgresDatabase implements Database {
  readonly kind = 'postgres';
  readonly #pool: pg.Pool;
  readonly #place: string;
  #closing: Promise<void> | undefined;

  readonly holdLock: Database['holdLock'];

  constructor(pool: pg.Pool, place: string, holdLock: Database['holdLock']) {
    this.#pool = pool;
    this.#place = place;
    this.holdLock = holdLock;
  }

  async query<Row>(text: string, values?: readonly unknown[]): Promise<{ rows: Row[]; rowCount: number }> {
    refuseNestedUse(this);
    const client = await this.#connect();
    let failure: unknown;
    try {
      return await runOn<Row>(client, text, values);
    } catch (error) {
      failure = error;
      throw this.#translated(error);
    } finally {
      client.release(isConnectionFailure(failure));
    }
  }

  async transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    refuseNestedUse(this);
    return withTransactionRetry(() => this.#attempt(work));
  }

  close(): Promise<void> {
    this.#closing ??= this.#pool.end();
    return this.#closing;
  }

  async #attempt<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let open = true;
    let broken = false;
    // pg reports a connection lost between two statements only here; the next statement then fails and tells `work`.
    const onError = (): void => {
      broken = true;
    };
    client.on('error', onError);
    const tx: Queryable = {
      query: async (text, values) => {
        if (!open) throw new Error('this transaction is already over');
        return runOn(client, text, values);
      },
    };
    try {
      await client.query('BEGIN');
      const result = await markedAsTransaction(this, () => work(tx));
      open = false;
      if ((await client.query('COMMIT')).command === 'ROLLBACK') throw new TransactionAbortedError();
      return result;
    } catch (error) {
      open = false;
      // Whatever ROLLBACK says, the first error is the one to tell; a session that cannot roll back is thrown away.
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      throw this.#translated(error);
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      if (this.#closing) throw error;
      throw unavailable(error, this.#place);
    }
  }

  #translated(error: unknown): unknown {
    return isConnectionFailure(error) ? unavailable(error, this.#place) : error;
  }
}

async function runOn<Row>(
  client: pg.PoolClient,
  text: string,
  values?: readonly unknown[],
): Promise<{ rows: Row[]; rowCount: number }> {
  // Without values pg speaks the simple protocol and answers several statements with several results: the last counts.
  const answer: pg.QueryResult | pg.QueryResult[] = await (values?.length
    ? client.query(text, values.map(toSqlText))
    : client.query(text));
  const last = Array.isArray(answer) ? answer.at(-1) : answer;
  return { rows: (last?.rows ?? []) as Row[], rowCount: last?.rowCount ?? 0 };
}
