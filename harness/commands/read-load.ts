/** Reads a recorded load for `plan --replay`. */
import { readFile } from "node:fs/promises";
import { messageOf, UserError } from "../base/errors.ts";
import { readAll } from "../base/journal.ts";
import type { HistoryLine } from "../core/history.ts";
import { syncMs } from "../core/hpa.ts";
import { buckets } from "../core/stats.ts";

export interface RecordedLoad {
  /** Requests per second. */
  readonly loads: readonly number[];
  readonly stepSeconds: number;
}

/**
 * @param path numbers, one a line, each for `stepSeconds`; or a history, of which the invocations are counted
 * @throws UserError naming the line that is no number
 */
export async function readLoad(path: string, stepSeconds: number): Promise<RecordedLoad> {
  const text = await readFile(path, "utf8").catch((error) => {
    throw new UserError(`${path} was expected to be a recorded load and cannot be read: ${messageOf(error)}`);
  });
  if (text.trimStart().startsWith("{")) return fromHistory(path);
  const lines = text.split("\n").map((line) => line.trim());
  const loads = lines.flatMap((line, i) => {
    if (line === "" || line.startsWith("#")) return [];
    const value = Number(line);
    if (!(value >= 0) || !Number.isFinite(value))
      throw new UserError(`${path} line ${i + 1} was expected to be requests per second and is ${JSON.stringify(line.slice(0, 40))}.`);
    return [value];
  });
  if (loads.length === 0) throw new UserError(`${path} has no numbers; requests per second were expected, one number a line.`);
  return { loads, stepSeconds };
}

async function fromHistory(path: string): Promise<RecordedLoad> {
  const lines = await readAll<HistoryLine>(path);
  const times = lines.flatMap((line) => (line.type === "invoke" ? [line.intended ?? line.time] : []));
  const from = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const to = times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  const looks = Math.floor((to - from) / syncMs);
  if (!(looks >= 1)) throw new UserError(`${path} holds ${times.length} invocations over less than one look of the autoscaler (${syncMs / 1000} s).`);
  return { loads: buckets(times, from, syncMs, looks).map((count) => (1000 * count) / syncMs), stepSeconds: syncMs / 1000 };
}
