/** In a GitHub workflow: annotations of the worst, a summary of the step, and no text of a run that the runner obeys. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { annotations } from "./annotations.ts";
import { exampleSuite } from "./example-run.ts";
import { annotate, withoutCommands, writeStepSummary } from "./github.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "runproof-github-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("the worst ten are annotated, violated before inconclusive, and the rest is counted", () => {
  const [first] = exampleSuite().claims;
  if (!first) throw new Error("The example has claims.");
  const claims = (["inconclusive", "violated"] as const).flatMap((verdict) =>
    Array.from({ length: 8 }, (_, i) => ({ ...first, id: `${verdict}-${i}`, verdict })),
  );
  const lines = annotations({ ...exampleSuite(), claims });
  expect(lines.map((line) => /^::(error|warning) /.exec(line)?.[1])).toEqual([...Array(8).fill("error"), "warning", "warning"]);
  expect(lines.at(-1)).toContain("7 more claims are violated or inconclusive");
  expect(annotations(exampleSuite())).toEqual([
    expect.stringMatching(/^::error title=violated HS-6%3A .*::agent a-17 .* Repeat: npm run chaos -- --only pause-a-lock-holder --seed 7$/),
    expect.stringMatching(/^::warning title=inconclusive HA-2%3A /),
  ]);
});

test("no text of a run is a command: annotations stay on their line, and everything else comes while the runner obeys nothing", () => {
  const evil = exampleSuite().claims.map((claim) => ({
    ...claim,
    id: `a\r\n::set-env name=PATH::x`,
    statement: "x,title=y::z",
    summary: `%0A::error::pwned\n::error::pwned`,
  }));
  for (const line of annotations({ ...exampleSuite(), claims: evil })) {
    expect(line).not.toMatch(/[\r\n]|%0A::/);
    expect(line.match(/^::(?:error|warning) title=[^:,]*::/)).not.toBeNull();
  }
  const out = new PassThrough();
  {
    using _quiet = withoutCommands(out, { GITHUB_ACTIONS: "true" });
    out.write("::error::pwned\n");
  }
  annotate(exampleSuite(), { GITHUB_ACTIONS: "true" }, out);
  const said = String(out.read());
  const word = /^::stop-commands::([\w-]{36})\n/.exec(said)?.[1];
  expect(said).toContain(`::error::pwned\n::${word}::\n::error title=violated HS-6`);
});

test("elsewhere nothing of this is printed or written", async () => {
  const out = new PassThrough();
  {
    using _quiet = withoutCommands(out, {});
  }
  annotate(exampleSuite(), {}, out);
  await writeStepSummary(exampleSuite(), {});
  expect(out.read()).toBeNull();
});

test("the step's summary is added to what is there, and never brings the file to 1 MiB", async () => {
  const path = join(directory, "summary");
  await writeFile(path, "before\n");
  await writeStepSummary(exampleSuite(), { GITHUB_STEP_SUMMARY: path });
  expect(await readFile(path, "utf8")).toMatch(/^before\n## Claim HS-6 is violated\n/);
  await writeFile(path, "x".repeat(1024 * 1024 - 100));
  await writeStepSummary(exampleSuite(), { GITHUB_STEP_SUMMARY: path });
  expect((await readFile(path)).length).toBe(1024 * 1024 - 100);
});
