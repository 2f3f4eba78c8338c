import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasUniqueKeys } from "./unique-keys.ts";

const judge = (text: string): boolean => hasUniqueKeys(text, JSON.parse(text));

describe("hasUniqueKeys", () => {
  it.each(['{"a":1,"a":2}', '{"a":{"b":1,"b":1}}', '[{"a":1},{"a":1,"\\u0061":2}]', '{"a":1,"b":{"a":1},"a":{}}'])(
    "sees the second name in %s",
    (text) => {
      expect(judge(text)).toBe(false);
    },
  );

  it("accepts whatever a writer of JSON writes", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => judge(JSON.stringify(value))));
  });

  it("is not confused by colons, quotes and backslashes in strings", () => {
    expect(judge('{"a:\\"":"b:\\\\","c":[":",""]}')).toBe(true);
  });

  it("survives nesting as deep as a body is long", () => {
    const depth = 60_000;
    const text = "[".repeat(depth) + "]".repeat(depth);
    expect(judge(text)).toBe(true);
  });
});
