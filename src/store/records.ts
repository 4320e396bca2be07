import type { Json } from '../domain/listing.ts';
import type { Stream } from '../domain/stream.ts';
import { contentHash } from '../runtime/content-hash.ts';
import type { Queryable } from './database.ts';

export interface RecordToKeep {
  externalId: string;
  raw: Json;
  /** The channel's own count of the record's changes. */
  version?: number;
}

/** `late`: an older version of a record whose newer one is known; kept, and no news. */
export type RecordNovelty = 'new' | 'changed' | 'unchanged' | 'late';

/**
 * Keeps what the channel said, append-only by content, and tells for each record whether it is news. Of several
 * versions of one record in a page the last counts.
 */
export async function keepRecords(
  tx: Queryable,
  page: { accountId: string; stream: Stream; runId: string | null; now: Date; records: readonly RecordToKeep[] },
): Promise<Map<string, RecordNovelty>> {
  const hashes = new Map(page.records.map((record) => [record.externalId, contentHash(record.raw)]));
  if (hashes.size === 0) return new Map();
  const known = await tx.query<{ external_id: string; content_hash: string; source_version: number | null }>(
    `select external_id, content_hash, source_version from naru.record_head
     where account_id = $1 and stream = $2 and external_id = any($3) for update`,
    [page.accountId, page.stream, [...hashes.keys()]],
  );
  const before = new Map(known.rows.map((row) => [row.external_id, row.content_hash]));
  const heads = new Map(known.rows.map((row) => [row.external_id, row.source_version]));
  const isLate = ({ externalId, version }: RecordToKeep) => (version ?? 0) < (heads.get(externalId) ?? 0);
  const novelty = new Map<string, RecordNovelty>();
  for (const [externalId, hash] of hashes) {
    const old = before.get(externalId);
    novelty.set(externalId, old === undefined ? 'new' : old === hash ? 'unchanged' : 'changed');
  }
  const news = page.records.filter((record) => novelty.get(record.externalId) !== 'unchanged');
  if (news.length === 0) return novelty;
  const latest = [...new Map(news.map((record) => [record.externalId, record])).values()];
  const rowsOf = (records: readonly RecordToKeep[]) =>
    JSON.stringify(
      records.map((record) => ({
        external_id: record.externalId,
        content_hash: hashes.get(record.externalId),
        payload: record.raw,
        source_version: record.version ?? null,
      })),
    );
  // An older version that comes late is kept like any other, and is no news.
  for (const record of latest) if (isLate(record)) novelty.set(record.externalId, 'late');
  await tx.query(
    `insert into naru.raw_record (account_id, stream, external_id, content_hash, payload, first_seen_at, run_id)
     select $1, $2, external_id, content_hash, payload, $4, $5
     from jsonb_to_recordset($3::jsonb) as r(external_id text, content_hash text, payload jsonb)
     on conflict do nothing`,
    [page.accountId, page.stream, rowsOf(latest), page.now, page.runId],
  );
  await tx.query(
    `insert into naru.record_head as h (account_id, stream, external_id, content_hash, source_version, version, updated_at)
     select $1, $2, external_id, content_hash, source_version, 1, $4
     from jsonb_to_recordset($3::jsonb) as r(external_id text, content_hash text, source_version bigint)
     on conflict (account_id, stream, external_id) do update
       set content_hash = excluded.content_hash, source_version = excluded.source_version, version = h.version + 1, updated_at = $4`,
    [page.accountId, page.stream, rowsOf(latest.filter((record) => !isLate(record))), page.now],
  );
  return novelty;
}
