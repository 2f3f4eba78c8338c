import { describe, expect, it } from "vitest";
import type { Operation } from "../core/history.ts";
import { cancelEndsWork, cancelKept, cancelStopsEffects } from "./cancellation.ts";
import { type Change, constants, created, evidence, injected, type Line, ledger, operation, sample, trail } from "./fixtures.ts";
import { alwaysFinds, neverAccuses, some } from "./property.ts";

const cancel = (given: Partial<Operation> = {}): Operation =>
  operation({ f: "cancel", invokedAt: 2000, key: "r1", input: { run: "r1" }, output: { status: "cancelled" }, ...given });
const refused = cancel({ outcome: "fail", served: "shed", output: null });
const changes = (to: string, at: number): Change[] => [
  [1000, "r1", null, "pending", 0, "", "api-1"],
  [1010, "r1", "pending", "running", 1, "queue-1", "queue-1"],
  [at, "r1", "running", to, 1, "queue-1", "api-1"],
];

describe("cancelKept", () => {
  const judge = (operations: Operation[], ...all: Change[]) => cancelKept(evidence({ operations, transitions: trail(...all) }));
  it("holds when the cancellation was committed before its answer", () => {
    expect(judge([cancel()], ...changes("cancelled", 2005)).verdict).toBe("holds");
  });
  it("holds when a refused one met a finished run", () => expect(judge([refused], ...changes("success", 1900)).verdict).toBe("holds"));
  it("accuses an acknowledged cancel of a run that succeeded, never ended, or ended only later", () => {
    expect(judge([cancel()], ...changes("success", 2005)).summary).toContain("but it became success");
    expect(judge([cancel()], ...changes("cancelled", 2005).slice(0, 2)).summary).toContain("never ended");
    expect(judge([cancel()], ...changes("cancelled", 2100)).verdict).toBe("violated");
  });
  it("orders the trail and the client, each with a clock of its own, only when further apart than both are unsure", () => {
    expect(judge([cancel()], ...changes("cancelled", 2014)).verdict).toBe("holds");
    expect(judge([cancel()], ...changes("cancelled", 2015)).verdict).toBe("violated");
  });
  it("accuses a refusal of a run that went on", () => expect(judge([refused], ...changes("success", 3000)).verdict).toBe("violated"));
  it("says nothing of cancels whose outcome nobody knows, or that were never sent", () => {
    expect(judge([cancel({ outcome: "info" }), cancel({ outcome: "fail", served: "error" })], ...changes("success", 3000)).verdict).toBe(
      "inconclusive",
    );
  });
  it("never accuses a correct execution", () => neverAccuses(cancelKept));
  it("always finds an acknowledged cancel whose run succeeded", () =>
    alwaysFinds(cancelKept, (execution, random) => {
      const victim = some(random, execution.operations, (one) => one.f === "cancel" && one.outcome === "ok");
      if (!victim) return undefined;
      return {
        transitions: execution.transitions.map((one) => (one.subject === victim.key && one.to === "cancelled" ? { ...one, to: "success" } : one)),
      };
    }));
});

describe("cancelStopsEffects", () => {
  const base = { ...evidence({ operations: [cancel()] }), constants: { ...constants, cancelMs: 1000 } };
  const steps = (...times: number[]): Line[] => [
    [1020, "enter", "r1", 1, "queue-1"],
    ...times.map((time, i): Line => [time, "step", "r1", 1, "queue-1", i + 1]),
  ];
  it("holds when the last effect began in time", () => {
    expect(cancelStopsEffects({ ...base, ledger: ledger("run", ...steps(1030, 2500)) })).toMatchObject({
      verdict: "holds",
      numbers: { lastEffectMaxMs: 490 },
    });
  });
  it("accuses a later effect, and not that of a handler that was stopped", () => {
    const late = { ...base, ledger: ledger("run", ...steps(1030, 3500)) };
    expect(cancelStopsEffects(late).summary).toContain("began step 2 1490 ms later");
    expect(cancelStopsEffects({ ...late, faults: injected("pause", "queue-1", 1990, 3400) }).verdict).toBe("inconclusive");
    expect(cancelStopsEffects({ ...late, faults: injected("partition", "queue-1->redis", 1990, 3400) }).verdict).toBe("violated");
  });
  it("accuses an attempt that had been claimed and began only after the answer, and not one that stopped in time", () => {
    const begun = (...times: number[]) => ({ ...base, ledger: ledger("run", [2100, "enter", "r1", 1, "queue-1"], ...steps(...times).slice(1)) });
    expect(cancelStopsEffects(begun(2110, 3500)).summary).toContain("began step 2 1490 ms later");
    expect(cancelStopsEffects(begun(2110)).verdict).toBe("holds");
  });
  it("a miss decides nothing while timers lagged", () => {
    expect(cancelStopsEffects({ ...base, ledger: ledger("run", ...steps(1030, 3500)), lagMs: 300 }).verdict).toBe("inconclusive");
  });
  it("a lag at another time that is as long as it went on excuses nothing", () => {
    const lateAt = (time: number) => {
      const samples = [2500, time - 500, time].map((at) => sample(at, "harness", { lagMs: at === time ? 3000 : 2 }));
      const given = { ...base, lagMs: 3000, samples };
      const left = ledger("run", [1020, "enter", "r1", 1, "queue-1"], [4500, "exit", "r1", 1, "queue-1"]);
      return [cancelStopsEffects({ ...given, ledger: ledger("run", ...steps(1030, 3500)) }), cancelEndsWork({ ...given, ledger: left })];
    };
    expect(lateAt(3500).map(({ verdict }) => verdict)).toEqual(["inconclusive", "inconclusive"]);
    expect(lateAt(40_000).map(({ verdict }) => verdict)).toEqual(["violated", "violated"]);
  });
  it("is inconclusive without a cancel under way, and out of reach without the constant", () => {
    expect(cancelStopsEffects({ ...base, operations: [] }).verdict).toBe("inconclusive");
    expect(cancelStopsEffects(evidence()).verdict).toBe("out of reach");
  });
});

describe("cancelEndsWork", () => {
  const base = { ...evidence({ operations: [cancel()], endsAt: 9000 }), constants: { ...constants, cancelMs: 1000 } };
  const left = (...lines: Line[]) => ({ ...base, ledger: ledger("run", [1020, "enter", "r1", 1, "queue-1"], ...lines) });
  it("holds when the attempt had left in time, by its exit or with its connection", () => {
    for (const how of ["exit", "closed"] as const) {
      expect(cancelEndsWork(left([2500, how, "r1", 1, "queue-1"]))).toMatchObject({ verdict: "holds", numbers: { leftMaxMs: 490 } });
    }
  });
  it("accuses an attempt that worked on, to its end or to that of the record", () => {
    expect(cancelEndsWork(left([4500, "exit", "r1", 1, "queue-1"])).summary).toContain("left only 2490 ms later");
    expect(cancelEndsWork(left()).summary).toContain("had not left when the record ended");
  });
  it("says nothing of handlers that were stopped, of cuts on the way to the ledger, and of what the record ended before", () => {
    const late = left([4500, "exit", "r1", 1, "queue-1"]);
    expect(cancelEndsWork({ ...late, faults: injected("pause", "queue-1", 1990, 3400) }).verdict).toBe("inconclusive");
    expect(cancelEndsWork({ ...late, faults: injected("partition", "queue-1->ledger", 1990, 3400) }).verdict).toBe("inconclusive");
    expect(cancelEndsWork({ ...left(), endsAt: 2900 }).verdict).toBe("inconclusive");
    expect(cancelEndsWork({ ...late, faults: injected("partition", "queue-1->redis", 1990, 3400) }).verdict).toBe("violated");
    expect(cancelEndsWork(evidence()).verdict).toBe("out of reach");
  });
});

describe("an interrupt", () => {
  const inThread = (run: string, invokedAt: number, rule: string) => created(run, invokedAt, { key: `key-${run}`, thread: "t1", rule, steps: 1 });
  const operations = [inThread("r1", 1000, "enqueue"), inThread("r2", 2000, "interrupt")];
  const base = (to: string) => ({
    ...evidence({ operations, endsAt: 9000, transitions: trail(...changes(to, 2005)) }),
    constants: { ...constants, cancelMs: 1000 },
  });
  const entered: Line = [1020, "enter", "r1", 1, "queue-1"];
  const late = ledger("run", entered, [3500, "step", "r1", 1, "queue-1", 1], [3600, "exit", "r1", 1, "queue-1"]);
  it("stops the handler of the run whose place is taken, as a cancel does", () => {
    const left = ledger("run", entered, [2500, "step", "r1", 1, "queue-1", 1], [2600, "exit", "r1", 1, "queue-1"]);
    for (const checker of [cancelStopsEffects, cancelEndsWork]) {
      expect(checker({ ...base("cancelled"), ledger: left })).toMatchObject({ verdict: "holds", examined: 1 });
      expect(checker({ ...base("cancelled"), ledger: late }).summary).toContain(
        "the interrupt of run r1 was acknowledged at 2.010 s (operation 0), and",
      );
    }
  });
  it("of a run that ended by itself, and one that nobody acknowledged, stops nobody", () => {
    const unknown = [operations[0] as Operation, { ...(operations[1] as Operation), outcome: "info" as const, output: null }];
    expect(cancelStopsEffects({ ...base("success"), ledger: late }).verdict).toBe("inconclusive");
    expect(cancelStopsEffects({ ...base("cancelled"), operations: unknown, ledger: late }).verdict).toBe("inconclusive");
  });
});
