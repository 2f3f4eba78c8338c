import { expect, test } from "vitest";
import { evidence, injected, sample } from "./fixtures.ts";
import { noneEndsByItself } from "./none-ends.ts";

/** Looks each half second, from 1 s on: whether the process was there. */
const looks = (name: string, ...there: readonly boolean[]) =>
  there.map((is, i) => sample(1000 + 500 * i, name, { ready: is ? 1 : 0, ...(is ? { rssMb: 80 } : {}) }));
const judged = (samples: ReturnType<typeof looks>, faults = injected("restart-redis", "redis", 1500, 3000)) =>
  noneEndsByItself(evidence({ samples, faults }));

test("instances that are there hold, ready or not", () => {
  const passive = looks("queue-1", true, true).map(({ values: { ready: _, ...values }, ...one }) => ({ ...one, values: { ...values, standsBy: 1 } }));
  expect(judged([...looks("api-1", true, true, true), ...passive, sample(1500, "redis", { usedMb: 1 })])).toMatchObject({
    verdict: "holds",
    examined: 2,
  });
});

test("one that is gone without a fault of its own violates", () => {
  expect(judged([...looks("api-1", true, true), ...looks("queue-1", true, false, false)])).toMatchObject({ verdict: "violated", count: 1 });
  expect(judged(looks("queue-1", true, true, false, false)).summary).toContain("queue-1 had ended by itself at 2.000 s");
});

test("a look that failed is no end", () => expect(judged(looks("queue-1", true, false, true, false)).verdict).toBe("holds"));

test("who was struck itself may be gone, and for a while after", () => {
  const gone = looks("queue-1", true, true, false, false, false);
  for (const [on, from, to] of [
    ["queue-1", 1400, 9000],
    ["queue", 1900, 2500],
    ["queue-1", 100, 200],
  ] as const)
    expect([on, from, judged(gone, injected("kill", on, from, to)).verdict]).toEqual([on, from, "holds"]);
  expect(judged(looks("queue-1", ...Array.from({ length: 20 }, () => true), false, false), injected("kill", "queue-1", 100, 200)).verdict).toBe(
    "violated",
  );
  expect(judged(gone, injected("kill", "queue-2", 1400, 9000)).verdict).toBe("violated");
  expect(judged(gone, injected("partition", "queue-1->redis", 1400, 9000)).verdict).toBe("violated");
});

test("one that was never there, and no looks at all, prove nothing", () => {
  expect(judged(looks("queue-1", false, false, false)).verdict).toBe("inconclusive");
  expect(judged([]).verdict).toBe("inconclusive");
});
