import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { appendsKept } from "./appends-kept.ts";
import { evidence, operation } from "./fixtures.ts";

const key = "a/log";
const append = (text: string, invokedAt: number, given: Partial<Operation> = {}) =>
  operation({ f: "append", key, invokedAt, input: { text: `${text};` }, ...given });
const read = (value: string | null, invokedAt: number, given: Partial<Operation> = {}) =>
  operation({ f: "readBlock", key, invokedAt, output: { value }, ...given });
const judged = (...operations: Operation[]) => appendsKept({ append: "append", read: "readBlock" })(evidence({ operations }));

test("what was acknowledged and is read holds", () =>
  expect(judged(append("1", 100), append("2", 200), read("1;", 150), read("1;2;", 300))).toMatchObject({ verdict: "holds", examined: 2 }));

test("what was acknowledged and is not there any more violates, once", () => {
  const check = judged(append("1", 100), read("1;", 150), append("2", 200), read("2;", 300), read("2;", 400));
  expect(check).toMatchObject({ verdict: "violated", count: 1 });
  expect(check.summary).toContain('the append of "1" by api-1 was acknowledged at 0.110 s, and the text is not in a/log as it was read at 0.300 s');
  expect(judged(append("1", 100), read(null, 300)).verdict).toBe("violated");
  // A text is no other's part.
  expect(judged(append("1", 100), read("12;", 300)).verdict).toBe("violated");
});

test("a read that was asked for before the answer may have it or not, as may any read of what was never answered", () => {
  const known = [append("0", 10), read("0;", 50)];
  for (const value of ["0;", "0;1;"]) {
    expect(judged(...known, append("1", 100), read(value, 105)).verdict).toBe("holds");
    expect(judged(...known, append("1", 100, { outcome: "info" }), read(value, 300)).verdict).toBe("holds");
  }
});

test("what was refused for certain is never there", () => {
  const known = [append("0", 10), read("0;", 50)];
  expect(judged(...known, append("1", 100, { outcome: "fail" }), read("0;", 300)).verdict).toBe("holds");
  expect(judged(...known, append("1", 100, { outcome: "fail" }), read("0;1;", 300)).summary).toContain('the append of "1" was refused at 0.110 s');
});

test("without a text that was acknowledged and read nothing is examined; failed reads and other blocks say nothing", () => {
  expect(judged().verdict).toBe("inconclusive");
  expect(judged(append("1", 100)).verdict).toBe("inconclusive");
  expect(judged(append("1", 100), read("", 300, { key: "b/log" }), read("", 300, { outcome: "info" })).verdict).toBe("inconclusive");
});
