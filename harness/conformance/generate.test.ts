import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { ConformanceCase } from "./case.ts";
import { conformanceFile } from "./generate.ts";

const committed = readFileSync(new URL("histories.jsonl", import.meta.url), "utf8");

it("histories.jsonl is what generate.ts writes", () => {
  expect(conformanceFile()).toBe(committed);
});

it("every model has valid histories and others", () => {
  const cases = committed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as ConformanceCase);
  const verdicts = [...Map.groupBy(cases, (one) => one.model)].map(([model, all]) => [
    model,
    all.some((one) => one.valid),
    all.some((one) => !one.valid),
  ]);
  expect(verdicts.length).toBeGreaterThan(10);
  expect(verdicts).toEqual(verdicts.map(([model]) => [model, true, true]));
});
