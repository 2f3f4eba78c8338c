import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { evidence, operation, sample, trail } from "./fixtures.ts";
import { streamsWhole } from "./streams-whole.ts";

const kinds = ["attempt", "step", "step", "end"];
const event = (id: number) => ({ id, kind: kinds[id - 1] ?? "step", attempt: 1 });
const all = [1, 2, 3, 4];
const stored = operation({ f: "events", key: "r", invokedAt: 9000, output: { events: all.map(event), complete: true } });
const stream = (process: string, lastEventId: number, ids: readonly number[], given: Partial<Operation> = {}): Operation => {
  const output = { events: ids.map(event), silenceMaxMs: 1 };
  return operation({ f: "stream", key: "r", process, input: { lastEventId }, output, invokedAt: 100 * Number(process.split(".")[1]), ...given });
};
const transitions = trail(
  [50, "r", null, "pending", 0, "", "api-1"],
  [60, "r", "pending", "running", 1, "q", "q"],
  [500, "r", "running", "success", 1, "q", "q"],
);
const judged = (...operations: readonly Operation[]) =>
  streamsWhole({ withinMs: 3000 })(evidence({ transitions, operations: [...operations, stored] }));
const broken = { outcome: "info" } as const;

test("in one piece, in several, and from where it first asked", () => {
  expect(judged(stream("a.1", 0, all)).verdict).toBe("holds");
  expect(judged(stream("a.1", 0, [1, 2]), stream("a.2", 2, [3], broken), stream("a.3", 3, [4])).verdict).toBe("holds");
  expect(judged(stream("a.1", 0, all, broken), stream("a.2", 4, [])).verdict).toBe("holds");
  expect(judged(stream("a.1", 2, [3, 4])).verdict).toBe("holds");
});

test("who is told that there is nothing more, and lacks the end", () => {
  const check = judged(stream("a.1", 0, [1, 2, 3]), stream("a.2", 3, []));
  expect(check.verdict).toBe("violated");
  expect(check.counterexamples[0]?.text).toContain('was told that there is nothing more at 0.210 s and had never got event 4 ("end"');
});

test("who is sent the end, and lacks what came before it", () => {
  expect(judged(stream("a.1", 0, [1]), stream("a.2", 1, [3, 4])).verdict).toBe("violated");
  expect(judged(stream("a.1", 0, [4])).verdict).toBe("violated");
});

test("who asked in vain on processors without time left is in doubt, who was told of an end that is none is not", () => {
  const samples = Array.from({ length: 20 }, (_, i) => sample(500 * i, "machine", { busyTicks: 99, processorTicks: 100 }));
  const busy = (...operations: readonly Operation[]) =>
    streamsWhole({ withinMs: 3000 })(evidence({ transitions, samples, operations: [...operations, stored] }));
  const inVain = busy(stream("a.1", 0, [1, 2, 3], broken), stream("a.2", 3, [], { ...broken, invokedAt: 4000 }));
  expect(inVain).toMatchObject({ verdict: "inconclusive", summary: expect.stringContaining("had never got event 4") });
  expect(busy(stream("a.1", 0, [1, 2, 3]), stream("a.2", 3, [])).verdict).toBe("violated");
});

test("who waited a moment longer than that within the uncertainty, or while timers lagged, accuses nobody", () => {
  const lagging = (waitedUntil: number, lagMs: number) =>
    streamsWhole({ withinMs: 3000 })(
      evidence({ transitions, operations: [stream("a.1", 0, [1, 2, 3], { ...broken, answeredAt: waitedUntil }), stored], lagMs }),
    ).verdict;
  expect([lagging(3504, 5), lagging(3506, 5), lagging(5000, 500), lagging(5000, 700)]).toEqual([
    "inconclusive",
    "violated",
    "violated",
    "inconclusive",
  ]);
  const toldOver = [stream("a.1", 0, [1, 2, 3]), stream("a.2", 3, []), stored];
  expect(streamsWhole({ withinMs: 3000 })(evidence({ transitions, operations: toldOver, lagMs: 700 })).verdict).toBe("violated");
});

test("who asked in vain for long after the end, and who went away before", () => {
  expect(judged(stream("a.1", 0, [1, 2, 3], broken), stream("a.2", 3, [], { ...broken, invokedAt: 4000 })).verdict).toBe("violated");
  expect(judged(stream("a.1", 0, [1, 2, 3], broken), stream("a.2", 3, [], { ...broken, invokedAt: 3000 })).verdict).toBe("inconclusive");
  expect(judged(stream("a.1", 0, [1, 2])).verdict).toBe("inconclusive");
  expect(judged(stream("a.1", 0, [1, 2], { invokedAt: 4000 })).verdict).toBe("inconclusive");
  expect(judged().verdict).toBe("inconclusive");
});

test("whose connection was open for long after the end and stayed silent", () => {
  const silent = judged(stream("a.1", 0, [1, 2, 3], { ...broken, answeredAt: 4000 }));
  expect(silent.verdict).toBe("violated");
  expect(silent.counterexamples[0]?.text).toContain('still waited 3500 ms after its end at 4.000 s and had never got event 4 ("end"');
  expect(judged(stream("a.1", 0, [1, 2, 3], broken), stream("a.2", 3, [], { ...broken, answeredAt: 4000 })).verdict).toBe("violated");
  expect(judged(stream("a.1", 0, [1, 2, 3], { ...broken, answeredAt: 3400 })).verdict).toBe("inconclusive");
  // Interrupted by the end of the load, when the last operation began; and never completed.
  const endless = { ...broken, answeredAt: Number.POSITIVE_INFINITY };
  const lastOfAll = (invokedAt: number): Operation => operation({ f: "get", key: "r", invokedAt });
  expect(judged(stream("a.1", 0, [1, 2, 3], endless), lastOfAll(4000)).verdict).toBe("violated");
  expect(judged(stream("a.1", 0, [1, 2, 3], endless), lastOfAll(3400)).verdict).toBe("inconclusive");
  expect(judged(stream("a.1", 0, [], { ...endless, output: null }), lastOfAll(4000)).verdict).toBe("inconclusive");
});

test("who waited in vain for the end of a run whose end was never entered", () => {
  const endless = (...operations: readonly Operation[]) => {
    const without = { ...stored, output: { events: [1, 2, 3].map(event), complete: false } };
    return streamsWhole({ withinMs: 3000 })(evidence({ transitions, operations: [...operations, without] }));
  };
  const check = endless(stream("a.1", 0, [1, 2, 3], { ...broken, answeredAt: 4000 }));
  expect(check.verdict).toBe("violated");
  expect(check.summary).toContain(
    "still waited 3500 ms after its end at 4.000 s and had never got an event that says so, nor had anybody (operation 0)",
  );
  expect(endless(stream("a.1", 0, [1, 2], { ...broken, answeredAt: 4000 })).summary).toContain('had never got event 3 ("step")');
  expect(endless(stream("a.1", 0, [1, 2, 3], { ...broken, answeredAt: 3400 })).verdict).toBe("inconclusive");
  // Told that there is nothing more: without an end in the store nobody knows what is missing.
  expect(endless(stream("a.1", 0, [1, 2, 3], broken), stream("a.2", 3, [])).verdict).toBe("inconclusive");
});
