import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, Operation } from "../../core/history.ts";
import type { Model } from "../../core/model.ts";
import { type Random, seeded } from "../../core/random.ts";
import { historyOf, inAnyOrder, type Line, options } from "../elle/fixtures.ts";
import { executions } from "../executions.ts";
import counterBounds from "./counter-bounds.ts";
import set from "./set.ts";
import setFull from "./set-full.ts";
import totalQueue from "./total-queue.ts";
import uniqueIds from "./unique-ids.ts";

const all = { counterBounds, set, setFull, totalQueue, uniqueIds };
const check = (model: Model, lines: readonly Line[], settings = {}) => model.check(historyOf(lines), { ...options, settings });
let processes = 0;
/** An operation that begins and ends before the next line; its value is both input and output. */
const done = (f: string, value: Json, type: "ok" | "fail" | "info" = "ok"): Line[] => {
  const process = `p${processes++}`;
  return [
    { type: "invoke", process, f, value },
    { type, process, f, value },
  ];
};
const types = (model: Model, lines: readonly Line[]) => check(model, lines).anomalies.map((anomaly) => anomaly.type);

test.each(Object.entries(all))("%s: an empty history decides nothing", (_, model) => {
  expect(check(model, [])).toMatchObject({ valid: "unknown", operations: 0, anomalies: [] });
  expect(check(model, []).notes.length).toBeGreaterThan(0);
});

test("total-queue: a queue that gives back what it took in, once, holds", () => {
  const lines = [...done("enqueue", 1), ...done("enqueue", "1", "info"), ...done("dequeue", "1"), ...done("drain", [1])];
  const numbers = { attemptCount: 2, acknowledgedCount: 1, okCount: 2, recoveredCount: 1, lostCount: 0, duplicatedCount: 0, unexpectedCount: 0 };
  expect(check(totalQueue, lines)).toMatchObject({ valid: true, operations: 4, numbers });
});

test("total-queue: lost, duplicated and unexpected elements violate, and the sentence names the operations", () => {
  const lines = [...done("enqueue", 1), ...done("enqueue", 2), ...done("dequeue", 2), ...done("dequeue", 2), ...done("dequeue", 3)];
  const answer = check(totalQueue, lines);
  expect(answer.valid).toBe(false);
  expect(answer.anomalies.map(({ type, operations }) => [type, operations])).toEqual([
    ["duplicated", [2, 3]],
    ["unexpected", [4]],
    ["lost", [0]],
  ]);
  expect(answer.anomalies[2]?.text).toBe("element 1 was acknowledged once (operations 0) and never dequeued.");
});

test("total-queue: a duplicate alone violates, unless the element was put in twice", () => {
  expect(types(totalQueue, [...done("enqueue", 1), ...done("dequeue", 1), ...done("dequeue", 1)])).toEqual(["duplicated"]);
  expect(check(totalQueue, [...done("enqueue", 1, "info"), ...done("enqueue", 1), ...done("dequeue", 1), ...done("dequeue", 1)]).valid).toBe(true);
});

test("total-queue: a dequeue of unknown outcome may have taken what is missing, an enqueue of unknown outcome owes nothing", () => {
  expect(check(totalQueue, [...done("enqueue", 1), ...done("dequeue", null, "info")]).valid).toBe("unknown");
  expect(check(totalQueue, [...done("enqueue", 1), ...done("enqueue", 2), ...done("dequeue", null, "info")]).valid).toBe(false);
  expect(check(totalQueue, [...done("enqueue", 1, "info")]).valid).toBe(true);
});

test("total-queue: a queue that was found empty gave nothing, unless null was put in", () => {
  expect(check(totalQueue, [...done("enqueue", 1), ...done("dequeue", 1), ...done("dequeue", null)]).valid).toBe(true);
  const nulls = [...done("enqueue", null), ...done("dequeue", null)];
  expect(check(totalQueue, nulls)).toMatchObject({ valid: true, numbers: { okCount: 1 } });
  expect(types(totalQueue, [...nulls, ...done("dequeue", null)])).toEqual(["duplicated"]);
});

test("total-queue: lost elements are placed in the order of acknowledgement", () => {
  const lines = [...[1, 2, 3, 4, 5, 6].flatMap((value) => done("enqueue", value)), ...[2, 4].flatMap((value) => done("dequeue", value))];
  expect(check(totalQueue, lines).numbers).toMatchObject({ lostCount: 4, lostPrefixCount: 1, lostMiddleCount: 1, lostSuffixCount: 2 });
});

test("set: an add concurrent with the last read owes it nothing", () => {
  const lines: Line[] = [
    { type: "invoke", process: 1, f: "add", value: 1 },
    { type: "invoke", process: 2, f: "read" },
    { type: "ok", process: 1, f: "add", value: 1 },
    { type: "ok", process: 2, f: "read", value: [] },
  ];
  expect(check(set, lines).valid).toBe(true);
  expect(types(set, [...done("add", 1), ...done("add", 2, "info"), ...done("read", [3])])).toEqual(["unexpected", "lost"]);
  expect(check(set, done("add", 1)).valid).toBe("unknown");
});

test("set-full: stable, stale, lost and never read; a duplicate within one read violates", () => {
  const present = [...done("add", 1), ...done("read", [1])];
  expect(check(setFull, present)).toMatchObject({ valid: true, numbers: { stableCount: 1, staleCount: 0 } });
  const stale = [...done("add", 1), ...done("read", []), ...done("read", [1])];
  expect(check(setFull, stale)).toMatchObject({ valid: true, numbers: { staleCount: 1, stableLatencyMaxMs: 1 } });
  expect(check(setFull, stale, { "linearizable?": true }).valid).toBe(false);
  expect(types(setFull, [...done("add", 1), ...done("read", [1]), ...done("read", [])])).toEqual(["lost"]);
  expect(check(setFull, [...done("add", 1), ...done("add", 2, "info"), ...done("read", [1])])).toMatchObject({ numbers: { neverReadCount: 1 } });
  expect(types(setFull, [...done("add", 1), ...done("read", [1, 1])])).toEqual(["duplicated"]);
  expect(types(setFull, [...done("add", 1), ...done("read", [1, 2])])).toEqual(["unexpected"]);
});

test("unique-ids: an identifier given twice violates; one of unknown outcome says nothing", () => {
  expect(check(uniqueIds, [...done("generate", 1), ...done("generate", "1"), ...done("generate", 1, "info")]).valid).toBe(true);
  expect(check(uniqueIds, [...done("generate", 1), ...done("generate", 1)]).anomalies[0]?.operations).toEqual([0, 1]);
});

test("counter-bounds: decrements and unknown outcomes widen the bounds", () => {
  const read = (value: number) =>
    check(counterBounds, [...done("add", 5), ...done("add", -2, "info"), ...done("add", 3, "fail"), ...done("read", value)]).valid;
  expect([2, 3, 4, 5, 6].map(read)).toEqual([false, true, true, true, false]);
});

test("counter-bounds: what cannot be summed up exactly is not judged", () => {
  for (const odd of [0.1, "9007199254740993", null]) {
    const answer = check(counterBounds, [...done("add", odd), ...done("add", 0.2), ...done("read", 0.3)]);
    expect(answer).toMatchObject({ valid: "unknown", notes: [expect.stringContaining("a whole number is expected")] });
  }
});

/** Operations on elements in a random interleaving, each taking effect between its lines: what `apply` answers is the output. */
function execution(random: Random, calls: readonly { readonly f: string; readonly value: Json }[], apply: (f: string, value: Json) => Json): Line[] {
  const lines: Line[] = [];
  const running: { readonly process: string; readonly f: string; readonly value: Json; output?: Json }[] = [];
  const queue = [...calls];
  for (let process = 0; queue.length + running.length > 0; ) {
    const pick = running[random.integer(0, 4)];
    if (pick === undefined) {
      const call = queue.shift();
      if (!call) {
        finish(running[0] as (typeof running)[number]);
        continue;
      }
      running.push({ process: `p${process++}`, ...call });
      lines.push({ type: "invoke", process: `p${process - 1}`, ...call });
    } else if (pick.output === undefined) pick.output = apply(pick.f, pick.value);
    else finish(pick);
  }
  return lines;

  function finish(one: (typeof running)[number]): void {
    running.splice(running.indexOf(one), 1);
    const unknown = one.f !== "read" && one.f !== "dequeue" && random.next() < 0.1;
    if (!unknown) one.output ??= apply(one.f, one.value);
    lines.push({ type: unknown ? "info" : "ok", process: one.process, f: one.f, value: unknown ? one.value : (one.output ?? null) });
  }
}

/** A correct object of each kind, under random calls. */
function valid(kind: keyof typeof all, random: Random): Line[] {
  const held: Json[] = [];
  let sum = 0;
  const values = random.shuffle([...Array(12).keys()]);
  const calls = { set: "add", setFull: "add", totalQueue: "enqueue", uniqueIds: "generate", counterBounds: "add" } as const;
  const puts = values.map((value) => ({ f: calls[kind], value }));
  const apply = (f: string, value: Json): Json => {
    if (f === "read") return kind === "counterBounds" ? sum : [...held];
    if (f === "dequeue") return held.shift() ?? null;
    if (f === "generate") return held.push(null);
    sum += typeof value === "number" ? value : 0;
    held.push(value);
    return value;
  };
  const reads = values.slice(6).map(() => ({ f: "read", value: null }));
  const calling = kind === "totalQueue" || kind === "uniqueIds" ? puts : kind === "set" ? puts : random.shuffle([...puts, ...reads]);
  const lines = execution(random, calling, apply);
  if (kind === "totalQueue") return [...lines, ...done("drain", held)];
  return kind === "uniqueIds" ? lines : [...lines, ...done("read", apply("read", null))];
}

test.each(Object.entries(all))("%s: correct executions are never accused, and a planted anomaly is always found", (name, model) => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const lines = valid(name as keyof typeof all, seeded(seed));
      const answer = inAnyOrder(model, historyOf(lines), {}, seeded(seed, "order"));
      if (answer.valid === false) throw new Error(answer.anomalies[0]?.text);
      const last = lines[lines.length - 1] as Line;
      const spoilt: Record<string, Json> = { set: [-1], setFull: [-1], totalQueue: [-1], uniqueIds: 1, counterBounds: 1e6 };
      const planted =
        name === "uniqueIds"
          ? [...lines, ...done("generate", 1), ...done("generate", 1)]
          : [...lines.slice(0, -1), { ...last, value: spoilt[name] as Json }];
      expect(inAnyOrder(model, historyOf(planted), {}, seeded(seed, "order")).valid).toBe(false);
    }),
    { numRuns: executions },
  );
});

test("many operations are judged in linear time", () => {
  const operations: Operation[] = [];
  const [template] = historyOf(done("enqueue", 0));
  for (let i = 0; i < 20_000; i++) {
    operations.push({ ...(template as Operation), index: 2 * i, f: "enqueue", input: i, invokedAt: 2 * i, completedAt: 2 * i + 1 });
    operations.push({ ...(template as Operation), index: 2 * i + 1, f: "dequeue", output: i, invokedAt: 2 * i + 1, completedAt: 2 * i + 2 });
  }
  expect(totalQueue.check(operations, options)).toMatchObject({ valid: true, operations: 40_000, numbers: { okCount: 20_000 } });
});
