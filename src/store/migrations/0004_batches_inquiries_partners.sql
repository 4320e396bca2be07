-- Channels without an API, and partners who call us: batches that a person carries, inquiries, messages at our door.

create table naru.batch (
  batch_id text primary key,
  account_id text not null references naru.account,
  number int not null,
  built_at timestamptz not null,
  file_name text not null,
  sha256 text not null,
  -- Where the file was put for the person who uploads it; null while it was not.
  delivered_to text,
  unique (account_id, number)
);

create table naru.batch_item (
  batch_id text not null references naru.batch,
  listing_id bigint not null references naru.listing,
  action text not null check (action in ('add', 'update', 'delete')),
  -- What a confirmation will mean: the base of the next comparison.
  wanted jsonb not null,
  wanted_hash text not null,
  document jsonb not null,
  -- Null while the person has not told; a later batch of the same listing makes an open item superseded.
  outcome text check (outcome in ('confirmed', 'refused', 'superseded')),
  note text,
  told_at timestamptz,
  primary key (batch_id, listing_id)
);
create index batch_item_listing on naru.batch_item (listing_id);
create index batch_item_open on naru.batch_item (listing_id) where outcome is null;

create table naru.inquiry (
  account_id text not null references naru.account,
  inquiry_id text not null,
  kind text not null,
  channel_number text,
  received_at timestamptz not null,
  seoul_day date not null,
  -- Null while the product is not known: kept first, matched later.
  sku text,
  product_words text,
  campaign_id text,
  buyer_company text,
  buyer_country text,
  quantity bigint,
  unit text,
  target_minor bigint,
  target_currency text,
  incoterm text,
  port text,
  message text not null,
  expires_at timestamptz,
  extras jsonb not null default '{}',
  source_name text not null,
  source_row int not null,
  content_hash text not null,
  -- AES-256-GCM under NARU_SECRET_KEY; only where the account says so, and not for longer than it says.
  sealed_contact text,
  contact_until timestamptz,
  answered_at timestamptz,
  answered_by text,
  primary key (account_id, inquiry_id)
);
create index inquiry_day on naru.inquiry (seoul_day);
create index inquiry_sku on naru.inquiry (sku);
create index inquiry_contact on naru.inquiry (contact_until) where sealed_contact is not null;

-- A file that was read before is known by its bytes; its bad rows are kept with their reasons.
create table naru.inquiry_file (
  account_id text not null references naru.account,
  sha256 text not null,
  name text not null,
  imported_at timestamptz not null,
  inquiries int not null,
  faults jsonb not null,
  primary key (account_id, sha256)
);

-- What partners sent, by their own id of it: a repeat is known for good.
create table naru.inbound_message (
  account_id text not null references naru.account,
  message_id text not null,
  sha256 text not null,
  received_at timestamptz not null,
  primary key (account_id, message_id)
);

-- People who look at our pages on a partner's word. The address is the only key, so only its hash is kept.
create table naru.visit (
  token_hash text primary key,
  account_id text not null references naru.account,
  data jsonb not null,
  expires_at timestamptz not null
);
create index visit_end on naru.visit (expires_at);

-- What was told to a channel about an order. Written down before it is sent, like an attempt.
create table naru.order_notice (
  notice_id bigint generated always as identity primary key,
  account_id text not null,
  site text not null,
  order_id text not null,
  kind text not null check (kind in ('acknowledge', 'ship')),
  content jsonb not null,
  by_name text not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  outcome text,
  code text
);
create index order_notice_order on naru.order_notice (account_id, site, order_id);

-- The channel's own count of a record's changes: an older version that comes late is kept and changes nothing.
alter table naru.record_head add column source_version bigint;

create table naru.exchange_rate (
  currency text not null,
  -- From this Seoul day on, until a later one.
  day date not null,
  krw_per_unit numeric(18, 6) not null check (krw_per_unit > 0),
  source text not null,
  imported_at timestamptz not null,
  primary key (currency, day)
);
