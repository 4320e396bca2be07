-- Accounts, and one product on one account: what it should be, what it is, and every attempt to close the gap.

create table naru.account (
  account_id text primary key,
  adapter_id text not null,
  settings jsonb not null,
  -- AES-256-GCM under NARU_SECRET_KEY; never leaves the process in clear.
  sealed_credentials text not null,
  mappings jsonb not null,
  -- Words without a mapping that the channel was last asked about.
  asked_words_hash text,
  -- Grows with every change of settings or mappings: documents made before it must be made again.
  revision bigint not null default 1,
  state text not null check (state in ('active', 'paused')),
  pause_kind text,
  pause_message_ko text,
  pause_message_en text,
  paused_at timestamptz,
  created_at timestamptz not null
);

create table naru.campaign_account (
  campaign_id text not null references naru.campaign on delete cascade,
  account_id text not null references naru.account,
  primary key (campaign_id, account_id)
);

-- A number per running process; it holds an advisory lock of this number as long as it lives, so that a lease of a dead
-- process is known as dead at once, without waiting for a time to pass.
create sequence naru.process_number as integer;

create table naru.listing (
  listing_id bigint generated always as identity primary key,
  account_id text not null references naru.account,
  sku text not null references naru.product,
  state text not null,
  external_ids jsonb not null default '{}',
  -- What the content hash below was made from; when it differs from now's, the document is made again.
  rendered_key text,
  content_hash text,
  -- Why no document can be made: findings of the adapter.
  findings jsonb not null default '[]',
  -- The last write the channel took: base of the three-way comparison.
  pushed jsonb,
  -- Units sold per site since that write: a channel lowers its own stock, and must not be told the old number again.
  sold_since_push jsonb not null default '{}',
  observed jsonb,
  observed_at timestamptz,
  -- What the channel refused, by the hash of what was wanted: not sent again until something changes.
  refused_hash text,
  refusal jsonb,
  -- Reading back: since when, how often, and when next.
  accepted_at timestamptz,
  checks int not null default 0,
  check_after timestamptz,
  -- After a passing failure: not before.
  retry_after timestamptz,
  failures int not null default 0,
  -- One writer at a time.
  lease_process int,
  lease_token text,
  lease_until timestamptz,
  updated_at timestamptz not null,
  unique (account_id, sku)
);
create index listing_sku on naru.listing (sku);
create index listing_check on naru.listing (account_id, check_after) where check_after is not null;
create index listing_state on naru.listing (account_id, state);

create table naru.attempt (
  attempt_id bigint generated always as identity primary key,
  listing_id bigint not null references naru.listing,
  operation text not null,
  -- The whole wanted state, so that a later process knows what may have happened.
  wanted jsonb not null,
  run_id text,
  started_at timestamptz not null,
  -- Null with no outcome: sent or about to be sent, the answer is unknown. In doubt.
  finished_at timestamptz,
  outcome text,
  code text,
  message text
);
create index attempt_listing on naru.attempt (listing_id, attempt_id);
create index attempt_run on naru.attempt (run_id);
create index attempt_open on naru.attempt (listing_id) where finished_at is null;

create table naru.rate_limit (
  account_id text not null,
  family text not null,
  bucket text not null,
  -- GCRA: the theoretical arrival time of the next call, ms since 1970.
  next_at double precision not null,
  -- A strict slot that is out and not yet answered.
  held_until double precision not null default 0,
  primary key (account_id, family, bucket)
);

create table naru.dead_letter (
  dead_letter_id bigint generated always as identity primary key,
  job_name text not null,
  payload jsonb not null,
  account_id text,
  sku text,
  kind text not null,
  code text not null,
  message_ko text not null,
  message_en text not null,
  attempts int not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  replayed_at timestamptz
);
create unique index dead_letter_open on naru.dead_letter (job_name, payload) where replayed_at is null;

create table naru.run (
  run_id text primary key,
  kind text not null,
  account_id text,
  started_at timestamptz not null,
  finished_at timestamptz,
  result jsonb
);
create index run_started on naru.run (started_at);
