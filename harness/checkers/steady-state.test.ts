import fc from "fast-check";
import { expect, test } from "vitest";
import { type Random, seeded } from "../core/random.ts";
import type { Evidence } from "../core/verdict.ts";
import { fewerExecutions } from "./executions.ts";
import { evidence, injected, ledger, operation, sample } from "./fixtures.ts";
import { steady, steadyAfter, steadyBefore, unsteady } from "./steady-state.ts";

/** A minute at 50/s through api-1, runs on queue-1, samples twice a second, a kill from 20 to 25 s. */
function calm(change: Partial<Evidence> = {}): Evidence {
  const seconds = Array.from({ length: 120 }, (_, i) => i * 500);
  return evidence({
    operations: Array.from({ length: 3000 }, (_, index) => operation({ index, f: "create", invokedAt: index * 20 + 0.3, intendedAt: index * 20 })),
    ledger: seconds.flatMap((time, i) => ledger("run", [time, "enter", `r${i}`, 1, "queue-1"])),
    samples: seconds.flatMap((time) => [
      sample(time, "backlog", { open: 3, oldestMs: 40 }),
      sample(time, "api-1", { ready: 1 }),
      sample(time, "queue-1", { ready: 1 }),
    ]),
    faults: injected("kill", "queue-1", 20_000, 25_000),
    scheduledPerSecond: 50,
    ...change,
  });
}

test("a calm load is steady before and after", () => {
  expect(steadyBefore(calm()).verdict).toBe("holds");
  expect(steadyAfter(calm())).toMatchObject({ verdict: "holds", numbers: { steadyAfterMs: 0 } });
  const { operations, ledger: lines, samples } = calm();
  expect(steady(operations, lines, samples, 0, 10_000, 50)).toBe(true);
});

test.each<[string, Partial<Evidence>]>([
  ["operations failed", { operations: calm().operations.map((one) => (one.index === 600 ? { ...one, served: "error" as const } : one)) }],
  ["are scheduled", { operations: calm().operations.filter((one) => one.index % 5 !== 0) }],
  ["no operation was served", { operations: [] }],
  ["oldest waiting run was 1200 ms", { samples: [...calm().samples, sample(12_000, "backlog", { oldestMs: 1200 })] }],
  ["nobody looked", { samples: calm().samples.filter((one) => one.source !== "backlog") }],
  ["queue-1 was not ready", { samples: [...calm().samples, sample(12_000, "queue-1", { ready: 0 })] }],
  ["queue-1 was not seen serving", { ledger: [] }],
  ["api-1 was not seen serving", { operations: calm().operations.map((one) => ({ ...one, by: "api-2" })) }],
])("is not steady: %s", (text, change) => {
  const { operations, ledger: lines, samples } = calm(change);
  expect(unsteady(operations, lines, samples, 10_000, 20_000, 50).join()).toContain(text);
  expect(steadyBefore(calm(change)).verdict).toBe("inconclusive");
});

test("after the last fault some ten seconds have to be steady", () => {
  const slow = calm({
    operations: calm().operations.map((one) =>
      one.index > 1200 && one.index < 1600 && one.index % 3 === 0 ? { ...one, served: "error" as const } : one,
    ),
  });
  expect(steadyAfter(slow).verdict).toBe("holds");
  expect(steadyAfter(slow).numbers.steadyAfterMs).toBeGreaterThan(6000);
  expect(steadyAfter(calm({ faults: injected("kill", "queue-1", 20_000, 55_000) })).summary).toContain("10 s are needed");
  expect(steadyAfter(calm({ faults: injected("kill", "queue-1", 20_000, 25_000).slice(0, 3) })).summary).toContain("never healed");
  expect(steadyAfter(calm({ samples: [] })).summary).toContain("none of");
});

test("without faults there is no before and no after", () => {
  expect(steadyBefore(evidence()).verdict).toBe("inconclusive");
  expect(steadyAfter(evidence()).verdict).toBe("inconclusive");
});

/** A load of its own rate with the jitter of a machine that keeps up, and a kill in its middle. */
function calmAtRandom(random: Random): Evidence {
  const perSecond = random.integer(5, 20);
  const killedAt = random.integer(11_000, 14_000);
  const operations = Array.from({ length: 30 * perSecond }, (_, index) => {
    const intendedAt = (index * 1000) / perSecond;
    const invokedAt = intendedAt + 0.1 + random.next() * 20;
    return operation({ index, f: "create", intendedAt, invokedAt, answeredAt: invokedAt + random.next() * 30, by: `api-${1 + (index % 2)}` });
  });
  const seconds = Array.from({ length: 60 }, (_, i) => i * 500);
  const values = { oldestMs: random.integer(0, 999) };
  return evidence({
    operations,
    ledger: seconds.flatMap((time, i) => ledger("run", [time, "enter", `r${i}`, 1, "queue-1"])),
    samples: seconds.flatMap((time) => [
      sample(time, "backlog", values),
      ...["api-1", "api-2", "queue-1"].map((instance) => sample(time, instance, { ready: 1 })),
    ]),
    faults: injected("kill", "queue-1", killedAt, killedAt + random.integer(100, 4000)),
    scheduledPerSecond: perSecond,
  });
}

test("what is steady is found steady, one disturbance is always seen, and nobody is accused, in any order of the lines", () => {
  const runs = Math.ceil(fewerExecutions / 2);
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const random = seeded(seed);
      const given = calmAtRandom(random);
      const { operations, samples, ledger: lines, faults } = given;
      expect(steadyBefore(given).verdict).toBe("holds");
      expect(steadyAfter(given).verdict).toBe("holds");
      const from = (faults[0]?.time ?? 0) - 10_000;
      const moment = from + random.integer(0, 9999);
      const within = (time: number): boolean => time >= from && time < from + 10_000;
      const victim = random.pick(operations.filter(({ answeredAt }) => within(answeredAt)));
      const disturbed: Partial<Evidence> = random.pick([
        { operations: operations.map((one) => (one === victim ? { ...one, served: "error" as const } : one)) },
        { operations: operations.filter((one, i) => !within(one.answeredAt) || i % 4 !== 0) },
        { samples: [...samples, sample(moment, "backlog", { oldestMs: random.integer(1000, 5000) })] },
        { samples: samples.filter(({ source }) => source !== "backlog") },
        { samples: [...samples, sample(moment, random.pick(["api-1", "queue-1"]), { ready: 0 })] },
        { operations: operations.map((one) => ({ ...one, by: "api-1" })) },
        { ledger: lines.filter(({ time }) => !within(time)) },
      ]);
      const other = { ...given, ...disturbed };
      const shuffled = {
        ...other,
        operations: random.shuffle(other.operations),
        samples: random.shuffle(other.samples),
        ledger: random.shuffle(other.ledger),
      };
      expect(steadyBefore(shuffled).verdict).toBe("inconclusive");
      expect(steadyAfter(shuffled).verdict).not.toBe("violated");
    }),
    { numRuns: runs },
  );
});
