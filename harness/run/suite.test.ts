import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import type { Defect } from "../core/experiment.ts";
import { findDefect } from "./catalogue.ts";
import { repeatCommand, type SuiteOptions } from "./suite.ts";
import type { Trial } from "./trials.ts";

const project = resolve(import.meta.dirname, "../..");

function commandWith(defect: Defect): string {
  const options: Pick<SuiteOptions, "topology" | "layout" | "plan" | "containers" | "defect"> = {
    ...{ topology: { api: 3 }, layout: "ha", plan: undefined, containers: undefined },
    defect,
  };
  return repeatCommand({ of: "kill-a-queue-instance", seed: 7 } as Trial, options as SuiteOptions);
}

test("a run is repeated with what was asked for beside it", async () =>
  expect(commandWith(await findDefect(project, "no-sweeper"))).toBe(
    "npm run chaos -- --only kill-a-queue-instance --seed 7 --topology ha --api 3 --defect no-sweeper",
  ));

test("a defect of somebody's own is named by its file: the catalogue does not know its id", async () => {
  const folder = await mkdtemp(join(tmpdir(), "defect-"));
  try {
    const file = join(folder, "mine.ts");
    const edits = [{ file: "main.ts", find: "a", replace: "b" }];
    await writeFile(file, `export default ${JSON.stringify({ id: "mine", claim: "LG-5", what: "w", edits, caughtBy: [] })};`);
    const command = commandWith(await findDefect(project, file));
    expect(command).toMatch(/ --defect /);
    expect(await findDefect(project, command.split(" --defect ")[1] ?? "")).toMatchObject({ id: "mine" });
  } finally {
    await rm(folder, { recursive: true });
  }
});
