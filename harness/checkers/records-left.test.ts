import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { evidence, injected, operation } from "./fixtures.ts";
import { deadRecordsRemoved, noRecordsLeft } from "./records-left.ts";

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

const removed = deadRecordsRemoved({ what: "lock records", f: ["turn"], withinMs: 40_000 });
const lookAt = (time: number, rows: number) =>
  injected("count-rows", "postgres", time, time + 100, `count-rows#${time}`).map((event) =>
    event.phase === "biting" ? { ...event, numbers: { rows } } : event,
  );
/** A holder was killed at a time. */
const killed = (answeredAt: number) => operation({ f: "turn", key: `a${answeredAt}`, invokedAt: answeredAt - 100, answeredAt, outcome: "info" });
const judgedLater = (first: number, later: number, operations: readonly Operation[] = [killed(5000)]) =>
  removed(evidence({ faults: [...lookAt(9000, first), ...lookAt(60_000, later)], operations }));

test("what the dead left is gone in time", () => {
  expect(judgedLater(2, 0)).toMatchObject({ verdict: "holds", examined: 1, numbers: { leftByTheDead: 2 } });
  expect(judgedLater(2, 1).summary).toContain(
    "there were 1 lock records of the dead (count-rows#60000), of whom 0 may have died in the last 40000 ms, and 2 had been there at 9.020 s",
  );
});

test("who died since may have left another one", () => {
  const operations = [killed(5000), killed(30_000)];
  expect(judgedLater(2, 1, operations).verdict).toBe("holds");
  expect(judgedLater(2, 2, operations).verdict).toBe("violated");
});

test("where nobody was seen to leave a record, or nobody looked later, nothing is proven", () => {
  expect(judgedLater(0, 9).verdict).toBe("inconclusive");
  expect(removed(evidence({ faults: lookAt(9000, 2), operations: [killed(5000)] })).verdict).toBe("inconclusive");
  expect(removed(evidence()).verdict).toBe("inconclusive");
});
