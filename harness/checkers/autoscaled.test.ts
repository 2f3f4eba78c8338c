import { expect, it } from "vitest";
import { autoscaled } from "./autoscaled.ts";
import { evidence, injected, operation, sample } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";

const guide = { minReplicas: 3, maxReplicas: 10, cpuPercent: 70, memoryPercent: 80, requestedCores: 1, requestedMiB: 1024, downStabilisationS: 300 };
const samples = Array.from({ length: 60 }, (_, i) => sample(500 * i, `api-${(i % 2) + 1}`, { cpuPercent: 10, rssMb: 150 }));
const operations = Array.from({ length: 1200 }, (_, i) => operation({ f: "create", invokedAt: 25 * i }));
const judged = (numbers: Readonly<Record<string, number>>, more = {}) =>
  autoscaled({ role: "api" })(
    evidence({
      ...{ samples, operations },
      faults: injected("read-the-autoscaler", "autoscaler", 1000, 1200).map((event) => (event.phase === "biting" ? { ...event, numbers } : event)),
      ...more,
    }),
  );

it("holds with the guide's settings, and tells what was measured", () => {
  const check = judged(guide);
  expect(check.verdict).toBe("holds");
  // Two instances that are busy for a tenth of their time, and forty requests a second.
  expect(check.numbers?.cpuMsPerRequest).toBeCloseTo(5, 0);
  expect(check.numbers?.most).toBe(7);
});

it.each([
  [{ ...guide, downStabilisationS: 0 }, "turned"],
  [{ ...guide, cpuPercent: 170 }, "could not serve"],
  [{ ...guide, maxReplicas: 4 }, "could not serve"],
  [{ ...guide, "up policy 0 pods": 1, "up policy 0 periodMs": 300_000 }, "could not serve"],
  [{ ...guide, upStabilisationS: 900 }, "could not serve"],
  [{ ...guide, "up selection": 2 }, "could not serve"],
])("violated by %j", (numbers, told) => expect(judged(numbers)).toMatchObject({ verdict: "violated", summary: expect.stringContaining(told) }));

it.each([
  ["a pod a minute", { "up policy 0 pods": 1, "up policy 0 periodMs": 60_000 }],
  ["a look of patience", { upStabilisationS: 15 }],
  ["as usual, said", { "up policy 0 percent": 100, "up policy 0 periodMs": 15_000, "up selection": 0, "down selection": 0 }],
])("holds with a pace that keeps up: %s", (_what, pace) => expect(judged({ ...guide, ...pace }).verdict).toBe("holds"));

it("decides nothing without the manifest, or when too little was served", () => {
  expect(autoscaled({ role: "api" })(evidence({ samples, operations })).verdict).toBe("inconclusive");
  expect(judged(guide, { operations: operations.slice(0, 50) }).verdict).toBe("inconclusive");
});

it("accuses nobody of what was not looked at", () => neverAccuses(autoscaled({ role: "api" })));
