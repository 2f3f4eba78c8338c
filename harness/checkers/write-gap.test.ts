import fc from "fast-check";
import { expect, test } from "vitest";
import { created, evidence, injected, lateElsewhere, operation } from "./fixtures.ts";
import { writeGap } from "./write-gap.ts";

const faults = injected("kill-node", "postgres", 10_000, 20_000);
/** Creates acknowledged 10 ms after these times. */
const at = (...times: readonly number[]) => times.map((time) => created(`r${time}`, time));
const every = (from: number, to: number, step = 100): number[] => Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);
const judged = (operations: ReturnType<typeof at>, more: Parameters<typeof evidence>[0] = {}) =>
  writeGap({ faults: ["kill-node"], f: "create", withinMs: 8000 })(evidence({ operations, faults, ...more }));

test("the gap of a failover is told with its resolution", () => {
  const check = judged(at(...every(0, 10_000), ...every(16_000, 40_000)));
  expect(check).toMatchObject({ verdict: "holds", numbers: { failovers: 1, gapMaxMs: 6100, gapP50Ms: 6100, resolutionMs: 100 } });
});
test("a gap above the bound violates, also one that an answer to an earlier request interrupts", () => {
  expect(judged(at(...every(0, 10_000), ...every(18_500, 40_000))).summary).toMatch(
    /^No create was acknowledged for 8\d\d\d ms from 9\.\d+ s on, after kill-node#1/,
  );
  expect(judged(at(...every(0, 10_000), 10_500, ...every(19_000, 40_000))).verdict).toBe("violated");
});
test("in containers nobody refuses what is asked at a dead address, so more is allowed", () => {
  const gapOf10s = at(...every(0, 10_000), ...every(20_000, 40_000));
  expect(judged(gapOf10s).verdict).toBe("violated");
  expect(judged(gapOf10s, { inContainers: true })).toMatchObject({ verdict: "holds", summary: expect.stringContaining("30000 ms are allowed") });
  expect(
    judged(at(...every(0, 10_000), ...every(41_000, 60_000)), { inContainers: true, faults: injected("kill-node", "postgres", 10_000, 50_000) })
      .verdict,
  ).toBe("violated");
});
test("writes that never come back violate; a load that ended after all was well does not", () => {
  expect(judged(at(...every(0, 10_000))).summary).toContain("any more");
  expect(judged(at(...every(0, 10_000), ...every(15_000, 21_000)), { endsAt: 60_000 }).verdict).toBe("holds");
});
test("writes that come back and end again violate, where somebody goes on asking", () => {
  const inVain = (to: number) => every(21_000, to).map((time) => operation({ f: "create", invokedAt: time, outcome: "info" }));
  const well = at(...every(0, 10_000), ...every(15_000, 21_000));
  expect(judged([...well, ...inVain(40_000)]).summary).toContain("No create was acknowledged for 18990 ms from 20.910 s on, after kill-node#1");
  expect(judged([...well, ...inVain(28_000)]).verdict).toBe("holds");
});
test("writes that came back and went on until nobody asked any more end no worse for a fault that was never seen healed", () => {
  const unhealed = faults.filter(({ phase }) => phase !== "healed");
  const served = at(...every(0, 10_000), ...every(16_000, 40_000));
  expect(judged(served, { faults: unhealed })).toMatchObject({ verdict: "holds", numbers: { gapMaxMs: 6100 } });
  const inVain = every(40_000, 60_000).map((time) => operation({ f: "create", invokedAt: time, outcome: "info" }));
  expect(judged([...served, ...inVain], { faults: unhealed }).verdict).toBe("violated");
});
test("what was not acknowledged is no write", () => {
  const unknown = every(10_100, 19_000).map((time) => operation({ f: "create", invokedAt: time, outcome: "info" }));
  expect(judged([...at(...every(0, 10_000), ...every(19_000, 40_000)), ...unknown]).verdict).toBe("violated");
});
test("each of several failovers has its own gap, up to the next fault", () => {
  const twice = [...faults, ...injected("kill-node", "postgres", 40_000, 50_000, "kill-node#2")];
  const check = judged(at(...every(0, 10_000), ...every(15_000, 40_000), ...every(47_000, 80_000)), { faults: twice });
  expect(check).toMatchObject({ verdict: "holds", numbers: { failovers: 2, gapMaxMs: 7100 } });
});
test("no fault seen biting, nothing acknowledged, or timers that lagged decide nothing", () => {
  expect(judged(at(...every(0, 40_000)), { faults: faults.slice(0, 1) }).verdict).toBe("inconclusive");
  expect(judged([]).verdict).toBe("inconclusive");
  expect(judged(at(...every(0, 10_000)), { lagMs: 2000 }).verdict).toBe("inconclusive");
});
test("never accuses a database that acknowledges something each second", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 60, maxLength: 120 }), (steps) => {
      let time = 0;
      const times = steps.map((step) => {
        time += step;
        return time;
      });
      expect(judged(at(...times, ...every(time, Math.max(time, 30_000)))).verdict).toBe("holds");
    }),
  );
});

test("a lag of another time hides no miss", () =>
  expect(judged(at(...every(0, 10_000), ...every(25_000, 40_000)), lateElsewhere(15_000, 95_000, 20_000)).verdict).toBe("violated"));
