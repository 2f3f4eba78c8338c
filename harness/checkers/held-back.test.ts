import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json, Operation } from "../core/history.ts";
import { evidence, ledger, operation, sample } from "./fixtures.ts";
import { notHeldBack } from "./held-back.ts";
import { neverAccuses } from "./property.ts";

const check = notHeldBack({ boundMs: 2000 });
/** Five steps of a second: at 2, 3, 4, 5 and 6 s. */
const steps = ledger("run", ...[1, 2, 3, 4, 5].map((n) => [1000 + 1000 * n, "step", "r1", 1, "queue-1", n] as const));
const stream = (times: readonly number[], given: Partial<Operation> & { readonly lastEventId?: number } = {}): Operation => {
  const { lastEventId = 0, ...rest } = given;
  const events = [
    { id: 1, kind: "attempt", attempt: 1, at: 1100 },
    ...times.map((at, n) => ({ id: n + 2, kind: "step", attempt: 1, at })),
  ] as unknown as Json;
  return operation({
    f: "stream",
    key: "r1",
    invokedAt: 1050,
    answeredAt: 6500,
    input: { lastEventId },
    output: { events, silenceMaxMs: 10 },
    ...rest,
  });
};
const soon = [2050, 3050, 4050, 5050, 6050];
const atTheEnd = [6050, 6050, 6050, 6050, 6050];
const judge = (operations: readonly Operation[], more = {}) => check(evidence({ ledger: steps, operations, ...more }));

describe("notHeldBack", () => {
  it("holds when each event comes soon after its step", () =>
    expect(judge([stream(soon)])).toMatchObject({ verdict: "holds", examined: 2, numbers: { maxMs: 0 } }));
  it("accuses a stream that comes all at once in the end", () =>
    expect(judge([stream(atTheEnd)]).summary).toContain(
      "step 1 of run r1 was followed by the next one at 3.000 s (ledger 1), and its event 2 reached p1 3050 ms later",
    ));
  it("says nothing of who came later, resumed, was cut off before, or follows another attempt", () => {
    expect(judge([stream(soon), stream(atTheEnd, { invokedAt: 5900 })]).verdict).toBe("holds");
    expect(judge([stream(soon), stream(atTheEnd, { lastEventId: 1 })]).verdict).toBe("holds");
    expect(judge([stream(soon), stream([], { outcome: "info", answeredAt: 3900 })]).verdict).toBe("holds");
    const again = ledger("run", [2000, "step", "r1", 2, "queue-1", 1], [6000, "step", "r1", 2, "queue-1", 2]);
    expect(check(evidence({ ledger: again, operations: [stream(atTheEnd)] })).verdict).toBe("inconclusive");
  });
  it("accuses a stream on which an event never came that there was, whether it broke or the load ended first", () => {
    const silent = (answeredAt: number) => stream([2050], { outcome: "info", answeredAt, process: "p2" });
    expect(judge([stream(soon), silent(6100)]).summary).toContain(
      "step 2 of run r1 was followed by the next one at 4.000 s (ledger 2), and its event had not reached p2 by 6.100 s",
    );
    expect(judge([stream(soon), silent(5900)]).verdict).toBe("holds");
    const last = operation({ f: "create", invokedAt: 7000 });
    expect(judge([stream(soon), silent(Number.POSITIVE_INFINITY), last]).summary).toContain("had not reached p2 by 7.000 s");
    // Nobody was ever told of the step: an attempt that had lost its run makes such.
    expect(judge([silent(6500)]).verdict).toBe("holds");
    expect(judge([stream(soon), stream([], { outcome: "info", lastEventId: 1 })]).verdict).toBe("holds");
  });
  it("decides nothing by what an instance held back that answered nobody, and accuses one that was ready", () => {
    const looks = (values: Record<string, number>) => ({ samples: [3500, 4500, 5500].map((time) => sample(time, "api-1", values)) });
    expect(judge([stream(atTheEnd, { by: "api-1" })], looks({ ready: 0 }))).toMatchObject({
      verdict: "inconclusive",
      summary: expect.stringContaining("its event 2 reached p1 3050 ms later"),
    });
    // A target may have no gauge of its timers.
    expect(judge([stream(atTheEnd, { by: "api-1" })], looks({ ready: 1 })).verdict).toBe("violated");
    expect(judge([stream(atTheEnd, { by: "api-1" })], looks({ ready: 1, lagMs: 20 })).verdict).toBe("violated");
  });
  it("decides nothing by what never came from an instance that answered nobody", () => {
    const looks = (values: Record<string, number>) => ({ samples: [4500, 5500, 6050].map((time) => sample(time, "api-1", values)) });
    const never = [stream(soon), stream([2050], { outcome: "info", answeredAt: 6100, process: "p2", by: "api-1" })];
    expect(judge(never, looks({ ready: 0 }))).toMatchObject({
      verdict: "inconclusive",
      summary: expect.stringContaining("its event had not reached p2"),
    });
    expect(judge(never, looks({ ready: 1, lagMs: 20 })).verdict).toBe("violated");
  });
  it("is not fooled by a lag at another time that is as long as what was held back", () => {
    const lateAt = (time: number) => {
      const lags = [3500, time - 500, time].map((at) => sample(at, "harness", { lagMs: at === time ? 3000 : 2 }));
      return judge([stream(atTheEnd)], { lagMs: 3000, samples: lags }).verdict;
    };
    expect([lateAt(5000), lateAt(40_000)]).toEqual(["inconclusive", "violated"]);
  });
  it("counts what came of a stream that broke", () => expect(judge([stream(atTheEnd, { outcome: "info" })]).verdict).toBe("violated"));
  it("is inconclusive without streams, with short runs, and while timers lagged", () => {
    expect(judge([]).verdict).toBe("inconclusive");
    const short = ledger("run", [2000, "step", "r1", 1, "queue-1", 1], [2500, "step", "r1", 1, "queue-1", 2]);
    expect(check(evidence({ ledger: short, operations: [stream([9000, 9000])] })).verdict).toBe("inconclusive");
    expect(judge([stream(atTheEnd)], { lagMs: 500 }).verdict).toBe("inconclusive");
  });
  it("any delay within the bound holds, any beyond it and the uncertainty violates", () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3900 }), (ms) => {
        const { verdict } = judge([stream([2000 + ms, 6050, 6050, 6050, 6050].map((time, n) => (n === 0 ? time : (soon[n] ?? time))))]);
        expect(verdict).toBe(ms <= 3000 + 5 ? "holds" : "violated");
      }),
    ));
  it("never accuses a correct execution", () => neverAccuses(check));
});
