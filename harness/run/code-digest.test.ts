import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadTarget } from "./catalogue.ts";
import { codesOf, importsOf } from "./code-digest.ts";

test("imports of a source are found over several lines, and those of types are not", () => {
  const source = `import { readFile } from "node:fs/promises";
import type { A } from "./a.ts";
import {
  b,
  type C,
} from "../b.ts";
import "./effect.ts";
export { d } from "./d.ts";
export type { E } from "./e.ts";
`;
  expect(importsOf(source)).toEqual(["../b.ts", "./effect.ts", "./d.ts"]);
});

test("a digest changes with what its experiment is made of, and with nothing else", async () => {
  const project = join(import.meta.dirname, "../..");
  await using copy = await copyOf(project);
  const target = await loadTarget(project, "reference");
  const two = await Promise.all(
    ["kill-a-queue-instance", "pause-a-lock-holder"].map(async (id) => (await import(`../../chaos/experiments/${id}.ts`)).default),
  );
  const codes = async (): Promise<readonly string[]> => [...(await codesOf(copy.directory, target, two)).values()];
  let before = await codes();
  const changed = async (file: string): Promise<readonly boolean[]> => {
    await writeFile(join(copy.directory, file), "\n// changed\n", { flag: "a" });
    const after = await codes();
    const differ = before.map((code, i) => code !== after[i]);
    before = after;
    return differ;
  };
  expect(await changed("harness/run/ledger.ts")).toEqual([true, true]);
  expect(await changed("harness/checkers/judge.ts")).toEqual([true, true]);
  expect(await changed("reference-server/runs/claim.ts")).toEqual([true, true]);
  expect(await changed("harness/faults/kill.ts")).toEqual([true, false]);
  expect(await changed("harness/faults/half-open.ts")).toEqual([false, false]);
  expect(await changed("chaos/experiments/kill-a-queue-instance.ts")).toEqual([true, false]);
  expect(await changed("harness/checkers/mutual-exclusion.ts")).toEqual([false, true]);
  expect(await changed("harness/run/progress.ts")).toEqual([false, false]);
  expect(await changed("harness/report/terminal.ts")).toEqual([false, false]);
});

async function copyOf(project: string): Promise<AsyncDisposable & { readonly directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), "runproof-digest-"));
  for (const folder of ["chaos", "harness", "scenarios", "reference-server"])
    await cp(join(project, folder), join(directory, folder), { recursive: true, filter: (path) => !path.includes("node_modules") });
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}
