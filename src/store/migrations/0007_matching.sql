-- Order lines and inquiries whose product came later find it by themselves: an order line keeps the SKU that the channel
-- told, also while no product has it.
alter table naru.order_line add column told_sku text;
create index order_line_told on naru.order_line (told_sku) where sku is null;
create index inquiry_unmatched on naru.inquiry (account_id, inquiry_id) where sku is null;

-- What people recorded about certificates: cancelled or given up from a day on, or, without a day, in force again after a
-- mistake. Kept apart from the rows of products, which a catalogue may leave out and bring back.
create table naru.certificate_event (
  event_id bigint generated always as identity primary key,
  kind text not null,
  number text not null,
  withdrawn_on date,
  by_name text not null,
  reason text not null,
  at timestamptz not null
);
create index certificate_event_number on naru.certificate_event (number, kind, event_id);
create index certificate_number on naru.certificate (number, kind);
create trigger certificate_event_append_only before update or delete on naru.certificate_event
  for each row execute function naru.refuse_change();
