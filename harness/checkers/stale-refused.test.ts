import { expect, test } from "vitest";
import type { Operation } from "../core/history.ts";
import { evidence, operation } from "./fixtures.ts";
import { staleRefused } from "./stale-refused.ts";

const checker = staleRefused({ replace: "replaceState", write: ["saveState"] });
const judge = (...operations: Operation[]) => checker(evidence({ operations }));
const replace = (invokedAt: number, version: number, made: number | null, key = "a1"): Operation =>
  operation({
    ...{ f: "replaceState", invokedAt, key, input: { agent: key, version, from: 1, n: invokedAt } },
    ...(made === null ? { outcome: "info", served: "shed", error: "status 412" } : { output: { version: made } }),
  });
const save = (invokedAt: number, made: number): Operation => operation({ f: "saveState", invokedAt, key: "a1", output: { version: made } });

test("who was overtaken is not acknowledged", () =>
  expect(judge(save(0, 1), replace(100, 1, 2), replace(200, 1, null), replace(300, 2, 3))).toMatchObject({
    verdict: "holds",
    examined: 1,
    numbers: { staleReplacements: 1, replacements: 2 },
  }));

test("one version that is replaced twice violates, one after the other and at once", () => {
  expect(judge(save(0, 1), replace(100, 1, 2), replace(200, 1, 3)).summary).toContain(
    "version 1 of a1, which had become version 2 at 0.110 s, was replaced at 0.210 s",
  );
  expect(judge(save(0, 1), replace(100, 1, 2), replace(105, 1, 3)).summary).toContain("which another one had replaced as well");
});

test("a version that another write had taken the place of is no more", () =>
  expect(judge(save(0, 1), save(50, 2), replace(100, 1, 3)).verdict).toBe("violated"));

test("writes of unknown outcome, at the same time, and of other things allow both", () => {
  const unknown: Operation = { ...replace(50, 1, null), error: "no answer" };
  const tried = replace(900, 1, null);
  expect(judge(save(0, 1), unknown, replace(100, 1, 2), tried).verdict).toBe("holds");
  expect(judge(save(0, 1), save(95, 3), replace(100, 1, 2), tried).verdict).toBe("holds");
  expect(judge(save(0, 1), replace(50, 1, 2, "a2"), replace(100, 1, 2), tried).verdict).toBe("holds");
});

test("without anybody who came too late nothing was tried, nor where nobody was told that he had", () => {
  const unanswered = { error: "no answer", served: "error" } as const;
  expect(judge(save(0, 1), replace(100, 1, 2), { ...replace(200, 1, null), ...unanswered }).verdict).toBe("inconclusive");
  expect(judge(save(0, 1), replace(100, 1, 2), { ...replace(200, 1, null), error: "status 503" }).verdict).toBe("inconclusive");
  expect(judge(save(0, 1), replace(100, 1, 2), replace(200, 2, 3)).verdict).toBe("inconclusive");
  expect(judge().verdict).toBe("inconclusive");
});
