import { expect, test } from "vitest";
import type { Sample } from "../core/records.ts";
import { evidence, injected, type Line, ledger } from "./fixtures.ts";
import { mutualExclusion } from "./mutual-exclusion.ts";
import { oneLiveAttempt } from "./one-live-attempt.ts";
import { mayHaveStalled } from "./stalls.ts";

const look = (time: number, lagMs: number | undefined, startedAtMs = 1, source = "queue-1"): Sample => ({
  ...{ time, source },
  values: { ready: 1, ...(lagMs === undefined ? {} : { lagMs, startedAtMs }) },
});
const punctual = (from: number, to: number): Sample[] => Array.from({ length: (to - from) / 500 + 1 }, (_, i) => look(from + 500 * i, 2));
const stalled = (samples: readonly Sample[], forMs = 3000, faults = injected("kill", "queue-2", 0, 100)) =>
  mayHaveStalled(evidence({ samples, faults }), "queue-1", 5000, 9000, forMs);

test("a process that its own timers missed, or that answered nobody", () => {
  expect(stalled([...punctual(0, 4000), look(8000, 3500)])).toBe(true);
  expect(stalled([...punctual(0, 4500), look(5000, undefined), look(8000, 2)])).toBe(true);
  expect(stalled([...punctual(0, 4500), look(8000, 2)], 4000)).toBe(false);
});

test("one that ran, that was started anew, that was stopped on purpose, and another time", () => {
  expect(stalled(punctual(0, 12_000))).toBe(false);
  expect(stalled([...punctual(0, 4500), look(8000, 2, 7)])).toBe(false);
  expect(stalled([...punctual(0, 4500), look(8000, 3500)], 3000, injected("pause", "queue-1", 4400, 7900))).toBe(false);
  expect(stalled([look(0, 2), ...punctual(4000, 12_000)])).toBe(false);
});

const lines: Line[] = [
  [4000, "enter", "r1", 1, "queue-1"],
  [8200, "enter", "r1", 2, "queue-2"],
  [8600, "exit", "r1", 1, "queue-1"],
  [9000, "exit", "r1", 2, "queue-2"],
];

test("what is found beside a process without a processor decides nothing, and violates beside one that had its share", () => {
  const [starved, well] = [[...punctual(0, 4500), look(8500, 3900)], punctual(0, 12_000)];
  for (const [checker, scope] of [
    [oneLiveAttempt, "run"],
    [mutualExclusion, "lock"],
  ] as const) {
    expect(checker(evidence({ ledger: ledger(scope, ...lines), samples: starved }))).toMatchObject({ verdict: "inconclusive", count: 1 });
    expect(checker(evidence({ ledger: ledger(scope, ...lines), samples: well })).verdict).toBe("violated");
    expect(checker(evidence({ ledger: ledger(scope, ...lines), samples: [...well, look(8500, 1, 1, "harness")] })).verdict).toBe("violated");
    expect(checker(evidence({ ledger: ledger(scope, ...lines), samples: [...well, look(8500, 450, 1, "harness")] })).verdict).toBe("inconclusive");
  }
});
