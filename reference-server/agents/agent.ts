/** The agent's row: a resource that refuses tokens lower than the highest it has seen. Every accepted change is one event. */
import type { Database, Row } from "../store/postgres.ts";
import type { NearRead, Replica } from "../store/replica.ts";

/** A piece of core memory. */
export interface Block {
  readonly value: string;
  /** The number of the change that wrote it. */
  readonly version: number;
}

export interface Agent {
  readonly id: string;
  /** The number of the agent's latest change. */
  readonly version: number;
  readonly blocks: Readonly<Record<string, Block>>;
  readonly state: Readonly<Record<string, unknown>>;
}

export interface Change {
  readonly kind: "message" | "blocks" | "state" | "archive" | "tool";
  /** What those who follow the agent are told. */
  readonly data: object;
  /** All blocks after the change; absent: as they were. */
  readonly blocks?: Agent["blocks"];
  /** The state after the change; absent: as it was. */
  readonly state?: Agent["state"];
  /** What is added to archival memory. */
  readonly archive?: { readonly text: string; readonly embedding: readonly number[] };
}

const nowSql = "select id, version, blocks, state from agents where id = $1";

/** The agent as it is committed now at the primary; undefined if it has never been used. */
export async function readAgent(db: Database, id: string): Promise<Agent | undefined> {
  const [agent] = await db.query<Row & Agent>(nowSql, [id]);
  return agent;
}

/** The agent as a replica has it, which may be behind: `seen` is where the reader has got to. No row if it has never been used. */
export function readAgentNear(replica: Replica, id: string, seen: string): Promise<NearRead<Row & Agent>> {
  return replica.read<Row & Agent>(nowSql, [id], seen);
}

/** Makes an agent that has nothing yet. True if it was made; false if it was there, or an earlier send of this call, whose answer was lost, made it. */
export async function createAgent(db: Database, id: string): Promise<boolean> {
  return (await db.query("insert into agents (id, fence) values ($1, 0) on conflict (id) do nothing returning id", [id])).length > 0;
}

/**
 * Reads the agent at the beginning of a critical section, creating it on first use, and raises its fence: from here on no older holder
 * can write, so what was read stays true until this holder writes. Undefined if a newer holder was here already.
 */
export async function enterAgent(db: Database, id: string, token: number): Promise<Agent | undefined> {
  const [agent] = await db.query<Row & Agent>(
    `insert into agents (id, fence) values ($1, $2)
     on conflict (id) do update set fence = $2 where agents.fence <= $2
     returning id, version, blocks, state`,
    [id, token],
  );
  return agent;
}

/**
 * Makes one change, whole or not at all. Sent twice, it is made once. Returns the version it made; undefined if a newer holder was here:
 * nothing was written.
 */
export async function writeAgent(db: Database, id: string, token: number, change: Change): Promise<number | undefined> {
  const { kind, data, blocks, state, archive } = change;
  const [written] = await db.query<Row & { seq: number }>(
    `with written as (
       update agents set fence = $2, version = version + 1, last_token = $2, updated_at = clock_timestamp(),
         blocks = coalesce($5::jsonb, blocks), state = coalesce($6::jsonb, state)
       where id = $1 and fence <= $2 and last_token <> $2
       returning version
     ), archived as (
       insert into agent_archive (agent_id, seq, text, embedding)
       select $1, version, $7::text, $8::float8[] from written where $7::text is not null
     )
     insert into agent_events (agent_id, seq, token, kind, data)
     select $1, version, $2, $3, $4::jsonb from written
     returning seq`,
    [
      id,
      token,
      kind,
      JSON.stringify(data),
      blocks ? JSON.stringify(blocks) : null,
      state ? JSON.stringify(state) : null,
      archive?.text ?? null,
      archive?.embedding ?? null,
    ],
  );
  if (written) return written.seq;
  // Refused, or our own earlier send whose answer was lost.
  const [own] = await db.query<Row & { seq: number }>("select seq from agent_events where agent_id = $1 and token = $2", [id, token]);
  return own?.seq;
}
