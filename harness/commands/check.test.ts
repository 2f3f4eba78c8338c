import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const main = resolve(import.meta.dirname, "../main.ts");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "check-"));
  await writeFile(join(folder, "valid.edn"), `[${edn("1", "write", 1)} ${edn("2", "read", 1)}]`);
  await writeFile(join(folder, "stale"), `${edn("1", "write", 1)}\n${edn("1", "write", 2)}\n${edn("2", "read", 1)}\n${edn("3", "read", 2)}\n`);
  await writeFile(join(folder, "empty"), "");
  await writeFile(
    join(folder, "two.jsonl"),
    '{"type":"invoke","time":1,"process":"a","f":"read"}\n{"type":"done","time":2,"process":"a","f":"read"}\n',
  );
});
afterAll(() => rm(folder, { recursive: true }));

const edn = (process: string, f: string, value: number): string =>
  `{:process ${process}, :type :invoke, :f :${f}, :value ${f === "read" ? "nil" : value}} {:process ${process}, :type :ok, :f :${f}, :value ${value}}`;

function check(...args: string[]): Promise<{ status: number | null; out: string; err: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [main, "check", ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
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

describe("check FILE --model NAME", () => {
  it("--json prints one object and nothing else: true and exit 0, false and 1, unknown and 2", async () => {
    const runs = await Promise.all(["valid.edn", "stale", "empty"].map((file) => check(file, "--model", "register", "--json")));
    expect(runs.map(({ status, err }) => [status, err])).toEqual([
      [0, ""],
      [1, ""],
      [2, ""],
    ]);
    const [valid, stale, empty] = runs.map(({ out }) => JSON.parse(out));
    expect(valid).toMatchObject({ valid: true, model: "register", algorithm: expect.any(String), operations: 2, anomalies: [] });
    expect(stale).toMatchObject({
      valid: false,
      operations: 4,
      anomalies: [{ type: "nonlinearizable", text: expect.stringContaining("read -> 1") }],
    });
    expect(empty).toMatchObject({ valid: "unknown", operations: 0, anomalies: [] });
  });

  it("tells people the verdict, and explains it by lanes and on an offline page", async () => {
    const { status, out } = await check("stale", "--model", "register", "--explain", "--html");
    expect(status).toBe(1);
    expect(out).toMatch(/^not valid: register, 4 operations, by .*: nonlinearizable\n {2}nonlinearizable: /);
    expect(out).toMatch(/time \(ms\) {2}process 1.*process 2/);
    expect(out).toMatch(/┌ write 2/);
    expect(out).toMatch(/└ ok 1 \*/);
    expect(out).toMatch(/stale\.html\n$/);
    const page = await readFile(join(folder, "stale.html"), "utf8");
    expect(page).toContain("stale is not valid as register");
    expect(page).toMatch(/<td class="operation ok accused" rowspan="2">read<div>ok 1<\/div>/);
    expect(page).not.toMatch(/<script|src=|href="http/);
  });

  it("takes the initial state as JSON, and an alias for the model", async () => {
    await writeFile(join(folder, "initial"), edn("1", "read", 7));
    const [without, with7] = await Promise.all([
      check("initial", "--model", "cas"),
      check("initial", "--model", "cas", "--initial", "7", "--no-partition"),
    ]);
    expect([without?.status, with7?.status]).toEqual([1, 0]);
    expect(with7?.out).toMatch(/^valid: cas-register, 1 operations/);
  });

  it("every mode ends when its time is up, whatever is left to try", { timeout: 120_000 }, async () => {
    // Of one key a search that would take for ever, of another a stale read.
    const calls = Array.from({ length: 60 }, (_, i) => ({ process: `p${i}`, f: "write", key: "a", value: i >> 1 }));
    const events = [
      ...calls.map((call) => ({ ...call, type: "invoke", time: 0 })),
      ...calls.map((call) => ({ ...call, type: "ok", time: 1 })),
      // One after the other, which no order ends with.
      ...[0, 1].flatMap((value) =>
        ["invoke", "ok"].map((type, i) => ({ type, time: 2 + 2 * value + i, process: "last", f: "read", key: "a", ...(i > 0 && { value }) })),
      ),
    ];
    const stale = ["invoke", "ok"].map((type, i) => ({ type, time: 6 + i, process: "q", f: "read", key: "b", ...(i > 0 && { value: 7 }) }));
    for (const [name, lines] of Object.entries({ hopeless: events, both: [...events, ...stale] }))
      await writeFile(join(folder, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const modes = [[], ["--explain"], ["--html"], ["--no-partition", "--explain", "--html"]];
    for (const mode of modes) {
      const args = ["--model", "register", "--time-limit", "0.3", ...mode];
      const [hopeless, both] = await Promise.all([check("hopeless", ...args), check("both", ...args)]);
      expect([hopeless?.status, hopeless?.out]).toEqual([2, expect.stringContaining("time limit of 300 ms")]);
      expect([both?.status, both?.out]).toEqual([mode.includes("--no-partition") ? 2 : 1, expect.stringContaining("time limit of 300 ms")]);
    }
  });

  it.each([
    [["valid.edn", "--model", "regster"], /^Unknown model "regster"\. There are: .*cas-register, .*register/],
    [["valid.edn"], /^valid\.edn is a file: what is it a history of\? Say --model NAME\. There are: .*register/],
    [["none", "--model", "register"], /^none was expected to be a history and cannot be read: ENOENT/],
    [["two.jsonl", "--model", "register"], /^two\.jsonl line 2: The type "done" is none of/],
    [["valid.edn", "--model", "register", "--initial", "{"], /--initial.*Expected a JSON value/],
    [["valid.edn", "--model", "register", "--settings", "[]"], /--settings.*Expected a JSON object/],
    [["valid.edn", "--model", "register", "--time-limit", "soon"], /--time-limit.*above 0/],
    [["valid.edn", "--model", "register", "--memory-limit", "0"], /--memory-limit.*above 0/],
  ])("%j is one sentence, exit 64", async (args, message) => {
    const { status, out, err } = await check(...args);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect([status, out]).toEqual([64, ""]);
  });
});

it("check --self-test judges the histories that come with runproof, and all are judged as known", async () => {
  const { status, out } = await check("--self-test");
  expect(out).toMatch(/^register +\d+ +\d+ +\d+ {3}yes$/m);
  expect(out).toMatch(/(\d+) of \1 histories have the verdict that trying every order gave/);
  expect(status).toBe(0);
});
