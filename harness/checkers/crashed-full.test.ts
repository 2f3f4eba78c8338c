import fc from "fast-check";
import { expect, test } from "vitest";
import { crashedFull } from "./crashed-full.ts";
import { type Change, constants, evidence, injected, trail } from "./fixtures.ts";

const waits = (id: string): Change => [100, id, null, "pending", 0, "", "api-1"];
const held = (by: string, count: number): Change[] =>
  Array.from({ length: count }, (_, i) => `${by}/${i}`).flatMap((id): Change[] => [waits(id), [200, id, "pending", "running", 1, by, by]]);
const kills = (...victims: readonly string[]) => victims.flatMap((on) => injected("kill", on, 1000, 2000, `kill#${on}`));
const judged = (victims: readonly string[], ...changes: readonly Change[]) =>
  crashedFull(evidence({ faults: kills(...victims), transitions: trail(...changes), constants: { ...constants, runsPerInstance: 2 } }));

test("a crash with every slot taken and more waiting", () => {
  const check = judged(["queue-1", "queue-2"], ...held("queue-1", 2), ...held("queue-2", 2), waits("x"));
  expect(check).toMatchObject({ verdict: "holds", examined: 2, numbers: { fewestRunsAtKill: 2 } });
});

test("a crash with a free slot, with nobody waiting, or none decides nothing", () => {
  expect(judged(["queue-1", "queue-2"], ...held("queue-1", 2), ...held("queue-2", 1), waits("x")).verdict).toBe("inconclusive");
  expect(judged(["queue-1"], ...held("queue-1", 2)).verdict).toBe("inconclusive");
  expect(judged([], ...held("queue-1", 2), waits("x")).verdict).toBe("inconclusive");
  expect(crashedFull(evidence({ faults: injected("pause", "queue-1", 0, 100) })).verdict).toBe("inconclusive");
});

test("accuses nobody, however full", () => {
  fc.assert(
    fc.property(fc.nat(4), fc.nat(4), (one, other) => judged(["queue-1"], ...held("queue-1", one), ...held("queue-2", other)).verdict !== "violated"),
  );
});
