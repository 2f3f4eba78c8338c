-- A thread's runs are worked on one at a time, in the order in which they were accepted.
create table threads (
  id uuid primary key,
  -- The place of the latest run.
  last_position bigint not null default 0,
  created_at timestamptz not null default now()
) with (fillfactor = 70);

-- A run that waits for an earlier one of its thread is pending with available_at = 'infinity': the claim passes over it and knows no threads.
alter table runs add column thread_id uuid, add column thread_position bigint;
create index runs_of_thread on runs (thread_id, thread_position) where thread_id is not null;
create index runs_unfinished_of_thread on runs (thread_id, thread_position) where thread_id is not null and status in ('pending', 'running');
create index runs_held_back on runs (thread_id) where status = 'pending' and available_at = 'infinity';
-- At most one run of a thread can be claimed or is being worked on, whatever anybody's statements do.
create unique index runs_released on runs (thread_id)
  where thread_id is not null and status in ('pending', 'running') and available_at < 'infinity';

-- Accepts a run in a thread under one of three rules for a thread that is busy. The thread's row is locked first; a statement of a function
-- sees what was committed when it began, so what is read after the lock is true until the end. Nobody waits for a thread while holding a
-- run, so this cannot deadlock with a handler that ends its run.
create function create_thread_run(
  new_id uuid, thread uuid, key text, hash text, agent text, run_input jsonb, trace text, hook text, rule text, longest int
) returns table (outcome text, id uuid, status text, attempt int, interrupted uuid[]) language plpgsql as $$
declare
  unfinished int;
  place bigint;
begin
  perform from threads where threads.id = thread for no key update;
  if not found then
    return query select 'no thread', new_id, '', 0, '{}'::uuid[];
    return;
  end if;
  return query
    select case when runs.id = new_id then 'created' when runs.request_hash = hash then 'replay' else 'conflict' end,
      runs.id, runs.status, runs.attempt, '{}'::uuid[]
    from runs where idempotency_key = key;
  if found then return; end if;

  select count(*) into unfinished from runs where thread_id = thread and runs.status in ('pending', 'running');
  interrupted := '{}';
  if unfinished > 0 and rule = 'interrupt' then
    with cancelled as (
      update runs set status = 'cancelled', finished_at = clock_timestamp(), last_seq = last_seq + 1
      where thread_id = thread and runs.status in ('pending', 'running')
      returning runs.id, runs.attempt, last_seq
    ), ended as (
      insert into run_events (run_id, seq, attempt, kind, data)
      select cancelled.id, last_seq, cancelled.attempt, 'end', jsonb_build_object('status', 'cancelled', 'result', null, 'error', null) from cancelled
    )
    select coalesce(array_agg(cancelled.id), '{}') into interrupted from cancelled;
    unfinished := 0;
  elsif unfinished > 0 and (rule = 'reject' or unfinished >= longest) then
    return query select case rule when 'reject' then 'busy' else 'full' end, new_id, '', 0, '{}'::uuid[];
    return;
  end if;

  update threads set last_position = last_position + 1 where threads.id = thread returning last_position into place;
  begin
    insert into runs (id, idempotency_key, request_hash, agent_id, input, traceparent, webhook, thread_id, thread_position, available_at)
    values (new_id, key, hash, agent, run_input, trace, hook, thread, place, case when unfinished > 0 then 'infinity' else clock_timestamp() end);
  exception when unique_violation then
    -- The same key at the same time, in another thread or none: sent again, the statement finds it.
    raise exception using errcode = 'serialization_failure', message = 'the idempotency key was taken meanwhile';
  end;
  return query select 'created', new_id, 'pending', 0, interrupted;
end $$;

-- Lets the thread's next run be claimed unless one is being worked on. Called after an end has been committed, so it misses none.
create function release_next(thread uuid) returns uuid language plpgsql as $$
declare
  released uuid;
begin
  perform from threads where threads.id = thread for no key update;
  update runs set available_at = clock_timestamp()
  where status = 'pending'
    and id = (
      select id from runs where thread_id = thread and status = 'pending' and available_at = 'infinity' order by thread_position limit 1
    )
    and not exists (select from runs where thread_id = thread and status in ('pending', 'running') and available_at < 'infinity')
  returning id into released;
  return released;
end $$;
