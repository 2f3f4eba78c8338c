-- A run is one row from creation to its end. `attempt` is the fencing token: every write of a handler names it.
create table runs (
  id uuid primary key,
  idempotency_key text not null unique,
  request_hash text not null,
  agent_id text,
  input jsonb not null,
  status text not null default 'pending' check (status in ('pending', 'running', 'success', 'error', 'cancelled')),
  attempt int not null default 0,
  handler text,
  -- Made by the claimer for each claim statement: a claim whose answer was lost is found again by it.
  claim_id uuid,
  claimed_at timestamptz,
  -- The last step of this attempt that is durable: a step sent twice is stored once.
  step int not null default 0,
  -- Attempts that ended in a transient error. Crashes, drains and lost leases are not counted.
  failures int not null default 0,
  -- The number of the run's latest event. It grows with every change of the row, over all attempts.
  last_seq bigint not null default 0,
  result jsonb,
  error text,
  available_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  finished_at timestamptz
) with (fillfactor = 70);
-- Steps change no indexed column, so with room on the page they touch no index.
create index runs_claimable on runs (available_at, id) where status = 'pending';
create index runs_running on runs (handler) where status = 'running';

-- No foreign key: an event is only ever written by the statement that changed its run.
create table run_events (
  run_id uuid not null,
  seq bigint not null,
  attempt int not null,
  kind text not null,
  data jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (run_id, seq)
);
