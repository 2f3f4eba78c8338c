import { expect, test } from "vitest";
import type { FaultEvent } from "../core/records.ts";
import { driftKeptOut } from "./drift.ts";
import { evidence, injected } from "./fixtures.ts";

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
