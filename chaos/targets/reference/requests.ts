/** What all operations of the reference server's protocol are made of: requests, answers, and how an answer is read. Pure TypeScript that k6 and Node both import. */
import type { Json, Outcome, Served } from "../../../harness/core/history.ts";

export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
  /** The API key of whoever asks. */
  readonly bearer?: string;
}

export interface Response {
  /** 0 when no answer came. */
  readonly status: number;
  readonly body: string;
  /** By their usual names: `X-Instance-Id`. */
  readonly headers: Readonly<Record<string, string>>;
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

export interface OperationProtocol<Input extends Json> {
  /** What the operation is about, for the history's `key`. */
  key(input: Input): string;
  request(input: Input): Request;
  result(response: Response): Result;
}

export const json = { "Content-Type": "application/json" };

/**
 * Reads an answer. `decided` lists the statuses that the server gives before any write, on requests that neither the client nor the
 * balancer sends twice (SEMANTICS, "History and time"): only they and a refused dial are `fail`; whatever else is not 2xx is `info`.
 */
export function read(response: Response, decided: readonly number[], value: (body: Record<string, Json>) => Json): Result {
  const { status } = response;
  if (response.refused) return { outcome: "fail", served: "error", error: "connection refused" };
  if (status >= 200 && status < 300) {
    const body = parse(response.body);
    if (body) return { outcome: "ok", served: "yes", value: value(body), error: "" };
    return { outcome: "info", served: "error", error: `status ${status} with a body that is not JSON` };
  }
  const served: Served = [409, 412, 422, 429, 503].includes(status) ? "shed" : "error";
  // Who is refused for now is to be told when to come again (LG-11).
  const when = (status === 503 || status === 429) && response.headers["Retry-After"] === undefined ? " without Retry-After" : "";
  const error = status === 0 ? response.error || "no answer" : `status ${status}${when}`;
  return { outcome: decided.includes(status) ? "fail" : "info", served, error };
}

/** What a session or an agent's state holds: the `n` that was written. */
export const heldIn = (content: Json | undefined): Json => (content as { readonly n?: Json } | undefined)?.n ?? null;

/** How far the client has got, where it wants to know. */
export const at = ({ position }: { readonly position?: string }): Request["headers"] => (position === undefined ? {} : { "X-Position": position });

/** How far it has got with the answer, and whether a replica gave it. */
export function nearIn({ headers }: Response): { readonly position?: string; readonly from?: string } {
  const [position, from] = [headers["X-Position"], headers["X-Read-From"]];
  return { ...(position === undefined ? {} : { position }), ...(from === undefined ? {} : { from }) };
}

/** A read of something with a version: what is not there is at version 0. */
export function readVersion(response: Response, value: (body: Record<string, Json>) => Json): Result {
  if (response.status === 404) return { outcome: "ok", served: "yes", value: { version: 0, ...nearIn(response) }, error: "" };
  return read(response, [], value);
}

export const get = (path: string): Request => ({ method: "GET", path, headers: {}, body: null, timeoutMs: 10_000 });
export const put = (path: string, body: Json, headers: Request["headers"] = {}): Request => ({
  method: "PUT",
  path,
  headers: { ...json, ...headers },
  body: JSON.stringify(body),
  timeoutMs: 20_000,
});

function parse(body: string): Record<string, Json> | undefined {
  try {
    return JSON.parse(body) as Record<string, Json>;
  } catch {
    return undefined;
  }
}
