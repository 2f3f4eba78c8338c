import { expect, it } from "vitest";
import { evidence, ledger } from "./fixtures.ts";
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
