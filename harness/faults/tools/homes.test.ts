import { expect, it } from "vitest";
import { homesOf } from "./homes.ts";

const answers = (all: Readonly<Record<string, readonly string[]>>) => new Map(Object.entries(all).map(([address, by]) => [address, new Set(by)]));
const before = answers({ a: ["api-1"], b: ["api-2"], c: ["api-2"], d: ["api-3"] });

it("counts addresses that stay with their instance, and moves those whose instance died", () => {
  const after = answers({ a: ["api-2"], b: ["api-2"], c: ["api-2"], d: ["api-3"] });
  expect(homesOf(before, after, "api-1")).toEqual({ addresses: 4, instances: 3, wandered: 0, lost: 1, lostUnanswered: 0, others: 3, othersMoved: 0 });
});

it("an address that is never answered has no home, whoever died, and one that is not answered any more was moved", () => {
  const silent = answers({ a: ["api-1"], b: [""], c: ["", "api-2"], d: ["api-3"] });
  const after = answers({ a: [""], b: [""], c: ["api-2"], d: [""] });
  expect(homesOf(silent, after, "api-1")).toEqual({ addresses: 4, instances: 2, wandered: 2, lost: 1, lostUnanswered: 1, others: 1, othersMoved: 1 });
});
