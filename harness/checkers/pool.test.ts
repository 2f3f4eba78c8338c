import fc from "fast-check";
import { expect, test } from "vitest";
import { seeded } from "../core/random.ts";
import type { Sample } from "../core/records.ts";
import { constants, evidence, injected, operation, sample } from "./fixtures.ts";
import { overflowClosed } from "./overflow-closed.ts";
import { warnedBeforeExhaustion } from "./pool-alert.ts";
import { overflowTold, poolSizeTold, poolUseTold } from "./pool-gauges.ts";

const each = (from: number, to: number, source: string, values: Record<string, number>): Sample[] =>
  Array.from({ length: (to - from) / 500 }, (_, i) => sample(from + i * 500, source, values));
const gauges = (from: number, to: number, poolCheckedOut: number, poolIdle: number): Sample[] =>
  each(from + 60, to + 60, "api-1", { poolCheckedOut, poolIdle });
const truth = (from: number, to: number, connections: number, active: number): Sample[] => [
  ...each(from, to, "postgres api-1", { connections, active, idle: connections - active, idleInTransaction: 0 }),
  ...each(0, 60_000, "postgres", { sessionsBegun: 12 }),
];
const fault = injected("hold-lock", "postgres", 10_000, 14_000);

test("the size of the pool is compared where neither side changes", () => {
  const judged = (...samples: Sample[]) => poolSizeTold(evidence({ samples }));
  expect(judged(...gauges(0, 5000, 2, 8), ...truth(0, 5000, 10, 1))).toMatchObject({ verdict: "holds", numbers: { mostConnections: 10 } });
  expect(judged(...gauges(0, 5000, 2, 6), ...truth(0, 5000, 10, 1)).summary).toContain("api-1 told of 8 connections in its pool");
  expect(judged(...gauges(0, 2000, 2, 6), ...gauges(2000, 2500, 2, 8), ...truth(0, 2500, 10, 1)).verdict).toBe("inconclusive");
  expect(judged(...gauges(0, 1000, 2, 6), ...truth(0, 1000, 10, 1)).verdict).toBe("inconclusive");
  expect(judged(...gauges(0, 5000, 2, 6)).verdict).toBe("inconclusive");
  expect(judged().verdict).toBe("inconclusive");
});

test("while sessions begin, or nobody counts them, nothing is compared", () => {
  const sides = [...gauges(0, 5000, 2, 6), ...each(0, 5000, "postgres api-1", { connections: 7, active: 1, idle: 6, idleInTransaction: 0 })];
  const judged = (begun: (second: number) => number) =>
    poolSizeTold(
      evidence({ samples: [...sides, ...Array.from({ length: 10 }, (_, i) => sample(i * 1000, "postgres", { sessionsBegun: begun(i) }))] }),
    );
  expect(judged(() => 12).summary).toContain("told of 8 connections in its pool");
  expect(judged((second) => 12 + second).verdict).toBe("inconclusive");
  // It was being opened all the time, and came up only then.
  expect(judged((second) => (second < 4 ? 12 : 13)).verdict).toBe("inconclusive");
  expect(poolSizeTold(evidence({ samples: sides })).verdict).toBe("inconclusive");
  expect(poolSizeTold(evidence({ samples: [...sides, ...each(0, 60_000, "postgres", { sessionsBegun: 12 })], lagMs: 900 })).verdict).toBe(
    "inconclusive",
  );
});

test("during a fault the size is not compared", () => {
  const samples = [...gauges(10_000, 14_000, 10, 0), ...truth(10_000, 14_000, 12, 10)];
  expect(poolSizeTold(evidence({ samples, faults: fault })).verdict).toBe("inconclusive");
});

test("use is compared only while no statement ends", () => {
  const judged = (samples: Sample[], faults = fault) => poolUseTold("hold-lock")(evidence({ samples, faults }));
  const full = truth(10_000, 14_000, 10, 10);
  expect(judged([...gauges(10_000, 14_000, 10, 0), ...full])).toMatchObject({ verdict: "holds" });
  expect(judged([...gauges(10_000, 14_000, 3, 7), ...full]).summary).toContain("api-1 told of 3 connections in use");
  expect(judged([...gauges(0, 5000, 0, 10), ...truth(0, 5000, 10, 1)]).verdict).toBe("inconclusive");
  expect(judged([...gauges(10_000, 14_000, 3, 7), ...full], []).verdict).toBe("inconclusive");
  // A statement that was given up goes on in Postgres.
  const long = injected("hold-lock", "postgres", 5000, 14_000);
  expect(judged([...gauges(10_500, 14_000, 3, 7), ...full], long).verdict).toBe("inconclusive");
  // Since the lock was asked for, not since it was held.
  const heldFrom = (time: number) =>
    injected("hold-lock", "postgres", 10_000, 22_000).map((one) => (one.phase === "biting" ? { ...one, time } : one));
  const waiting = [...gauges(15_000, 22_000, 0, 10), ...truth(12_000, 22_000, 10, 10)];
  expect(judged([...gauges(12_000, 15_000, 10, 0), ...waiting], heldFrom(13_000)).verdict).toBe("inconclusive");
  expect(judged([...gauges(12_000, 15_000, 3, 7), ...waiting], heldFrom(12_000)).verdict).toBe("violated");
  expect(poolUseTold("hold-lock")(evidence({ constants: {} })).verdict).toBe("out of reach");
  expect(judged([]).verdict).toBe("inconclusive");
});

test("the overflow is what Postgres counts beyond the size, where it came so far", () => {
  const told = (overflow: number, counted: number, from = 10_000, samples: Sample[] = []) =>
    overflowTold({ size: 7, fault: "hold-lock" })(
      evidence({
        samples: [...samples, ...each(from + 60, from + 4060, "api-1", { poolOverflow: overflow }), ...truth(from, from + 4000, counted, 7)],
        faults: fault,
      }),
    );
  expect(told(3, 10)).toMatchObject({ verdict: "holds", numbers: { mostConnections: 3 } });
  expect(told(0, 10).summary).toContain("api-1 told of 0 connections in overflow");
  expect(told(2, 7, 20_000, [...each(10_060, 14_060, "api-1", { poolOverflow: 3 }), ...truth(10_000, 14_000, 10, 7)]).verdict).toBe("violated");
  expect(told(0, 7).verdict).toBe("inconclusive");
  expect(overflowTold({ size: 7, fault: "hold-lock" })(evidence({ constants: {} })).verdict).toBe("out of reach");
  expect(overflowTold({ size: 7, fault: "hold-lock" })(evidence()).verdict).toBe("inconclusive");
});

const pooled = { ...constants, connectionsPerInstance: 10 };
const refused = (answeredAt: number, more = {}) =>
  operation({ f: "create", invokedAt: answeredAt - 2100, answeredAt, outcome: "info", served: "shed", error: "status 503", ...more });
const warned = warnedBeforeExhaustion({ fault: "hold-lock", share: 0.8 });
const story = (checkedOut: number, after = 1) =>
  evidence({
    constants: pooled,
    operations: [refused(12_500), refused(13_500)],
    samples: [...gauges(10_000, 14_000, checkedOut, 10 - checkedOut), ...gauges(15_000, 25_000, after, 10 - after), ...truth(15_000, 25_000, 10, 1)],
    faults: fault,
  });

test("a refusal has to be announced by the gauge", () => {
  expect(warned(story(9))).toMatchObject({ verdict: "holds", examined: 2, numbers: { threshold: 8 } });
  expect(warned(story(7)).summary).toContain("had told of 7 connections checked out at most");
  const alertAt = (poolAlertAt: number) => ({
    ...story(10),
    samples: story(10).samples.map((one) => ({ ...one, values: { ...one.values, poolAlertAt } })),
  });
  expect(warned(alertAt(8)).verdict).toBe("holds");
  expect(warned(alertAt(9)).verdict).toBe("holds");
  // When all are in use, nothing is left to be warned of.
  expect(warned(alertAt(10))).toMatchObject({ verdict: "violated", count: 1 });
  expect(warned(alertAt(10)).summary).toContain("the alert begins at 10 of 10 connections checked out");
  expect(warned(alertAt(80)).summary).toContain("the alert begins at 80 of 10");
  expect(warned(story(9, 9)).summary).toContain("still told of 8 connections checked out and more");
});

test("what nobody read, what was no refusal and what was not during the fault prove nothing", () => {
  const quiet = story(2);
  const judged = (change: Partial<typeof quiet>) => warned({ ...quiet, ...change }).verdict;
  expect(judged({ operations: [refused(12_500, { by: "api-2" })] })).toBe("inconclusive");
  expect(judged({ operations: [refused(12_500, { error: "status 409" })] })).toBe("inconclusive");
  expect(judged({ operations: [refused(8000)] })).toBe("inconclusive");
  expect(judged({ operations: [] })).toBe("inconclusive");
  expect(judged({ constants })).toBe("out of reach");
  expect(warned(evidence({ constants: pooled })).verdict).toBe("inconclusive");
});

test("gauges that follow the truth are never accused, whatever the pool does; a constant error always is", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 4 }), (seed, error) => {
      const random = seeded(seed);
      const sizes: number[] = [];
      for (let size = 4; sizes.length < 40; ) {
        if (random.next() < 0.2) size = random.integer(1, 10);
        sizes.push(size);
      }
      const story = (off: number) => {
        const samples = sizes.flatMap((size, i) => [
          sample(i * 500, "postgres api-1", { connections: size, active: 1 }),
          // Read a moment later than Postgres was.
          sample(i * 500 + random.integer(1, 60), "api-1", { poolCheckedOut: 1, poolIdle: size - 1 + off }),
        ]);
        return poolSizeTold(evidence({ samples }));
      };
      expect(story(0).verdict).not.toBe("violated");
      expect(story(error).verdict).not.toBe("holds");
    }),
    { numRuns: 100 },
  );
});

test("what was opened for a crowd is closed when it is gone", () => {
  const closed = (connections: number, active = 1, during = 10, to = 40_000) =>
    overflowClosed({ size: 7, fault: "hold-lock" })(
      evidence({ samples: [...truth(10_000, 14_000, during, during), ...truth(20_000, to, connections, active)], faults: fault }),
    );
  expect(closed(7)).toMatchObject({ verdict: "holds", examined: 1 });
  expect(closed(10).summary).toContain("api-1 had 10 connections during hold-lock#1, and 10 and more in all of 40 looks");
  expect(closed(8).verdict).toBe("violated");
  // Who only looks on disturbs nobody.
  const watch = injected("watch-the-alert", "alerts", 5000, 38_000);
  const watched = evidence({ samples: [...truth(10_000, 14_000, 10, 10), ...truth(20_000, 37_000, 10, 1)], faults: [...watch, ...fault] });
  expect(overflowClosed({ size: 7, fault: "hold-lock" })(watched).verdict).toBe("violated");
  // Whoever has so much to do needs them, who never had more has closed nothing, and who was not looked at for long may still.
  expect(closed(10, 7).verdict).toBe("inconclusive");
  expect(closed(8, 1, 7).verdict).toBe("inconclusive");
  expect(closed(10, 1, 10, 25_000).verdict).toBe("inconclusive");
  expect(overflowClosed({ size: 7, fault: "hold-lock" })(evidence()).verdict).toBe("inconclusive");
});
