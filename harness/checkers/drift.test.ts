import { expect, test } from "vitest";
import type { FaultEvent } from "../core/records.ts";
import { driftedDoesNotListen, driftKeptOut } from "./drift.ts";
import { evidence, injected, sample } from "./fixtures.ts";

const drifted = (admitted: number, id: string): FaultEvent[] =>
  injected("drift", "queue-1", 1000, 2000, id).map((event) => (event.phase === "biting" ? { ...event, numbers: { admitted } } : event));
const judged = (...faults: readonly FaultEvent[]) => driftKeptOut(evidence({ faults }));

test("an instance that was kept out", () => expect(judged(...drifted(0, "drift#1"))).toMatchObject({ verdict: "holds", examined: 1 }));
test("one that was let in violates", () =>
  expect(judged(...drifted(0, "drift#1"), ...drifted(1, "drift#2")).summary).toContain(
    "queue-1 came back with a setting of its own and answered ready",
  ));
test("none decides nothing, nor one whose start was not seen", () => {
  expect(judged().verdict).toBe("inconclusive");
  expect(judged(...injected("drift", "queue-1", 1000, 2000)).verdict).toBe("inconclusive");
});

/** Told to stop at 10 s, gone at 12 s, seen kept out at 30 s; the page of metrics answers from `from` to `to`. */
const listening = (from: number, to: number, numbers: Readonly<Record<string, number>> = {}, lagMs = 5) => {
  const faults = injected("drift", "api-1", 10_000, 31_000).map((event) =>
    event.phase === "biting" ? { ...event, time: 30_000, numbers: { admitted: 0, endedAfterMs: 2000, ...numbers } } : event,
  );
  const samples = Array.from({ length: 80 }, (_, i) => 500 * i).map((time) =>
    sample(time, "api-1", { ready: 0, ...(time >= from && time <= to ? { lagMs } : {}) }),
  );
  return driftedDoesNotListen(evidence({ faults, samples, lagMs }));
};

test("an instance that ended each time, or listened for a moment while the database was slow, does not listen", () => {
  expect(listening(0, 12_500)).toMatchObject({ verdict: "holds", examined: 35 });
  expect(listening(14_000, 16_500).verdict).toBe("holds");
});
test("one that goes on answering violates", () => {
  expect(listening(14_000, 40_000).summary).toContain(
    "api-1 came back with a setting of its own, and answered at its port from 14.000 s to 30.000 s (drift#1)",
  );
  expect(listening(14_000, 40_000, {}, 2000).verdict).toBe("inconclusive");
});
test("one that was let in has a reason to, and of one whose end nobody noted nothing is known", () => {
  expect(listening(14_000, 40_000, { admitted: 1 }).verdict).toBe("inconclusive");
  expect(driftedDoesNotListen(evidence({ faults: drifted(0, "drift#1") })).verdict).toBe("inconclusive");
});
