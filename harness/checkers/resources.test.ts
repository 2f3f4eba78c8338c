import fc from "fast-check";
import { expect, test } from "vitest";
import { seeded } from "../core/random.ts";
import type { Sample } from "../core/records.ts";
import { withinConnectionBudget } from "./connection-budget.ts";
import { constants, evidence, injected, ledger, sample } from "./fixtures.ts";
import { boundedGrowth } from "./growth.ts";
import { noLockHeld, noOldTransaction } from "./transaction-age.ts";

/** A sample each half second of `forMs`. */
const sampled = (forMs: number, source: string, values: (time: number) => Record<string, number>): Sample[] =>
  Array.from({ length: forMs / 500 }, (_, i) => sample(i * 500, source, values(i * 500)));

const hourMs = 3_600_000;
const memory = boundedGrowth({ of: "api", gauge: "rssMb", atMostPerHour: 20, leastMs: 600_000 });
/** A garbage collector's saw of 20 MB on 100 MB that grows by so much an hour. */
const saw = (perHour: number, seed = 1, forMs = 1_200_000) => {
  const random = seeded(seed);
  return evidence({
    samples: sampled(forMs, "api-1", (time) => ({ rssMb: 100 + (perHour * time) / hourMs + ((time / 500) % 37) * 0.5 + random.next() * 2 })),
    endsAt: forMs,
  });
};

test("a leak shows in the slope, a saw does not; what is too short or too unsteady decides nothing", () => {
  expect(memory(saw(0))).toMatchObject({ verdict: "holds", examined: 1 });
  expect(memory(saw(200))).toMatchObject({ verdict: "violated", summary: expect.stringContaining("rssMb of api-1 grew by") });
  expect(memory(saw(200)).numbers["api-1 rssMbPerHour"]).toBeCloseTo(200, -1);
  expect(memory(saw(20)).verdict).toBe("inconclusive");
  expect(memory(saw(200, 1, 300_000)).verdict).toBe("inconclusive");
  expect(memory({ ...saw(200), samples: saw(200).samples.map((one) => ({ ...one, source: "api-gateway" })) }).verdict).toBe("inconclusive");
  expect(memory(evidence()).verdict).toBe("inconclusive");
  // Warming up is no growth: it stops.
  const warm = sampled(1_200_000, "api-1", (time) => ({ rssMb: 100 + 60 * (1 - Math.exp(-time / 200_000)) }));
  expect(memory(evidence({ samples: warm, endsAt: 1_200_000 })).verdict).not.toBe("violated");
});

test("growth within the bound is never accused, growth far beyond it always is", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: -100, max: 15 }), fc.integer({ min: 120, max: 1000 }), (seed, bounded, leak) => {
      expect(memory(saw(bounded, seed)).verdict).not.toBe("violated");
      expect(memory(saw(leak, seed)).verdict).toBe("violated");
    }),
    { numRuns: 60 },
  );
});

test("series that requests leave behind show in a minute and a half; one more now and then does not", () => {
  const series = boundedGrowth({ of: "api", gauge: "metricSeries", atMostPerHour: 36_000, leastMs: 90_000 });
  const told = (metricSeries: (time: number) => number) =>
    series(evidence({ samples: sampled(120_000, "api-1", (time) => ({ metricSeries: metricSeries(time) })), endsAt: 120_000 })).verdict;
  expect(told(() => 400)).toBe("holds");
  // A status that was seen for the first time, and another one.
  expect(told((time) => 400 + (time > 60_000 ? 15 : 0) + (time > 80_000 ? 15 : 0))).toBe("holds");
  expect(told((time) => 400 + time / 5)).toBe("violated");
});

const longRun = ledger("run", [1000, "enter", "r1", 1, "queue-1"], [26_000, "exit", "r1", 1, "queue-1"]);
const open = (time: number, age: number, beganMs: number, pid = 7): Sample =>
  sample(time, "postgres queue-1", { connections: 3, transactionPid: pid, transactionBeganMs: beganMs, transactionAgeMs: age });

test("a transaction is old when two samples saw it", () => {
  const judged = (...samples: Sample[]) => noOldTransaction()(evidence({ ledger: longRun, samples }));
  expect(judged(open(5000, 20, 1), open(5500, 30, 2))).toMatchObject({ verdict: "holds", examined: 2, numbers: { oldestTransactionMs: 30 } });
  expect(judged(open(5000, 1600, 1), open(5500, 2100, 1)).summary).toContain("queue-1 had a transaction open for 2100 ms at 5.500 s");
  expect(judged(open(5000, 1600, 1), open(5500, 2100, 1), open(6000, 2600, 1)).count).toBe(1);
  expect(judged(open(5500, 2100, 1)).verdict).toBe("holds");
  expect(judged(open(5000, 1600, 1, 8), open(5500, 2100, 1, 7)).verdict).toBe("holds");
  expect(noOldTransaction()(evidence()).verdict).toBe("inconclusive");
});

test("where timers lagged, a transaction a little over the bound decides nothing, and one far beyond it is old", () => {
  const lagged = (...samples: Sample[]) => noOldTransaction()(evidence({ ledger: longRun, samples, lagMs: 1000 }));
  expect(lagged(open(5000, 1600, 1), open(5500, 2100, 1))).toMatchObject({ verdict: "inconclusive", summary: expect.stringContaining("2100 ms") });
  expect(lagged(open(9000, 5500, 1), open(9500, 6000, 1)).verdict).toBe("violated");
});

test("without a long run, or during a fault, an age says nothing of the claim", () => {
  const samples = [open(5000, 1600, 1), open(5500, 2100, 1)];
  const short = ledger("run", [1000, "enter", "r1", 1, "queue-1"], [6000, "exit", "r1", 1, "queue-1"]);
  expect(noOldTransaction()(evidence({ ledger: short, samples: [open(5000, 20, 1)] })).verdict).toBe("inconclusive");
  expect(noOldTransaction({ anyLoad: true })(evidence({ samples: [open(5000, 20, 1)] })).summary).toContain("taken under load, no transaction");
  expect(noOldTransaction()(evidence({ ledger: longRun, samples, faults: injected("pause", "queue-1", 3900, 5200) })).verdict).toBe("inconclusive");
  expect(noOldTransaction()(evidence({ ledger: longRun, samples, faults: injected("pause", "queue-1", 5600, 6200) })).verdict).toBe("violated");
});

test("a lock that an idle session holds is old by the session's last statement", () => {
  const holding = (time: number, heldMs?: number): Sample =>
    sample(time, "postgres queue-1", { connections: 3, ...(heldMs !== undefined && { lockPid: 7, lockHeldMs: heldMs }) });
  const judged = (samples: Sample[], more = {}) => noLockHeld()(evidence({ ledger: longRun, samples, ...more }));
  expect(judged([holding(5000), holding(5500, 1900)])).toMatchObject({ verdict: "holds", examined: 2, numbers: { longestHeldMs: 1900 } });
  const old = judged([holding(5000), holding(5500, 2100), holding(6000, 2600)]);
  expect(old).toMatchObject({ verdict: "violated", count: 1, summary: expect.stringContaining("over which it had sent nothing for 2100 ms") });
  expect(judged([holding(5500, 2100)], { lagMs: 1000 }).verdict).toBe("inconclusive");
  expect(judged([holding(9500, 6000)], { lagMs: 1000 }).verdict).toBe("violated");
  expect(judged([holding(5500, 2100)], { faults: injected("pause", "queue-1", 3900, 5200) }).verdict).toBe("inconclusive");
  const short = ledger("run", [1000, "enter", "r1", 1, "queue-1"], [6000, "exit", "r1", 1, "queue-1"]);
  expect(judged([holding(5500, 2100)], { ledger: short }).verdict).toBe("inconclusive");
  expect(judged([]).verdict).toBe("inconclusive");
});

const pooled = { ...constants, connectionsPerInstance: 10 };
const held = (...counts: number[]): Sample[] => counts.map((connections, i) => sample(i * 500, "postgres api-1", { connections, active: 0 }));

test("connections over the budget count when two samples in a row saw them", () => {
  const judged = (samples: Sample[], more = {}) => withinConnectionBudget()(evidence({ samples, constants: pooled, ...more }));
  expect(judged(held(3, 10, 10))).toMatchObject({ verdict: "holds", numbers: { mostConnections: 10 } });
  expect(judged(held(3, 11, 10))).toMatchObject({ verdict: "holds" });
  expect(judged(held(3, 11, 12)).summary).toContain("api-1 had 11 connections");
  expect(judged(held(3, 11, 12), { faults: injected("kill", "api-1", 0, 2000) }).verdict).toBe("inconclusive");
  // With a fault in between they are not in a row.
  const apart = [
    ...held(3, 10, 11),
    sample(25_000, "postgres api-1", { connections: 11, active: 0 }),
    sample(25_500, "postgres api-1", { connections: 9 }),
  ];
  expect(judged(apart, { faults: injected("kill", "api-1", 1500, 20_000) }).verdict).toBe("holds");
  const locked = evidence({ samples: held(3, 11, 12), constants: pooled, faults: injected("hold-lock", "postgres", 0, 2000) });
  expect(withinConnectionBudget("hold-lock")(locked).verdict).toBe("violated");
  expect(judged([]).verdict).toBe("inconclusive");
  expect(withinConnectionBudget()(evidence({ samples: held(3) })).verdict).toBe("out of reach");
});
