import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Change, created, evidence, injected, trail } from "./fixtures.ts";
import { permanentErrorsFinal, retriesBounded, transientErrorsAbsorbed } from "./retries.ts";

let next = 0;
/** A run that ends so in its n-th execution. */
function run(executions: number, end: "success" | "error"): Change[] {
  const id = `r${next++}`;
  const attempts = Array.from({ length: executions }, (_, i): Change[] => [
    [1000 * i + 10, id, "pending", "running", i + 1, "queue-1", "queue-1"],
    [1000 * i + 500, id, "running", i + 1 < executions ? "pending" : end, i + 1, "", "queue-1"],
  ]);
  return [[0, id, null, "pending", 0, "", "api-1"], ...attempts.flat()];
}
const fates = (): Change[] => [...[1, 2, 3, 4].flatMap((n) => run(n, "success")), ...run(4, "error")];
const judged = (changes: readonly Change[], more: Parameters<typeof evidence>[0] = {}) =>
  retriesBounded({ retries: 3 })(evidence({ transitions: trail(...changes), ...more }));

describe("bounded retries", () => {
  it("hold when every fate was seen", () => {
    expect(judged(fates())).toMatchObject({ verdict: "holds", numbers: { succeededOnExecution4: 1, exhaustedRuns: 1 } });
  });

  it("are violated by a fifth execution", () => {
    expect(judged([...fates(), ...run(5, "success")]).summary).toContain("executed for the 5th time");
  });

  it("are violated by an error before the fourth", () => {
    expect(judged([...fates(), ...run(2, "error")]).summary).toContain("in error at 1.500 s on execution 2");
  });

  it("are violated by an error before the fourth however busy the machine was", () => {
    expect(judged([...fates(), ...run(1, "error")], { lagMs: 3000 }).verdict).toBe("violated");
  });

  it("decide nothing while a fate is missing, something else gives runs back, or timers lag", () => {
    expect(judged([...run(1, "success"), ...run(2, "success")]).verdict).toBe("inconclusive");
    expect(judged([]).verdict).toBe("inconclusive");
    expect(judged([...fates(), ...run(5, "success")], { faults: injected("pause", "queue-1", 0, 100) }).verdict).toBe("inconclusive");
    expect(judged([...fates(), ...run(5, "success")], { lagMs: 1500 }).verdict).toBe("inconclusive");
  });

  it("count no execution that died with its handler", () => {
    // Of each run the second execution, from 1010 to 1500 ms, is under way when queue-1 is killed.
    const faults = injected("kill", "queue-1", 1200, 1400);
    const others = fates().map(([time, id, from, to, attempt]): Change => [time, id, from, to, attempt, "queue-2", "queue-2"]);
    expect(judged([...others, ...run(5, "error")], { faults })).toMatchObject({ verdict: "holds", numbers: { exhaustedAfterDeath: 1 } });
    expect(judged([...others, ...run(5, "error"), ...run(4, "error")], { faults }).summary).toContain(
      "on execution 4, of which 1 died with the handler",
    );
    expect(judged([...others, ...run(5, "error"), ...run(6, "error")], { faults }).summary).toContain("executed for the 6th time");
    expect(judged([...others, ...run(5, "success")], { faults })).toMatchObject({ verdict: "holds", numbers: { exhaustedAfterDeath: 0 } });
  });

  it("never accuse a server that keeps to them", () => {
    const fate = fc.oneof(
      fc.record({ executions: fc.integer({ min: 1, max: 4 }), end: fc.constant("success" as const) }),
      fc.constant({ executions: 4, end: "error" as const }),
    );
    fc.assert(
      fc.property(fc.array(fate), (all) => {
        expect(judged(all.flatMap(({ executions, end }) => run(executions, end))).verdict).not.toBe("violated");
      }),
    );
  });
});

describe("transient errors absorbed", () => {
  const absorbed = (changes: readonly Change[], more: Parameters<typeof evidence>[0] = {}) =>
    transientErrorsAbsorbed(evidence({ transitions: trail(...changes), ...more }));

  it("hold when every run succeeds at once, and are violated by an error or a second execution", () => {
    expect(absorbed(run(1, "success")).verdict).toBe("holds");
    expect(absorbed(run(1, "error")).verdict).toBe("violated");
    expect(absorbed(run(2, "success")).verdict).toBe("violated");
  });

  it("want a run with tokens under way while errors were injected, where the load has any", () => {
    const [streamed = [], other = []] = [run(1, "success"), run(1, "success")];
    const operations = [created(String(streamed[0]?.[1]), 0, { steps: 2, tokens: 6 }), created(String(other[0]?.[1]), 0)];
    const during = injected("inject-sqlstate", "postgres", 100, 400);
    expect(absorbed([...streamed, ...other], { operations, faults: during })).toMatchObject({
      verdict: "holds",
      numbers: { streamedThroughErrors: 1 },
    });
    for (const faults of [[], injected("inject-sqlstate", "postgres", 600, 900)])
      expect(absorbed([...streamed, ...other], { operations, faults }).verdict).toBe("inconclusive");
    expect(absorbed(other, { operations: operations.slice(1), faults: during }).verdict).toBe("holds");
    expect(absorbed([...streamed, ...run(2, "success")], { operations }).verdict).toBe("violated");
  });

  it("decide nothing of nothing, beside other faults, or with timers that lag", () => {
    expect(absorbed([]).verdict).toBe("inconclusive");
    expect(absorbed(run(2, "success"), { faults: injected("pause", "queue-1", 0, 100) }).verdict).toBe("inconclusive");
    expect(absorbed(run(2, "success"), { lagMs: 1500 }).verdict).toBe("inconclusive");
  });
});

describe("permanent errors", () => {
  const final = (changes: readonly Change[], more: Parameters<typeof evidence>[0] = {}) =>
    permanentErrorsFinal(evidence({ transitions: trail(...changes), ...more }));

  it("hold when runs ended in error in their first execution", () => {
    expect(final([...run(1, "success"), ...run(1, "error")])).toMatchObject({ verdict: "holds", examined: 2, numbers: { endedInError: 1 } });
  });

  it("are violated by a second execution, whatever it comes to", () => {
    for (const end of ["success", "error"] as const)
      expect(final([...run(1, "error"), ...run(2, end)]).summary).toContain("was executed again from 1.010 s");
  });

  it("decide nothing without an error, beside another fault, or where timers lag", () => {
    expect(final(run(1, "success")).verdict).toBe("inconclusive");
    expect(final([...run(1, "error"), ...run(2, "error")], { faults: injected("kill", "queue-1", 0, 100) }).verdict).toBe("inconclusive");
    expect(final([...run(1, "error"), ...run(2, "error")], { lagMs: 1500 }).verdict).toBe("inconclusive");
  });
});
