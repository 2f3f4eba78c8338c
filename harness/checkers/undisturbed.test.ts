import { describe, expect, it } from "vitest";
import type { Operation } from "../core/history.ts";
import { evidence, injected, operation, sample } from "./fixtures.ts";
import { alwaysFinds, neverAccuses, some } from "./property.ts";
import { answersToItsEnd, failsForWantOfReadiness, noneFailed, underWayIsAnswered } from "./undisturbed.ts";

const faults = injected("rolling-restart", "api", 10_000, 30_000);
const options = { f: ["turn"], fault: "rolling-restart" };
const turn = (invokedAt: number, tookMs = 700, given: Partial<Operation> = {}): Operation =>
  operation({ f: "turn", invokedAt, answeredAt: invokedAt + tookMs, ...given });
const all = Array.from({ length: 400 }, (_, i) => turn(5000 + 100 * i));
const lost = { outcome: "info", served: "error", error: "status 502" } as const;

describe("noneFailed", () => {
  const judge = (...more: readonly Operation[]) => noneFailed(options)(evidence({ faults, operations: [...all, ...more] }));
  it("holds when every operation was served", () => expect(judge()).toMatchObject({ verdict: "holds", examined: 228 }));
  it.each([
    ["cut off", lost],
    ["refused", { outcome: "info", served: "shed", error: "status 503" } as const],
    ["refused for certain", { outcome: "fail", served: "error", error: "connection refused" } as const],
  ])("accuses one that was %s", (_how, given) => {
    const check = judge(turn(15_000, 20, given));
    expect(check.verdict).toBe("violated");
    expect(check.summary).toContain(`ended with "${given.error}" at 15.020 s, while rolling-restart#1 went on from 10.000 s to 30.020 s`);
  });
  it("passes over who was told sooner than that, where it is said", () => {
    const late = (tookMs: number) => noneFailed({ ...options, afterMs: 250 })(evidence({ faults, operations: [...all, turn(15_000, tookMs, lost)] }));
    expect(late(240).verdict).toBe("holds");
    expect(late(260).verdict).toBe("violated");
  });
  it("says nothing of other operations and of other times", () =>
    expect(judge(turn(15_000, 20, { ...lost, f: "read" }), turn(5000, 20, lost), turn(40_000, 20, lost)).verdict).toBe("holds"));
  it("accuses one that nobody had answered when the load ended, long after anybody else was answered", () => {
    expect(judge(turn(15_000, Infinity, lost)).summary).toContain("sent at 15.000 s, had no answer when the load ended at 44.900 s, while");
    expect(judge(turn(15_000, Infinity, lost), turn(5000, 11_000))).toMatchObject({ verdict: "holds", examined: 229 });
    const ended = all.filter(({ invokedAt }) => invokedAt < 36_000);
    const interrupted = (invokedAt: number) => noneFailed(options)(evidence({ faults, operations: [...ended, turn(invokedAt, Infinity, lost)] }));
    expect(interrupted(31_000)).toMatchObject({ verdict: "holds", examined: 228 });
    expect(interrupted(25_000).verdict).toBe("violated");
  });
  it("a change that was not seen healed lasts until another one is asked for", () => {
    const unhealed = [...faults.filter(({ phase }) => phase !== "healed"), ...injected("update-by-pause", "api", 35_000, 40_000)];
    const failedAt = (time: number) => noneFailed(options)(evidence({ faults: unhealed, operations: [...all, turn(time, 20, lost)] })).verdict;
    expect([failedAt(33_000), failedAt(37_000)]).toEqual(["violated", "holds"]);
  });
  it("decides nothing only where somebody stood still about the failure", () => {
    const stoodStillAt = (time: number) =>
      noneFailed(options)(evidence({ faults, operations: [...all, turn(15_000, 20, lost)], samples: [sample(time, "harness", { lagMs: 1500 })] }));
    expect([4900, 6000, 25_000, 27_000].map((time) => stoodStillAt(time).verdict)).toEqual(["violated", "inconclusive", "inconclusive", "violated"]);
  });
  it("is inconclusive with too few operations, without the change, and where somebody stood still", () => {
    const failing = { faults, operations: [...all, turn(15_000, 20, lost)] };
    const still = sample(15_000, "api-1", { ready: 1, lagMs: 1500 });
    expect(noneFailed(options)(evidence({ ...failing, samples: [still] })).verdict).toBe("inconclusive");
    // As an instance does while it starts.
    expect(noneFailed(options)(evidence({ ...failing, samples: [sample(14_500, "api-1", { ready: 0 }), still] })).verdict).toBe("violated");
    expect(noneFailed(options)(evidence({ faults, operations: all.slice(0, 100) })).verdict).toBe("inconclusive");
    expect(noneFailed(options)(evidence({ operations: all })).verdict).toBe("inconclusive");
  });
});

describe("underWayIsAnswered", () => {
  const judge = (...operations: readonly Operation[]) => underWayIsAnswered(options)(evidence({ faults, operations }));
  it("holds when what was under way is answered", () => expect(judge(...all)).toMatchObject({ verdict: "holds", examined: 4 }));
  it("accuses one that was cut off", () => expect(judge(...all, turn(9600, 500, lost)).summary).toContain("sent at 9.600 s, ended with"));
  it("accuses one that is left waiting", () => {
    expect(judge(...all, turn(9600, Infinity, lost)).summary).toContain("sent at 9.600 s, had no answer when the load ended");
    const ended = all.filter(({ invokedAt }) => invokedAt < 19_000);
    expect(judge(...ended, turn(9600, Infinity, lost))).toMatchObject({ verdict: "holds", examined: 4 });
  });
  it("says nothing of what came later or ended before", () =>
    expect(judge(...all, turn(10_100, 5, lost), turn(9900, 300, lost), turn(9000, 5, lost)).verdict).toBe("holds"));
  it("is inconclusive when nothing was under way", () => expect(judge(turn(20_000)).verdict).toBe("inconclusive"));
});

describe("answersToItsEnd", () => {
  const terminated = injected("terminate", "api-1", 10_000, 15_000);
  const stopping = { f: ["turn"], fault: "terminate" };
  const judge = (...operations: readonly Operation[]) => answersToItsEnd(stopping)(evidence({ faults: terminated, operations }));
  const refusal = { outcome: "info", served: "shed", error: "status 503" } as const;
  it("holds when what still reached the instance was answered", () =>
    expect(judge(turn(10_010), turn(10_400), turn(10_500, 700, { by: "api-2" }))).toMatchObject({ verdict: "holds", examined: 2 }));
  it.each([["status 503"], ["status 503 without Retry-After"], ["status 500"]])("accuses it of an answer of its own: %s", (error) => {
    const check = judge(turn(10_010), turn(10_400, 3, { ...refusal, error }));
    expect(check).toMatchObject({ verdict: "violated", examined: 2 });
    expect(check.summary).toContain(
      `sent at 10.400 s, was answered "${error}" at 10.403 s by api-1 itself, which had been told to stop (terminate#1) at 10.000 s`,
    );
  });
  it("says nothing of what the balancer answers, of others, of conflicts, of other operations, and of what came before or was answered by the next process", () =>
    expect(
      judge(
        turn(10_010),
        turn(10_400, 3, { ...lost, by: "" }),
        turn(10_400, 3, { ...refusal, by: "api-2" }),
        turn(10_400, 3, { ...refusal, error: "status 409" }),
        turn(10_400, 3, { ...refusal, f: "read" }),
        turn(9900, 300, refusal),
        turn(14_900, 3, { ...lost, by: "", error: "no answer" }),
        turn(14_990, 200, refusal),
        turn(15_100, 3, refusal),
      ),
    ).toMatchObject({ verdict: "holds", examined: 2 }));
  it("is inconclusive when nothing reached it any more, and where somebody stood still", () => {
    expect(judge(turn(9000), turn(10_400, 700, { by: "api-2" }), turn(10_400, 3, { ...lost, by: "" })).verdict).toBe("inconclusive");
    const samples = [sample(11_000, "harness", { lagMs: 1500 })];
    const operations = [turn(10_400, 3, refusal)];
    expect(answersToItsEnd(stopping)(evidence({ faults: terminated, operations, samples })).verdict).toBe("inconclusive");
  });
});

describe("failsForWantOfReadiness", () => {
  const judge = (...more: readonly Operation[]) => failsForWantOfReadiness(options)(evidence({ faults, operations: [...all, ...more] }));
  it("counts what failed, and accuses nobody", () =>
    expect(judge(turn(15_000, 20, lost), turn(16_000, 20, { ...lost, f: "read" }), turn(5000, 20, lost))).toMatchObject({
      verdict: "holds",
      numbers: { failed: 1 },
    }));
  it("has shown nothing when nothing failed", () => expect(judge().verdict).toBe("inconclusive"));
});

describe("on generated executions", () => {
  // Their faults are no operator's changes: nothing to judge, nobody to accuse.
  it("nobody is accused of what was not done", () => {
    neverAccuses(noneFailed(options));
    neverAccuses(underWayIsAnswered(options));
    neverAccuses(answersToItsEnd(options));
    neverAccuses(failsForWantOfReadiness(options));
  });
  it("a failure among many during a change is always found", () =>
    alwaysFinds(noneFailed(options), (history, random) => {
      const change = injected("rolling-restart", "api", 0, history.endsAt);
      const operations = history.operations.map(
        (one) => ({ ...one, f: "turn", outcome: "ok", served: "yes", answeredAt: one.invokedAt + 5 }) as const,
      );
      const victim = some(random, operations, ({ invokedAt }) => invokedAt > 0);
      if (victim === undefined || operations.length < 20) return undefined;
      return { faults: change, operations: operations.map((one) => (one === victim ? { ...one, ...lost } : one)) };
    }));
});
