import fc from "fast-check";
import { expect, test } from "vitest";
import type { Sample } from "../core/records.ts";
import { evidence, sample } from "./fixtures.ts";
import { oneWriter } from "./one-writer.ts";

const look = (time: number, node: string, timeline: number, written: number, writable = 1): Sample =>
  sample(time, node, { writable, timeline, written });
const judged = (...samples: readonly Sample[]) => oneWriter(evidence({ samples: samples.toSorted((a, b) => a.time - b.time) }));
const before = [look(100, "pg-1", 1, 5), look(300, "pg-1", 1, 9), look(300, "pg-2", 0, 0, 0)];

test("a promotion after which the old primary is silent holds", () => {
  expect(judged(...before, look(500, "pg-2", 2, 9), look(700, "pg-2", 2, 12))).toMatchObject({
    verdict: "holds",
    numbers: { promotions: 1, bothWritableMs: 0 },
  });
});
test("an orphan that accepts nothing holds, and for how long two took writes is told", () => {
  const orphan = [look(600, "pg-1", 1, 9), look(800, "pg-1", 1, 9)];
  expect(judged(...before, look(500, "pg-2", 2, 9), ...orphan)).toMatchObject({ verdict: "holds", numbers: { bothWritableMs: 300 } });
});
test("an orphan that accepts more after the promotion violates", () => {
  const check = judged(...before, look(500, "pg-2", 2, 9), look(600, "pg-1", 1, 10), look(800, "pg-1", 1, 13));
  expect(check).toMatchObject({ verdict: "violated", count: 1 });
  expect(check.summary).toBe(
    "pg-1 accepted 3 writes on timeline 1 between 0.600 s and 0.800 s, though pg-2 had been promoted to timeline 2 by 0.500 s.",
  );
});
test("what it accepted before the first look after the promotion may have been before it", () => {
  expect(judged(...before, look(500, "pg-2", 2, 9), look(600, "pg-1", 1, 20)).verdict).toBe("holds");
});
test("so may what a look told that began before it, though it ended after it", () => {
  const late = sample(600, "pg-1", { writable: 1, timeline: 1, written: 10, lookMs: 150 });
  expect(judged(...before, look(500, "pg-2", 2, 9), late, look(800, "pg-1", 1, 13)).verdict).toBe("holds");
});
test("no promotion, or nobody who looked, decides nothing", () => {
  expect(judged(...before).verdict).toBe("inconclusive");
  expect(judged().verdict).toBe("inconclusive");
});
test("never accuses nodes of which one writes at a time", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ node: fc.constantFrom("pg-1", "pg-2", "pg-3"), looks: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 6 }),
      (terms) => {
        let time = 0;
        const samples = terms.flatMap(({ node, looks }, i) =>
          Array.from({ length: looks }, () => {
            time += 100;
            return look(time, node, i + 1, time);
          }),
        );
        expect(judged(...samples).verdict).toBe(terms.length > 1 ? "holds" : "inconclusive");
      },
    ),
  );
});
