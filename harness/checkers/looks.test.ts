import fc from "fast-check";
import { expect, test } from "vitest";
import { evidence, injected } from "./fixtures.ts";
import { doneOnce, logsOfOneShape, secretsKept } from "./looks.ts";

const look = (fault: string, numbers: Record<string, number>, seen = "", id = `${fault}#1`) =>
  injected(fault, "x", 1000, 2000, id).map((event) => (event.phase === "biting" ? { ...event, numbers, evidence: seen } : event));
const unseen = (fault: string, numbers: Record<string, number>) => look(fault, numbers).filter(({ phase }) => phase !== "biting");
const migrations = doneOnce({ what: "migrations" });

test("a secret that stood somewhere is told by its place", () => {
  const judged = (numbers: Record<string, number>, seen = "") => secretsKept(evidence({ faults: look("look-for-secrets", numbers, seen) }));
  expect(judged({ texts: 12, bytes: 900, leaks: 0 })).toMatchObject({ verdict: "holds", examined: 12, numbers: { characters: 900 } });
  expect(judged({ texts: 12, bytes: 900, leaks: 1 }, "one of 1 secrets stands in the log of api-1").summary).toContain("stands in the log of api-1");
  expect(judged({ texts: 0, bytes: 0, leaks: 0 }).verdict).toBe("inconclusive");
});

test("a line of another shape is told by its place", () => {
  const judged = (numbers: Record<string, number>, seen = "") => logsOfOneShape(evidence({ faults: look("read-the-logs", numbers, seen) }));
  expect(judged({ lines: 40, oddLines: 0 })).toMatchObject({ verdict: "holds", examined: 40 });
  expect(judged({ lines: 40, oddLines: 2 }, "40 lines; of another shape: line 3 of api-1").summary).toContain("line 3 of api-1");
});

test("what was done twice is counted, by the newest look", () => {
  const judged = (...listed: [number, number][]) =>
    migrations(
      evidence({
        faults: listed.flatMap(([all, once], i) => look("read-the-logs", { lines: 9, listed: all, listedOnce: once }, "", `read-the-logs#${i}`)),
      }),
    );
  expect(judged([12, 12])).toMatchObject({ verdict: "holds", examined: 12 });
  expect(judged([12, 12], [24, 12]).summary).toContain("of which 12 were repetitions");
  expect(judged([0, 0]).verdict).toBe("inconclusive");
});

test("a look that was never taken says nothing", () => {
  for (const checker of [secretsKept, logsOfOneShape, migrations]) {
    expect(checker(evidence()).verdict).toBe("inconclusive");
    const faults = [
      ...unseen("look-for-secrets", { texts: 3, leaks: 2 }),
      ...unseen("read-the-logs", { lines: 3, oddLines: 2, listed: 2, listedOnce: 1 }),
    ];
    expect(checker(evidence({ faults })).verdict).toBe("inconclusive");
  }
});

test("one bad look among any number violates, and no good one does", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 8 }), (bad) => {
      const faults = bad.flatMap((count, i) => [
        ...look("look-for-secrets", { texts: 4, bytes: 9, leaks: count }, "", `look-for-secrets#${i}`),
        ...look("read-the-logs", { lines: 5, oddLines: count }, "", `read-the-logs#${i}`),
      ]);
      for (const checker of [secretsKept, logsOfOneShape]) {
        expect(checker(evidence({ faults })).count).toBe(bad.filter((count) => count > 0).length);
      }
    }),
  );
});
