-- Every accepted change of an agent is one event. Its number is the version it made, so readers resume by it without gap or duplicate.
alter table agents
  -- Core memory: label -> {"value", "version"}, where version is the number of the change that wrote the block. One row holds all of an
  -- agent's blocks, so that several change together, and are read together, by the statement that checks the fence.
  add column blocks jsonb not null default '{}',
  add column state jsonb not null default '{}',
  -- Of the document the agent was imported from: the same import sent twice is done once.
  add column import_digest text;

alter table agent_messages rename to agent_events;
alter index agent_messages_pkey rename to agent_events_pkey;
alter index agent_messages_agent_id_token_key rename to agent_events_agent_id_token_key;
alter table agent_events rename column version to seq;
alter table agent_events rename column message to data;
alter table agent_events
  alter column data type jsonb using jsonb_build_object('role', 'user', 'text', data),
  add column kind text not null default 'message';
alter table agent_events alter column kind drop default;

-- A revoked lock cannot be renewed: it is free when its holder has left, or when its lease has ended.
alter table agent_locks add column revoked boolean not null default false;
