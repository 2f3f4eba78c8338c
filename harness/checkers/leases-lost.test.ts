import { expect, test } from "vitest";
import { type Change, evidence, injected, trail } from "./fixtures.ts";
import { drainsCountForNothing, leasesCountForNothing } from "./leases-lost.ts";

/** A run that was given back so often, and then ended so. */
function run(id: string, givenBack: number, end: string): Change[] {
  const attempts = Array.from({ length: givenBack + 1 }, (_, i): Change[] => [
    [5000 * i + 10, id, "pending", "running", i + 1, "queue-1", "queue-1"],
    [5000 * i + 4000, id, "running", i < givenBack ? "pending" : end, i + 1, "", "queue-1"],
  ]);
  return [[0, id, null, "pending", 0, "", "api-1"], ...attempts.flat()];
}
const partition = injected("partition", "*->redis", 1000, 26_000);
const judged = (changes: readonly Change[], faults = partition) =>
  leasesCountForNothing({ retries: 3 })(evidence({ transitions: trail(...changes), faults }));

test("a run that lost more leases than it has retries, and ended well, holds", () =>
  expect(judged([...run("a", 4, "success"), ...run("b", 0, "success"), ...run("c", 5, "cancelled")])).toMatchObject({
    verdict: "holds",
    examined: 1,
    numbers: { ended: 3, mostGivenBack: 5 },
  }));

test("any end in error violates, after however many leases", () => {
  for (const givenBack of [0, 3, 4])
    expect(judged([...run("a", 4, "success"), ...run("b", givenBack, "error")])).toMatchObject({ verdict: "violated", count: 1 });
  expect(judged(run("b", 3, "error")).summary).toContain(
    "run b ended in error at 19.000 s in attempt 4 (transition 8), after it had been given back 3 times",
  );
});

test("nothing is examined where none lost so many, none has ended, or something else was injected", () => {
  expect(judged(run("a", 3, "success")).summary).toContain("the most given back 3 times");
  expect(judged([]).verdict).toBe("inconclusive");
  expect(judged(run("a", 4, "success").slice(0, -1)).verdict).toBe("inconclusive");
  for (const other of [injected("partition", "queue-1->postgres", 0, 100), injected("inject-sqlstate", "postgres", 0, 100)])
    expect(
      judged([...run("a", 4, "success"), ...run("b", 3, "error")], [...partition, ...other.map((event) => ({ ...event, id: "other#2" }))]),
    ).toMatchObject({
      verdict: "inconclusive",
      summary: "other#2 gives runs another reason to fail.",
    });
});

test("drains are judged alike, where nothing but them was injected", () => {
  const faults = injected("terminate", "queue-1", 1000, 26_000);
  const drained = (changes: readonly Change[], others = faults) =>
    drainsCountForNothing({ retries: 3 })(evidence({ transitions: trail(...changes), faults: others }));
  expect(drained([...run("a", 4, "success"), ...run("b", 1, "success")])).toMatchObject({ verdict: "holds", examined: 1 });
  expect(drained([...run("a", 4, "success"), ...run("b", 3, "error")]).summary).toContain("although instances were only told to stop");
  expect(drained(run("a", 3, "success")).verdict).toBe("inconclusive");
  expect(drained([...run("a", 4, "success"), ...run("b", 3, "error")], partition).verdict).toBe("inconclusive");
});
