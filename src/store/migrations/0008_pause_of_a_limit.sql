-- A pause that the channel asked for, apart from the calls that were booked: those reach a minute ahead at most, a pause a
-- day, and only what lies within its own reach is believed when the clock turns out to have run ahead. A row of before may
-- hold either in its one number, so both keep it.
alter table naru.rate_limit add column paused_until double precision not null default 0;
update naru.rate_limit set paused_until = next_at;
