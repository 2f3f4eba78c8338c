import fc from "fast-check";
import { expect, test } from "vitest";
import { created, evidence, injected, operation } from "./fixtures.ts";
import { nothingAcknowledged } from "./nothing-acknowledged.ts";

const faults = injected("cut-replication", "replication", 10_000, 20_000);
const judged = (operations: NonNullable<Parameters<typeof evidence>[0]>["operations"], more: Parameters<typeof evidence>[0] = {}) =>
  nothingAcknowledged({ during: "cut-replication", f: "create" })(evidence({ faults, ...more, ...(operations && { operations }) }));
const refused = (invokedAt: number) => operation({ f: "create", invokedAt, outcome: "info" });
const waited = (invokedAt: number, completedAt: number) => operation({ f: "create", invokedAt, completedAt });

test("what is not answered, or only once standbys may be back, holds; so does what was asked for before", () =>
  expect(judged([waited(9900, 10_500), refused(11_000), waited(15_000, 20_100), created("later", 21_000)])).toMatchObject({
    verdict: "holds",
    examined: 2,
  }));
test("an acknowledgement meanwhile violates", () =>
  expect(judged([refused(11_000), created("alone", 15_000)]).summary).toBe(
    "create of p1 was acknowledged at 15.010 s, though no standby was connected since cut-replication#1 at 10.020 s (operation 0).",
  ));
test("nobody asked, or nothing was cut, decides nothing; other operations are no writes", () => {
  expect(judged([created("before", 5000)]).verdict).toBe("inconclusive");
  expect(judged([created("alone", 15_000)], { faults: [] }).verdict).toBe("inconclusive");
  expect(judged([refused(11_000), operation({ f: "wait", invokedAt: 15_000 })]).verdict).toBe("holds");
});
test("never accuses who answers nothing between the cut and its end", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: 1, max: 12_000 })), { minLength: 1 }), (asked) => {
      const operations = asked.map(([invokedAt, takesMs]) => {
        const completedAt = invokedAt + takesMs;
        return completedAt > 10_000 && completedAt < 20_000 && invokedAt > 10_000 ? refused(invokedAt) : waited(invokedAt, completedAt);
      });
      expect(judged(operations).verdict).not.toBe("violated");
    }),
  );
});
