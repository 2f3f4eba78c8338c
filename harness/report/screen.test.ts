import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { hostile } from "./hostile.ts";
import { clock, type ScreenState, screenLines, sparkline } from "./screen.ts";
import { columns } from "./width.ts";

const state: ScreenState = {
  position: "[2/6]",
  title: "Kill queue instances under load",
  phases: ["starting the stack", "waiting for steady state", "faults"],
  fault: "kill queue-3",
  perSecond: [0, 60, 120, 119, 30],
  errorsPerSecond: [0, 0, 0, 2, 9],
  operations: 1881,
  errors: 11,
  elapsedMs: 65_000,
  leftMs: 245_000,
};

test("shows where the run is, the fault, the course of rate and errors, and what is left", () => {
  expect(screenLines(state, { columns: 80, rows: 24, color: false })).toEqual([
    "[2/6] Kill queue instances under load             1:05 elapsed, about 4:05 left",
    "  starting the stack › waiting for steady state › faults",
    "  rate      30/s  ▁▅██▃  1881 operations",
    "  errors     9/s  ▁▁▁▃█  11 in all",
    "  FAULT kill queue-3",
  ]);
});

test("before the load there are no figures; a window without room gets the one line that matters", () => {
  expect(screenLines({ ...state, phases: ["starting the stack"], perSecond: [], fault: "" }, { columns: 80, rows: 24, color: false })).toHaveLength(
    2,
  );
  expect(screenLines(state, { columns: 80, rows: 5, color: false })).toEqual(["[2/6] faults 30/s FAULT kill queue-3, 4:05 left"]);
  expect(screenLines(state, { columns: 24, rows: 50, color: false })).toHaveLength(1);
});

test.each([21, 40, 41, 60, 80, 200])("no line fills a terminal of %i columns, whatever the strings are", (width) => {
  const long: ScreenState = {
    ...state,
    title: hostile.repeat(20),
    fault: `漢字${hostile.repeat(9)}`,
    phases: [hostile, "x".repeat(300)],
    perSecond: Array(500).fill(7),
    errorsPerSecond: Array(500).fill(0),
  };
  for (const shown of [state, long]) {
    for (const line of screenLines(shown, { columns: width, rows: 24, color: false })) {
      expect(columns(line)).toBeLessThan(width);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point.
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    }
  }
});

test("colour only when asked, and never without the word", () => {
  const colourful = screenLines(state, { columns: 80, rows: 24, color: true }).join("\n");
  expect(colourful).toContain("\u001b[1;33mFAULT kill queue-3\u001b[0m");
  expect(stripVTControlCharacters(colourful)).toBe(screenLines(state, { columns: 80, rows: 24, color: false }).join("\n"));
});

test("a bar for each value; nothing is as low as zero but zero", () => {
  expect(sparkline([0, 1, 500, 1000])).toBe("▁▂▅█");
  expect(sparkline([0, 0])).toBe("▁▁");
  expect(sparkline([])).toBe("");
  expect([clock(0), clock(65_000), clock(3_600_000)]).toEqual(["0:00", "1:05", "60:00"]);
});
