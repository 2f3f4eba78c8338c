-- Failovers of active-passive instances that somebody is to be told of, each by the token of the leader that took over.
create table failovers (
  token bigint primary key,
  name text not null,
  former text not null,
  successor text not null,
  at timestamptz not null default clock_timestamp(),
  -- Null while nobody has taken the notice.
  told_at timestamptz
);
create index failovers_untold on failovers (token) where told_at is null;
