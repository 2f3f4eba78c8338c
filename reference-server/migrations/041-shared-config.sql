-- The settings that all instances share, as the latest generation recorded them: one row.
create table shared_config (
  one boolean primary key default true check (one),
  generation int not null,
  fingerprint text not null,
  settings jsonb not null,
  recorded_by text not null,
  recorded_at timestamptz not null default clock_timestamp()
);
