-- Whom to tell of a run's end. The row is made by the statement that ends the run, whichever that is: an end without its message cannot be.
alter table runs add column webhook text;

create table webhook_deliveries (
  -- One delivery for each run: the id that a receiver knows repeats by.
  run_id uuid primary key,
  url text not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts int not null default 0,
  -- While somebody sends: when others may, because it must have died.
  available_at timestamptz not null default clock_timestamp(),
  last_error text,
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz
) with (fillfactor = 70);
create index webhook_deliveries_due on webhook_deliveries (available_at) where status = 'pending';

create function webhook_is_due() returns trigger language plpgsql as $$
begin
  insert into webhook_deliveries (run_id, url) values (new.id, new.webhook) on conflict (run_id) do nothing;
  return null;
end $$;
create trigger webhook_is_due after update of status on runs for each row
  when (new.webhook is not null and old.status in ('pending', 'running') and new.status in ('success', 'error', 'cancelled'))
  execute function webhook_is_due();
