import fc from "fast-check";
import { expect, test } from "vitest";
import { evidence, injected, operation, sample } from "./fixtures.ts";
import { nearReads } from "./near-reads.ts";

const read = (from: string, outcome: "ok" | "info" = "ok") =>
  operation({ f: "near", invokedAt: 100, outcome, ...(outcome === "ok" ? { output: { version: 1, from } } : {}) });
const near = nearReads({ read: "near", peek: "peek" });
const judged = (...operations: ReturnType<typeof read>[]) => near(evidence({ operations }));

test("reads of both kinds hold, and are counted", () =>
  expect(judged(read("replica"), read("replica"), read("primary"))).toMatchObject({
    verdict: "holds",
    numbers: { replicaReads: 2, primaryReads: 1 },
  }));
test("nothing is decided where only one answered, nobody said who, or the read is another", () => {
  expect(judged(read("replica")).verdict).toBe("inconclusive");
  expect(judged(read("primary"), read("primary")).verdict).toBe("inconclusive");
  expect(judged(read("replica"), read("primary", "info")).verdict).toBe("inconclusive");
  expect(judged(read("replica"), operation({ f: "far", invokedAt: 100, output: { from: "primary" } })).verdict).toBe("inconclusive");
  expect(judged().verdict).toBe("inconclusive");
});
test("replicas of which none answers anybody serve no reads; one answer is enough", () => {
  const peeks = (count: number, last: string) =>
    Array.from({ length: count }, (_, i) =>
      operation({ f: "peek", invokedAt: 100 * i, output: { version: 1, from: i < count - 1 ? "primary" : last } }),
    );
  expect(judged(...peeks(100, "primary"))).toMatchObject({ verdict: "violated", count: 1 });
  expect(judged(...peeks(100, "replica")).verdict).toBe("inconclusive");
  expect(judged(...peeks(99, "primary")).verdict).toBe("inconclusive");
  const faults = injected("switch-over", "postgres", 0, 90_000);
  expect(near(evidence({ operations: peeks(100, "primary"), faults })).verdict).toBe("inconclusive");
});
test("reads at a time when processors had none left do not count, and excuse no others", () => {
  const peeks = Array.from({ length: 200 }, (_, i) => operation({ f: "peek", invokedAt: 200 * i, output: { version: 1, from: "primary" } }));
  const busyWhile = (isBusy: (time: number) => boolean) => {
    const machine = Array.from({ length: 100 }, (_, i) => sample(500 * i, "machine", { busyTicks: isBusy(500 * i) ? 100 : 50, processorTicks: 100 }));
    return near(evidence({ operations: peeks, samples: machine })).verdict;
  };
  expect(busyWhile((time) => time < 3000)).toBe("violated");
  expect(busyWhile((time) => time > 8000)).toBe("inconclusive");
});
test("who tells what he has seen accuses nobody", () =>
  fc.assert(
    fc.property(fc.array(fc.constantFrom("replica", "primary")), (froms) => {
      const both = froms.includes("replica") && froms.includes("primary");
      expect(judged(...froms.map((from) => read(from))).verdict).toBe(both ? "holds" : "inconclusive");
    }),
  ));
