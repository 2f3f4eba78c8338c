import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fillFolder, readFolder } from "./cache.ts";
import { scratch } from "./scratch.ts";

const options = { signal: new AbortController().signal, onWait: () => undefined, usable: async () => true };
const made = { path: "program", libraries: [], source: "a test", version: "1.0" };

const fill = async (into: string): Promise<typeof made> => {
  writeFileSync(join(into, "program"), "x");
  return made;
};

test("a folder appears whole, and is not filled twice however many ask for it", async () => {
  const cache = scratch();
  let fills = 0;
  const slow = async (into: string): Promise<typeof made> => {
    fills += 1;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(existsSync(join(cache, "part-1"))).toBe(false);
    return fill(into);
  };
  await Promise.all([1, 2, 3].map(() => fillFolder(join(cache, "part-1"), options, slow)));
  expect(fills).toBe(1);
  expect(readdirSync(cache)).toEqual(["part-1"]);
  expect(await readFolder(join(cache, "part-1"))).toEqual(made);
});

test("a failure leaves nothing, and what a killed run left is removed", async () => {
  const cache = scratch();
  mkdirSync(join(cache, "part-1.tmp-123"));
  const failing = async (into: string): Promise<typeof made> => {
    await fill(into);
    throw new Error("no network");
  };
  await expect(fillFolder(join(cache, "part-1"), options, failing)).rejects.toThrow("no network");
  expect(readdirSync(cache)).toEqual([]);
});

test("a folder that no longer works is made anew", async () => {
  const cache = scratch();
  mkdirSync(join(cache, "part-1"));
  writeFileSync(join(cache, "part-1", "part.json"), JSON.stringify({ ...made, version: "0.9" }));
  await fillFolder(join(cache, "part-1"), { ...options, usable: async () => false }, fill);
  expect((await readFolder(join(cache, "part-1")))?.version).toBe("1.0");
});

test("a folder without its record is not whole", async () => {
  const cache = scratch();
  mkdirSync(join(cache, "part-1"));
  expect(await readFolder(join(cache, "part-1"))).toBeUndefined();
});
