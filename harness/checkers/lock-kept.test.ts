import { expect, test } from "vitest";
import { constants, evidence, injected, type Line, lateElsewhere, ledger, operation, sample } from "./fixtures.ts";
import { lockKept } from "./lock-kept.ts";

const check = lockKept({ f: ["turn"] });
const sections: readonly Line[] = [
  [10_000, "enter", "a", 1, "api-1"],
  [10_100, "exit", "a", 1, "api-1"],
  [10_150, "enter", "a", 2, "api-2"],
  [11_200, "exit", "a", 2, "api-2"],
];
const kept = operation({ f: "turn", key: "a", invokedAt: 9990, answeredAt: 10_110, by: "api-1" });
const refused = operation({
  f: "turn",
  key: "a",
  index: 7,
  invokedAt: 10_000,
  answeredAt: 11_210,
  outcome: "fail",
  served: "shed",
  error: "status 409",
  by: "api-2",
});
const judged = (given: Parameters<typeof evidence>[0] = {}) =>
  check(evidence({ ledger: ledger("lock", ...sections), operations: [kept, refused], ...given }));

test("who had entered and is turned away for nothing violates", () => {
  expect(judged()).toMatchObject({ verdict: "violated", count: 1, examined: 2 });
  expect(judged().summary).toContain(
    "turn for a was refused at 11.210 s (409, operation 7), although token 2 on api-2 had entered at 10.150 s (ledger 2)",
  );
  expect(judged({ operations: [kept] })).toMatchObject({ verdict: "holds", examined: 1 });
});

test("a disturbance of the instance or of what it needs excuses it, from a lease before on", () => {
  for (const [on, from, to] of [
    ["api-2", 7000, 7500],
    ["postgres", 10_500, 10_600],
    ["*->redis", 11_190, 12_000],
    ["api", 9000, 9100],
    ["api-2->postgres", 9000, 9100],
  ] as const)
    expect([on, judged({ faults: injected("partition", on, from, to) }).verdict]).toEqual([on, "holds"]);
  for (const [on, from, to] of [
    ["api-2", 5000, 6000],
    ["api-1", 10_000, 11_000],
    ["postgres", 11_300, 12_000],
    ["balancer", 10_000, 11_000],
  ] as const)
    expect([on, judged({ faults: injected("partition", on, from, to) }).verdict]).toEqual([on, "violated"]);
});

test("an operator's clearing excuses the lock that was cleared, and not the next one", () => {
  const cleared = (token: number) =>
    injected("clear-lock", "api-3", 10_500, 10_600).map((event) =>
      event.phase === "biting" ? { ...event, numbers: { revokedToken: token } } : event,
    );
  expect(judged({ faults: cleared(2) }).verdict).toBe("holds");
  expect(judged({ faults: cleared(1) }).verdict).toBe("violated");
});

test("who never entered, was answered otherwise, or stands beside another of its instance that was disturbed is not accused", () => {
  expect(judged({ ledger: ledger("lock", ...sections.slice(0, 2)) }).verdict).toBe("holds");
  expect(judged({ operations: [kept, { ...refused, error: "status 503" }] }).verdict).toBe("holds");
  expect(judged({ operations: [kept, { ...refused, f: "recall" }] }).verdict).toBe("holds");
});

test("an instance that had no processor for so long may have lost its lease", () => {
  const stalled = [sample(10_000, "api-2", { lagMs: 2 }), sample(11_500, "api-2", { lagMs: 1600 })];
  expect(judged({ samples: stalled }).verdict).toBe("inconclusive");
  expect(judged(lateElsewhere(11_000, 95_000, 5000)).verdict).toBe("violated");
  expect(judged({ lagMs: 5000 }).verdict).toBe("inconclusive");
});

test("no ledger, no operation and no lease to go by prove nothing", () => {
  expect(judged({ ledger: [] }).verdict).toBe("inconclusive");
  expect(judged({ operations: [] }).verdict).toBe("inconclusive");
  const { lockLeaseMs: _, ...others } = constants;
  expect(judged({ constants: others }).verdict).toBe("out of reach");
});
