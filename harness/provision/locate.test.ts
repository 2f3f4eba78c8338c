import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { k6 } from "./k6.ts";
import { locate } from "./locate.ts";
import { compareVersions, MissingPartError } from "./part.ts";
import { provision } from "./provision.ts";

let root = "";
const path = process.env.PATH;

/** A program that says it is some version of k6, and counts how often it is asked. */
function program(directory: string, version: string): string {
  mkdirSync(join(root, directory), { recursive: true });
  const file = join(root, directory, "k6");
  writeFileSync(file, `#!/bin/sh\necho asked >> ${root}/asked\necho "k6 v${version} (go1.26)"\n`, { mode: 0o755 });
  return file;
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "runproof-locate-"));
  process.env.RUNPROOF_CACHE = join(root, "cache");
  process.env.PATH = [join(root, "a"), join(root, "b")].join(":");
  delete process.env.RUNPROOF_K6;
  return () => {
    process.env.PATH = path;
    rmSync(root, { recursive: true });
  };
});

test("PATH is searched in order, and a version that will not do is passed over with the reason", async () => {
  const old = program("a", "0.49.0");
  const good = program("b", "2.2.0");
  const { found, passed } = await locate(k6);
  expect(found).toMatchObject({ name: "k6", version: "2.2.0", path: good, source: "found on PATH" });
  expect(passed).toEqual([`${old} is version 0.49.0, and 1.8 or later is needed`]);
});

test("a second look executes nothing, until the program changes", async () => {
  program("a", "1.8.1");
  await locate(k6);
  expect((await locate(k6)).found?.version).toBe("1.8.1");
  expect(readFileSync(join(root, "asked"), "utf8")).toBe("asked\n");
  program("a", "1.10.10");
  expect((await locate(k6)).found?.version).toBe("1.10.10");
});

test("the explicit variable wins over PATH, and is an error when it is wrong", async () => {
  program("a", "2.2.0");
  process.env.RUNPROOF_K6 = program("elsewhere", "1.9.0");
  expect((await locate(k6)).found).toMatchObject({ version: "1.9.0", source: "named by RUNPROOF_K6" });
  process.env.RUNPROOF_K6 = program("elsewhere", "1.7.0");
  await expect(locate(k6)).rejects.toThrow(
    /^Expected RUNPROOF_K6 to name .*is version 1\.7\.0, and 1\.8 or later is needed\. Correct or unset it\.$/,
  );
  process.env.RUNPROOF_K6 = join(root, "nowhere");
  await expect(locate(k6)).rejects.toThrow("there is no program");
});

test("nothing to be found and no way to get it: one sentence with the next step and exit status 69, and nothing half-installed", async () => {
  const lines: string[] = [];
  const error = await provision({ only: ["k6"], onProgress: (line) => lines.push(line) }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(MissingPartError);
  expect(error).toMatchObject({ part: "k6", status: 69 });
  expect((error as Error).message).toMatch(/^Expected k6 1\.8 or later and found none, .*no Go toolchain on PATH.*set RUNPROOF_K6/);
  expect(lines[0]).toContain("about 2 min");
});

test("versions are compared as numbers", () => {
  expect(["1.10", "1.9", "2", "1.9.1"].sort(compareVersions)).toEqual(["1.9", "1.9.1", "1.10", "2"]);
});
