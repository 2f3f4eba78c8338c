-- The protected resource. `fence` is the highest token that has touched the agent; lower ones are refused.
create table agents (
  id text primary key,
  fence bigint not null,
  version bigint not null default 0,
  -- Token of the latest accepted write: the same write sent twice is accepted once.
  last_token bigint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
) with (fillfactor = 70);

create table agent_messages (
  agent_id text not null,
  version bigint not null,
  token bigint not null,
  message text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (agent_id, version),
  unique (agent_id, token)
);

-- Who may work on an agent now. A row lives as long as its lock; tokens come from a sequence, which outlives every row.
create table agent_locks (
  agent_id text primary key,
  token bigint not null,
  holder text not null,
  expires_at timestamptz not null
) with (fillfactor = 70);
create sequence agent_lock_tokens;
