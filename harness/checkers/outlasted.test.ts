import fc from "fast-check";
import { expect, it } from "vitest";
import { seeded } from "../core/random.ts";
import { executions } from "./executions.ts";
import { evidence, ledger } from "./fixtures.ts";
import { generate } from "./generate.ts";
import { outlasted } from "./outlasted.ts";

const long = ledger(
  "run",
  [1000, "enter", "r1", 1, "queue-1"],
  [17_000, "exit", "r1", 1, "queue-1"],
  [1000, "enter", "r2", 1, "queue-1"],
  [2000, "exit", "r2", 1, "queue-1"],
);

it("holds when enough attempts took long enough, and is inconclusive otherwise", () => {
  expect(outlasted({ times: 3, atLeast: 1 })(evidence({ ledger: long }))).toMatchObject({
    verdict: "holds",
    numbers: { longAttempts: 1, longestMs: 16_000 },
  });
  expect(outlasted({ times: 3, atLeast: 2 })(evidence({ ledger: long })).verdict).toBe("inconclusive");
  expect(outlasted({ times: 3, atLeast: 1 })(evidence()).verdict).toBe("inconclusive");
});

it("does not count an attempt whose connection merely closed, and is out of reach without the constant", () => {
  const closed = long.map((entry) => ({ ...entry, kind: entry.kind === "exit" ? ("closed" as const) : entry.kind }));
  expect(outlasted({ times: 3, atLeast: 1 })(evidence({ ledger: closed })).verdict).toBe("inconclusive");
  expect(outlasted({ times: 3, atLeast: 1 })(evidence({ ledger: long, constants: {} })).verdict).toBe("out of reach");
});

it("counts, in any order of the lines, exactly the attempts that ended themselves after so long, and never accuses", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 0, max: 4 }), (seed, atLeast) => {
      const given = generate(seeded(seed), { runs: 6, turns: 0 });
      const entered = new Map(
        given.ledger.flatMap((entry) => (entry.scope === "run" && entry.kind === "enter" ? [[entry.section, entry.time]] : [])),
      );
      const long = given.ledger.filter(
        ({ scope, kind, section, time }) => scope === "run" && kind === "exit" && time - (entered.get(section) ?? time) >= 0.5 * 5000,
      ).length;
      const check = outlasted({ times: 0.5, atLeast })({ ...given, ledger: seeded(seed, "order").shuffle(given.ledger) });
      expect(check.numbers.longAttempts).toBe(long);
      expect(check.verdict).toBe(long > 0 && long >= atLeast ? "holds" : "inconclusive");
    }),
    { numRuns: executions },
  );
});
