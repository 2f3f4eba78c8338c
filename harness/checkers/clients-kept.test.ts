import fc from "fast-check";
import { expect, test } from "vitest";
import { redisClientsKept } from "./clients-kept.ts";
import { evidence, injected, sample } from "./fixtures.ts";

const judge = redisClientsKept("close-idle-redis");
const faults = injected("close-idle-redis", "redis", 10_000, 16_000);
/** A reading each half second: so many clients before the fault, during it, and after it. */
const counted = (before: number, during: number, after: (i: number) => number) =>
  Array.from({ length: 60 }, (_, i) => sample(i * 500, "redis", { connectedClients: i < 20 ? before : i < 33 ? during : after(i) }));

test("who does not come back is missed", () => {
  expect(judge(evidence({ faults, samples: counted(9, 9, () => 9) }))).toMatchObject({ verdict: "holds", examined: 1 });
  expect(judge(evidence({ faults, samples: counted(9, 4, () => 9) })).verdict).toBe("holds");
  expect(judge(evidence({ faults, samples: counted(9, 9, () => 7) })).summary).toContain("had 9 clients before close-idle-redis#1 and 7");
  expect(judge(evidence({ faults, samples: counted(9, 9, (i) => (i === 40 ? 3 : 9)) })).verdict).toBe("holds");
});

test("without readings, without the fault, or beside another one nothing is known", () => {
  const lost = counted(9, 9, () => 7);
  expect(judge(evidence({ faults, samples: lost.slice(0, 36) })).verdict).toBe("inconclusive");
  expect(judge(evidence({ faults: faults.filter(({ phase }) => phase !== "biting"), samples: lost })).verdict).toBe("inconclusive");
  expect(judge(evidence({ faults: [...faults, ...injected("kill", "api-1", 17_000, 19_000)], samples: lost })).verdict).toBe("inconclusive");
  expect(judge(evidence({ samples: lost })).verdict).toBe("inconclusive");
  expect(judge(evidence()).verdict).toBe("inconclusive");
});

test("any smaller number of clients is found, and as many or more are not", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 40 }), (before, after) => {
      expect(judge(evidence({ faults, samples: counted(before, 0, () => after) })).verdict).toBe(after < before ? "violated" : "holds");
    }),
  );
});
