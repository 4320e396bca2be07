-- The version of the order that a cancel takes back, where the channel counts versions: a newer one stands. Null takes back
-- the order whatever its version.
alter table naru.claim add column order_version bigint;
