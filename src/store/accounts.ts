import { isDeepStrictEqual } from 'node:util';
import { type Mappings, mappingsSchema } from '../domain/mapping.ts';
import type { Database, Queryable } from './database.ts';

export interface StoredAccount {
  accountId: string;
  adapterId: string;
  settings: unknown;
  sealedCredentials: string;
  mappings: Mappings;
  /** Hash of the words without a mapping that the channel was last asked about; null: never asked. */
  askedWordsHash: string | null;
  revision: number;
  state: 'active' | 'paused';
  pause: { kind: string; messageKo: string; messageEn: string; at: Date } | null;
  createdAt: Date;
}

interface AccountRow {
  account_id: string;
  adapter_id: string;
  settings: unknown;
  sealed_credentials: string;
  mappings: unknown;
  asked_words_hash: string | null;
  revision: number;
  state: 'active' | 'paused';
  pause_kind: string | null;
  pause_message_ko: string | null;
  pause_message_en: string | null;
  paused_at: Date | null;
  created_at: Date;
}

/** All accounts, by id. */
export async function listAccounts(store: Queryable): Promise<StoredAccount[]> {
  const { rows } = await store.query<AccountRow>('select * from naru.account order by account_id');
  return rows.map(fromRow);
}

/** Null when there is none. */
export async function findAccount(store: Queryable, accountId: string): Promise<StoredAccount | null> {
  const { rows } = await store.query<AccountRow>('select * from naru.account where account_id = $1', [accountId]);
  return rows[0] ? fromRow(rows[0]) : null;
}

/**
 * Adds an account or replaces its settings and credentials; a paused one becomes active again, because new credentials
 * are how people answer a pause. Mappings are kept when `mappings` is null.
 */
export async function saveAccount(
  store: Queryable,
  account: {
    accountId: string;
    adapterId: string;
    settings: unknown;
    sealedCredentials: string;
    mappings: Mappings | null;
    now: Date;
  },
): Promise<'added' | 'changed'> {
  const { rows } = await store.query<{ added: boolean }>(
    `insert into naru.account as a (account_id, adapter_id, settings, sealed_credentials, mappings, state, created_at)
     values ($1, $2, $3, $4, coalesce($5::jsonb, $6::jsonb), 'active', $7)
     on conflict (account_id) do update set settings = $3, sealed_credentials = $4,
       mappings = coalesce($5::jsonb, a.mappings), asked_words_hash = null, revision = a.revision + 1, state = 'active', pause_kind = null,
       pause_message_ko = null, pause_message_en = null, paused_at = null
     returning (xmax = 0) as added`,
    [
      account.accountId,
      account.adapterId,
      JSON.stringify(account.settings),
      account.sealedCredentials,
      account.mappings ? JSON.stringify(account.mappings) : null,
      JSON.stringify(mappingsSchema.parse({})),
      account.now,
    ],
  );
  return rows[0]?.added ? 'added' : 'changed';
}

/**
 * Changes the mappings of an account by what they are at that moment: the row is locked meanwhile, so that of two writers
 * neither loses what the other wrote. Every document made with the old ones is made again at the next plan. Gives the
 * mappings as they are now; null when there is no such account.
 */
export async function changeMappings(
  store: Database,
  accountId: string,
  change: (mappings: Mappings) => Mappings,
): Promise<Mappings | null> {
  return store.transaction(async (tx) => {
    const locked = 'select mappings from naru.account where account_id = $1 for update';
    const { rows } = await tx.query<{ mappings: unknown }>(locked, [accountId]);
    if (!rows[0]) return null;
    const before = mappingsSchema.parse(rows[0].mappings);
    const after = change(before);
    // Nothing new: documents need not be made again.
    if (isDeepStrictEqual(before, after)) return before;
    await tx.query('update naru.account set mappings = $2, revision = revision + 1 where account_id = $1', [
      accountId,
      JSON.stringify(after),
    ]);
    return after;
  });
}

/** Remembers which words the channel was asked about, so that it is not asked about them at every push. */
export async function rememberAskedWords(store: Queryable, accountId: string, wordsHash: string): Promise<void> {
  await store.query('update naru.account set asked_words_hash = $2 where account_id = $1', [accountId, wordsHash]);
}

/** Stops all work of an account until people have acted. Repeating it keeps the first reason and time. */
export async function pauseAccount(
  store: Queryable,
  pause: { accountId: string; kind: string; messageKo: string; messageEn: string; now: Date },
): Promise<void> {
  await store.query(
    `update naru.account set state = 'paused', pause_kind = $2, pause_message_ko = $3, pause_message_en = $4, paused_at = $5
     where account_id = $1 and state = 'active'`,
    [pause.accountId, pause.kind, pause.messageKo, pause.messageEn, pause.now],
  );
}

/** Lets an account work again. */
export async function resumeAccount(store: Queryable, accountId: string): Promise<void> {
  await store.query(
    `update naru.account set state = 'active', pause_kind = null, pause_message_ko = null, pause_message_en = null,
       paused_at = null where account_id = $1`,
    [accountId],
  );
}

function fromRow(row: AccountRow): StoredAccount {
  return {
    accountId: row.account_id,
    adapterId: row.adapter_id,
    settings: row.settings,
    sealedCredentials: row.sealed_credentials,
    mappings: mappingsSchema.parse(row.mappings),
    askedWordsHash: row.asked_words_hash,
    revision: row.revision,
    state: row.state,
    pause:
      row.state === 'paused'
        ? {
            kind: row.pause_kind ?? '',
            messageKo: row.pause_message_ko ?? '',
            messageEn: row.pause_message_en ?? '',
            at: row.paused_at ?? row.created_at,
          }
        : null,
    createdAt: row.created_at,
  };
}
