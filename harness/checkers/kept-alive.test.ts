import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { evidence, operation } from "./fixtures.ts";
import { keptAlive } from "./kept-alive.ts";

const checker = keptAlive({ write: "saveBriefly", read: "readBrief" });
const judge = (...operations: Operation[]) => checker(evidence({ operations }));
const save = (invokedAt: number, given: Partial<Operation> = {}, ttlS = 5): Operation =>
  operation({ f: "saveBriefly", invokedAt, key: "s1", input: { session: "s1", ttlS, n: 1 }, output: { version: invokedAt + 1 }, ...given });
const read = (invokedAt: number, version: number, given: Partial<Operation> = {}): Operation =>
  operation({ f: "readBrief", invokedAt, key: "s1", output: { version }, ...given });
const unknown = { outcome: "info", served: "error", output: null } as const;

test("found within the life that a later write gave", () =>
  expect(judge(save(0), read(2500, 1), save(3000), read(5500, 3001), read(7900, 3001))).toMatchObject({
    verdict: "holds",
    examined: 2,
    numbers: { readsInLife: 3, readsRenewed: 2 },
  }));

test("gone within it violates, by a version 0 and by none", () => {
  expect(judge(save(0), save(3000), read(5500, 0)).summary).toBe(
    "session s1 was gone at 5.510 s, 2510 ms after a write was sent that was acknowledged and gave it 5000 ms (operations 0, 0).",
  );
  expect(judge(save(0), save(3000), read(5500, 0, { output: null })).verdict).toBe("violated");
  expect(judge(save(0), read(2500, 0)).verdict).toBe("violated");
});

test("gone when it may have ended is none of it: later, after slow answers, and within what the timers lag", () => {
  const renewed = read(5500, 3001);
  expect(judge(save(0), save(3000), renewed, read(8000, 0)).verdict).toBe("holds");
  expect(judge(save(0), save(3000), renewed, read(5600, 0, { answeredAt: 8100, completedAt: 8100 })).verdict).toBe("holds");
  expect(judge(save(0), save(3000), renewed, read(7986, 0)).verdict).toBe("holds");
  expect(judge(save(0), save(3000, { answeredAt: 7000, completedAt: 7000 }), read(7100, 3001), read(7990, 0)).verdict).toBe("holds");
});

test("a write that nobody acknowledged gives nothing, and may have made the life shorter", () => {
  expect(judge(save(0), save(3000, unknown), read(5500, 0)).verdict).toBe("inconclusive");
  expect(judge(save(0), save(3000), read(5500, 3001), save(5600, unknown, 1), read(7000, 0)).verdict).not.toBe("violated");
});

test("a read at the same time as the write, one without an answer, and another session say nothing", () => {
  expect(judge(read(5, 0), save(0), save(3000), read(5500, 0, unknown), read(5500, 0, { key: "s2" })).verdict).toBe("inconclusive");
  expect(judge(save(0, {}, Number.NaN), read(100, 0)).verdict).toBe("inconclusive");
  expect(judge().verdict).toBe("inconclusive");
});
