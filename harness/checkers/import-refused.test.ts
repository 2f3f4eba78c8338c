import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { evidence, operation } from "./fixtures.ts";
import { importsReplaceNothing } from "./import-refused.ts";

const document = (n: number) => ({ id: `agent-${n}`, version: 0, blocks: {}, state: { n }, events: [], archive: [] });
const imported = (n: number, invokedAt: number, more: Partial<Operation> = {}) =>
  operation({ f: "importAgent", invokedAt, input: { agent: "copy-1", document: document(n) }, ...more });
const judged = (...operations: Operation[]) => importsReplaceNothing({ import: "importAgent" })(evidence({ operations }));

test("another document under an id that was taken has to be refused", () => {
  for (const outcome of ["fail", "info"] as const)
    expect(judged(imported(1, 0), imported(2, 100, { outcome }))).toMatchObject({ verdict: "holds", examined: 1 });
  expect(judged(imported(1, 0), imported(2, 100)).summary).toContain("copy-1, made of a document at 0.010 s, was made of another one at 0.110 s");
});

test("what was sent again, at the same time, or under an id of which nobody knows whether it was taken proves nothing", () => {
  expect(judged(imported(1, 0), imported(1, 100)).verdict).toBe("inconclusive");
  expect(judged(imported(1, 0), imported(2, 5)).verdict).toBe("inconclusive");
  expect(judged(imported(1, 0, { outcome: "info" }), imported(2, 100)).verdict).toBe("inconclusive");
  expect(judged().verdict).toBe("inconclusive");
});
