import { expect, test } from "vitest";
import { type Check, conclude, gravest } from "./verdict.ts";

const text = { holds: "all was well", nothing: "nothing was looked at" };
const holds = conclude("p", 1, [], text);
const undecided = conclude("p", 0, [], text);
const late = (what: string): Check => conclude("p", 1, [{ time: 0, text: what }], text);

test("of several checks the worst verdict stands, and of those with one verdict the first", () => {
  expect(gravest([holds, undecided, late("first"), late("second")]).summary).toBe("first");
  expect(gravest([holds, undecided]).verdict).toBe("inconclusive");
  expect(gravest([undecided, holds]).verdict).toBe("inconclusive");
  expect(gravest([holds, holds]).verdict).toBe("holds");
});
