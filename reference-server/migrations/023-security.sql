create table principals (
  name text primary key,
  role text not null check (role in ('user', 'auditor', 'admin')),
  -- Grows with every change of the role and of the keys.
  version bigint not null default 1
);

-- Keys are random, so a plain hash is as good as a slow one.
create table api_keys (
  id uuid primary key,
  key_hash text not null unique,
  principal text not null references principals (name),
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index api_keys_by_principal on api_keys (principal);

-- One entry for each change, written by the statement that makes it. Its number is its transaction's: a reader who takes only numbers below
-- those of all running transactions, and goes on after the last one, misses no entry; a sequence would hand out numbers that commit late.
create table security_audit (
  number xid8 primary key default pg_current_xact_id(),
  at timestamptz not null default clock_timestamp(),
  -- Made for each request: a statement that is sent twice changes once.
  change_id uuid not null unique,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null
);
