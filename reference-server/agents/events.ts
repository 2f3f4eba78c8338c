/** The durable events of an agent: one for each accepted change, numbered without gaps. */
import type { Database, Row } from "../store/postgres.ts";

const batchSize = 200;

/** Channel of changes. A message is the id of an agent; "" stands for any. */
export const agentChangedChannel = "agents:changed";

export interface AgentEvent {
  /** The version that the change made. */
  readonly seq: number;
  readonly kind: string;
  readonly data: object;
}

/** The next events after `after`, with the agent's version in the same snapshot; undefined if there is no such agent. */
export async function readAgentEvents(db: Database, id: string, after: number): Promise<{ version: number; events: AgentEvent[] } | undefined> {
  const rows = await db.query<Row & { version: number; seq: number | null; kind: string; data: object }>(
    `select agents.version, event.seq, event.kind, event.data
     from agents left join agent_events event on event.agent_id = agents.id and event.seq > $2
     where agents.id = $1
     order by event.seq
     limit $3`,
    [id, after, batchSize],
  );
  const [first] = rows;
  return first && { version: first.version, events: rows.flatMap(({ seq, kind, data }) => (seq === null ? [] : [{ seq, kind, data }])) };
}

export interface Message {
  readonly seq: number;
  readonly role: string;
  readonly text: string;
}

/** The next messages after `after`, oldest first; undefined if there is no such agent. */
export async function readMessages(db: Database, id: string, after: number): Promise<Message[] | undefined> {
  const rows = await db.query<Row & { seq: number | null; data: Omit<Message, "seq"> }>(
    `select event.seq, event.data
     from agents left join agent_events event on event.agent_id = agents.id and event.kind = 'message' and event.seq > $2
     where agents.id = $1
     order by event.seq
     limit $3`,
    [id, after, batchSize],
  );
  return rows.length === 0 ? undefined : rows.flatMap(({ seq, data }) => (seq === null ? [] : [{ seq, ...data }]));
}

/** The number of the latest event of each of these agents. */
export async function latestAgentEvents(db: Database, ids: readonly string[]): Promise<{ id: string; last_seq: number }[]> {
  return db.query<Row & { id: string; last_seq: number }>("select id, version as last_seq from agents where id = any($1)", [ids]);
}
