/** What a run is, and how it is read. */
import type { Database, Row } from "../store/postgres.ts";

export type RunStatus = "pending" | "running" | "success" | "error" | "cancelled";

export interface RunInput {
  readonly steps: number;
  readonly step_ms: number;
  /** How the model's time is distributed; absent: fixed. */
  readonly latency?: "fixed" | "lognormal" | "long_tail";
  /** Two runs with the same seed take the same time and say the same; absent: the run's id. */
  readonly seed?: number;
  /** Tokens streamed in each step. */
  readonly tokens?: number;
  /** The tool that this step uses fails for good. */
  readonly fail_with?: { readonly step: number; readonly message: string };
  readonly query?: string;
  readonly agent_type?: string;
}

export interface Run extends Row {
  readonly id: string;
  readonly status: RunStatus;
  readonly attempt: number;
  readonly step: number;
  readonly last_seq: number;
  readonly result: { readonly steps: number; readonly answer?: string } | null;
  readonly error: string | null;
  readonly thread_id: string | null;
}

/** Channels. A message is the id of a run; "" stands for any. */
export const readyChannel = "runs:ready";
export const changedChannel = "runs:changed";
export const cancelledChannel = "runs:cancelled";

/** Whether a run in this state never changes again. */
export function isTerminal(status: RunStatus): boolean {
  return status === "success" || status === "error" || status === "cancelled";
}

/** The number of the latest event of each of these runs. */
export async function latestEvents(db: Database, ids: readonly string[]): Promise<{ id: string; last_seq: number }[]> {
  return db.query<Row & { id: string; last_seq: number }>("select id, last_seq from runs where id = any($1::uuid[])", [ids]);
}

/** The run as it is committed now; undefined if there is none. */
export async function readRun(db: Database, id: string, untilMs?: number): Promise<Run | undefined> {
  const [run] = await db.query<Run>("select id, status, attempt, step, last_seq, result, error, thread_id from runs where id = $1", [id], untilMs);
  return run;
}
