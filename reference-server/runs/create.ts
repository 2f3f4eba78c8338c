/** Accepting a run, once for each idempotency key. */
import { createHash, randomUUID } from "node:crypto";
import type { Database, Row } from "../store/postgres.ts";
import type { RunInput, RunStatus } from "./run.ts";

export interface Created extends Row {
  readonly id: string;
  readonly status: RunStatus;
  readonly attempt: number;
}

export interface CreateRequest {
  /** Undefined: the client did not send one, so nothing can be a replay of this request. */
  readonly key: string | undefined;
  readonly agentId: string | undefined;
  readonly input: RunInput;
  /** Whom to tell of the run's end. */
  readonly webhook?: string | undefined;
  /** The trace that the run belongs to. */
  readonly traceparent?: string;
}

/** Equal for two requests that ask for the same; `more` is what a route adds. */
export function requestHash({ agentId, input, webhook }: Omit<CreateRequest, "key">, more: readonly string[] = []): string {
  const { steps, step_ms, query, agent_type, latency, seed, tokens, fail_with } = input;
  const options = [latency, seed, tokens, fail_with?.step, fail_with?.message, webhook];
  const said = options.some((option) => option !== undefined) ? options.map((option) => option ?? null) : [];
  const body = JSON.stringify([agentId ?? null, steps, step_ms, query ?? null, agent_type ?? null, ...said, ...more]);
  return createHash("sha256").update(body).digest("hex");
}

/**
 * Inserts the run unless its key is taken: the unique constraint decides, in the statement that inserts, whatever else happens at the same time.
 * `replay`: an earlier request had this key and body. `conflict`: it had another body.
 */
export async function createRun(db: Database, request: CreateRequest): Promise<{ outcome: "created" | "replay" | "conflict"; run: Created }> {
  const { key, agentId, input, webhook, traceparent } = request;
  const id = randomUUID();
  const untilMs = db.deadlineMs();
  const hash = requestHash(request);
  const [inserted] = await db.query<Created>(
    `insert into runs (id, idempotency_key, request_hash, agent_id, input, traceparent, webhook) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (idempotency_key) do nothing
     returning id, status, attempt`,
    [id, key ?? `none:${id}`, hash, agentId ?? null, JSON.stringify(input), traceparent ?? null, webhook ?? null],
    untilMs,
  );
  if (inserted) return { outcome: "created", run: inserted };
  // Keys are never deleted, so the row that won is there. It may be our own: a send whose answer was lost.
  const [found] = await db.query<Created & { readonly request_hash: string }>(
    "select id, status, attempt, request_hash from runs where idempotency_key = $1",
    [key ?? `none:${id}`],
    untilMs,
  );
  if (!found) throw new Error("The idempotency key was taken and its run was not found. Keys must never be deleted.");
  const { request_hash, ...run } = found;
  if (run.id === id) return { outcome: "created", run };
  return { outcome: request_hash === hash ? "replay" : "conflict", run };
}
