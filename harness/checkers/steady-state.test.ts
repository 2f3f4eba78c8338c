import { expect, test } from "vitest";
import type { Evidence } from "../core/verdict.ts";
import { evidence, injected, ledger, operation, sample } from "./fixtures.ts";
import { steady, steadyAfter, steadyBefore, unsteady } from "./steady-state.ts";

/** A minute at 50/s through api-1, runs on queue-1, samples twice a second, a kill from 20 to 25 s. */
function calm(change: Partial<Evidence> = {}): Evidence {
  const seconds = Array.from({ length: 120 }, (_, i) => i * 500);
  return evidence({
    operations: Array.from({ length: 3000 }, (_, index) => operation({ index, f: "create", invokedAt: index * 20 + 0.3, intendedAt: index * 20 })),
    ledger: seconds.flatMap((time, i) => ledger("run", [time, "enter", `r${i}`, 1, "queue-1"])),
    samples: seconds.flatMap((time) => [
      sample(time, "backlog", { open: 3, oldestMs: 40 }),
      sample(time, "api-1", { ready: 1 }),
      sample(time, "queue-1", { ready: 1 }),
    ]),
    faults: injected("kill", "queue-1", 20_000, 25_000),
    scheduledPerSecond: 50,
    ...change,
  });
}

test("a calm load is steady before and after", () => {
  expect(steadyBefore(calm()).verdict).toBe("holds");
  expect(steadyAfter(calm())).toMatchObject({ verdict: "holds", numbers: { steadyAfterMs: 0 } });
  const { operations, ledger: lines, samples } = calm();
  expect(steady(operations, lines, samples, 0, 10_000, 50)).toBe(true);
});

test.each<[string, Partial<Evidence>]>([
  ["operations failed", { operations: calm().operations.map((one) => (one.index === 600 ? { ...one, served: "error" as const } : one)) }],
  ["are scheduled", { operations: calm().operations.filter((one) => one.index % 5 !== 0) }],
  ["no operation was served", { operations: [] }],
  ["oldest waiting run was 1200 ms", { samples: [...calm().samples, sample(12_000, "backlog", { oldestMs: 1200 })] }],
  ["nobody looked", { samples: calm().samples.filter((one) => one.source !== "backlog") }],
  ["queue-1 was not ready", { samples: [...calm().samples, sample(12_000, "queue-1", { ready: 0 })] }],
  ["queue-1 was not seen serving", { ledger: [] }],
  ["api-1 was not seen serving", { operations: calm().operations.map((one) => ({ ...one, by: "api-2" })) }],
])("is not steady: %s", (text, change) => {
  const { operations, ledger: lines, samples } = calm(change);
  expect(unsteady(operations, lines, samples, 10_000, 20_000, 50).join()).toContain(text);
  expect(steadyBefore(calm(change)).verdict).toBe("inconclusive");
});

test("after the last fault some ten seconds have to be steady", () => {
  const slow = calm({
    operations: calm().operations.map((one) =>
      one.index > 1200 && one.index < 1600 && one.index % 3 === 0 ? { ...one, served: "error" as const } : one,
    ),
  });
  expect(steadyAfter(slow).verdict).toBe("holds");
  expect(steadyAfter(slow).numbers.steadyAfterMs).toBeGreaterThan(6000);
  expect(steadyAfter(calm({ faults: injected("kill", "queue-1", 20_000, 55_000) })).summary).toContain("10 s are needed");
  expect(steadyAfter(calm({ faults: injected("kill", "queue-1", 20_000, 25_000).slice(0, 3) })).summary).toContain("never healed");
  expect(steadyAfter(calm({ samples: [] })).summary).toContain("none of");
});

test("without faults there is no before and no after", () => {
  expect(steadyBefore(evidence()).verdict).toBe("inconclusive");
  expect(steadyAfter(evidence()).verdict).toBe("inconclusive");
});
