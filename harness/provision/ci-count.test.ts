import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratch } from "./scratch.ts";

const script = join(import.meta.dirname, "../../.ci/count.mjs");
const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map((one) => ({ status: one })) });
const report = (passed: number, failed: number, ...testResults: object[]) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults,
});
const fine = report(3, 0, file("passed", "passed", "passed", "passed"));

/** Last line and exit status for a report (none when undefined), the checks' output and the two exit statuses. */
function count(tests: object | undefined, checks: string, testsStatus: number, checksStatus: number): string {
  const directory = scratch();
  if (tests !== undefined) writeFileSync(join(directory, "tests.json"), JSON.stringify(tests));
  writeFileSync(join(directory, "checks.txt"), checks);
  const ran = spawnSync(process.execPath, [
    script,
    join(directory, "tests.json"),
    join(directory, "checks.txt"),
    String(testsStatus),
    String(checksStatus),
  ]);
  return `${ran.stdout.toString().trim().split("\n").at(-1)}; exit ${ran.status}`;
}

test.each([
  ["all is well", fine, "ok tsc (1 s)\nok knip (1 s)\n", 0, 0, "5 passed, 0 failed; exit 0"],
  [
    "a test and a check fail",
    report(2, 1, file("failed", "passed", "failed")),
    "ok tsc (1 s)\nFAILED knip (1 s)\n",
    1,
    1,
    "3 passed, 2 failed; exit 1",
  ],
  ["a file cannot be loaded", report(3, 0, file("failed")), "ok tsc (1 s)\n", 1, 0, "4 passed, 1 failed; exit 1"],
  ["an unhandled error shows in the status alone", fine, "ok tsc (1 s)\n", 1, 0, "4 passed, 1 failed; exit 1"],
  ["vitest never started", undefined, "ok tsc (1 s)\n", 69, 0, "1 passed, 1 failed; exit 1"],
  ["no test ran", report(0, 0), "ok tsc (1 s)\n", 0, 0, "1 passed, 1 failed; exit 1"],
  ["the checks never started", fine, "", 0, 69, "3 passed, 1 failed; exit 1"],
])("%s", (_, tests, checks, testsStatus, checksStatus, expected) => {
  expect(count(tests, checks, testsStatus, checksStatus)).toBe(expected);
});
