/** `npm run check`: types, format, lint and unused code, one after another; each is reported, all are run. Exit status 1 when one fails. */
import { dirname, join } from "node:path";
import { run } from "./exec.ts";

const root = join(import.meta.dirname, "..", "..");
const checks: readonly (readonly [string, ...string[]])[] = [
  ["tsc", "-p", "."],
  ["tsc", "-p", "scenarios"],
  ["biome", "check", "--error-on-warnings"],
  ["knip"],
];
// The tools are scripts for "node": it has to be the one that runs us.
const path = [dirname(process.execPath), join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(":");

let passed = 0;
for (const [tool, ...args] of checks) {
  const began = performance.now();
  const ran = await run(join(root, "node_modules", ".bin", tool), args, { cwd: root, env: { PATH: path }, deadlineMs: 5 * 60_000 });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (ran.status === 0) passed += 1;
  else console.log(`${ran.stdout}${ran.stderr}`.trim());
  console.log(`${ran.status === 0 ? "ok" : "FAILED"} ${[tool, ...args].join(" ")} (${seconds} s)`);
}
console.log(`Source checks: ${passed} of ${checks.length} passed.`);
process.exitCode = passed === checks.length ? 0 : 1;
