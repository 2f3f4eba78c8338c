/**
 * The reference server's protocol: operation -> request, response -> outcome. Pure TypeScript that k6 and Node both import; scenarios and
 * probes speak operations, never URLs.
 */
import type { Json, Outcome, Served } from "../../../harness/core/history.ts";

export interface Request {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
}

export interface Response {
  /** 0 when no answer came. */
  readonly status: number;
  readonly body: string;
  /** The dial was refused: the request never left. */
  readonly refused: boolean;
  readonly error: string;
}

export interface Result {
  readonly outcome: Outcome;
  readonly served: Served;
  readonly value?: Json;
  readonly error: string;
}

interface OperationProtocol<Input extends Json> {
  /** What the operation is about, for the history's `key`. */
  key(input: Input): string;
  request(input: Input): Request;
  result(response: Response): Result;
}

const json = { "Content-Type": "application/json" };

/**
 * Reads an answer. `decided` lists the statuses that the server gives before any write, on requests that neither the client nor the
 * balancer sends twice (SEMANTICS, "History and time"): only they and a refused dial are `fail`; whatever else is not 2xx is `info`.
 */
function read(response: Response, decided: readonly number[], value: (body: Record<string, Json>) => Json): Result {
  const { status } = response;
  if (response.refused) return { outcome: "fail", served: "error", error: "connection refused" };
  if (status >= 200 && status < 300) {
    const body = parse(response.body);
    if (body) return { outcome: "ok", served: "yes", value: value(body), error: "" };
    return { outcome: "info", served: "error", error: `status ${status} with a body that is not JSON` };
  }
  const served: Served = status === 409 || status === 429 || status === 503 ? "shed" : "error";
  const error = status === 0 ? response.error || "no answer" : `status ${status}`;
  return { outcome: decided.includes(status) ? "fail" : "info", served, error };
}

function parse(body: string): Record<string, Json> | undefined {
  try {
    return JSON.parse(body) as Record<string, Json>;
  } catch {
    return undefined;
  }
}

export const operations = {
  /** Creates a run. Its idempotency key lets clients and the balancer resend it, so no refusal but a refused dial is certain. */
  create: {
    key: (input) => input.key,
    request: (input) => ({
      method: "POST",
      path: "/api/v1/runs",
      headers: { ...json, "Idempotency-Key": input.key },
      body: JSON.stringify({ input: { steps: input.steps, step_ms: input.stepMs } }),
      timeoutMs: 10_000,
    }),
    result: (response) => read(response, [], (body) => ({ run: body.id ?? null, status: body.status ?? null })),
  } satisfies OperationProtocol<{ key: string; steps: number; stepMs: number }>,

  /** Waits for a run to end, at most `timeoutMs`; answers the state then. */
  wait: {
    key: (input) => input.run,
    request: (input) => ({
      method: "GET",
      path: `/api/v1/runs/${input.run}/wait?timeout_ms=${input.timeoutMs}`,
      headers: {},
      body: null,
      timeoutMs: input.timeoutMs + 8000,
    }),
    result: (response) => read(response, [], (body) => ({ status: body.status ?? null, attempt: body.attempt ?? null })),
  } satisfies OperationProtocol<{ run: string; timeoutMs: number }>,

  /** Cancels a run. Nobody resends it: a 409 (the run had ended) is decided, and so is a 404. */
  cancel: {
    key: (input) => input.run,
    request: (input) => ({ method: "POST", path: `/api/v1/runs/${input.run}/cancel`, headers: {}, body: null, timeoutMs: 10_000 }),
    result: (response) => read(response, [404, 409], (body) => ({ status: body.status ?? null })),
  } satisfies OperationProtocol<{ run: string }>,

  /** One turn of an agent under its lock. Without an idempotency key nobody resends it: 409 (lock lost, write refused) and 503 (lock not obtained) are decided. */
  turn: {
    key: (input) => input.agent,
    request: (input) => ({
      method: "POST",
      path: `/api/v1/agents/${input.agent}/turns`,
      headers: json,
      body: JSON.stringify({ message: input.message, think_ms: input.thinkMs }),
      timeoutMs: 25_000,
    }),
    result: (response) =>
      read(response, [409, 422], (body) => ({ agent: body.agent ?? null, token: body.token ?? null, version: body.version ?? null })),
  } satisfies OperationProtocol<{ agent: string; message: string; thinkMs: number }>,
};

export type Operations = typeof operations;
