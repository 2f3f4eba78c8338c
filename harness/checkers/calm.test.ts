import { expect, test } from "vitest";
import { calmStretches, isCalm } from "./calm.ts";
import { evidence, injected } from "./fixtures.ts";

test("a fault ends a stretch, and 3 s after its heal another begins", () => {
  const stretches = calmStretches(evidence({ faults: injected("kill", "api-1", 10_000, 15_000) }));
  expect(isCalm(stretches, 0, 10_000)).toBe(true);
  expect(isCalm(stretches, 9000, 11_000)).toBe(false);
  expect(stretches.at(-1)?.from).toBeGreaterThanOrEqual(18_000);
});

test("who waits for a late answer disturbs nobody", () => {
  const stretches = calmStretches(evidence({ faults: injected("await-answers", "balancer", 10_000, 15_000) }));
  expect(isCalm(stretches, 9000, 20_000)).toBe(true);
});
