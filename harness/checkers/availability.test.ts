import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { availability, availabilityOf } from "./availability.ts";
import { evidence, injected, operation, sample, trail } from "./fixtures.ts";

const perSecond = 100;

/** A minute of creates; `fate` says how long each takes, negative: it fails after so long. */
function load(fate: (at: number) => number): Operation[] {
  return Array.from({ length: 60 * perSecond }, (_, index) => {
    const intendedAt = index * (1000 / perSecond);
    const invokedAt = intendedAt + 0.5;
    const took = fate(intendedAt);
    return operation({
      index,
      f: "create",
      intendedAt,
      invokedAt,
      answeredAt: invokedAt + Math.abs(took),
      outcome: took < 0 ? "info" : "ok",
      served: took < 0 ? "error" : "yes",
      error: took < 0 ? "status 500" : "",
    });
  });
}

const faults = injected("restart-postgres", "postgres", 20_000, 22_000);
const judge = availability({ f: ["create"], atLeast: 0.99, fault: "restart-postgres" });
const judged = (fate: (at: number) => number) => judge(evidence({ operations: load(fate), faults, scheduledPerSecond: perSecond }));
/** During the outage operations wait until it is over. */
const absorbed = (at: number): number => (at >= 20_010 && at < 22_000 ? 22_040 - at : 10);

test("an outage that is absorbed holds, with its times", () => {
  const check = judged(absorbed);
  expect(check.verdict).toBe("holds");
  expect(check.examined).toBeGreaterThanOrEqual(200);
  expect(check.numbers).toMatchObject({ successRatio: 1, timeToDetectMs: expect.closeTo(51, 0), timeToSteadyMs: 1000 });
  expect(check.numbers["during p95Ms"]).toBeGreaterThan(1000);
  expect(check.numbers["before p95Ms"]).toBeCloseTo(10.5);
});

test("an outage that shows violates, with its extent", () => {
  const check = judged((at) => (at >= 20_500 && at < 21_500 ? -5 : absorbed(at)));
  expect(check.verdict).toBe("violated");
  expect(check.summary).toContain("100 of");
  expect(check.numbers).toMatchObject({ "restart-postgres#1 outageFromMs": 20_500, "restart-postgres#1 outageToMs": 21_490 });
});

test("the error budget is told in minutes, and the hand-over by the runs that changed hands", () => {
  const changes = trail(
    [19_000, "r1", null, "pending", 0, "", "api-1"],
    [19_500, "r1", "pending", "running", 1, "queue-1", "queue-1"],
    [25_400, "r1", "running", "pending", 1, "", "queue-2"],
    [25_600, "r1", "pending", "running", 2, "queue-2", "queue-2"],
    // Ended before the fault, and nobody else's.
    [19_000, "r2", "pending", "running", 1, "queue-1", "queue-1"],
    [19_900, "r2", "running", "success", 1, "queue-1", "queue-1"],
    [19_000, "r3", "pending", "running", 1, "queue-3", "queue-3"],
  );
  const killed = availability({ f: ["create"], atLeast: 0.99, fault: "kill" });
  const given = evidence({
    operations: load((at) => (at >= 20_000 && at < 20_600 ? -5 : 10)),
    transitions: changes,
    faults: injected("kill", "queue-1", 20_000, 22_000),
    scheduledPerSecond: perSecond,
  });
  const { numbers } = killed(given);
  expect(numbers).toMatchObject({
    timeToHandOverMs: 5600,
    errorBudgetMinutes: expect.closeTo(0.01, 3),
    errorBudgetSpentMinutes: expect.closeTo(0.01, 3),
  });
  expect(killed({ ...given, transitions: changes.slice(0, 3) }).numbers.timeToHandOverMs).toBeUndefined();
});

test("latency counts from the intended start and may be bounded", () => {
  const bounded = availability({ f: ["create"], atLeast: 0.99, fault: "restart-postgres", p95AddedMs: 500 });
  const given = evidence({ operations: load(absorbed), faults, scheduledPerSecond: perSecond });
  expect(bounded(given)).toMatchObject({ verdict: "violated" });
  expect(bounded({ ...given, lagMs: 200 }).verdict).toBe("inconclusive");
  // Timers that were late in the midst of the fault, long after it was requested.
  const looks = (lateAt: number) =>
    Array.from({ length: 140 }, (_, i) => sample(500 * i, "harness", { lagMs: Math.abs(500 * i - lateAt) < 500 ? 200 : 5 }));
  const longer = injected("restart-postgres", "postgres", 20_000, 28_000);
  const kept = { ...given, faults: longer, constants: { ...given.constants, outageBudgetMs: 9000 } };
  expect(bounded({ ...kept, samples: looks(27_000), lagMs: 200 }).verdict).toBe("inconclusive");
  expect(bounded({ ...kept, samples: looks(50_000), lagMs: 200 }).verdict).toBe("violated");
  // As long as what was added, at another time.
  const longest = (lateAt: number) => looks(lateAt).map((one) => (one.values.lagMs === 200 ? { ...one, values: { lagMs: 9000 } } : one));
  expect(bounded({ ...kept, samples: longest(58_000), lagMs: 9000 }).verdict).toBe("violated");
  expect(bounded({ ...kept, samples: longest(27_000), lagMs: 9000 }).verdict).toBe("inconclusive");
});

test("an outage beyond the budget is not judged; one that may have been is inconclusive when it misses", () => {
  const fails = load((at) => (at >= 20_000 && at < 21_000 ? -5 : 10));
  const long = (from: number, to: number) =>
    judge(evidence({ operations: fails, faults: injected("restart-postgres", "postgres", from, to), scheduledPerSecond: perSecond }));
  expect(long(20_000, 30_000).verdict).toBe("inconclusive");
  expect(long(20_000, 24_990).summary).toContain("may have lasted longer");
});

test("each injection is excused by itself: what speaks against it without those that may be, stands", () => {
  const two = (first: readonly [number, number], second: readonly [number, number]) => [
    ...injected("restart-postgres", "postgres", ...first, "restart-postgres#1"),
    ...injected("restart-postgres", "postgres", ...second, "restart-postgres#2"),
  ];
  const given = (fate: (at: number) => number, of: ReturnType<typeof two>) =>
    evidence({ operations: load(fate), faults: of, scheduledPerSecond: perSecond });
  // The second outage may have been longer than the budget; the first was not, and cost as much.
  const both = given((at) => (at % 20_000 < 1000 && at >= 20_000 ? -5 : 10), two([20_000, 23_000], [40_000, 44_990]));
  expect(judge(both)).toMatchObject({ verdict: "violated", count: 1, summary: expect.stringContaining("restart-postgres#1 at 20.000 s") });
  const either = given((at) => (at >= 40_000 && at < 41_000 ? -5 : 10), two([20_000, 23_000], [40_000, 44_990]));
  expect(judge(either).summary).toContain("The outage of restart-postgres#2 may have lasted longer");
  // Too few for a judgement by themselves, and all of the failures but one, where the processors had no time left.
  const short = given((at) => (at === 20_500 || (at >= 40_000 && at < 40_500) ? -5 : 10), two([20_000, 23_000], [40_000, 40_900]));
  const machine = (from: number) =>
    Array.from({ length: 120 }, (_, i) =>
      sample(500 * i, "machine", { busyTicks: 500 * i >= from && 500 * i <= 44_000 ? 100 : 50, processorTicks: 100 }),
    );
  expect(judge({ ...short, samples: machine(60_000) }).verdict).toBe("violated");
  expect(judge({ ...short, samples: machine(39_000) })).toMatchObject({
    verdict: "inconclusive",
    summary: expect.stringMatching(/^The machine's processors/),
  });
});

test("latency that never came down after the first fault is not what it was before", () => {
  const bounded = availability({ f: ["create"], atLeast: 0.99, fault: "restart-postgres", p95AddedMs: 500 });
  const twice = [...faults, ...injected("restart-postgres", "postgres", 30_000, 32_000, "restart-postgres#2")];
  const judgeAs = (fate: (at: number) => number) => bounded(evidence({ operations: load(fate), faults: twice, scheduledPerSecond: perSecond }));
  expect(judgeAs((at) => (at < 20_000 ? 10 : 900))).toMatchObject({ verdict: "violated", numbers: { p95AddedMs: expect.closeTo(890, 0) } });
  expect(judgeAs((at) => (at < 20_000 ? 10 : 400)).verdict).toBe("holds");
});

test("waits are judged by themselves, and with what they follow where too few were sent", () => {
  const waits = (every: number, lost: number) =>
    load(absorbed)
      .filter((_, n) => n % every === 0)
      .map((one, n) => ({ ...one, f: "wait", ...(n % lost === 0 ? { outcome: "info" as const, served: "error" as const } : {}) }));
  const judgedWith = (of: readonly Operation[]) =>
    availability({ f: ["wait"], orWith: ["create"], atLeast: 0.99, fault: "restart-postgres" })(
      evidence({ operations: [...load(absorbed), ...of], faults, scheduledPerSecond: perSecond }),
    );
  expect(judgedWith(waits(1, 10_000))).toMatchObject({ verdict: "holds", property: "99 % of wait served during restart-postgres" });
  // Of both together fewer than one of a hundred fail.
  expect(judgedWith(waits(1, 60))).toMatchObject({ verdict: "violated", property: "99 % of wait served during restart-postgres" });
  expect(judgedWith(waits(10, 10_000))).toMatchObject({ verdict: "holds", property: "99 % of create and wait served during restart-postgres" });
  expect(judgedWith(waits(10, 2)).verdict).toBe("violated");
});

test("too little load, no fault, and nothing at all are inconclusive", () => {
  const few = load(absorbed).filter((one) => one.index % 20 === 0);
  expect(judge(evidence({ operations: few, faults, scheduledPerSecond: 5 })).verdict).toBe("inconclusive");
  expect(judge(evidence({ operations: load(absorbed) })).verdict).toBe("inconclusive");
  expect(judge(evidence()).verdict).toBe("inconclusive");
});

test("what was open when the load was ended and not due is no failure, however long was recorded after it", () => {
  const openFrom = (time: number, killedAt: number) => {
    const operations = load(absorbed).map((one) =>
      one.intendedAt > time ? { ...one, answeredAt: Number.POSITIVE_INFINITY, served: "error" as const } : one,
    );
    const all = evidence({
      operations,
      faults: injected("kill", "queue-1", killedAt, killedAt + 1000),
      endsAt: 90_000,
      scheduledPerSecond: perSecond,
    });
    return availabilityOf(all, ["create"])[0]?.failed.map(({ intendedAt }) => intendedAt);
  };
  expect(openFrom(59_500, 57_000)).toEqual([]);
  // Who was sent home at 59.99 s had waited for six seconds.
  const due = openFrom(53_000, 50_000);
  expect([due?.length, due?.at(-1)]).toEqual([99, 53_990]);
});

test("the verdict is the ratio, whatever the pattern of failures", () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(), (failures, salt) => {
      const isBad = (at: number): boolean => at >= 20_000 && at < 22_000 && (at / 10 + salt) % 50 < failures / 10;
      const check = judged((at) => (isBad(at) ? -3 : 10));
      const [figures] = availabilityOf(evidence({ operations: load((at) => (isBad(at) ? -3 : 10)), faults, scheduledPerSecond: perSecond }), [
        "create",
      ]);
      const ratio = 1 - (figures?.failed.length ?? 0) / (figures?.during.length ?? 1);
      expect(check.verdict).toBe(ratio < 0.99 ? "violated" : "holds");
    }),
    { numRuns: 25 },
  );
});

test("waits that fail do not drown in the many creates that they follow", () => {
  const many = Array.from({ length: 10 }, () => load(absorbed)).flat();
  const waits = (lost: boolean) =>
    load(absorbed)
      .filter((_, n) => n % 10 === 0)
      .map((one) => {
        const isLost = lost && one.intendedAt >= 20_000 && one.intendedAt < 22_500;
        return { ...one, f: "wait", ...(isLost ? { outcome: "info" as const, served: "error" as const } : {}) };
      });
  const judgedWith = (of: readonly Operation[]) =>
    availability({ f: ["wait"], orWith: ["create"], atLeast: 0.99, fault: "restart-postgres" })(
      evidence({ operations: [...many, ...of], faults, scheduledPerSecond: 10 * perSecond }),
    );
  expect(judgedWith(waits(false)).verdict).toBe("holds");
  expect(judgedWith(waits(true))).toMatchObject({ verdict: "inconclusive", summary: expect.stringContaining("operations wait were served") });
});
