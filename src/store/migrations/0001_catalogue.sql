-- What we sell: companies, products with their certificates, who approved them, campaigns, images.

create table naru.company (
  business_no text primary key,
  name_ko text not null,
  name_en text not null,
  updated_at timestamptz not null
);

create table naru.product (
  sku text primary key,
  business_no text not null references naru.company,
  model_name text not null,
  name_ko text not null,
  content jsonb not null,
  -- The words that need a mapping on every account, asked for at every push: taking them out of the content of a hundred
  -- thousand products takes a second each time.
  group_word text generated always as (content -> 'group' ->> 'ko') stored,
  notice_type text generated always as (content ->> 'noticeType') stored,
  -- Everything but price and stock: what a channel document is made of. Price and stock have cheaper writes.
  content_hash text not null,
  -- The whole row as imported, to tell a change from a repeat.
  row_hash text not null,
  price_krw bigint not null check (price_krw >= 0),
  stock_qty bigint not null check (stock_qty >= 0),
  -- From when on stock_qty holds: orders after it lower what may be sold.
  stock_declared_at timestamptz not null,
  -- Units ordered since then and not cancelled, on all channels together.
  sold_units bigint not null default 0,
  approval_state text not null,
  -- Open warnings of the catalogue rules; while there are any, only a person who gives a reason may approve.
  warnings jsonb not null default '[]',
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index product_company on naru.product (business_no);
create index product_approval on naru.product (approval_state, sku);
create index product_words on naru.product (group_word, notice_type);

create table naru.certificate (
  sku text not null references naru.product on delete cascade,
  kind text not null,
  number text not null,
  valid_from date not null,
  -- The printed last day, which still counts. Never computed: the schemes changed their terms more than once.
  valid_to date not null,
  -- Cancelled or given up before its end; null while it stands.
  withdrawn_on date,
  primary key (sku, kind, number)
);
create index certificate_end on naru.certificate (valid_to);

create table naru.approval_event (
  event_id bigint generated always as identity primary key,
  sku text not null references naru.product,
  from_state text,
  to_state text not null,
  by_name text not null,
  reason text,
  at timestamptz not null
);
create index approval_event_sku on naru.approval_event (sku, event_id);

-- History is evidence: it is added to, never changed.
create function naru.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger approval_event_append_only before update or delete on naru.approval_event
  for each row execute function naru.refuse_change();

create table naru.price_history (
  sku text not null references naru.product on delete cascade,
  price_krw bigint not null,
  list_price_krw bigint not null,
  since timestamptz not null,
  primary key (sku, since)
);

create table naru.image (
  sha256 text primary key,
  content_type text not null,
  width int not null,
  height int not null,
  bytes bytea not null
);

create table naru.product_image (
  sku text not null references naru.product on delete cascade,
  position int not null,
  sha256 text not null references naru.image,
  primary key (sku, position)
);

create table naru.campaign (
  campaign_id text primary key,
  name text not null,
  starts_at timestamptz not null,
  -- The first instant that no longer belongs to it.
  ends_at timestamptz not null check (ends_at > starts_at),
  updated_at timestamptz not null
);

create table naru.campaign_member (
  campaign_id text not null references naru.campaign on delete cascade,
  sku text not null,
  price_krw bigint,
  primary key (campaign_id, sku)
);
create index campaign_member_sku on naru.campaign_member (sku);
