/** The agent's row: a resource that refuses tokens lower than the highest it has seen. */
import type { Database, Row } from "../store/postgres.ts";

/** Messages a reader gets at most: the latest. */
const messageLimit = 1000;

export interface Agent {
  readonly id: string;
  readonly version: number;
  /** Oldest first. */
  readonly messages: readonly string[];
}

/** The agent, undefined if it has never been used. */
export async function readAgent(db: Database, id: string): Promise<Agent | undefined> {
  const [agent] = await db.query<Row & Agent>(
    `select id, version,
       array(select message from (select version, message from agent_messages where agent_id = $1 order by version desc limit $2) latest order by version) as messages
     from agents where id = $1`,
    [id, messageLimit],
  );
  return agent;
}

/**
 * Reads the agent at the beginning of a critical section, creating it on first use, and raises its fence: from here on no older holder
 * can write, so what was read stays true until this holder writes. Returns the version; undefined if a newer holder was here already.
 */
export async function enterAgent(db: Database, id: string, token: number): Promise<number | undefined> {
  const [agent] = await db.query<Row & { version: number }>(
    `insert into agents (id, fence) values ($1, $2)
     on conflict (id) do update set fence = $2 where agents.fence <= $2
     returning version`,
    [id, token],
  );
  return agent?.version;
}

/** Writes the next version. Sent twice, it is written once. Returns the version; undefined if a newer holder was here: nothing was written. */
export async function writeAgent(db: Database, id: string, token: number, message: string): Promise<number | undefined> {
  const [written] = await db.query<Row & { version: number }>(
    `with written as (
       update agents set fence = $2, version = version + 1, last_token = $2, updated_at = clock_timestamp()
       where id = $1 and fence <= $2 and last_token <> $2
       returning version
     )
     insert into agent_messages (agent_id, version, token, message)
     select $1, version, $2, $3 from written
     returning version`,
    [id, token, message],
  );
  if (written) return written.version;
  // Refused, or our own earlier send whose answer was lost.
  const [own] = await db.query<Row & { version: number }>("select version from agent_messages where agent_id = $1 and token = $2", [id, token]);
  return own?.version;
}
