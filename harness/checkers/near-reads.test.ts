import fc from "fast-check";
import { expect, test } from "vitest";
import { evidence, operation } from "./fixtures.ts";
import { nearReads } from "./near-reads.ts";

const read = (from: string, outcome: "ok" | "info" = "ok") =>
  operation({ f: "near", invokedAt: 100, outcome, ...(outcome === "ok" ? { output: { version: 1, from } } : {}) });
const judged = (...operations: ReturnType<typeof read>[]) => nearReads({ read: "near" })(evidence({ operations }));

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
test("never accuses anybody", () =>
  fc.assert(
    fc.property(fc.array(fc.constantFrom("replica", "primary")), (froms) => {
      const both = froms.includes("replica") && froms.includes("primary");
      expect(judged(...froms.map((from) => read(from))).verdict).toBe(both ? "holds" : "inconclusive");
    }),
  ));
