import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const main = resolve(import.meta.dirname, "main.ts");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
});
afterAll(() => rm(folder, { recursive: true }));

function runproof(...args: string[]): Promise<{ status: number | null; out: string; err: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let err = "";
    child.stdout.on("data", (data) => {
      out += data;
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    child.on("close", (status) => done({ status, out, err }));
  });
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe("bad input is one sentence with the next step, exit 64", () => {
  it.each([
    [["chaos", "--only", "kill-leader"], /^Unknown experiment "kill-leader"\. .*--list names those/],
    [["chaos", "--only", ""], /--only.*at least one name/],
    [["defects", "--only", ","], /--only.*at least one name/],
    [["capacity", "--only", ""], /--only.*at least one name/],
    [["baseline", "--file", "."], /^\. was expected to hold baselines and cannot be read/],
    [["chaos", "--seed", "abc"], /--seed.*abc.*whole number/],
    [["chaos", "--seed", "-1"], /--seed/],
    [["chaos", "--seed", "4294967296"], /--seed/],
    [["chaos", "--queue", "0"], /--queue.*at least 1/],
    [["chaos", "--defect", "gremlin"], /^Unknown defect "gremlin"\. .*--list names those .*; or name a file/],
    [["chaos", "--defect", "nowhere.ts"], /^A file that exports a defect was expected in nowhere\.ts, and there is none/],
    [["chaos", "--for", "5"], /^--for was expected together with --profile random/],
    [["chaos", "--profile", "endless"], /--profile.*smoke, default, nightly, weekly, soak, random/],
    [["chaos", "--plan", "nowhere.json"], /^nowhere\.json was expected to be a plan, as --minimise leaves it/],
    [["chaos", "--plan", "p.json", "--seed", "1"], /^--plan was expected without --only and --seed/],
    [["chaos", "--minimise", "5", "--profile", "random"], /^--minimise was expected without --profile random/],
    [["defects", "--only", "no-sweeper", "--profile", "smoke"], /^--profile was expected without --only/],
    [["scale", "api"], /^Expected a role and a number such as api=4 and found "api"/],
    [["up", "--driver", "compose", "--topology", "ha"], /^Of containers only the topology single is kept, and not ha\./],
    [["chaos", "--turbo"], /unknown option '--turbo'/],
    [["dance"], /unknown command 'dance'/],
    [["check", "no-such-run"], /no-such-run .*cannot be read/],
    [["check"], /missing required argument/],
    [["report", "no-such-run"], /no-such-run/],
    [["report", "no-such-run", "--serve"], /directory was expected in .*no-such-run/],
  ])("%j", async (args, message) => {
    const { status, err } = await runproof(...args);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(status).toBe(64);
  });

  it("a defect whose edit does not match exactly once", async () => {
    const text = `export default { id: "d", claim: "LG-5", what: "w", edits: [{ file: "main.ts", find: "no such text", replace: "" }], caughtBy: [] };`;
    const { status, err } = await runproof("chaos", "--defect", await file("defect.ts", text));
    expect(err).toMatch(/^Defect "d" expected its text to match exactly once in main\.ts and found 0 matches/);
    expect(status).toBe(64);
  });

  it.each(["export const x = 1;", "export default { id: 1 };", "this is no module"])("a file that is no defect: %s", async (text) => {
    const { status, err } = await runproof("chaos", "--defect", await file(`none-${text.length}.ts`, text));
    expect(err).toMatch(/expected to (export|have)/);
    expect(err).not.toMatch(/\n\s+at /);
    expect(status).toBe(64);
  });

  it("a malformed line of a record, by file and line", async () => {
    const directory = join(folder, "kill-a-queue-instance");
    await mkdir(directory);
    await writeFile(join(directory, "experiment.json"), JSON.stringify({ seed: 1, schedule: [], endsAt: 0, deltaMs: 0 }));
    await writeFile(join(directory, "load.json"), "{}");
    await writeFile(join(directory, "history.jsonl"), '{"type":"beat","time":1}\n{"type":"beat","time":\n{"type":"beat","time":3}\n');
    const { status, err } = await runproof("check", directory);
    expect(err).toMatch(/history\.jsonl line 2 is not JSON/);
    expect(status).toBe(64);
  });

  it("a place for reports that cannot be written", async () => {
    const blocked = await file("blocked", "a file, not a directory");
    const { status, err } = await runproof("chaos", "--only", "scale-queue-instances", "--reports", join(blocked, "reports"));
    expect(err).toMatch(/could not: .*Choose another place with --reports DIR/);
    expect(status).toBe(70);
  });
});

describe("what is there", () => {
  it("claims tells of each claim what tries it and what turns it, or why nothing does, and counts them", async () => {
    const { status, out } = await runproof("claims");
    expect(out).toMatch(
      /^LG-4 +Run throughput .*\n.*decided by: .*\n.*bound: 10 %.*\n +tried by scale-queue-instances \(default\)\n +turned by .*concurrency-limit-ignored/m,
    );
    expect(out).toMatch(
      /^AB-6 [\s\S]*?as documented: .*25 workers.*\n +as corrected: 50 workers are busy, which are 25 instances.*\n[\s\S]*?calculated: /m,
    );
    expect(out).toMatch(/\d+ claims: \d+ tried by experiments, .*\d+ out of reach\.\n$/);
    expect(status).toBe(0);
    const rows = JSON.parse((await runproof("claims", "--json")).out);
    expect(rows).toContainEqual(expect.objectContaining({ id: "AB-32", triedBy: [], untried: { kind: "out of reach", reason: expect.any(String) } }));
  });

  it("--list names experiments and defects and runs nothing", async () => {
    const { status, out } = await runproof("chaos", "--list");
    expect(out).toMatch(/kill-a-queue-instance .*LG-5/);
    expect(out).toMatch(/^Planted defects/m);
    expect(status).toBe(0);
  });

  it("--help", async () => {
    const { status, out } = await runproof("chaos", "--help");
    for (const flag of ["--seed", "--only", "--list", "--keep", "--defect"]) expect(out).toContain(flag);
    expect(status).toBe(0);
  });
});
