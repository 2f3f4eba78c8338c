import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { alertRaised } from "./alert-raised.ts";
import { constants, evidence, injected, operation, sample } from "./fixtures.ts";

const refused = (answeredAt: number, by = "api-1"): Operation =>
  operation({ f: "set", invokedAt: answeredAt - 2000, answeredAt, outcome: "info", served: "shed", error: "status 503", by });
/** The lock is held from 10 to 18 s, callers are refused from 12.5 s on, and the alert was looked at from 5 to 35 s. */
const story = (told: Readonly<Record<string, number>>, operations = [refused(12_500), refused(17_000)], activeAt = (_time: number) => 10) => {
  const numbers = { fromMs: 1000, "api-1 looks": 100, "api-1 lastLookMs": 30_000, "api-2 looks": 100, "api-2 lastLookMs": 30_000, ...told };
  const watch = injected("watch-the-alert", "alerts", 5000, 35_000).map((event) => (event.phase === "biting" ? { ...event, numbers } : event));
  const samples = Array.from({ length: 16 }, (_, i) => 10_000 + 500 * i).map((time) =>
    sample(time, "postgres api-1", { connections: 10, active: activeAt(time), idle: 10 - activeAt(time) }),
  );
  return evidence({
    constants: { ...constants, connectionsPerInstance: 10 },
    samples,
    operations,
    faults: [...watch, ...injected("hold-lock", "postgres", 10_000, 18_000)],
  });
};
const judged = alertRaised({ fault: "hold-lock", share: 0.8 });
const raised = { "api-1 raisedMs": 6500, "api-1 lastRaisedMs": 14_500 };

test("holds where the alert was raised while callers were refused, and over afterwards", () => {
  expect(judged(story(raised))).toMatchObject({ verdict: "holds", numbers: { raised: 1, over: 1 } });
});

test("accuses an alert that was never raised, or only before, or only when it was over", () => {
  expect(judged(story({})).summary).toContain("raised for it at none of 100 looks");
  expect(judged(story({ "api-1 raisedMs": 2000, "api-1 lastRaisedMs": 2000 })).verdict).toBe("violated");
  expect(judged(story({ "api-1 raisedMs": 20_000, "api-1 lastRaisedMs": 21_000 })).verdict).toBe("violated");
  expect(judged(story({ "api-2 raisedMs": 6500, "api-2 lastRaisedMs": 14_500 })).verdict).toBe("violated");
});

test("accuses an alert that is not taken back", () => {
  expect(judged(story({ ...raised, "api-1 lastRaisedMs": 29_900 })).summary).toContain("was still raised for api-1");
  expect(judged(story({ ...raised, "api-1 lastRaisedMs": 29_900, "api-1 clearBeforeMs": 6250 })).verdict).toBe("violated");
});

test("one that is raised again after it was over is another alert", () =>
  expect(judged(story({ ...raised, "api-1 lastRaisedMs": 29_000, "api-1 clearBeforeMs": 28_750 })).verdict).toBe("holds"));

test("a pool that is used up in a reading here and there may never have been seen so", () => {
  expect(judged(story({}, undefined, (time) => (time % 3000 === 0 ? 1 : 10))).verdict).toBe("inconclusive");
  expect(judged(story({}, undefined, (time) => (time === 10_500 || time >= 16_500 ? 10 : 1))).verdict).toBe("inconclusive");
  expect(judged(story({}, undefined, (time) => (time < 12_000 ? 1 : 10))).verdict).toBe("violated");
});

test("a look that ended before the alert was due says nothing of it", () => {
  expect(judged(story({ "api-1 lastLookMs": 9400 })).verdict).toBe("inconclusive");
  expect(judged(story({ "api-1 lastLookMs": 9600 })).verdict).toBe("violated");
});

test("processors that had no time for a moment do not excuse an alert that is late for long after it", () => {
  const busy = (from: number, to: number) =>
    Array.from({ length: 80 }, (_, i) => 500 * i).map((time) =>
      sample(time, "machine", { busyTicks: time >= from && time <= to ? 100 : 50, processorTicks: 100 }),
    );
  const beside = (given: ReturnType<typeof story>, from: number, to: number) =>
    judged({ ...given, samples: [...given.samples, ...busy(from, to)] }).verdict;
  const kept = story({ ...raised, "api-1 lastRaisedMs": 29_900 });
  expect([beside(kept, 16_000, 20_500), beside(kept, 16_000, 38_000)]).toEqual(["violated", "inconclusive"]);
});

test("says nothing of instances that refused nobody for long, were not looked at, or whose processors had no time", () => {
  expect(judged(story({}, [])).verdict).toBe("inconclusive");
  expect(judged(story({ "api-1 looks": 2 })).verdict).toBe("inconclusive");
  expect(judged(story({ fromMs: 9500 })).verdict).toBe("inconclusive");
  // The look ended before the alert can have been taken back.
  expect(judged(story({ ...raised, "api-1 lastLookMs": 16_000 })).verdict).toBe("inconclusive");
  expect(judged(story({}, undefined, () => 7)).verdict).toBe("inconclusive");
  expect(judged({ ...story({}), constants: {} }).verdict).toBe("out of reach");
  const busy = Array.from({ length: 40 }, (_, i) => sample(i * 1000, "machine", { busyTicks: 200, processorTicks: 200 }));
  expect(judged({ ...story({}), samples: [...story({}).samples, ...busy] }).verdict).toBe("inconclusive");
});
