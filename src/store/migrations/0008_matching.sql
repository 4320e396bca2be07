-- Order lines and inquiries whose product came later find it by themselves: an order line keeps the SKU that the channel
-- told, also while no product has it.
alter table naru.order_line add column told_sku text;
create index order_line_told on naru.order_line (told_sku) where sku is null;
create index inquiry_unmatched on naru.inquiry (account_id, inquiry_id) where sku is null;
