/** Every history of ../shared/corpora through the command's own path: file, format, model, verdict. What they are is told in their README. */
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Json } from "../core/history.ts";
import type { ModelOptions } from "../core/model.ts";
import { judgeHistory } from "./check-history.ts";

const project = resolve(import.meta.dirname, "../..");
const folder = resolve(project, "../shared/corpora");
const there = existsSync(folder);
const options: ModelOptions = {
  partition: true,
  timeLimitMs: 60_000,
  memoryLimitBytes: 2 ** 30,
  now: () => performance.now(),
};

const lines = (file: string): readonly string[] => (there ? readFileSync(join(folder, file), "utf8").trim().split("\n") : []);
const cases = <T>(file: string): readonly T[] => lines(file).map((line) => JSON.parse(line));

let temporary = "";
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "corpora-"));
});
afterAll(() => rm(temporary, { recursive: true }));

/** The history as JSON lines in a file of its own, as a user would have it. */
async function asFile(id: string, history: readonly Json[]): Promise<string> {
  const path = join(temporary, id);
  await writeFile(path, history.map((event) => `${JSON.stringify(event)}\n`).join(""));
  return path;
}

// Without partitioning a search takes its time on a busy machine; that it is quick is measured elsewhere.
describe.skipIf(!there)("the corpora in ../shared (skipped where it is absent)", { timeout: 180_000 }, () => {
  const verdicts = lines("verdicts.tsv").slice(1);
  it.each(verdicts.map((line) => line.split("\t")))("%s by %s from %s", async (file = "", models = "", initial = "", linearizable = "") => {
    const model = models.split(" ")[0] ?? "";
    const state = initial === "nil" ? null : (JSON.parse(initial) as Json);
    for (const partition of model === "key-value" ? [true, false] : [true]) {
      const { answer } = await judgeHistory(project, join(folder, file), model, { ...options, partition, initial: state });
      expect([partition, answer.valid]).toEqual([partition, linearizable === "true"]);
    }
  });

  const locks = cases<{ id: string; history: Json[]; expected: Record<string, { valid: boolean }> }>("locks/cases.jsonl");
  it.each(locks)("locks: $id", async ({ id, history, expected }) => {
    const path = await asFile(id, history);
    for (const [model, { valid }] of Object.entries(expected)) {
      const { answer } = await judgeHistory(project, path, model, options);
      expect([model, answer.valid]).toEqual([model, valid]);
    }
  });

  /** By the name of Jepsen's or Elle's checker. The others have no model here: they are workloads of their own, or made of other checkers. */
  const modelsOf: Readonly<Record<string, readonly string[]>> = {
    Counter: ["counter-bounds", "counter"],
    Queue: ["queue"],
    Set: ["set", "linearizable-set"],
    SetFull: ["set-full"],
    TotalQueue: ["total-queue"],
    UniqueIds: ["unique-ids"],
    "elle.closed-predicate": ["closed-predicate"],
    "elle.list-append": ["list-append"],
    "elle.rw-register": ["rw-register"],
  };
  interface Case {
    readonly id: string;
    readonly checker: string;
    readonly history: readonly Json[];
    readonly opts?: Readonly<Record<string, Json>> | null;
    readonly expected: { readonly valid?: boolean | "unknown" };
    readonly reference_result: { readonly "duplicated-count"?: number };
  }
  // Elle throws at a mix of integer types, which JSON does not have.
  const judgeable = ({ checker, expected }: Case): boolean => checker in modelsOf && expected.valid !== undefined;
  const tallied = [...cases<Case>("checkers/jepsen-checkers.jsonl"), ...cases<Case>("elle/cases.jsonl")].filter(judgeable);
  it.each(tallied)("$id: $checker", async ({ id, checker, history, opts, expected, reference_result }) => {
    const path = await asFile(id, history);
    // The references call an empty history valid, and total-queue what was dequeued twice.
    const deviates =
      history.length === 0 ? "unknown" : checker === "TotalQueue" && (reference_result["duplicated-count"] ?? 0) > 0 ? false : undefined;
    for (const model of modelsOf[checker] ?? []) {
      const { answer } = await judgeHistory(project, path, model, { ...options, settings: opts ?? {} });
      expect([model, answer.valid]).toEqual([model, deviates ?? expected.valid]);
    }
  });

  // What has no order is a note here, not an error of the log.
  const notes = new Set(["empty-transaction-graph"]);
  // The reference counts what was polled as unseen where nothing had been acknowledged to its key before. It was seen.
  const seen = new Set(["kafka-008", "kafka-009", "kafka-025"]);
  const logs = cases<{ id: string; history: Json[]; opts: Record<string, Json> | null; expected: { error_types: string[] } }>(
    "checkers/jepsen-log.jsonl",
  );
  it.each(logs)("log: $id", async ({ id, history, opts, expected }) => {
    const { answer } = await judgeHistory(project, await asFile(id, history), "log", { ...options, settings: opts ?? {} });
    const types = [...new Set(answer.anomalies.map(({ type }) => type))].filter((type) => !notes.has(type));
    expect(types.sort()).toEqual(expected.error_types.filter((type) => !notes.has(type) && !(type === "unseen" && seen.has(id))).sort());
  });
});
