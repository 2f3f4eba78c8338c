import { describe, expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { constants, evidence, operation } from "./fixtures.ts";
import { notForgotten } from "./not-forgotten.ts";
import { versionOf } from "./versions.ts";

const cacheTtlMs = 2000;
const checked = (copied: boolean, operations: readonly Operation[]) =>
  notForgotten({ made: "save", read: "look", there: (read) => versionOf(read) > 0, copied })(
    evidence({ operations, constants: { ...constants, cacheTtlMs } }),
  );
const judged = (...operations: readonly Operation[]) => checked(true, operations);
const save = (invokedAt: number, given: Partial<Operation> = {}) => operation({ f: "save", key: "a", output: { version: 1 }, invokedAt, ...given });
const look = (invokedAt: number, version: number, given: Partial<Operation> = {}) =>
  operation({ f: "look", key: "a", output: { version }, invokedAt, ...given });

describe("what was made", () => {
  test("is shown to whoever asks for it", () => expect(judged(save(0), look(3000, 1))).toMatchObject({ verdict: "holds", examined: 1 }));
  test("is told where an answer says that there is nothing", () => {
    const { verdict, summary } = judged(save(0), look(3000, 0), look(4000, 1));
    expect(verdict).toBe("violated");
    expect(summary).toContain("look of a at 3.000 s was answered by api-1 as if there were nothing, 2990 ms after save had been acknowledged");
  });
  test("may not be known to a copy that is older, and is owed to nobody before it was acknowledged", () =>
    expect(judged(save(0), look(1000, 0), look(2005, 0), look(3000, 1)).verdict).toBe("holds"));
  test("is owed at once to whoever is answered no copies", () => {
    expect(checked(false, [save(0), look(5, 0), look(11, 1)])).toMatchObject({ verdict: "holds", examined: 1 });
    expect(checked(false, [save(0), look(11, 0)]).verdict).toBe("violated");
  });
  test("of unknown outcome is owed to nobody", () =>
    expect(judged(save(0, { outcome: "info" }), look(3000, 0))).toMatchObject({ verdict: "inconclusive", examined: 0 }));
  test("is not denied by a refusal", () =>
    expect(judged(save(0), look(3000, 0, { outcome: "info", served: "shed", error: "status 503" }), look(4000, 1)).verdict).toBe("holds"));
  test("is another thing's own affair", () => expect(judged(save(0), look(3000, 0, { key: "b" }), look(4000, 1)).verdict).toBe("holds"));
});
