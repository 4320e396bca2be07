import type { Json } from '../domain/listing.ts';
import type { Queryable } from './database.ts';

/**
 * Takes a message's id for this transaction. `new`: nobody had it. Of many that come at once the others wait for the
 * first to commit, and are then told that it was there.
 */
export async function claimMessage(
  tx: Queryable,
  message: { accountId: string; messageId: string; sha256: string; now: Date },
): Promise<'new' | 'same' | 'other'> {
  const { rowCount } = await tx.query(
    `insert into naru.inbound_message (account_id, message_id, sha256, received_at) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [message.accountId, message.messageId, message.sha256, message.now],
  );
  if (rowCount > 0) return 'new';
  const { rows } = await tx.query<{ sha256: string }>(
    'select sha256 from naru.inbound_message where account_id = $1 and message_id = $2',
    [message.accountId, message.messageId],
  );
  return rows[0]?.sha256 === message.sha256 ? 'same' : 'other';
}

/** Opens a visit under the hash of its token. */
export async function openVisit(
  store: Queryable,
  visit: { tokenHash: string; accountId: string; data: Json; expiresAt: Date },
): Promise<void> {
  await store.query(
    'insert into naru.visit (token_hash, account_id, data, expires_at) values ($1, $2, $3::jsonb, $4)',
    [visit.tokenHash, visit.accountId, JSON.stringify(visit.data), visit.expiresAt],
  );
}

/** A visit that has not ended; null when there is none. */
export async function findVisit(
  store: Queryable,
  visit: { tokenHash: string; accountId: string; now: Date },
): Promise<{ data: Json } | null> {
  const { rows } = await store.query<{ data: Json }>(
    'select data from naru.visit where token_hash = $1 and account_id = $2 and expires_at > $3',
    [visit.tokenHash, visit.accountId, visit.now],
  );
  return rows[0] ?? null;
}

/**
 * What a visit knows from now on, or its end when `to` is null. False when it knows something else than `from` by now: of
 * two clicks at once the second has to look again, or the first would be lost.
 */
export async function moveVisit(store: Queryable, tokenHash: string, from: Json, to: Json | null): Promise<boolean> {
  const known = JSON.stringify(from);
  const { rowCount } =
    to === null
      ? await store.query('delete from naru.visit where token_hash = $1 and data = $2::jsonb', [tokenHash, known])
      : await store.query('update naru.visit set data = $3::jsonb where token_hash = $1 and data = $2::jsonb', [
          tokenHash,
          known,
          JSON.stringify(to),
        ]);
  return rowCount > 0;
}

/** Visits whose time is over; says how many there were. */
export async function dropOldVisits(store: Queryable, now: Date): Promise<number> {
  const { rowCount } = await store.query('delete from naru.visit where expires_at <= $1', [now]);
  return rowCount;
}
