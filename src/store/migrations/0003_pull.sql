-- What came back: raw records, orders and claims derived from them, and sales facts derived from those.

create table naru.bookmark (
  account_id text not null references naru.account,
  stream text not null,
  -- Everything before this instant has been read and committed.
  through timestamptz,
  -- A window that was begun: where to go on after a stop.
  window_from timestamptz,
  window_to timestamptz,
  cursor text,
  swept_at timestamptz,
  updated_at timestamptz not null,
  lease_process int,
  lease_token text,
  lease_until timestamptz,
  primary key (account_id, stream)
);

-- What the channel told us, word for word but for personal data, which never gets here.
create table naru.raw_record (
  account_id text not null,
  stream text not null,
  external_id text not null,
  content_hash text not null,
  payload jsonb not null,
  first_seen_at timestamptz not null,
  run_id text,
  primary key (account_id, stream, external_id, content_hash)
);
create index raw_record_age on naru.raw_record (first_seen_at);

create table naru.record_head (
  account_id text not null,
  stream text not null,
  external_id text not null,
  content_hash text not null,
  version int not null,
  updated_at timestamptz not null,
  primary key (account_id, stream, external_id)
);

create table naru.order_line (
  account_id text not null,
  -- The record that says so: a line that its newest version no longer names is gone.
  record_id text not null,
  order_id text not null,
  line_id text not null,
  site text not null,
  cart_id text,
  -- Null while the product is not known: saved first, matched later.
  sku text,
  external_listing_id text,
  title text,
  status text not null,
  raw_status text not null,
  ordered_at timestamptz not null,
  seoul_day date not null,
  campaign_id text,
  currency text not null,
  units bigint not null,
  unit_price bigint not null,
  gross bigint not null,
  seller_discount bigint not null,
  channel_discount bigint not null,
  -- As the channel says; where orders of one group repeat a shared fee, only one of them counts it.
  shipping_told bigint not null,
  shipping_group text,
  shipping bigint not null default 0,
  -- Done claims only.
  cancelled_units bigint not null default 0,
  cancelled bigint not null default 0,
  returned_units bigint not null default 0,
  returned bigint not null default 0,
  -- Sites of one account number their orders each for themselves.
  primary key (account_id, site, order_id, line_id)
);
create index order_line_order on naru.order_line (account_id, order_id);
create index order_line_record on naru.order_line (account_id, record_id);
create index order_line_fact on naru.order_line (account_id, seoul_day, sku);
create index order_line_sku on naru.order_line (sku, ordered_at);
create index order_line_shipping on naru.order_line (account_id, shipping_group) where shipping_group is not null;
create index order_line_unmatched on naru.order_line (account_id, external_listing_id) where sku is null;

create table naru.claim (
  account_id text not null,
  claim_id text not null,
  kind text not null,
  state text not null,
  raw_state text not null,
  order_id text not null,
  line_id text,
  site text not null,
  units bigint,
  amount bigint,
  requested_at timestamptz not null,
  completed_at timestamptz,
  reason text,
  primary key (account_id, claim_id)
);
create index claim_order on naru.claim (account_id, order_id);

create table naru.settlement (
  account_id text not null,
  settlement_id text not null,
  kind text not null,
  order_id text not null,
  site text not null,
  settled_on date,
  currency text not null,
  gross bigint not null,
  commission bigint not null,
  -- Discounts at the seller's cost: gross less commission less this is the payout.
  deduction bigint not null,
  payout bigint not null,
  primary key (account_id, settlement_id)
);
create index settlement_order on naru.settlement (account_id, order_id);

-- Sales as known now; one row per Seoul day, campaign, account and product.
create table naru.sales_fact (
  seoul_day date not null,
  campaign_id text not null default '',
  account_id text not null,
  sku text not null,
  currency text not null,
  business_no text not null default '',
  orders bigint not null,
  units bigint not null,
  gross bigint not null,
  cancelled_units bigint not null,
  cancelled bigint not null,
  returned_units bigint not null,
  returned bigint not null,
  seller_discount bigint not null,
  channel_discount bigint not null,
  shipping bigint not null,
  primary key (account_id, seoul_day, sku, campaign_id, currency)
);
create index sales_fact_day on naru.sales_fact (seoul_day);
create index sales_fact_campaign on naru.sales_fact (campaign_id, seoul_day);

-- Every change of a fact, so that a report of last week can be shown as it was reported then.
create table naru.sales_change (
  change_id bigint generated always as identity primary key,
  at timestamptz not null,
  seoul_day date not null,
  campaign_id text not null,
  account_id text not null,
  sku text not null,
  currency text not null,
  business_no text not null,
  orders bigint not null,
  units bigint not null,
  gross bigint not null,
  cancelled_units bigint not null,
  cancelled bigint not null,
  returned_units bigint not null,
  returned bigint not null,
  seller_discount bigint not null,
  channel_discount bigint not null,
  shipping bigint not null
);
create index sales_change_at on naru.sales_change (at);
create trigger sales_change_append_only before update or delete on naru.sales_change
  for each row execute function naru.refuse_change();
