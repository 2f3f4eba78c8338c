/** An agent as one document: everything it has, as it was at one moment, and the way back. */
import type { Database, Row } from "../store/postgres.ts";
import type { Agent } from "./agent.ts";
import { embed } from "./embedding.ts";
import type { AgentEvent } from "./events.ts";

/** Events an agent may have to fit into a document: document and database answer are held in memory. */
export const documentLimit = 2000;

export interface AgentDocument extends Agent {
  readonly format: "agent/1";
  /** All of them: 1 to version. */
  readonly events: readonly AgentEvent[];
  readonly archive: readonly { readonly seq: number; readonly text: string }[];
}

/** The agent at one moment: a single statement sees a single snapshot. Undefined if there is none, "too large" beyond the limit. */
export async function exportAgent(db: Database, id: string): Promise<AgentDocument | "too large" | undefined> {
  const [found] = await db.query<Row & Omit<AgentDocument, "format" | "events"> & { events: AgentDocument["events"] | null }>(
    `select id, version, blocks, state,
       case when version <= $2 then
         (select coalesce(json_agg(json_build_object('seq', seq, 'kind', kind, 'data', data) order by seq), '[]') from agent_events where agent_id = $1)
       end as events,
       (select coalesce(json_agg(json_build_object('seq', seq, 'text', text) order by seq), '[]')
        from (select seq, text from agent_archive where agent_id = $1 order by seq limit $2) memories) as archive
     from agents where id = $1`,
    [id, documentLimit],
  );
  if (!found) return undefined;
  const { events, ...rest } = found;
  return events === null ? "too large" : { format: "agent/1", ...rest, events };
}

/** What is wrong with a document of the right shape; undefined if nothing is. */
export function inconsistency({ version, events, blocks, archive }: AgentDocument): string | undefined {
  if (events.length !== version || events.some(({ seq }, i) => seq !== i + 1)) return `events must be numbered 1 to ${version}`;
  if (Object.values(blocks).some((block) => block.version > version)) return "a block is newer than the agent";
  const seqs = new Set(archive.map(({ seq }) => seq));
  if (seqs.size < archive.length || archive.some(({ seq }) => seq < 1 || seq > version)) return "each memory must have the number of one event";
  return undefined;
}

// Postgres's jsonb has one text for equal documents, however their keys were ordered.
const digestSql = "encode(sha256(convert_to($2::jsonb::text, 'UTF8')), 'hex')";

/**
 * Makes the agent of a consistent document, under any id that is free. `there`: it was made from an equal document before (be it by an
 * earlier send of this call, whose answer was lost), and may have changed since. `taken`: there is another agent. Tokens are not part of a document: those of the events become negative, as none is drawn.
 */
export async function importAgent(db: Database, id: string, document: AgentDocument): Promise<"made" | "there" | "taken"> {
  const body = JSON.stringify(document);
  const memories = JSON.stringify(document.archive.map(({ seq, text }) => ({ seq, text, embedding: embed(text) })));
  const [result] = await db.query<Row & { made: boolean }>(
    `with document as (select $2::jsonb as body), made as (
       insert into agents (id, fence, version, blocks, state, import_digest)
       select $1, 0, (body->>'version')::bigint, body->'blocks', body->'state', ${digestSql} from document
       on conflict (id) do nothing
       returning id
     ), evented as (
       insert into agent_events (agent_id, seq, token, kind, data)
       select made.id, seq, -seq, kind, data from made, document, jsonb_to_recordset(body->'events') as event (seq bigint, kind text, data jsonb)
     ), archived as (
       insert into agent_archive (agent_id, seq, text, embedding)
       select made.id, seq, text, embedding from made, jsonb_to_recordset($3::jsonb) as memory (seq bigint, text text, embedding float8[])
     )
     select exists (select from made) as made`,
    [id, body, memories],
  );
  if (result?.made) return "made";
  // Refused, or our own earlier send whose answer was lost.
  const [held] = await db.query<Row & { same: boolean | null }>(`select import_digest = ${digestSql} as same from agents where id = $1`, [id, body]);
  return held?.same ? "there" : "taken";
}
