import { describe, expect, it } from "vitest";
import type { FaultEvent } from "../core/records.ts";
import { type Change, evidence, injected, lateElsewhere, operation, trail } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";
import { writesAfterPromotion } from "./writes-after-promotion.ts";

const fault = "promote-the-standby";
/** Biting at 15.02 s, when the way in has led to the new primary for 20 ms. */
const faults: FaultEvent[] = injected(fault, "postgres", 15_000, 25_000).map((event) =>
  event.phase === "biting" ? { ...event, numbers: { sinceLedMs: 20, promotionMs: 70 } } : event,
);
const operations = Array.from({ length: 1200 }, (_, i) => operation({ f: "create", invokedAt: 5000 + 25 * i }));
/** A write of each of them at each time. */
const written = (by: readonly string[], ...times: readonly number[]): Change[] =>
  times.flatMap((time) => by.map((instance): Change => [time, `run-${time}`, null, "pending", 0, "", instance]));
const before = written(["api-1", "queue-1"], 8000, 14_000);
const judge = (changes: readonly Change[], more = {}) =>
  writesAfterPromotion({ fault, withinMs: 5000 })(evidence({ faults, operations, transitions: trail(...changes), ...more }));

describe("writesAfterPromotion", () => {
  it("holds when each that wrote before writes again, and tells how long that took", () =>
    expect(judge([...before, ...written(["api-1"], 15_400), ...written(["queue-1"], 17_000)])).toMatchObject({
      verdict: "holds",
      examined: 2,
      numbers: { firstWriteMs: 400, lastInstanceMs: 2000, promotionMs: 70 },
    }));
  it("accuses one that stays where the old primary was, and one that comes too late", () => {
    expect(judge([...before, ...written(["queue-1"], 15_400)])).toMatchObject({
      verdict: "violated",
      count: 1,
      summary: /^api-1 wrote nothing any more/,
    });
    expect(judge([...before, ...written(["queue-1"], 15_400), ...written(["api-1"], 21_000)])).toMatchObject({
      verdict: "violated",
      summary: expect.stringContaining("for 6000 ms"),
    });
  });
  it("asks nothing of one that was idle before", () =>
    expect(judge([...before, ...written(["queue-2"], 2000), ...written(["api-1", "queue-1"], 15_400)])).toMatchObject({
      verdict: "holds",
      examined: 2,
    }));
  it("decides nothing where the load ended, nobody wrote before, or the fault did not bite", () => {
    expect(judge(before, { operations: operations.filter(({ invokedAt }) => invokedAt < 18_000) }).verdict).toBe("inconclusive");
    expect(judge([]).verdict).toBe("inconclusive");
    expect(judge(before, { faults: faults.filter(({ phase }) => phase !== "biting") }).verdict).toBe("inconclusive");
  });
  it("accuses nobody in executions that are right", () => neverAccuses(writesAfterPromotion({ fault: "kill", withinMs: 5000 })));
});

it("a lag of another time hides no miss", () =>
  expect(judge([...before, ...written(["queue-1"], 15_400), ...written(["api-1"], 22_000)], lateElsewhere(16_000, 95_000, 10_000))).toMatchObject({
    verdict: "violated",
    summary: expect.stringContaining("for 7000 ms"),
  }));
