import { expect, it } from "vitest";
import type { Operation } from "../core/history.ts";
import { lanesText, laneTable } from "./history-lanes.ts";

const operation = (index: number, process: string, f: string, from: number, to: number, over: Partial<Operation> = {}): Operation => ({
  ...{ index, process, f, key: "", input: null, output: null, outcome: "ok", served: "yes", error: "", by: "" },
  ...{ intendedAt: from, invokedAt: from, completedAt: to, answeredAt: to },
  ...over,
});
const never = Number.POSITIVE_INFINITY;

it("draws processes across and time down, in time whatever the order, with what was asked and answered", () => {
  const operations = [
    operation(2, "b", "read", 3, 4, { output: 1 }),
    operation(0, "a", "write", 0, 3, { input: 1, output: 1 }),
    operation(1, "c", "put", 1, never, { key: "x", input: "", outcome: "info" }),
    operation(3, "a", "cas", 5, 6, { input: [1, 2], outcome: "fail", error: "timed out" }),
  ];
  expect(lanesText(laneTable(operations), new Set([2]))).toBe(
    [
      "time (ms)  process a         process c                     process b",
      "        0  ┌ write 1",
      '        1  │                 ┌ put x "" (never completed)',
      "        3  │                                               ┌ read *",
      "        3  └ ok                                            │",
      "        4                                                  └ ok 1 *",
      "        5  ┌ cas [1,2]",
      "        6  └ fail timed out",
    ].join("\n"),
  );
});

it("says how many operations there was no room for", () => {
  const many = Array.from({ length: 100 }, (_, i) => operation(i, "a", "read", 2 * i, 2 * i + 1));
  const table = laneTable(many);
  expect(table.leftOut).toBe(40);
  expect(lanesText(table, new Set())).toMatch(/\.\.\. and 40 more operations$/);
});

it("a hostile history neither breaks lines nor colours the terminal", () => {
  const text = lanesText(laneTable([operation(0, "a\u001b[31m\nb", "read\u001b[2J", 0, 1, { output: "x\ny\u202e" })]), new Set());
  expect(text.split("\n").length).toBe(3);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what is tested.
  expect(text).not.toMatch(/[\u0000-\u0009\u001b\u202e]/);
});

it("nothing is an empty table", () => {
  expect(laneTable([])).toEqual({ processes: [], timesMs: [], lanes: [], leftOut: 0 });
});
