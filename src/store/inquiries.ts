import type { PulledInquiry, RowFault } from '../channel/inquiries.ts';
import { seoulDayOf } from '../domain/seoul-time.ts';
import { contentHash } from '../runtime/content-hash.ts';
import type { Queryable } from './database.ts';
import { campaignOfSql } from './orders.ts';

/** An inquiry with its buyer's contact sealed, or without one. */
export interface InquiryToKeep extends Omit<PulledInquiry, 'contact' | 'sender'> {
  sealedContact: string | null;
  contactUntil: Date | null;
}

export interface InquiryCounts {
  new: number;
  changed: number;
  unchanged: number;
}

/**
 * Writes inquiries as they are now. The product is found by our SKU, its model number or its name; a contact that is not
 * given again stays as it was, and so does the word that it was answered.
 */
export async function writeInquiries(
  tx: Queryable,
  source: { accountId: string; name: string },
  inquiries: readonly InquiryToKeep[],
): Promise<InquiryCounts> {
  const counts: InquiryCounts = { new: 0, changed: 0, unchanged: 0 };
  const rows = [...new Map(inquiries.map((one) => [one.externalId, one])).values()].map((one) => ({
    inquiry_id: one.externalId,
    kind: one.value.kind,
    channel_number: one.value.channelNumber,
    received_at: one.value.receivedAt,
    seoul_day: seoulDayOf(one.value.receivedAt),
    product_words: one.value.productWords,
    buyer_company: one.value.buyerCompany,
    buyer_country: one.value.buyerCountry,
    quantity: one.value.quantity,
    unit: one.value.unit,
    target_minor: one.value.targetPrice?.minor ?? null,
    target_currency: one.value.targetPrice?.currency ?? null,
    incoterm: one.value.incoterm,
    port: one.value.port,
    message: one.value.message,
    expires_at: one.value.expiresAt,
    extras: one.extras,
    source_row: one.row,
    content_hash: contentHash({ value: one.value, extras: one.extras }),
    sealed_contact: one.sealedContact,
    contact_until: one.contactUntil,
  }));
  if (rows.length === 0) return counts;
  const known = await tx.query<{ inquiry_id: string; content_hash: string }>(
    'select inquiry_id, content_hash from naru.inquiry where account_id = $1 and inquiry_id = any($2) for update',
    [source.accountId, rows.map((row) => row.inquiry_id)],
  );
  const before = new Map(known.rows.map((row) => [row.inquiry_id, row.content_hash]));
  const news = rows.filter((row) => before.get(row.inquiry_id) !== row.content_hash);
  for (const row of rows) {
    const old = before.get(row.inquiry_id);
    counts[old === undefined ? 'new' : old === row.content_hash ? 'unchanged' : 'changed'] += 1;
  }
  await tx.query(
    `with given as (
       select r.*, coalesce(
         (select p.sku from naru.product p where p.sku = r.product_words),
         (select min(p.sku) from naru.product p
          where lower(r.product_words) in (lower(p.model_name), lower(p.name_ko), lower(p.content -> 'name' ->> 'en'))
          having count(*) = 1)) as sku
       from jsonb_to_recordset($3::jsonb) as r(inquiry_id text, kind text, channel_number text, received_at timestamptz,
         seoul_day date, product_words text, buyer_company text, buyer_country text, quantity bigint, unit text,
         target_minor bigint, target_currency text, incoterm text, port text, message text, expires_at timestamptz,
         extras jsonb, source_row int, content_hash text, sealed_contact text, contact_until timestamptz))
     insert into naru.inquiry as i (account_id, inquiry_id, kind, channel_number, received_at, seoul_day, sku, campaign_id,
       product_words, buyer_company, buyer_country, quantity, unit, target_minor, target_currency, incoterm, port, message,
       expires_at, extras, source_name, source_row, content_hash, sealed_contact, contact_until)
     select $1, inquiry_id, kind, channel_number, received_at, seoul_day, sku,
       ${campaignOfSql('$1', 'given.sku', 'given.received_at')}, product_words, buyer_company, buyer_country, quantity,
       unit, target_minor, target_currency, incoterm, port, message, expires_at, extras, $2, source_row, content_hash,
       sealed_contact, contact_until from given
     on conflict (account_id, inquiry_id) do update set kind = excluded.kind, channel_number = excluded.channel_number,
       received_at = excluded.received_at, seoul_day = excluded.seoul_day, sku = coalesce(excluded.sku, i.sku),
       campaign_id = ${campaignOfSql('$1', 'coalesce(excluded.sku, i.sku)', 'excluded.received_at')},
       product_words = excluded.product_words,
       buyer_company = excluded.buyer_company, buyer_country = excluded.buyer_country, quantity = excluded.quantity,
       unit = excluded.unit, target_minor = excluded.target_minor, target_currency = excluded.target_currency,
       incoterm = excluded.incoterm, port = excluded.port, message = excluded.message, expires_at = excluded.expires_at,
       extras = excluded.extras, source_name = excluded.source_name, source_row = excluded.source_row,
       content_hash = excluded.content_hash, sealed_contact = coalesce(excluded.sealed_contact, i.sealed_contact),
       contact_until = coalesce(excluded.contact_until, i.contact_until)`,
    [source.accountId, source.name, JSON.stringify(news)],
  );
  return counts;
}

/** Puts inquiries under the campaign they now belong to, after a campaign was written. */
export async function attributeInquiries(tx: Queryable, campaignId: string): Promise<void> {
  const campaign = campaignOfSql('i.account_id', 'i.sku', 'i.received_at');
  await tx.query(
    `update naru.inquiry i set campaign_id = ${campaign}
     where (i.campaign_id = $1 or exists (select 1 from naru.campaign c
         join naru.campaign_member m on m.campaign_id = c.campaign_id and m.sku = i.sku
         where c.campaign_id = $1 and c.starts_at <= i.received_at and i.received_at < c.ends_at))
       and i.campaign_id is distinct from ${campaign}`,
    [campaignId],
  );
}

/** Remembers a file by its bytes. */
export async function keepInquiryFile(
  tx: Queryable,
  file: {
    accountId: string;
    sha256: string;
    name: string;
    now: Date;
    inquiries: number;
    faults: readonly RowFault[];
  },
): Promise<void> {
  await tx.query(
    `insert into naru.inquiry_file (account_id, sha256, name, imported_at, inquiries, faults)
     values ($1, $2, $3, $4, $5, $6::jsonb) on conflict do nothing`,
    [file.accountId, file.sha256, file.name, file.now, file.inquiries, JSON.stringify(file.faults)],
  );
}

/** What was found in these bytes when they were read before; null when they never were. */
export async function knownInquiryFile(
  store: Queryable,
  accountId: string,
  sha256: string,
): Promise<{ inquiries: number; faults: RowFault[] } | null> {
  const { rows } = await store.query<{ inquiries: number; faults: RowFault[] }>(
    'select inquiries, faults from naru.inquiry_file where account_id = $1 and sha256 = $2',
    [accountId, sha256],
  );
  return rows[0] ?? null;
}

/** Ids of inquiries without a channel's number: those that are one of these contents, or such a content and a sender. */
export async function inquiryIdsOf(tx: Queryable, accountId: string, contents: readonly string[]): Promise<string[]> {
  if (contents.length === 0) return [];
  const { rows } = await tx.query<{ inquiry_id: string }>(
    `select inquiry_id from naru.inquiry
     where account_id = $1 and channel_number is null and split_part(inquiry_id, '-', 1) = any($2) order by inquiry_id`,
    [accountId, contents],
  );
  return rows.map((row) => row.inquiry_id);
}

/** Gives an inquiry the id under which it is known from now on. */
export async function renameInquiry(tx: Queryable, accountId: string, from: string, to: string): Promise<void> {
  await tx.query('update naru.inquiry set inquiry_id = $3 where account_id = $1 and inquiry_id = $2', [
    accountId,
    from,
    to,
  ]);
}

/** An inquiry as staff see it; the contact is still sealed. */
export interface InquiryRow {
  account: string;
  inquiryId: string;
  kind: string;
  receivedAt: Date;
  sku: string | null;
  productName: string | null;
  productWords: string | null;
  company: string | null;
  campaignId: string | null;
  buyerCompany: string | null;
  buyerCountry: string | null;
  quantity: number | null;
  unit: string | null;
  message: string;
  expiresAt: Date | null;
  sealedContact: string | null;
  answeredAt: Date | null;
  answeredBy: string | null;
}

/** Inquiries, those that wait longest first. */
export async function listInquiries(
  store: Queryable,
  filter: { accountId?: string | undefined; open?: boolean | undefined } = {},
): Promise<InquiryRow[]> {
  const { rows } = await store.query<{
    account_id: string;
    inquiry_id: string;
    kind: string;
    received_at: Date;
    sku: string | null;
    name_ko: string | null;
    product_words: string | null;
    company: string | null;
    campaign_id: string | null;
    buyer_company: string | null;
    buyer_country: string | null;
    quantity: number | null;
    unit: string | null;
    message: string;
    expires_at: Date | null;
    sealed_contact: string | null;
    answered_at: Date | null;
    answered_by: string | null;
  }>(
    `select i.*, p.name_ko, c.name_ko as company from naru.inquiry i
     left join naru.product p using (sku) left join naru.company c using (business_no)
     where ($1::text is null or i.account_id = $1) and (not $2 or i.answered_at is null)
     order by i.received_at, i.account_id, i.inquiry_id`,
    [filter.accountId ?? null, filter.open ?? false],
  );
  return rows.map((row) => ({
    account: row.account_id,
    inquiryId: row.inquiry_id,
    kind: row.kind,
    receivedAt: row.received_at,
    sku: row.sku,
    productName: row.name_ko,
    productWords: row.product_words,
    company: row.company,
    campaignId: row.campaign_id,
    buyerCompany: row.buyer_company,
    buyerCountry: row.buyer_country,
    quantity: row.quantity,
    unit: row.unit,
    message: row.message,
    expiresAt: row.expires_at,
    sealedContact: row.sealed_contact,
    answeredAt: row.answered_at,
    answeredBy: row.answered_by,
  }));
}

export const leadGroupings = ['campaign', 'company', 'product', 'kind', 'channel', 'account', 'day'] as const;
export type LeadGrouping = (typeof leadGroupings)[number];

const groupingSql: Record<LeadGrouping, { key: string; name: string }> = {
  campaign: { key: `coalesce(i.campaign_id, '')`, name: 'max(m.name)' },
  company: { key: `coalesce(p.business_no, '')`, name: 'max(c.name_ko)' },
  product: { key: `coalesce(i.sku, '(unknown)')`, name: 'max(p.name_ko)' },
  kind: { key: `coalesce($4::jsonb ->> a.adapter_id, '')`, name: 'null::text' },
  channel: { key: 'a.adapter_id', name: 'null::text' },
  account: { key: 'i.account_id', name: 'null::text' },
  day: { key: 'i.seoul_day::text', name: 'null::text' },
};

export interface LeadsRow {
  key: string | null;
  name: string | null;
  inquiries: number;
  answered: number;
  open: number;
}

/** Leads in one grouping; all together when `by` is null. */
export async function readLeads(
  store: Queryable,
  query: {
    by: LeadGrouping | null;
    campaignId?: string | undefined;
    fromDay?: string | undefined;
    toDay?: string | undefined;
    /** The kind of every adapter by its id; needed by the grouping of that name. */
    kinds?: Readonly<Record<string, string>>;
  },
): Promise<LeadsRow[]> {
  const grouping = query.by ? groupingSql[query.by] : { key: 'null::text', name: 'null::text' };
  const { rows } = await store.query<{ key: string | null; name: string | null; inquiries: number; answered: number }>(
    `select ${grouping.key} as key, ${grouping.name} as name, count(*) as inquiries,
       count(*) filter (where i.answered_at is not null) as answered
     from naru.inquiry i join naru.account a using (account_id) left join naru.product p on p.sku = i.sku
     left join naru.company c on c.business_no = p.business_no left join naru.campaign m on m.campaign_id = i.campaign_id
     where ($1::text is null or i.campaign_id = $1) and ($2::date is null or i.seoul_day >= $2)
       and ($3::date is null or i.seoul_day <= $3) and $4::jsonb is not null
     group by 1 order by 1`,
    [query.campaignId ?? null, query.fromDay ?? null, query.toDay ?? null, JSON.stringify(query.kinds ?? {})],
  );
  return rows.map((row) => ({ ...row, open: row.inquiries - row.answered }));
}

/** Notes who answered; false when there is no such inquiry. An answer that was noted before stays as it was. */
export async function markAnswered(
  store: Queryable,
  answer: { accountId: string; inquiryId: string; by: string; now: Date },
): Promise<boolean> {
  const { rowCount } = await store.query(
    `update naru.inquiry set answered_at = coalesce(answered_at, $4), answered_by = coalesce(answered_by, $3)
     where account_id = $1 and inquiry_id = $2`,
    [answer.accountId, answer.inquiryId, answer.by, answer.now],
  );
  return rowCount > 0;
}

/** Erases the contacts whose time is over; says how many. */
export async function eraseOldContacts(store: Queryable, now: Date): Promise<number> {
  const { rowCount } = await store.query(
    `update naru.inquiry set sealed_contact = null, contact_until = null
     where sealed_contact is not null and contact_until <= $1`,
    [now],
  );
  return rowCount;
}
