import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { folderUnavailable, isThere } from './data-folder.ts';
import {
  type Database,
  errorCode,
  markedAsTransaction,
  type Queryable,
  refuseNestedUse,
  TransactionAbortedError,
  withTransactionRetry,
} from './database.ts';
import { PgliteSession, type SessionResult } from './pglite-session.ts';

type PgliteOptions =
  /** The data folder; the database lives in its sub-folder `database`. Lock the folder first (folder-lock.ts). */
  | { folder: string }
  /** Nothing is kept. `snapshot`, from `PgliteDatabase.snapshot()`, gives it its first content. */
  | { memory: true; snapshot?: Blob };

/**
 * Opens the embedded store: one PGlite, one session, every query in turn.
 *
 * Durability: a committed transaction survives kill -9, because its log records have been handed to the operating
 * system before the commit returns. It may not survive a power cut: PGlite runs without fsync.
 * @throws StoreUnavailableError when the folder cannot be made, read or written.
 */
export async function openPglite(options: PgliteOptions): Promise<PgliteDatabase> {
  if ('memory' in options) {
    const pglite = await PGlite.create(options.snapshot ? { loadDataDir: options.snapshot } : {});
    return PgliteDatabase.over(pglite, 'memory');
  }
  const folder = resolve(options.folder);
  try {
    const database = await prepareFolder(folder);
    return await PgliteDatabase.over(await PGlite.create(database), folder);
  } catch (error) {
    throw folderUnavailable(error, folder);
  }
}

/** A Database over PGlite that also lends its session to the queue. */
export class PgliteDatabase implements Database {
  readonly kind = 'pglite';
  readonly session: PgliteSession;
  readonly #place: string;

  private constructor(session: PgliteSession, place: string) {
    this.session = session;
    this.#place = place;
  }

  /** Takes over a started PGlite: sets the zone of its only session. */
  static async over(pglite: PGlite, place: string): Promise<PgliteDatabase> {
    const session = new PgliteSession(pglite);
    await session.hold((run) => run(`SET timezone TO 'UTC'; SET datestyle TO 'ISO'`));
    return new PgliteDatabase(session, place);
  }

  async query<Row>(text: string, values?: readonly unknown[]): Promise<{ rows: Row[]; rowCount: number }> {
    refuseNestedUse(this.session);
    try {
      return await this.session.hold((run) => rowsOf(run<Row>(text, values)));
    } catch (error) {
      throw this.#translated(error);
    }
  }

  async transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    refuseNestedUse(this.session);
    try {
      return await withTransactionRetry(() => this.#attempt(work));
    } catch (error) {
      throw this.#translated(error);
    }
  }

  async holdLock(space: number, number: number): Promise<() => Promise<void>> {
    await this.query('SELECT pg_advisory_lock($1, $2)', [space, number]);
    let held = true;
    return async () => {
      if (!held) return;
      held = false;
      await this.query('SELECT pg_advisory_unlock($1, $2)', [space, number]);
    };
  }

  /** The whole database as one file, for `openPglite({ memory: true, snapshot })`. */
  async snapshot(): Promise<Blob> {
    return this.session.snapshot();
  }

  close(): Promise<void> {
    return this.session.close();
  }

  #attempt<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.session.hold(async (run) => {
      let open = true;
      const tx: Queryable = {
        query: async (text, values) => {
          if (!open) throw new Error('this transaction is already over');
          return rowsOf(run(text, values));
        },
      };
      try {
        await run('BEGIN');
        const result = await markedAsTransaction(this.session, () => work(tx));
        open = false;
        if ((await run('COMMIT')).command === 'ROLLBACK') throw new TransactionAbortedError();
        return result;
      } catch (error) {
        open = false;
        // There is one session for everybody: left inside a failed transaction it would refuse all later work.
        // When even ROLLBACK fails the engine itself is gone, which the next query reports; the first error is told.
        await run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  #translated(error: unknown): unknown {
    return isStorageFailure(error) ? folderUnavailable(error, this.#place) : error;
  }
}

async function rowsOf<Row>(result: Promise<SessionResult<Row>>): Promise<{ rows: Row[]; rowCount: number }> {
  const { rows, rowCount } = await result;
  return { rows, rowCount };
}

/**
 * Makes the folders (0700: the store holds sellers' business) and, at the first start, a complete database under another
 * name that is then moved into place. A first start that is killed half-way therefore leaves nothing that looks done.
 */
async function prepareFolder(folder: string): Promise<string> {
  const database = join(folder, 'database');
  const unfinished = join(folder, 'database.unfinished');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  if (await isThere(join(database, 'PG_VERSION'))) return database;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const first = await PGlite.create(unfinished);
  await first.close();
  await rename(unfinished, database);
  return database;
}

/** SQLSTATE 53100 disk_full and 58xxx system error: the folder failed, not the statement. */
function isStorageFailure(error: unknown): boolean {
  return /^(53100|58...)$/.test(errorCode(error) ?? '');
}
