import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Defect } from "../../core/experiment.ts";
import { copyTree, type TreeCopy } from "./tree.ts";

let project = "";
let directory = "";
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "project-"));
  directory = await mkdtemp(join(tmpdir(), "run-"));
  await mkdir(join(project, "server/sql"), { recursive: true });
  await writeFile(join(project, "server/main.ts"), "one();\ntwo();\ntwo();\n");
  await writeFile(join(project, "server/main.test.ts"), "");
  await writeFile(join(project, "server/sql/001.sql"), "select 1;");
});
afterEach(async () => {
  await rm(project, { recursive: true });
  await rm(directory, { recursive: true });
});

const defect = (file: string, find: string): Defect => ({
  id: "d",
  claim: "LG-5",
  what: "",
  edits: [{ file, find, replace: "$& three();" }],
  caughtBy: [],
});
const copy = (planted?: Defect): Promise<TreeCopy> => copyTree({ project, tree: "server", directory, defect: planted });

describe("copyTree", () => {
  it("copies the source without its tests", async () => {
    const { directory: tree } = await copy();
    expect(await readFile(join(tree, "sql/001.sql"), "utf8")).toBe("select 1;");
    await expect(readFile(join(tree, "main.test.ts"))).rejects.toThrow("ENOENT");
  });

  it("edits the copy only, and takes the replacement literally", async () => {
    const { directory: tree } = await copy(defect("main.ts", "one();"));
    expect(await readFile(join(tree, "main.ts"), "utf8")).toBe("$& three();\ntwo();\ntwo();\n");
    expect(await readFile(join(project, "server/main.ts"), "utf8")).toBe("one();\ntwo();\ntwo();\n");
  });

  it("knows which edited files nobody has read", async () => {
    const tree = await copy(defect("main.ts", "one();"));
    expect(await tree.unread()).toEqual(["main.ts"]);
    await readFile(join(tree.directory, "main.ts"));
    expect(await tree.unread()).toEqual([]);
    await rm(join(directory, "target"), { recursive: true });
    await rm(join(directory, "node_modules"));
    expect(await (await copy()).unread()).toEqual([]);
  });

  it.each([
    ["main.ts", "two();", /exactly once in main\.ts and found 2 matches/],
    ["main.ts", "three();", /found 0 matches/],
    ["main.ts", "", /exactly once/],
    ["absent.ts", "x", /has no such file/],
    ["../../etc/passwd", "root", /outside the target's tree/],
  ])("refuses an edit of %s that would not do what it says", async (file, find, message) => {
    await expect(copy(defect(file, find))).rejects.toMatchObject({ status: 64, message: expect.stringMatching(message) });
  });
});
