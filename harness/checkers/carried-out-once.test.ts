import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { carriedOutOnce } from "./carried-out-once.ts";
import { evidence, type Line, ledger, operation } from "./fixtures.ts";

const checker = carriedOutOnce({ f: ["turn"] });
const turn = (key: string, given: Partial<Operation> = {}): Operation => operation({ f: "turn", key, invokedAt: 100, ...given });
const section = (time: number, subject: string, token: number, instance: string): Line[] => [
  [time, "enter", subject, token, instance],
  [time + 50, "exit", subject, token, instance],
];
const judged = (operations: readonly Operation[], ...sections: readonly Line[][]) =>
  checker(evidence({ operations, ledger: ledger("lock", ...sections.flat()) }));

test("as often as it was sent, or less often, holds", () => {
  expect(judged([turn("a"), turn("a"), turn("b")], section(110, "a", 1, "api-1"), section(210, "a", 2, "api-2")).verdict).toBe("holds");
  expect(judged([turn("a", { outcome: "info" })], section(110, "a", 1, "api-1")).verdict).toBe("holds");
});

test("a request that was broken off and carried out elsewhere as well is told with both instances", () => {
  const check = judged([turn("a", { outcome: "ok", index: 7 })], section(110, "a", 1, "api-1"), section(400, "a", 2, "api-2"));
  expect(check.summary).toBe("1 requests for a were carried out 2 times, by api-1 (ledger 0), api-2 (ledger 2); the last at 0.400 s (operation 7).");
});

test("a refused dial never arrived, and other operations do not count", () => {
  const refused = turn("a", { outcome: "fail", error: "connection refused" });
  expect(judged([turn("a"), refused], section(110, "a", 1, "api-1"), section(400, "a", 2, "api-2")).verdict).toBe("violated");
  expect(
    judged([turn("a"), operation({ f: "peek", key: "a", invokedAt: 1 })], section(110, "a", 1, "api-1"), section(400, "a", 2, "api-2")).verdict,
  ).toBe("violated");
});

test("a report that was sent again over another connection is one turn, and another report is another", () => {
  const entries = ledger("lock", ...section(110, "a", 1, "api-1"), ...section(300, "a", 2, "api-1"));
  const named = (nonce: string) => entries.map((entry, i) => (i === 0 ? { ...entry, nonce: "n" } : i === 2 ? { ...entry, nonce } : entry));
  const verdict = (nonce: string) => checker(evidence({ operations: [turn("a")], ledger: named(nonce) })).verdict;
  expect([verdict("n"), verdict("m")]).toEqual(["holds", "violated"]);
});

test("nothing sent or nothing carried out is inconclusive", () => {
  expect([judged([]).verdict, judged([turn("a")]).verdict]).toEqual(["inconclusive", "inconclusive"]);
});
