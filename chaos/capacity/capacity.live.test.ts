/** A short search on the real stack. What it finds depends on the machine; what no machine can make it find is what is tested. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { runCapacity } from "../../harness/capacity/live/run-capacity.ts";
import { findVariant } from "../../harness/capacity/live/studies.ts";
import { provision } from "../../harness/provision/provision.ts";
import { loadTarget } from "../../harness/run/catalogue.ts";
import runs from "./studies/runs.ts";

const project = resolve(import.meta.dirname, "../..");

test("three places for runs of 300 ms carry ten a second, and no search finds more", async () => {
  const reports = await mkdtemp(join(tmpdir(), "live-reports-"));
  try {
    const parts = await provision({});
    const target = await loadTarget(project, "reference");
    const { faults, ...study } = runs;
    const { directory, report } = await runCapacity({
      ...{ project, reports, parts, target, targetPerSecond: 20, whole: false, faults: false, pairs: 0, seed: 1, keep: false, say: () => {} },
      studies: [
        {
          ...study,
          ...{ topology: { api: 1, queue: 1 }, window: { warmUpMs: 500, measureMs: 2500 } },
          load: { ...runs.load, settings: { STEP_MS: 300 } },
          search: { ...runs.search, fromPerSecond: 8, climb: 2, precision: 1, confirm: { need: 1, of: 1 }, windows: 4 },
        },
      ],
      variant: await findVariant(project, "three-runs-at-a-time", target.tree),
      against: undefined,
      signal: new AbortController().signal,
    });
    expect(report.searched.length).toBeGreaterThan(0);
    expect(report.searched.filter(({ outcome, offeredPerSecond }) => outcome === "met" && (offeredPerSecond ?? 0) > 12)).toEqual([]);
    // A window may end work that began before it: three places' worth.
    expect(report.maximumPerSecond).toBeLessThan(10 + 3 / 2.5 + 0.1);
    expect(["instance limit", "generator", "cpu", "unknown"]).toContain(report.sustainable?.limit.by);
    expect(JSON.parse(await readFile(join(directory, "capacity.json"), "utf8"))).toEqual(report);
    const points = (await readFile(join(directory, "points.jsonl"), "utf8")).trim().split("\n");
    expect(points.map((line) => JSON.parse(line).study)).toEqual(report.searched.map(() => "runs"));
  } finally {
    await rm(reports, { recursive: true });
  }
});
