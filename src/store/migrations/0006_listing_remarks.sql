-- What the last read-back found otherwise than we had set it, changed at the channel: told to people, never undone.

alter table naru.listing add column remarks jsonb not null default '[]';
