import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { evidence, injected, operation } from "./fixtures.ts";
import { noRecordsLeft } from "./records-left.ts";

const judge = noRecordsLeft({ what: "lock records", f: ["turn"] });
const look = (rows: number) =>
  injected("count-rows", "postgres", 50_000, 51_000).map((event) => (event.phase === "biting" ? { ...event, numbers: { rows } } : event));
/** So many agents, each worked on for 20 ms in turn; the last ones may still be under way at the look. */
const turns = (keys: number, underWay = 0): Operation[] =>
  Array.from({ length: keys }, (_, i) => {
    const late = i >= keys - underWay;
    return operation({ f: "turn", index: i, key: `a${i}`, invokedAt: late ? 49_990 : i * 50, answeredAt: late ? 50_500 : i * 50 + 20 });
  });

test("records are those of what is under way", () => {
  const judged = (rows: number, operations: readonly Operation[]) => judge(evidence({ faults: look(rows), operations }));
  expect(judged(3, turns(300, 5))).toMatchObject({ verdict: "holds", examined: 1, numbers: { mostRecords: 3 } });
  expect(judged(200, turns(300, 5)).summary).toContain(
    "there were 200 lock records (count-rows#1), while 5 operations were or may have been under way",
  );
});

test("a holder of whom nobody knows anything may have left its record", () => {
  const unknown = turns(300).map((one, i) => (i < 10 ? { ...one, outcome: "info" as const } : one));
  expect(judge(evidence({ faults: look(10), operations: unknown })).verdict).toBe("holds");
  expect(judge(evidence({ faults: look(11), operations: unknown })).verdict).toBe("violated");
  expect(judge(evidence({ faults: look(1), operations: turns(300).map((one) => ({ ...one, outcome: "fail" as const })) })).verdict).toBe(
    "inconclusive",
  );
});

test("few agents, another kind of operation, and no look say nothing", () => {
  expect(judge(evidence({ faults: look(90), operations: turns(90) })).verdict).toBe("inconclusive");
  expect(judge(evidence({ faults: look(90), operations: turns(300).map((one) => ({ ...one, f: "read" })) })).verdict).toBe("inconclusive");
  expect(judge(evidence({ operations: turns(300) })).verdict).toBe("inconclusive");
  expect(judge(evidence()).verdict).toBe("inconclusive");
});

test("as many records as may be under way are never accused, one more always is", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 120, max: 400 }), (underWay, keys) => {
      const operations = turns(keys, underWay);
      expect(judge(evidence({ faults: look(underWay), operations })).verdict).toBe("holds");
      expect(judge(evidence({ faults: look(underWay + 1), operations })).verdict).toBe("violated");
    }),
    { numRuns: 60 },
  );
});
