import fc from "fast-check";
import { expect, test } from "vitest";
import { evidence, injected } from "./fixtures.ts";
import { fileKept } from "./redis-file.ts";

const crash = (numbers: Record<string, number>, fault = "crash-redis", id = "crash-redis#1") =>
  injected(fault, "redis", 1000, 2000, id).map((event) => (event.phase === "biting" ? { ...event, numbers } : event));

test("every acknowledged key has to be there", () => {
  expect(fileKept(evidence({ faults: crash({ acknowledged: 10, kept: 10 }) }))).toMatchObject({ verdict: "holds", examined: 10 });
  expect(fileKept(evidence({ faults: crash({ acknowledged: 10, kept: 9 }) })).summary).toContain("Redis had 9 of 10 keys");
});

test("a crash that was not seen, another fault, and nothing prove nothing", () => {
  const unseen = crash({ acknowledged: 10, kept: 0 }).filter(({ phase }) => phase !== "biting");
  expect(fileKept(evidence({ faults: unseen })).verdict).toBe("inconclusive");
  expect(fileKept(evidence({ faults: crash({ acknowledged: 10, kept: 0 }, "restart-redis") })).verdict).toBe("inconclusive");
  expect(fileKept(evidence({ faults: crash({}) })).verdict).toBe("inconclusive");
  expect(fileKept(evidence()).verdict).toBe("inconclusive");
});

test("several crashes: one that lost something violates, and is the only counterexample", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), (losses) => {
      const faults = losses.flatMap((lost, i) => crash({ acknowledged: 5, kept: lost ? 4 : 5 }, "crash-redis", `crash-redis#${i}`));
      const check = fileKept(evidence({ faults }));
      expect(check.count).toBe(losses.filter(Boolean).length);
      expect(check.verdict).toBe(losses.some(Boolean) ? "violated" : "holds");
    }),
  );
});
