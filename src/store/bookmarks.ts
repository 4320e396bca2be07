import type { Stream } from '../domain/stream.ts';
import type { Queryable } from './database.ts';
import { leaseIsFreeSql } from './process-presence.ts';

/** How far a stream of an account has been read. */
export interface Bookmark {
  /** Everything before this instant is committed; null before the first run. */
  through: Date | null;
  /** A window that was begun and not finished, with the page to go on at. */
  begun: { from: Date; to: Date; cursor: string | null } | null;
  sweptAt: Date | null;
}

interface BookmarkRow {
  through: Date | null;
  window_from: Date | null;
  window_to: Date | null;
  cursor: string | null;
  swept_at: Date | null;
}

/** One puller per account and stream: null when a living process holds it. */
export async function leaseBookmark(
  store: Queryable,
  lease: { accountId: string; stream: Stream; process: number; token: string; until: Date; now: Date },
): Promise<Bookmark | null> {
  const { rows } = await store.query<BookmarkRow>(
    `insert into naru.bookmark as b (account_id, stream, updated_at, lease_process, lease_token, lease_until)
     values ($1, $2, $6, $3, $4, $5)
     on conflict (account_id, stream) do update set lease_process = $3, lease_token = $4, lease_until = $5
       where ${leaseIsFreeSql('b', '$6::timestamptz')}
     returning through, window_from, window_to, cursor, swept_at`,
    [lease.accountId, lease.stream, lease.process, lease.token, lease.until, lease.now],
  );
  return rows[0] ? fromRow(rows[0]) : null;
}

/** Moves the bookmark, in the transaction that holds the records it stands for. False when the lease was lost. */
export async function moveBookmark(
  tx: Queryable,
  target: { accountId: string; stream: Stream; token: string; until: Date; now: Date },
  to: Bookmark,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update naru.bookmark set through = $5, window_from = $6, window_to = $7, cursor = $8, swept_at = $9,
       updated_at = $4, lease_until = $10
     where account_id = $1 and stream = $2 and lease_token = $3`,
    [
      target.accountId,
      target.stream,
      target.token,
      target.now,
      to.through,
      to.begun?.from ?? null,
      to.begun?.to ?? null,
      to.begun?.cursor ?? null,
      to.sweptAt,
      target.until,
    ],
  );
  return rowCount > 0;
}

/** Gives the stream free for the next run. */
export async function releaseBookmark(
  store: Queryable,
  target: { accountId: string; stream: Stream; token: string },
): Promise<void> {
  await store.query(
    `update naru.bookmark set lease_process = null, lease_token = null, lease_until = null
     where account_id = $1 and stream = $2 and lease_token = $3`,
    [target.accountId, target.stream, target.token],
  );
}

/** Where every stream stands; for the metrics and the doctor. */
export async function listBookmarks(
  store: Queryable,
): Promise<{ accountId: string; stream: Stream; through: Date | null; updatedAt: Date }[]> {
  const { rows } = await store.query<{ account_id: string; stream: Stream; through: Date | null; updated_at: Date }>(
    'select account_id, stream, through, updated_at from naru.bookmark order by account_id, stream',
  );
  return rows.map((row) => ({
    accountId: row.account_id,
    stream: row.stream,
    through: row.through,
    updatedAt: row.updated_at,
  }));
}

function fromRow(row: BookmarkRow): Bookmark {
  return {
    through: row.through,
    begun: row.window_from && row.window_to ? { from: row.window_from, to: row.window_to, cursor: row.cursor } : null,
    sweptAt: row.swept_at,
  };
}
