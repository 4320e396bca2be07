import type pg from 'pg';
import { errorCode } from './database.ts';
import { openConnection, type PostgresOptions } from './postgres-connection.ts';

const RETRY_MS = 1_000;

/**
 * Holds a PostgreSQL advisory lock on a connection of its own, so that the server drops it the moment this process ends.
 * When the connection is lost it connects anew, every second until it succeeds. Returns what releases the lock, also
 * while it is being waited for.
 * @throws StoreUnavailableError when the first connection fails.
 */
export async function holdSessionLock(
  options: PostgresOptions,
  space: number,
  number: number,
): Promise<() => Promise<void>> {
  let released = false;
  let retry: NodeJS.Timeout | undefined;
  /** The one connection that holds the lock or waits for it; a second one would wait for the first for ever. */
  let current: pg.Client | undefined;
  const warn = (error: unknown, what: string): void =>
    options.log?.warn({ code: errorCode(error), space, number }, what);
  const take = async (): Promise<void> => {
    const client = await openConnection(options.url);
    if (released) return client.end();
    current = client;
    let granted = false;
    const lose = (error?: Error): void => {
      // Before the lock is granted a loss fails the query that waits for it, and that is told there.
      if (!granted || current !== client || released) return;
      warn(error, 'the connection that holds a lock was lost');
      takeAgain();
    };
    // From the start: without a listener an 'error' event would end the process.
    client.on('error', lose);
    client.on('end', () => lose());
    try {
      // Waits where the server has not yet noticed that the former connection is gone; that one still counts as holding.
      await client.query('SELECT pg_advisory_lock($1, $2)', [space, number]);
      granted = true;
    } catch (error) {
      // Where only the statement failed the connection is still there, and nobody else would end it.
      await client.end().catch(() => undefined);
      throw error;
    }
  };
  const takeAgain = (): void => {
    current = undefined;
    retry = setTimeout(() => {
      take().catch((error) => {
        if (released) return;
        warn(error, 'the lock could not be taken again yet');
        takeAgain();
      });
    }, RETRY_MS);
    retry.unref();
  };
  await take();
  return async () => {
    if (released) return;
    released = true;
    clearTimeout(retry);
    // Ending the connection releases the lock; one that is already broken released it by breaking.
    await current?.end().catch(() => undefined);
  };
}
