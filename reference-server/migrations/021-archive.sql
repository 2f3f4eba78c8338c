-- Archival memory. Embeddings are vectors of small whole numbers, which both kinds of column hold exactly, so both give the same answers.
do $$
begin
  if exists (select 1 from pg_available_extensions where name = 'vector') then
    create extension if not exists vector;
  end if;
exception when insufficient_privilege then
  raise notice 'this role may not create the extension "vector": archival memory is searched without it';
end $$;

-- No foreign key: a memory is only ever written by the statement that changed its agent, and seq is the number of that change.
create table agent_archive (
  agent_id text not null,
  seq bigint not null,
  text text not null,
  embedding float8[] not null,
  primary key (agent_id, seq)
);

do $$
begin
  if exists (select 1 from pg_extension where extname = 'vector') then
    alter table agent_archive alter column embedding type vector(256);
  end if;
end $$;
