import fc from "fast-check";
import { expect, test } from "vitest";
import { created, evidence, injected, lateElsewhere, operation, trail } from "./fixtures.ts";
import { lossWithin } from "./loss-within.ts";

const faults = injected("kill-node", "postgres", 12_000, 24_000);
const times = Array.from({ length: 300 }, (_, i) => i * 100);
/** Creates at these times; those of `kept` are on the new primary. */
const judged = (kept: (time: number) => boolean, more: Parameters<typeof evidence>[0] = {}) =>
  lossWithin({ kill: "kill-node", withinMs: 1000 })(
    evidence({
      operations: times.map((time) => created(`r${time}`, time)),
      transitions: trail(...times.filter(kept).map((time) => [time, `r${time}`, null, "pending", 0, "", "api-1"] as const)),
      faults,
      ...more,
    }),
  );

test("what was acknowledged a moment before the kill may be lost, and is counted", () =>
  expect(judged((time) => time < 11_500 || time > 12_000)).toMatchObject({ verdict: "holds", numbers: { lostWrites: 6, oldestLostMs: 490 } }));
test("nothing lost holds, too", () => expect(judged(() => true)).toMatchObject({ verdict: "holds", numbers: { lostWrites: 0 } }));
test.each([9900, 15_000])("a write of longer before or of after violates (%i)", (lost) =>
  expect(judged((time) => time !== lost).summary).toContain(`run r${lost} was acknowledged`),
);
test("one that was asked for before the kill and acknowledged late may be lost; one whose answer never came is none", () => {
  const late = operation({ f: "create", invokedAt: 11_900, completedAt: 12_900, output: { run: "late" } });
  const unknown = operation({ f: "create", invokedAt: 5000, outcome: "info", output: { run: "unknown" } });
  const operations = [created("r0", 0), late, unknown];
  expect(judged((time) => time === 0, { operations })).toMatchObject({ verdict: "holds", numbers: { lostWrites: 1 } });
});
test("nobody killed, no trail, nothing acknowledged, or timers that lagged decide nothing", () => {
  expect(judged(() => true, { faults: [] }).verdict).toBe("inconclusive");
  expect(judged(() => false).verdict).toBe("inconclusive");
  expect(judged(() => true, { operations: [] }).verdict).toBe("inconclusive");
  expect(judged((time) => time !== 9900, { lagMs: 300 }).verdict).toBe("inconclusive");
});
test("never accuses what loses only writes of the last second", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 300, maxLength: 300 }), (kept) => {
      expect(judged((time) => time < 11_000 || time > 12_000 || kept[time / 100] === true).verdict).not.toBe("violated");
    }),
  );
});

test("a lag of another time hides no miss", () =>
  expect(judged((time) => time !== 9900, lateElsewhere(10_000, 95_000, 5000))).toMatchObject({
    verdict: "violated",
    summary: expect.stringContaining("run r9900 was acknowledged"),
  }));
