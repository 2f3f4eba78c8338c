/** The durable events of a run. */
import type { Database, Row } from "../store/postgres.ts";
import type { RunStatus } from "./run.ts";

const batchSize = 500;

export interface RunEvent {
  /** Increases by one over the whole life of the run, across attempts. */
  readonly seq: number;
  readonly attempt: number;
  readonly kind: "attempt" | "tokens" | "step" | "requeue" | "end";
  readonly data: object;
}

/** The next committed events after `after`, with the run's status in the same snapshot; undefined if there is no such run. */
export async function readEvents(db: Database, id: string, after: number): Promise<{ status: RunStatus; events: RunEvent[] } | undefined> {
  const rows = await db.query<Row & { status: RunStatus; seq: number | null; attempt: number; kind: RunEvent["kind"]; data: object }>(
    `select runs.status, event.seq, event.attempt, event.kind, event.data
     from runs left join run_events event on event.run_id = runs.id and event.seq > $2
     where runs.id = $1
     order by event.seq
     limit $3`,
    [id, after, batchSize],
  );
  const [first] = rows;
  if (!first) return undefined;
  return { status: first.status, events: rows.flatMap(({ seq, attempt, kind, data }) => (seq === null ? [] : [{ seq, attempt, kind, data }])) };
}
