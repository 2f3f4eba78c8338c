-- Sessions and what they have cost. Redis holds copies only: it may lose any of them at any time.
create table sessions (
  id uuid primary key,
  version bigint not null default 1,
  data jsonb not null,
  cost_micros bigint not null default 0,
  -- Ids of the latest writes: a write that is sent again, because its answer was lost, is found here and not made over a newer one.
  recent_writes uuid[] not null,
  expires_at timestamptz not null
);
create index sessions_by_end on sessions (expires_at);

-- A cost sent twice is counted once. No foreign key: rows are only ever written by the statement that changed their session.
create table session_costs (
  session_id uuid not null,
  key text not null,
  micros bigint not null,
  primary key (session_id, key)
);
