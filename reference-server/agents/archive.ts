/** Archival memory: texts found by similarity, on every instance alike. */
import type { Database, Row } from "../store/postgres.ts";
import { embed } from "./embedding.ts";

export interface Memory {
  /** The number of the change that stored it. */
  readonly seq: number;
  readonly text: string;
  /** Cosine similarity to the question, 0 to 1. */
  readonly similarity: number;
}

/** How the database compares vectors: with pgvector, or in plain SQL. The answers are the same. */
export type VectorSearch = "pgvector" | "exact";

/** What the migration found. An operator class for vectors is not used: with it the search would be approximate. */
export async function detectVectorSearch(db: Database): Promise<VectorSearch> {
  const [column] = await db.query<Row & { type: string }>(
    "select format_type(atttypid, null) as type from pg_attribute where attrelid = 'agent_archive'::regclass and attname = 'embedding'",
    [],
  );
  return column?.type === "vector" ? "pgvector" : "exact";
}

const distance = {
  pgvector: "embedding <=> $2::float8[]::vector",
  // Sums of whole numbers are exact, so this is the extension's formula to the last bit.
  exact: `1 - (select sum(a * b) / sqrt(sum(a * a) * sum(b * b)) from unnest(embedding, $2::float8[]) as pairs (a, b))`,
} as const satisfies Record<VectorSearch, string>;

/** The memories of the agent nearest to the question, nearest first, older first among equals. All of the agent's memories are compared. */
export async function searchArchive(db: Database, how: VectorSearch, agentId: string, question: string, limit: number): Promise<Memory[]> {
  return db.query<Row & Memory>(
    `select seq, text, 1 - distance as similarity
     from (select seq, text, ${distance[how]} as distance from agent_archive where agent_id = $1) compared
     order by distance, seq
     limit $3`,
    [agentId, embed(question), limit],
  );
}
