import { expect, test } from "vitest";
import { created, evidence } from "./fixtures.ts";
import { idempotentCreates, keysSentAgain } from "./idempotent-creates.ts";
import { alwaysFinds, neverAccuses, some } from "./property.ts";

test("a key makes one run, however often it is sent", () => {
  expect(idempotentCreates(evidence({ operations: [created("r1", 0), created("r1", 50), created("r2", 60)] }))).toMatchObject({
    verdict: "holds",
    examined: 3,
  });
});

test("two runs for a key, and two keys for a run, violate", () => {
  expect(idempotentCreates(evidence({ operations: [created("r1", 0, null, "k"), created("r2", 50, null, "k")] })).summary).toContain(
    "the key k made run r1 and run r2",
  );
  expect(idempotentCreates(evidence({ operations: [created("r1", 0, null, "k"), created("r1", 50, null, "l")] })).summary).toContain(
    "was given to the keys k and l",
  );
});

test("a key that is accepted with two bodies violates, one that is refused does not", () => {
  const other = { ...created("r1", 50, null, "k"), input: { key: "k", steps: 9 } };
  expect(idempotentCreates(evidence({ operations: [created("r1", 0, null, "k"), other] })).summary).toContain(
    "the key k was accepted with two bodies",
  );
  const refused = { ...other, outcome: "info" as const, served: "shed" as const, output: null };
  expect(idempotentCreates(evidence({ operations: [created("r1", 0, null, "k"), refused] })).verdict).toBe("holds");
});

test("the same body in another thread, in none, or by another rule is another body", () => {
  const asked = { key: "k", steps: 1, thread: "t1" };
  for (const input of [
    { ...asked, thread: "t2" },
    { key: "k", steps: 1 },
    { ...asked, rule: "enqueue" },
  ]) {
    const [first, again] = [created("r1", 0, asked, "k"), created("r1", 50, input, "k")];
    expect(idempotentCreates(evidence({ operations: [first, again] })).summary).toContain("the key k was accepted with two bodies");
    const refused = { ...again, outcome: "info" as const, served: "shed" as const, output: null };
    expect(idempotentCreates(evidence({ operations: [first, refused] })).verdict).toBe("holds");
  }
});

test("keys count as sent again where two instances accepted one and another body was refused", () => {
  const first = { ...created("r1", 0, null, "k"), by: "api-1" };
  const second = { ...created("r1", 50, null, "k"), by: "api-2" };
  const refused = { ...created("", 90, null, "k"), input: { steps: 9 }, outcome: "info" as const, served: "shed" as const };
  expect(keysSentAgain(evidence({ operations: [first, second, refused] })).verdict).toBe("holds");
  expect(keysSentAgain(evidence({ operations: [first, { ...second, by: "api-1" }, refused] })).verdict).toBe("inconclusive");
  expect(keysSentAgain(evidence({ operations: [first, second] })).verdict).toBe("inconclusive");
});

test("a create that is acknowledged and names no run violates, where others name theirs", () => {
  const nameless = { ...created("", 50, null, "k"), output: { run: null, status: "pending" } };
  expect(idempotentCreates(evidence({ operations: [created("r1", 0, null, "k"), nameless] })).summary).toContain(
    "the create of the key k was acknowledged and told of no run",
  );
  expect(idempotentCreates(evidence({ operations: [nameless] })).verdict).toBe("inconclusive");
});

test("creates of unknown outcome and without a key say nothing", () => {
  const unknown = { ...created("r2", 50, null, "k"), outcome: "info" as const };
  expect(idempotentCreates(evidence({ operations: [created("r1", 0, null, "k"), unknown] })).verdict).toBe("holds");
  expect(idempotentCreates(evidence({ operations: [created("r1", 0, null, "")] })).verdict).toBe("inconclusive");
  expect(idempotentCreates(evidence()).verdict).toBe("inconclusive");
});

test("correct executions are never accused", () => neverAccuses(idempotentCreates));

test("a second run for a key is always found", () =>
  alwaysFinds(idempotentCreates, ({ operations }, random) => {
    const create = some(random, operations, ({ f, outcome }) => f === "create" && outcome === "ok");
    return create && { operations: [...operations, { ...create, index: operations.length, output: { run: "planted" } }] };
  }));
