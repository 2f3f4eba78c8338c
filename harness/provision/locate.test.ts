import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { k6 } from "./k6.ts";
import { closedNote, locate } from "./locate.ts";
import { compareVersions, MissingPartError } from "./part.ts";
import { postgres } from "./postgres.ts";
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

/** Programs that say they are a Postgres of this version, with pgvector's files or without. */
function server(directory: string, version: string, vectors: boolean): string {
  const bin = join(root, directory, "bin");
  mkdirSync(bin, { recursive: true });
  for (const name of ["postgres", "initdb"]) writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} (PostgreSQL) ${version}"\n`, { mode: 0o755 });
  const extensions = join(root, directory, "share/postgresql/extension");
  mkdirSync(extensions, { recursive: true });
  if (vectors) writeFileSync(join(extensions, "vector.control"), "");
  return bin;
}

test("a Postgres with pgvector is preferred, and one without serves once the way to a better one was seen closed", async () => {
  chmodSync(root, 0o755); // Postgres runs as somebody else.
  const plain = server("plain", "18.1", false);
  process.env.PATH = `${plain}:/usr/bin:/bin`;
  const elsewhere = { ...postgres, folders: () => [] };
  expect(await locate(elsewhere)).toMatchObject({ second: { version: "18.1", path: plain, source: "found on PATH, without pgvector" } });
  const [preferred] = postgres.ways;
  if (!preferred) throw new Error("Postgres was expected to have ways.");
  mkdirSync(join(root, "cache"), { recursive: true });
  writeFileSync(closedNote(preferred), "no network");
  expect(await locate(elsewhere)).toMatchObject({ found: { version: "18.1", path: plain } });
  const good = server("good", "16.2", true);
  process.env.PATH = `${plain}:${good}:/usr/bin:/bin`;
  expect(await locate(elsewhere)).toMatchObject({ found: { version: "16.2", path: good, source: "found on PATH" } });
});
