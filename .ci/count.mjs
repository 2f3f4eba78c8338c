// Usage: node .ci/count.mjs TESTS.json CHECKS.txt TESTS_STATUS CHECKS_STATUS
// Prints "N passed, N failed" from vitest's report and the source checks. Exit status 1 when anything failed or no test ran.
import { existsSync, readFileSync } from "node:fs";

const [testsFile, checksFile, testsStatus, checksStatus] = process.argv.slice(2);
let [passed, failed, skipped, ran] = [0, 0, 0, 0];

if (existsSync(testsFile)) {
  const report = JSON.parse(readFileSync(testsFile, "utf8"));
  ran = report.numPassedTests + report.numFailedTests;
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests + report.numTodoTests;
  // A file that cannot be loaded fails without a single test of its own.
  failed += report.testResults.filter((file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed")).length;
}
// An unhandled error, a failed set-up or an interrupted run shows in the status alone.
if (testsStatus !== "0" && failed === 0) failed += 1;
if (ran === 0) {
  console.log("No test ran.");
  failed = Math.max(failed, 1);
}

const checks = readFileSync(checksFile, "utf8").split("\n");
const failedChecks = checks.filter((line) => /^FAILED /.test(line)).length;
passed += checks.filter((line) => /^ok /.test(line)).length;
failed += failedChecks === 0 && checksStatus !== "0" ? 1 : failedChecks;

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed === 0 ? 0 : 1;
