import { expect, test } from "vitest";
import { evidence, injected, trail } from "./fixtures.ts";
import { nothingGivenBack } from "./given-back.ts";
import { neverAccuses } from "./property.ts";

const restart = injected("restart-redis", "redis", 10_000, 11_000);
const story = (time: number, faults = restart, more = {}) =>
  nothingGivenBack(
    evidence({
      faults,
      endsAt: 60_000,
      transitions: trail([time - 500, "r1", "pending", "running", 1, "queue-1", "queue-1"], [time, "r1", "running", "pending", 1, "", "queue-1"]),
      ...more,
    }),
  );

test("a run that is given back without a reason is found, before any fault and long after the last", () => {
  expect(story(9000).summary).toContain("run r1 was given back at 9.000 s by queue-1, in attempt 1, which queue-1 had claimed");
  expect(story(40_000).verdict).toBe("violated");
  expect(story(9000, []).verdict).toBe("violated");
});

test("what a fault explains, and what a lag does, is not judged", () => {
  expect(story(10_500).verdict).toBe("holds");
  expect(story(20_000).verdict).toBe("inconclusive");
  expect(story(40_000, restart, { lagMs: 1500 }).verdict).toBe("inconclusive");
  expect(nothingGivenBack(evidence({ constants: {} })).verdict).toBe("out of reach");
  expect(nothingGivenBack(evidence()).verdict).toBe("inconclusive");
  neverAccuses(nothingGivenBack);
});
