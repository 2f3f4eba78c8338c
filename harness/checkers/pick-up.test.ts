import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Change, constants, evidence, injected, lateElsewhere, sample, trail } from "./fixtures.ts";
import { pickedUpInTime } from "./pick-up.ts";

const declared = { ...constants, pickUpMs: 2000, runsPerInstance: 2 };
/** A run that is made, claimed and finished. */
const run = (id: string, made: number, claimed: number, by = "queue-1", took = 100): Change[] => [
  [made, id, null, "pending", 0, "", "api-1"],
  [claimed, id, "pending", "running", 1, by, by],
  [claimed + took, id, "running", "success", 1, by, by],
];
const judged = (changes: readonly Change[], more: Partial<Parameters<typeof evidence>[0]> = {}) =>
  pickedUpInTime(evidence({ constants: declared, transitions: trail(...[...changes].sort((a, b) => a[0] - b[0])), ...more }));

describe("pick-up", () => {
  it("holds when runs are claimed at once", () => {
    const check = judged([...run("a", 1000, 1010), ...run("b", 5000, 6500)]);
    expect(check).toMatchObject({ verdict: "holds", examined: 2, numbers: { pickUpMaxMs: 1500 } });
  });

  it("is violated by a run that lies beside a free slot", () => {
    const check = judged([...run("a", 1000, 1010), ...run("b", 5000, 9000)]);
    expect(check).toMatchObject({ verdict: "violated", count: 1 });
    expect(check.summary).toContain("run b was there at 5.000 s (transition 3) and waited for 4000 ms");
    expect(check.summary).toContain("although queue-1 had a free slot from 5.000 s to 9.000 s");
  });

  it("is violated by a run that nobody ever claims", () => {
    expect(judged([...run("a", 1000, 1010), [5000, "b", null, "pending", 0, "", "api-1"]]).summary).toContain("until recording ended");
  });

  it("excuses a wait while every slot is taken", () => {
    const long = (id: string): Change[] => run(id, 4000, 4010, "queue-1", 6000);
    expect(judged([...long("a"), ...long("b"), ...run("c", 5000, 10_020)]).verdict).toBe("holds");
  });

  it("does not count on an instance before its first claim", () => {
    const long = (id: string): Change[] => run(id, 4000, 4010, "queue-1", 6000);
    expect(judged([...long("a"), ...long("b"), ...run("c", 5000, 9900, "queue-2")]).verdict).toBe("holds");
  });

  it.each(["queue-1", "postgres", "queue-1->postgres", "*->postgres", "queue"])("excuses a fault of %s", (on) => {
    expect(judged([...run("a", 1000, 1010), ...run("b", 5000, 9000)], { faults: injected("x", on, 4500, 8000) }).verdict).toBe("holds");
  });

  it.each(["queue-1->redis", "redis", "queue-2"])("excuses no fault of %s", (on) => {
    expect(judged([...run("a", 1000, 1010), ...run("b", 5000, 9000)], { faults: injected("x", on, 4500, 8000) }).verdict).toBe("violated");
  });

  it("decides nothing with nothing, without a bound, or with timers that lag", () => {
    expect(judged([]).verdict).toBe("inconclusive");
    expect(pickedUpInTime(evidence({ transitions: trail(...run("a", 0, 10)) })).verdict).toBe("out of reach");
    expect(judged([...run("a", 1000, 1010), ...run("b", 5000, 9000)], { lagMs: 500 }).verdict).toBe("inconclusive");
  });

  it("excuses a lag once there is a free slot, and none while there was none", () => {
    const long = (id: string): Change[] => run(id, 4000, 4010, "queue-1", 26_000);
    const laggedAt = (time: number) => {
      const samples = [6000, 31_000, 60_000].map((at) => sample(at, "queue-1", { lagMs: at === time ? 500 : 1 }));
      return judged([...long("a"), ...long("b"), ...run("c", 5000, 33_000)], { lagMs: 500, samples }).verdict;
    };
    expect(laggedAt(31_000)).toBe("inconclusive");
    expect(laggedAt(6000)).toBe("violated");
  });

  it("never accuses a queue that takes each run when a slot is free", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 4000 })), { maxLength: 30 }), (runs) => {
        const freeAt = [0, 0];
        let made = 0;
        const changes = runs.flatMap(([gap, took], i): Change[] => {
          made += gap;
          const slot = (freeAt[0] ?? 0) <= (freeAt[1] ?? 0) ? 0 : 1;
          const claimed = Math.max(made + 1, (freeAt[slot] ?? 0) + 1);
          freeAt[slot] = claimed + took;
          return run(`r${i}`, made, claimed, "queue-1", took);
        });
        expect(["holds", "inconclusive"]).toContain(judged(changes, { endsAt: 1_000_000 }).verdict);
      }),
    );
  });
});

it("a lag of another time hides no miss", () =>
  expect(judged([...run("a", 1000, 1010), ...run("b", 5000, 9000)], lateElsewhere(6000, 95_000, 10_000)).verdict).toBe("violated"));
