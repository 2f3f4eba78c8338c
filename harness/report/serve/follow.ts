/** A run that is still going on, as its growing files show it. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Json } from "../../core/history.ts";
import { combine, type ExperimentVerdict, type Verdict } from "../../core/verdict.ts";
import { clip } from "../text.ts";
import { tailOf } from "./tail.ts";

interface LiveFault {
  readonly id: string;
  readonly text: string;
  /** ms since the experiment began; null: not yet. */
  readonly requestedAt: number;
  readonly bitingAt: number | null;
  readonly healedAt: number | null;
}

export interface LiveState {
  /** Whether the run has its verdict. */
  readonly finished: boolean;
  /** Since anything was recorded (ms). A harness that was killed goes silent. */
  readonly silentMs: number;
  readonly done: readonly { readonly experiment: string; readonly title: string; readonly verdict: Verdict; readonly says: readonly string[] }[];
  readonly current: null | {
    readonly experiment: string;
    /** Since it began (ms). */
    readonly elapsedMs: number;
    readonly operations: number;
    readonly errors: number;
    /** The second since the beginning at which the lists begin; each holds one number a second. */
    readonly fromSecond: number;
    readonly served: readonly number[];
    readonly failed: readonly number[];
    readonly faults: readonly LiveFault[];
  };
}

/** What one screen can show of an experiment. */
const secondsAtMost = 600;
const faultsAtMost = 100;

/** Answers a function that looks at the run's directory again. It keeps what it has read, so that each look costs what has come since. */
export function followRun(directory: string, now: () => number): () => Promise<LiveState> {
  const done = new Map<string, LiveState["done"][number]>();
  const watched = new Map<string, Watched>();
  return async () => {
    const entries = await readdir(directory, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    for (const name of names) {
      if (done.has(name)) continue;
      const verdict = await readJson<ExperimentVerdict>(join(directory, name, "verdict.json"));
      if (verdict !== undefined) {
        done.set(name, summaryOf(name, verdict));
        watched.delete(name);
      } else if (!watched.has(name)) {
        const start = await readJson<{ readonly startedAt: string }>(join(directory, name, "experiment.json"));
        if (start !== undefined) watched.set(name, watch(join(directory, name), Date.parse(start.startedAt)));
      }
    }
    const [latest] = [...watched].sort(([, a], [, b]) => b.startedAt - a.startedAt);
    const finished = (await changedAt(join(directory, "verdict.json"))) > 0;
    const files = latest ? ["samples.jsonl", "history.jsonl"].map((file) => join(directory, latest[0], file)) : [directory];
    const lastAt = Math.max(...(await Promise.all(files.map(changedAt))), await changedAt(directory));
    return {
      finished,
      silentMs: Math.max(0, now() - lastAt),
      done: [...done.values()],
      current: latest && !finished ? { experiment: latest[0], ...(await latest[1].look(now())) } : null,
    };
  };
}

interface Watched {
  readonly startedAt: number;
  look(now: number): Promise<Omit<NonNullable<LiveState["current"]>, "experiment">>;
}

function watch(folder: string, startedAt: number): Watched {
  const served: number[] = [];
  const failed: number[] = [];
  const faults = new Map<string, LiveFault>();
  // Until the recorders' clocks are paired, theirs is taken for ours.
  const clock = { offsetMs: 0, deltaMs: Number.POSITIVE_INFINITY };
  let [operations, errors] = [0, 0];
  const history = tailOf(join(folder, "history.jsonl"), (row) => {
    const time = number(row.time);
    if (time === null) return;
    if (row.type === "clock") {
      const [harness, delta] = [number(row.harness), number(row.delta) ?? Number.POSITIVE_INFINITY];
      if (harness !== null && delta < clock.deltaMs) [clock.offsetMs, clock.deltaMs] = [harness - time, delta];
    } else if (row.type === "ok" || row.type === "fail" || row.type === "info") {
      const second = Math.floor((time + clock.offsetMs) / 1000);
      if (second < 0 || second > 86_400) return;
      const well = row.served === "yes";
      while (served.length <= second) {
        served.push(0);
        failed.push(0);
      }
      const counts = well ? served : failed;
      counts[second] = (counts[second] ?? 0) + 1;
      operations++;
      if (!well) errors++;
    }
  });
  const struck = tailOf(join(folder, "faults.jsonl"), (row) => {
    const time = number(row.time);
    if (time === null || typeof row.id !== "string" || typeof row.phase !== "string") return;
    const known = faults.get(row.id);
    if (known === undefined && faults.size >= faultsAtMost) return;
    const id = clip(row.id, 80);
    const fault = known ?? { id, text: `${text(row.fault)} of ${text(row.on)}`, requestedAt: time, bitingAt: null, healedAt: null };
    const phase = row.phase === "biting" ? { bitingAt: time } : row.phase === "healed" || row.phase === "did not bite" ? { healedAt: time } : {};
    faults.set(row.id, { ...fault, ...phase });
  });
  return {
    startedAt,
    async look(now) {
      await history();
      await struck();
      const fromSecond = Math.max(0, served.length - secondsAtMost);
      return {
        elapsedMs: Math.max(0, now - startedAt),
        ...{ operations, errors, fromSecond, served: served.slice(fromSecond), failed: failed.slice(fromSecond) },
        faults: [...faults.values()],
      };
    },
  };
}

function summaryOf(name: string, verdict: ExperimentVerdict): LiveState["done"][number] {
  const claims = Array.isArray(verdict.claims) ? verdict.claims : [];
  const failure = text(verdict.failure);
  const says = claims
    .slice(0, 40)
    .map((claim) => `${text(claim.claim)} ${text(claim.verdict)}${claim.verdict === "holds" ? "" : `: ${clip(text(claim.summary), 400)}`}`);
  return {
    experiment: name,
    title: clip(text(verdict.title), 200),
    verdict: failure === "" ? combine(claims.map((claim) => claim.verdict)) : "inconclusive",
    says: failure === "" ? says : [`not carried out: ${clip(failure, 400)}`],
  };
}

/** undefined while the file is not there or not whole. */
async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}

/** 0 for a missing file. */
function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

function number(value: Json | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function text(value: unknown): string {
  return typeof value === "string" ? clip(value, 2000) : "";
}
