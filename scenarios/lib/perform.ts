/**
 * Performs operations of the target's protocol from k6 and writes the two-sided history: a line when the operation is invoked, before the
 * request leaves, and a line when it completes. k6 runs with --log-format=raw and --console-output, so `console.log` is the writer.
 */
import exec from "k6/execution";
import http from "k6/http";
import { Counter } from "k6/metrics";
import { type Operations, operations, type Request, type Result } from "../../chaos/targets/reference/protocol.ts";
import type { CompleteLine, HistoryLine, InvokeLine, Json } from "../../harness/core/history.ts";

declare const __ENV: Record<string, string>;
declare const console: { log(line: string): void };

const completed = new Counter("operations_completed");
const failed = new Counter("script_exceptions");

/** Retirements of this VU's process: a process whose operation ended `info` is never seen again under its name. */
let generation = 0;
export const now = (): number => exec.instance.currentTestRunDuration;
export const write = (line: HistoryLine): void => console.log(JSON.stringify(line));

/** What goes into the record: all but what is called `secret`, which is the client's own. */
function recorded(value: Json): Json {
  if (value === null || typeof value !== "object" || !("secret" in value)) return value;
  const { secret: _, ...shown } = value;
  return shown;
}

/** Performs one operation. Never throws for what the server does; what the answer means is decided by the protocol. */
export function perform<F extends keyof Operations>(f: F, input: Parameters<Operations[F]["request"]>[0], intended?: number): Result {
  const operation = operations[f] as {
    request(input: Json): Request;
    result: Operations[F]["result"];
    key(input: Json): string;
  };
  const value = input as Json;
  const request = operation.request(value);
  const process = `vu${exec.vu.idInTest}.${generation}`;
  const key = operation.key(value);
  const invoke: InvokeLine = {
    type: "invoke",
    time: now(),
    process,
    f,
    key,
    value: recorded(value),
    ...(intended === undefined ? {} : { intended }),
  };
  write(invoke);
  const response = http.request(request.method, `${__ENV.BASE_URL}${request.path}`, request.body, {
    headers: request.bearer === undefined ? request.headers : { ...request.headers, Authorization: `Bearer ${request.bearer}` },
    timeout: request.timeoutMs,
    redirects: 0,
  });
  const result = operation.result({
    status: response.status,
    body: typeof response.body === "string" ? response.body : "",
    headers: response.headers,
    refused: response.error_code === 1212,
    error: response.error,
  });
  const by = response.headers["X-Instance-Id"];
  const complete: CompleteLine = {
    type: result.outcome,
    time: now(),
    process,
    f,
    served: result.served,
    ...(result.value === undefined ? {} : { value: recorded(result.value) }),
    ...(result.error === "" ? {} : { error: result.error }),
    ...(by === undefined ? {} : { by }),
  };
  write(complete);
  completed.add(1);
  if (result.outcome === "info") generation++;
  return result;
}

/** Wraps a scenario's body so that a bug in the script is counted: k6 itself exits 0 when every iteration throws. */
export function counted(body: () => void): () => void {
  return () => {
    try {
      body();
    } catch (error) {
      failed.add(1);
      throw error;
    }
  };
}
