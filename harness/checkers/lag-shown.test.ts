import fc from "fast-check";
import { expect, test } from "vitest";
import { evidence, injected, sample } from "./fixtures.ts";
import { lagShown } from "./lag-shown.ts";

const judge = lagShown("slow-instance");
const faults = injected("slow-instance", "api-2", 10_000, 18_000);
const told = (lags: readonly number[], instance = "api-2", from = 11_000) => lags.map((lagMs, i) => sample(from + i * 500, instance, { lagMs }));

test("who is stopped in turns has to say so", () => {
  expect(judge(evidence({ faults, samples: told([300, 290, 5, 310]) }))).toMatchObject({ verdict: "holds", examined: 4 });
  expect(judge(evidence({ faults, samples: told([0, 0, 0, 300]) })).summary).toContain("api-2 was stopped in turns");
});

test("too few readings, those of others and those of other times say nothing", () => {
  expect(judge(evidence({ faults, samples: told([0, 0]) })).verdict).toBe("inconclusive");
  expect(judge(evidence({ faults, samples: told([0, 0, 0], "api-1") })).verdict).toBe("inconclusive");
  expect(judge(evidence({ faults, samples: told([0, 0, 0], "api-2", 1000) })).verdict).toBe("inconclusive");
  expect(judge(evidence({ faults: faults.filter(({ phase }) => phase !== "biting"), samples: told([0, 0, 0]) })).verdict).toBe("inconclusive");
  expect(judge(evidence()).verdict).toBe("inconclusive");
});

test("any gauge that follows the stops holds, any that does not is found", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 40, max: 800 }), { minLength: 3, maxLength: 14 }), (lags) => {
      expect(judge(evidence({ faults, samples: told(lags) })).verdict).toBe("holds");
      expect(judge(evidence({ faults, samples: told(lags.map((lag) => lag % 20)) })).verdict).toBe("violated");
    }),
  );
});
