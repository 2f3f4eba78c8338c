import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { evidence, injected, operation, sample } from "./fixtures.ts";
import { goesOn } from "./goes-on.ts";

const faults = injected("kill", "queue-1", 1000, 2000);
const wanted = (count: number, from: number, outcome: Operation["outcome"]): Operation[] =>
  Array.from({ length: count }, (_, i) => operation({ f: "create", invokedAt: from + i, outcome }));
const judged = (operations: readonly Operation[], more: Parameters<typeof evidence>[0] = {}) =>
  goesOn({ withinMs: 5000 })(evidence({ operations, faults, ...more }));

test("holds when something is served", () => expect(judged([...wanted(200, 8000, "fail"), ...wanted(1, 9000, "ok")]).verdict).toBe("holds"));
test.each(["fail", "info"] as const)("a standstill violates (%s)", (outcome) => {
  expect(judged(wanted(200, 8000, outcome)).summary).toMatch(/^none of 200 operations wanted from 7\.\d+ s on was served/);
});
test("whoever waits in vain for longer than the budget counts, and not who was sent home sooner", () => {
  const hung = wanted(200, 8000, "info").map((one) => ({ ...one, answeredAt: Number.POSITIVE_INFINITY }));
  const last = { ...wanted(1, 14_000, "info")[0], answeredAt: Number.POSITIVE_INFINITY } as Operation;
  expect(judged([...hung, last]).summary).toMatch(/^none of 200 operations/);
  expect(judged([...hung, { ...last, invokedAt: 12_000, intendedAt: 12_000 }]).verdict).toBe("inconclusive");
});
test("too few, too early, none, or a fault that never healed decide nothing", () => {
  expect(judged(wanted(99, 8000, "fail")).verdict).toBe("inconclusive");
  expect(judged(wanted(200, 3000, "fail")).verdict).toBe("inconclusive");
  expect(judged([]).verdict).toBe("inconclusive");
  expect(judged(wanted(200, 8000, "fail"), { faults: faults.slice(0, 3) }).verdict).toBe("inconclusive");
  expect(judged(wanted(200, 8000, "fail"), { lagMs: 1500 }).verdict).toBe("inconclusive");
});
test("what was late at the heal excuses no standstill that lasts, and what was late to its end does", () => {
  const long = [...wanted(200, 8000, "fail"), ...wanted(1, 40_000, "fail")];
  const looks = (until: number) => Array.from({ length: 100 }, (_, i) => sample(500 * i, "harness", { lagMs: 500 * i < until ? 1500 : 5 }));
  expect(judged(long, { samples: looks(9000), lagMs: 1500 }).verdict).toBe("violated");
  expect(judged(long, { samples: looks(40_000), lagMs: 1500 }).verdict).toBe("inconclusive");
  const lateAtLast = looks(0).map((one) => (one.time > 38_000 ? { ...one, values: { lagMs: 1500 } } : one));
  expect(judged(long, { samples: lateAtLast, lagMs: 1500 })).toMatchObject({ verdict: "violated", count: 1 });
});
test("never accuses a system that serves one operation at the end", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("ok", "fail", "info"), { minLength: 100, maxLength: 200 }), (outcomes) => {
      const all = [...outcomes.flatMap((outcome, i) => wanted(1, 8000 + i, outcome)), ...wanted(1, 20_000, "ok")];
      expect(judged(all).verdict).toBe("holds");
    }),
  );
});
