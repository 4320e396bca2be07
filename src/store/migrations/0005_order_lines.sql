-- A count of orders does not add up over products: an order of two products stood in the figures of both. Lines add up.
alter table naru.sales_fact rename column orders to order_lines;
alter table naru.sales_change rename column orders to order_lines;
