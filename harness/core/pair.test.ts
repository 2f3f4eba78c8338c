import fc from "fast-check";
import { expect, test } from "vitest";
import type { HistoryLine } from "./history.ts";
import { pairOperations } from "./pair.ts";

const invoke = (time: number, process: string, f = "get", intended?: number): HistoryLine => ({
  type: "invoke",
  time,
  process,
  f,
  ...(intended === undefined ? {} : { intended }),
});
const complete = (time: number, process: string, type: "ok" | "fail" | "info" = "ok", f = "get"): HistoryLine => ({
  type,
  time,
  process,
  f,
  served: type === "ok" ? "yes" : "error",
});

test("pairs by process and maps times by the best clock line", () => {
  const { operations, problems, clock, lastBeat } = pairOperations([
    { type: "clock", time: 100, harness: 1100, delta: 5 },
    invoke(110, "a", "get", 105),
    invoke(111, "b"),
    { type: "clock", time: 112, harness: 1113, delta: 1 },
    complete(120, "b"),
    complete(130, "a", "fail"),
    { type: "beat", time: 140 },
  ]);
  expect(problems).toEqual([]);
  expect(clock).toEqual({ offsetMs: 1001, deltaMs: 1 });
  expect(lastBeat).toBe(1141);
  expect(
    operations.map(({ process, intendedAt, invokedAt, completedAt, outcome }) => [process, intendedAt, invokedAt, completedAt, outcome]),
  ).toEqual([
    ["a", 1106, 1111, 1131, "fail"],
    ["b", 1112, 1112, 1121, "ok"],
  ]);
});

test("unknown outcomes may take effect at any later time", () => {
  const { operations } = pairOperations([invoke(1, "a"), complete(5, "a", "info"), invoke(6, "a2")]);
  expect(operations[0]).toMatchObject({ outcome: "info", completedAt: Number.POSITIVE_INFINITY, answeredAt: 5 });
  expect(operations[1]).toMatchObject({ outcome: "info", completedAt: Number.POSITIVE_INFINITY, answeredAt: Number.POSITIVE_INFINITY });
});

test.each([
  ["without an open invocation", [complete(1, "a")]],
  ["while its", [invoke(1, "a"), invoke(2, "a")]],
  ["used again after", [invoke(1, "a"), complete(2, "a", "info"), invoke(3, "a")]],
  ["stepped back", [invoke(2, "a"), complete(1, "a")]],
  ["no time that is a number", [invoke(Number.NaN, "a")]],
  ['invoked "get" and completed "set"', [invoke(1, "a"), complete(2, "a", "ok", "set")]],
] as const)("finds a problem: %s", (text, lines) => {
  const { problems } = pairOperations([...lines]);
  expect(problems.length).toBe(1);
  expect(problems[0]).toContain(text);
});

test("an empty history has no operations and no problems", () => {
  expect(pairOperations([])).toEqual({ operations: [], problems: [], clock: null, lastBeat: null });
});

test("every well-formed history pairs completely", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(3)), { maxLength: 60 }), (moves) => {
      const lines: HistoryLine[] = [];
      const open = new Set<string>();
      const generation = new Map<number, number>();
      let completions = 0;
      for (const [time, [vu, kind]] of moves.entries()) {
        const process = `${vu}.${generation.get(vu) ?? 0}`;
        if (!open.delete(process)) {
          open.add(process);
          lines.push(invoke(time, process));
          continue;
        }
        completions++;
        lines.push(complete(time, process, (["ok", "fail", "info", "ok"] as const)[kind] ?? "ok"));
        if (kind === 2) generation.set(vu, (generation.get(vu) ?? 0) + 1);
      }
      const { operations, problems } = pairOperations(lines);
      expect(problems).toEqual([]);
      expect(operations.length).toBe(completions + open.size);
      expect(operations.filter((operation) => operation.answeredAt === Number.POSITIVE_INFINITY).length).toBe(open.size);
    }),
  );
});
