import { spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../base/clock.ts";
import { writeExampleRun } from "../report/example-run.ts";

const main = resolve(import.meta.dirname, "../main.ts");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "report-"));
  await writeExampleRun(join(folder, "run"));
});
afterAll(() => rm(folder, { recursive: true }));

function start(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(process.execPath, [main, "report", join(folder, "run"), ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  for (const name of ["out", "err"] as const) {
    child[`std${name}`].on("data", (data) => {
      said[name] += data;
    });
  }
  return { child, said, ended: new Promise<number | null>((done) => child.once("close", done)) };
}

test("--serve says where, answers there, and ends with Ctrl-C", async () => {
  const { child, said, ended } = start(["--serve"]);
  const url = await until("The address was expected", () => /^(http:\/\/127\.0\.0\.1:\d+\/) /.exec(said.out)?.[1], { withinMs: 15_000 });
  expect(await (await fetch(url)).text()).toContain("Claim HS-6 is violated");
  child.kill("SIGINT");
  expect([await ended, said.err]).toEqual([0, ""]);
  await expect(fetch(url)).rejects.toThrow();
});

test.runIf(process.platform === "linux")(
  "--open hands the page to the desktop's opener; without one it says so, and the report is drawn all the same",
  async () => {
    const opener = join(folder, "xdg-open");
    await writeFile(
      opener,
      `#!/bin/sh\nprintf %s "$1" > ${join(folder, "opened.new")}\nmv ${join(folder, "opened.new")} ${join(folder, "opened")}\n`,
    );
    await chmod(opener, 0o755);
    const html = join(folder, "run", "report.html");
    const opened = start(["--open"], { ...process.env, PATH: `${folder}:/usr/bin:/bin` });
    expect([await opened.ended, opened.said.out, opened.said.err]).toEqual([0, `${html}\n`, ""]);
    expect(await until("The page was expected to be opened", () => readFile(join(folder, "opened"), "utf8"), { withinMs: 15_000 })).toBe(html);

    const none = start(["--open"], { ...process.env, PATH: join(folder, "run") });
    expect([await none.ended, none.said.out]).toEqual([0, `${html}\n`]);
    expect(none.said.err).toMatch(/^No program that opens pages was found .*report\.html yourself/);
  },
);
