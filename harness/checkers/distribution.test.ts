import fc from "fast-check";
import { expect, test } from "vitest";
import { seeded } from "../core/random.ts";
import type { FaultEvent } from "../core/records.ts";
import { equalShares, oneInstanceForAll, roundRobin } from "./distribution.ts";
import { evidence, injected, operation, sample } from "./fixtures.ts";
import { neverAccuses } from "./property.ts";

/** The balancer chooses so from 20 ms to 150 s. */
const choosing = (balancing: string): FaultEvent[] =>
  injected("reload-balancer", "balancer", 0, 150_000).map((event) => (event.phase === "biting" ? { ...event, numbers: { [balancing]: 1 } } : event));

/** Requests answered by the instances as `by` says, one after another from 2 s on, with every instance ready. */
function spread(balancing: string, count: number, by: (index: number) => string, instances = ["api-1", "api-2", "api-3"]) {
  const operations = Array.from({ length: count }, (_, index) => operation({ index, f: "get", invokedAt: 2000 + index * 20, by: by(index) }));
  return evidence({ operations, samples: instances.map((name) => sample(1500, name, { ready: 1 })), faults: choosing(balancing), endsAt: 200_000 });
}
const turns = (index: number): string => `api-${(index % 3) + 1}`;
const checkers = [roundRobin({ role: "api", workers: 2 }), oneInstanceForAll({ role: "api" }), equalShares({ role: "api" })];

test("round robin differs by the number of workers; what may have gone anywhere explains as much", () => {
  const judge = roundRobin({ role: "api", workers: 2 });
  const judged = (count: number, by: (index: number) => string, instances?: string[]) => judge(spread("round_robin", count, by, instances));
  expect(judged(300, turns)).toMatchObject({ verdict: "holds", examined: 300 });
  expect(judged(300, (index) => (index < 9 ? "api-1" : turns(index)))).toMatchObject({ verdict: "violated", numbers: { mostApart: 9 } });
  expect(judged(300, (index) => (index < 9 ? "" : index < 20 ? "api-1" : turns(index)))).toMatchObject({ verdict: "inconclusive", examined: 291 });
  expect(judged(300, (index) => `api-${(index % 2) + 1}`).summary).toContain("api-3 0");
  expect(judged(0, turns).verdict).toBe("inconclusive");
  expect(judged(10, () => "api-1", ["api-1"]).verdict).toBe("inconclusive");
});

test("the worst of several times decides, and no other way of choosing counts", () => {
  const judge = roundRobin({ role: "api", workers: 2 });
  const one = spread("round_robin", 300, turns);
  const second = choosing("round_robin").map((event) => ({ ...event, id: "reload-balancer#2", time: event.time + 155_000 }));
  const later = Array.from({ length: 30 }, (_, index) => operation({ index, f: "get", invokedAt: 157_000 + index * 20, by: "api-2" }));
  const ready = ["api-1", "api-2"].map((name) => sample(156_500, name, { ready: 1 }));
  const both = { ...one, operations: [...one.operations, ...later], samples: [...one.samples, ...ready], faults: [...one.faults, ...second] };
  expect(judge(both)).toMatchObject({ verdict: "violated", count: 1, numbers: { mostApart: 30, requests: 330 } });
  expect(judge(spread("random", 300, () => "api-1")).verdict).toBe("inconclusive");
});

test("a load that comes from one address has one instance", () => {
  const judge = oneInstanceForAll({ role: "api" });
  expect(judge(spread("ip_hash", 300, () => "api-2"))).toMatchObject({ verdict: "holds", examined: 300 });
  expect(judge(spread("ip_hash", 300, (index) => (index === 70 ? "api-1" : "api-2")))).toMatchObject({
    verdict: "violated",
    numbers: { elsewhere: 1 },
  });
  expect(judge(spread("ip_hash", 300, (index) => (index === 70 ? "api-1" : index < 3 ? "" : "api-2"))).verdict).toBe("inconclusive");
});

test("shares at random are equal by chi-square at 1e-4, whatever the seed; a doubled weight is always found", () => {
  const judge = equalShares({ role: "api" });
  fc.assert(
    fc.property(fc.nat(100_000), (seed) => {
      const fair = seeded(seed, "fair");
      expect(judge(spread("random", 600, () => `api-${fair.integer(1, 3)}`)).verdict).toBe("holds");
      const unfair = seeded(seed, "unfair");
      expect(judge(spread("random", 2000, () => `api-${unfair.pick([1, 1, 2, 3])}`)).verdict).toBe("violated");
    }),
    { numRuns: 60, seed: 7 },
  );
  expect(judge(spread("random", 9, () => "api-1")).verdict).toBe("inconclusive");
  expect(judge(spread("random", 0, () => "")).verdict).toBe("inconclusive");
  // So many without an answerer could have made it equal.
  expect(judge(spread("random", 300, (index) => (index % 3 === 0 ? "api-1" : ""))).verdict).toBe("inconclusive");
});

test("executions in which the balancer chose as ever are not accused", () => {
  for (const checker of checkers) neverAccuses(checker);
});
