import { errorCode } from './database.ts';
import { openConnection, type PostgresOptions } from './postgres-connection.ts';

const RETRY_MS = 1_000;

/**
 * Holds a PostgreSQL advisory lock on a connection of its own, so that the server drops it the moment this process ends.
 * When the connection is lost it connects anew, every second until it succeeds. Returns what releases the lock.
 * @throws StoreUnavailableError when the first connection fails.
 */
export async function holdSessionLock(
  options: PostgresOptions,
  space: number,
  number: number,
): Promise<() => Promise<void>> {
  let released = false;
  let retry: NodeJS.Timeout | undefined;
  const take = async (): Promise<Awaited<ReturnType<typeof openConnection>>> => {
    const client = await openConnection(options.url);
    let lost = false;
    const lose = (error?: Error): void => {
      if (lost || released) return;
      lost = true;
      options.log?.warn({ code: errorCode(error), space, number }, 'the connection that holds a lock was lost');
      takeAgain();
    };
    client.on('error', lose);
    client.on('end', () => lose());
    // Waits where the server has not yet noticed that the former connection is gone; that one still counts as holding.
    await client.query('SELECT pg_advisory_lock($1, $2)', [space, number]);
    return client;
  };
  const takeAgain = (): void => {
    retry = setTimeout(() => {
      holding = take();
      holding.catch((error) => {
        options.log?.warn({ code: errorCode(error), space, number }, 'the lock could not be taken again yet');
        if (!released) takeAgain();
      });
    }, RETRY_MS);
    retry.unref();
  };
  let holding = take();
  await holding;
  return async () => {
    if (released) return;
    released = true;
    clearTimeout(retry);
    // Ending the connection releases the lock; one that is already broken released it by breaking.
    await holding.then(
      (client) => client.end(),
      () => undefined,
    );
  };
}
