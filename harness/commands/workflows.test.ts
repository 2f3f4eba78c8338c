/** The workflows call what there is: npm scripts, commands and flags of runproof, scripts of .ci; and the trend's branch is kept by a real git. */
import { execFile } from "node:child_process";
import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const execute = promisify(execFile);
const project = resolve(import.meta.dirname, "../..");
const folder = join(project, ".github/workflows");
const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(project, "package.json"), "utf8")).scripts;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly "runs-on": string; readonly "timeout-minutes": number; readonly steps: readonly Step[] }>>;
}

const workflows = readdirSync(folder).map((file): readonly [string, Workflow] => [file, parse(readFileSync(join(folder, file), "utf8"))]);
const stepsOf = (workflow: Workflow): readonly Step[] => Object.values(workflow.jobs).flatMap(({ steps }) => steps);

/** `npm run chaos -- --profile smoke` -> ["chaos", "--profile"]; npm's own `test` is a script like any other. */
function calls(run: string): readonly (readonly string[])[] {
  return [...run.matchAll(/npm (?:run (?:--silent )?)?([a-z]+)((?: .*)?)/g)].map(([, script = "", rest = ""]) => [
    script,
    ...(rest.match(/--[a-z]+\b/g) ?? []),
  ]);
}

test("there are checks on push, a nightly by schedule and by hand, and a capacity run with a baseline by hand", () => {
  const on = Object.fromEntries(workflows.map(([file, workflow]) => [file, workflow.on]));
  expect(Object.keys(on).sort()).toEqual(["capacity.yml", "checks.yml", "nightly.yml"]);
  expect(on["checks.yml"]).toHaveProperty("push");
  expect(on["nightly.yml"]).toMatchObject({
    schedule: [{ cron: expect.stringMatching(/^\d+ \d+ \* \* \*$/) }],
    workflow_dispatch: expect.anything(),
  });
  expect(on["capacity.yml"]).toMatchObject({ workflow_dispatch: { inputs: { baseline: { type: "string", required: true } } } });
});

describe.each(workflows)("%s", (_, workflow) => {
  test("says what it may do and how long, and pins what it uses", () => {
    expect(Object.keys(workflow.permissions)).toEqual(["contents"]);
    for (const job of Object.values(workflow.jobs)) {
      expect(job["timeout-minutes"]).toBeLessThanOrEqual(360);
      expect(job["runs-on"]).toMatch(/^ubuntu-\d\d\.\d\d$/);
    }
    for (const { uses } of stepsOf(workflow)) if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@v\d+$/);
  });

  test("puts nothing that somebody typed into a script: inputs come as environment variables", () => {
    for (const { run = "" } of stepsOf(workflow)) expect(run).not.toContain("${{");
  });

  test("calls npm scripts and scripts of .ci that exist", () => {
    const runs = stepsOf(workflow).flatMap(({ run }) => run ?? []);
    expect(runs.length).toBeGreaterThan(0);
    for (const run of runs) {
      for (const [script = ""] of calls(run)) expect(scripts).toHaveProperty(script);
      for (const [path] of run.matchAll(/\.ci\/\w+/g)) accessSync(join(project, path), constants.X_OK);
    }
  });

  test("uses flags that the command knows", async () => {
    for (const [script = "", ...flags] of stepsOf(workflow).flatMap(({ run }) => calls(run ?? ""))) {
      const [, command] = /bootstrap\.mjs (\w+)/.exec(scripts[script] ?? "") ?? [];
      const own = collectedFlags(stepsOf(workflow), script);
      if (command === undefined || flags.length + own.length === 0) continue;
      // What follows `npm test` is vitest's.
      const [program = "", ...help] =
        command === "test" ? [join(project, "node_modules/vitest/vitest.mjs"), "--help"] : [join(project, "harness/main.ts"), command, "--help"];
      const { stdout } = await execute(process.execPath, [program, ...help]);
      for (const flag of [...flags, ...own]) expect(stdout).toMatch(new RegExp(`\\s${flag}\\b`));
    }
  });
});

/** Flags that a step collects in a list before it calls the script. */
function collectedFlags(steps: readonly Step[], script: string): readonly string[] {
  return steps
    .filter(({ run = "" }) => run.includes(`npm run ${script} `))
    .flatMap(({ run = "" }) => [...run.matchAll(/\((--[a-z]+)/g)].map(([, flag = ""]) => flag));
}

test("the branch of the trend begins, grows and is fetched, with both files and one commit a night", async () => {
  const root = await mkdtemp(join(tmpdir(), "runproof-branch-"));
  try {
    const git = (cwd: string, ...args: string[]) => execute("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], { cwd });
    await git(root, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git");
    const night = async (name: string, says: string): Promise<string> => {
      const clone = join(root, name);
      await git(root, "clone", "--quiet", "origin.git", name);
      await git(clone, "commit", "--quiet", "--allow-empty", "--message", "code");
      await execute(join(project, ".ci/trend"), ["fetch"], { cwd: clone });
      const before = await readFile(join(clone, "reports/trend/trend.jsonl"), "utf8").catch(() => "");
      await mkdir(join(clone, "reports/trend"), { recursive: true });
      await writeFile(join(clone, "reports/trend/trend.jsonl"), `${before}${says}\n`);
      await writeFile(join(clone, "reports/trend/index.html"), `<p>${says}`);
      await execute(join(project, ".ci/trend"), ["push"], { cwd: clone });
      return before;
    };
    expect(await night("first", "one")).toBe("");
    expect(await night("second", "two")).toBe("one\n");
    const { stdout } = await git(join(root, "origin.git"), "log", "--format=%an", "trend");
    expect(stdout.trim().split("\n")).toEqual(["runproof", "runproof"]);
    expect((await git(join(root, "origin.git"), "show", "trend:trend.jsonl")).stdout).toBe("one\ntwo\n");
    expect((await git(join(root, "origin.git"), "show", "trend:index.html")).stdout).toBe("<p>two");
  } finally {
    await rm(root, { recursive: true });
  }
});
