import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { evidence, operation } from "./fixtures.ts";
import { notRefusedAsBehind } from "./not-behind.ts";

const checker = notRefusedAsBehind({ write: ["save", "add"], read: "look" });
const judge = (...operations: readonly Operation[]) => checker(evidence({ operations }));
const write = (version: number, invokedAt: number, more: Partial<Operation> = {}): Operation =>
  operation({ f: "save", key: "s1", invokedAt, output: { version }, by: "api-1", ...more });
const look = (seen: number, invokedAt: number, more: Partial<Operation> = {}): Operation =>
  operation({ f: "look", key: "s1", invokedAt, input: { seen }, output: { version: seen }, by: "api-2", ...more });
const refused = (seen: number, invokedAt: number, error = "status 409"): Operation =>
  look(seen, invokedAt, { outcome: "info", served: "shed", output: null, error });
/** So many of another session that enough was asked for. */
const usual = (by = "api-2"): readonly Operation[] => [
  write(7, 0, { key: "s2" }),
  ...Array.from({ length: 50 }, (_, n) => look(7, 100 + n, { key: "s2", by })),
];

test("whoever is answered on every instance was not refused", () => {
  expect(judge(...usual(), write(1, 100), look(1, 200))).toMatchObject({ verdict: "holds", examined: 51, numbers: { elsewhere: 51 } });
});

test("a refusal of what had been acknowledged violates, whoever had acknowledged it and however much of it there was to ask", () => {
  const check = judge(...usual(), write(3, 100), { ...refused(3, 600), index: 60 });
  expect(check).toMatchObject({ verdict: "violated", count: 1 });
  expect(check.summary).toBe(
    "the read of s1 at 0.600 s by a client that had seen version 3 was refused by api-2 (status 409), 490 ms after version 3 had been acknowledged by api-1 (operations 0, 60).",
  );
  expect(judge(write(3, 100, { f: "add" }), refused(2, 600)).verdict).toBe("violated");
  expect(judge(write(3, 100, { by: "api-2" }), refused(3, 600, "status 412")).verdict).toBe("violated");
});

test("what was not acknowledged, not before, not to that version or not of that session allows a refusal", () => {
  expect(judge(...usual(), write(3, 100, { outcome: "info", served: "error" }), refused(3, 600)).verdict).toBe("holds");
  expect(judge(...usual(), write(3, 595), refused(3, 600)).verdict).toBe("holds");
  expect(judge(...usual(), write(3, 590), refused(3, 600)).verdict).toBe("holds");
  expect(judge(...usual(), write(2, 100), refused(3, 600)).verdict).toBe("holds");
  expect(judge(...usual(), write(3, 100, { key: "s3" }), refused(3, 600)).verdict).toBe("holds");
  expect(judge(...usual(), write(3, 100), refused(0, 600)).verdict).toBe("holds");
});

test("a server's error, no answer, and who is told to come more seldom are no refusals", () => {
  for (const error of ["status 503", "status 500", "no answer", "status 429 without Retry-After", "status 408", "connection refused"]) {
    expect(judge(...usual(), write(3, 100), refused(3, 600, error))).toMatchObject({ verdict: "holds", examined: 50 });
  }
});

test("without reads through another instance than the one that wrote nothing was tried", () => {
  expect(judge().verdict).toBe("inconclusive");
  expect(judge(...usual("api-1")).verdict).toBe("inconclusive");
  expect(judge(...usual(), write(1, 0), ...usual("api-1")).verdict).toBe("holds");
  expect(judge(write(1, 0), look(1, 100)).summary).toContain("1 reads went through another instance");
});
