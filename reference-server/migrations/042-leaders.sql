-- Who leads, for each thing that one instance at a time does. Tokens come from a sequence, which outlives every row.
create table leaders (
  name text primary key,
  token bigint not null,
  -- One process; `instance` is its name, which a later process may have too.
  holder text not null,
  instance text not null,
  expires_at timestamptz not null,
  -- Instances that led before and whose sessions may still write.
  unfenced text[] not null default '{}'
) with (fillfactor = 70);
create sequence leader_tokens;
