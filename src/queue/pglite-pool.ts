import pg from 'pg';
import type { PgliteSession } from '../store/pglite-session.ts';
import { VALUE_PARSERS } from '../store/sql-values.ts';
import { QUEUE_SEARCH_PATH, SharedSessionPool } from './shared-session-pool.ts';

// The queue library was written against pg's own conversions (int8 as text, for one), so it gets exactly those.
const PG_PARSERS = Object.fromEntries(
  Object.keys(VALUE_PARSERS).map((oid) => [oid, pg.types.getTypeParser(Number(oid), 'text')]),
) as Record<number, (text: string) => unknown>;

/**
 * A pg.Pool shape over the embedded store's one session, for the queue library. It shares the session's turns with the
 * store; ending it leaves the store open.
 */
export function createPglitePool(session: PgliteSession): SharedSessionPool {
  return new SharedSessionPool({
    run: (text, values) => session.hold((run) => run(text, values, PG_PARSERS), QUEUE_SEARCH_PATH),
    take: async () => {
      const { run, release } = await session.acquire(QUEUE_SEARCH_PATH);
      return { run: (text, values) => run(text, values, PG_PARSERS), giveBack: () => release() };
    },
    listen: async (text) => {
      await session.hold((run) => run(text), QUEUE_SEARCH_PATH);
    },
    // One process, one engine: the listening session cannot be lost without everything else.
    follow: (onNotify) => session.onNotification(onNotify),
  });
}

/**
 * Gives back the jobs that a killed process had taken. Whoever holds the data folder is its only process, so nobody can
 * be working on them; a queue on a server has to wait half a minute for their locks to end. Call it before any worker
 * starts.
 */
export async function releaseOrphans(session: PgliteSession): Promise<void> {
  await session.hold((run) =>
    run(
      `UPDATE bullmq.job SET state = 'waiting', lock_token = NULL, locked_until_ms = NULL, stalled_marked = false
       WHERE state = 'active'`,
    ),
  );
}
