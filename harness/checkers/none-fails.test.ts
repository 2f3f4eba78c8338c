import { expect, test } from "vitest";
import { created, evidence, trail } from "./fixtures.ts";
import { noneFails } from "./none-fails.ts";

const operations = [created("r1", 900)];
const ended = (to: string, attempt: number) =>
  evidence({
    operations,
    transitions: trail([1000, "r1", null, "pending", 0, "", "api-1"], [2000, "r1", "running", to, attempt, "queue-1", "queue-1"]),
  });

test("a run that ended in error before its retries were used up is a violation", () => {
  expect(noneFails(ended("error", 1))).toMatchObject({ verdict: "violated", numbers: { ended: 1, failed: 1 } });
  expect(noneFails(ended("error", 3)).verdict).toBe("violated");
});

test("one that was tried four times, was cancelled or succeeded is none", () => {
  for (const one of [ended("error", 4), ended("cancelled", 1), ended("success", 1)]) expect(noneFails(one).verdict).toBe("holds");
});

test("without a run that ended nothing is examined", () => {
  expect(noneFails(evidence({ operations })).verdict).toBe("inconclusive");
  expect(noneFails(ended("pending", 1)).verdict).toBe("inconclusive");
});
