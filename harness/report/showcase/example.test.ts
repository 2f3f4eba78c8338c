/** The committed example is what the code makes of it today. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSuite } from "../read-suite.ts";
import { drawExample, example } from "./draw.ts";

test("the committed page is what its committed records give; if not: npm run example", async () => {
  // Not by toBe: the difference of two such pages is no message.
  expect((await drawExample()) === (await readFile(join(example, "report.html"), "utf8"))).toBe(true);
});

test("it is of a planted defect that was caught, small, and names nothing of the machine that it ran on", async () => {
  const suite = await readSuite(example);
  expect(suite.defect).not.toBe("");
  expect(suite.claims.some(({ verdict }) => verdict === "violated")).toBe(true);
  const files = (await readdir(example, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(600_000);
  expect(await readFile(join(example, "report.html"), "utf8")).not.toMatch(/(?<![\w:/])\/(?:tmp|root|home|work|var)\/\w/);
});
