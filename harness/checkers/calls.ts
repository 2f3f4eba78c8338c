/** Short words for operations, to write down histories by hand. */
import type { Json, Operation } from "../core/history.ts";
import { operation } from "./fixtures.ts";

export type Call = Omit<Operation, "index">;
type Fate = "ok" | "info" | "fail";

/** One call: who, what, from when until when (ms); an unknown one is open for ever. */
export const call = (
  process: string,
  f: string,
  input: Json,
  output: Json,
  invokedAt: number,
  answeredAt: number,
  outcome: Fate = "ok",
  key = "",
): Call =>
  operation({
    process,
    f,
    input,
    output,
    invokedAt,
    answeredAt,
    outcome,
    key,
    completedAt: outcome === "info" ? Number.POSITIVE_INFINITY : answeredAt,
  });
export const write = (process: string, value: Json, from: number, to: number, fate: Fate = "ok", key = "") =>
  call(process, "write", value, null, from, to, fate, key);
export const read = (process: string, value: Json, from: number, to: number, key = "") => call(process, "read", null, value, from, to, "ok", key);
export const txn = (process: string, value: Json, from: number, to: number, fate: Fate = "ok") =>
  call(process, "txn", value, fate === "ok" ? value : null, from, to, fate);

export const client = (process: string, f: string, name: string, from: number, to: number, fate: Fate = "ok", output: Json = null) =>
  call(process, f, { client: name }, output, from, to, fate);
export const put = (process: string, value: Json, from: number, to: number, fate: Fate = "ok") =>
  call(process, "enqueue", value, null, from, to, fate);
export const take = (process: string, value: Json, from: number, to: number, fate: Fate = "ok") =>
  call(process, "dequeue", null, value, from, to, fate);
export const deleted = (fate: Fate) => [call("p1", "put", "a", null, 0, 1), call("p2", "delete", null, null, 2, 3, fate)];
export const append = (value: Json) => [["append", "x", value]];
export const see = (...values: readonly Json[]) => [["r", "x", values]];
