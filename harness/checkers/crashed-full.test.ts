import { expect, test } from "vitest";
import type { FaultEvent } from "../core/records.ts";
import { crashedFull } from "./crashed-full.ts";
import { constants, evidence, injected } from "./fixtures.ts";

const killed = (on: string, runs: number): FaultEvent[] => {
  const working = Array.from({ length: runs }, (_, i) => `run r${i} attempt 1`);
  return injected("kill", on, 1000, 2000, `kill#${on}`).map((event) => (event.phase === "requested" ? { ...event, working } : event));
};
const judged = (...faults: readonly FaultEvent[]) => crashedFull(evidence({ faults, constants: { ...constants, runsPerInstance: 2 } }));

test("a crash with every slot taken", () =>
  expect(judged(...killed("queue-1", 2), ...killed("queue-2", 3))).toMatchObject({ verdict: "holds", examined: 2 }));
test("a crash with a free slot decides nothing", () => expect(judged(...killed("queue-1", 2), ...killed("queue-2", 1)).verdict).toBe("inconclusive"));
test("no crash decides nothing", () => expect(judged(...injected("pause", "queue-1", 0, 100)).verdict).toBe("inconclusive"));
