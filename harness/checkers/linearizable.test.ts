import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, Operation } from "../core/history.ts";
import { evidence, operation } from "./fixtures.ts";
import { linearizableAs } from "./linearizable.ts";
import model from "./models/cas-register.ts";

const checker = linearizableAs(model, (one) => (one.f === "look" || one.f === "swap" ? { ...one, f: one.f === "look" ? "read" : "cas" } : undefined));
const judge = (...operations: readonly Operation[]) => checker(evidence({ operations }));
let index = 0;
const act = (f: string, invokedAt: number, input: Json, output: Json, outcome: "ok" | "info" = "ok") =>
  operation({ index: index++, f, key: "block", invokedAt, input, output, outcome });
const look = (invokedAt: number, value: string | null) => act("look", invokedAt, {}, value);
const swap = (invokedAt: number, from: string | null, to: string, outcome: "ok" | "info" = "ok") => act("swap", invokedAt, [from, to], null, outcome);

test("replacements of what was read hold", () => {
  expect(judge(swap(100, null, "a"), look(200, "a"), swap(300, "a", "b"), look(400, "b"))).toMatchObject({ verdict: "holds", examined: 4 });
});

test("two replacements of one value are a lost update", () => {
  const check = judge(swap(100, null, "a"), swap(200, "a", "b"), swap(300, "a", "c"));
  expect(check).toMatchObject({ verdict: "violated", count: 1 });
  expect(check.summary).toContain("both replaced a value that was written once");
});

test("a replacement of unknown outcome may have happened, or not", () => {
  const unknown = swap(200, "a", "b", "info");
  expect(judge(swap(100, null, "a"), unknown, look(300, "b")).verdict).toBe("holds");
  expect(judge(swap(100, null, "a"), unknown, look(300, "a")).verdict).toBe("holds");
  expect(judge(swap(100, null, "a"), unknown, look(300, "b"), look(400, "a")).verdict).toBe("violated");
});

test("nothing examined is inconclusive, and other operations are not examined", () => {
  expect(judge().verdict).toBe("inconclusive");
  expect(judge(act("other", 100, {}, null)).verdict).toBe("inconclusive");
  expect(judge(swap(100, null, "a", "info")).verdict).toBe("inconclusive");
});

test("a chain of replacements holds in any order of the lines, and does not when one value is read after its successor", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 12 }), fc.infiniteStream(fc.nat()), (length, order) => {
      const chain = Array.from({ length }, (_, i) => swap(100 * (i + 1), i === 0 ? null : `v${i - 1}`, `v${i}`));
      const mixed = chain
        .map((one) => ({ one, at: order.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
      expect(judge(...mixed).verdict).toBe("holds");
      expect(judge(...mixed, look(100 * (length + 1), `v${length - 2}`)).verdict).toBe("violated");
    }),
  );
});
