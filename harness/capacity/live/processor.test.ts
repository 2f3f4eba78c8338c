import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sleep } from "../../base/clock.ts";
import { processorUse, readProcessors } from "./processor.ts";

const nobody = { instances: () => [] };

describe.runIf(process.platform === "linux")("who kept the processors busy", () => {
  it("tells a program of the run from everybody else by where it works", async () => {
    const directory = await mkdtemp(join(tmpdir(), "processor-"));
    const child = spawn(process.execPath, ["-e", "for (;;);"], { cwd: directory });
    try {
      await once(child, "spawn");
      const [ours, foreign] = [readProcessors(nobody, [directory]), readProcessors(nobody, [directory.slice(0, -1)])];
      // Ticks are hundredths of a second; a busy machine may give it few of them.
      await sleep(1000);
      const use = processorUse(ours, readProcessors(nobody, [directory]));
      const strange = processorUse(foreign, readProcessors(nobody, [directory.slice(0, -1)]));
      const own = [...use.byName].filter(([name]) => name !== "harness").reduce((sum, [, cores]) => sum + cores, 0);
      expect(own).toBeGreaterThan(0);
      expect([...strange.byName.keys()]).toEqual(["harness"]);
      expect(use.busyCores).toBeLessThanOrEqual(1.1 * use.cores);
    } finally {
      child.kill("SIGKILL");
      await once(child, "exit");
      await rm(directory, { recursive: true });
    }
  });

  it("counts neither what gives way nor the hypervisor's time as others'", () => {
    const reading = (timeMs: number, busy: number, nice: number, steal: number, ticks: number) => ({
      ...{ timeMs, machine: { busy, nice, steal } },
      processes: new Map([[7, { name: "k6", ticks }]]),
    });
    const use = processorUse(reading(0, 0, 0, 0, 0), reading(10_000, 1500, 400, 100, 600));
    expect([...use.byName]).toEqual([["k6", 0.6]]);
    expect(use.busyCores).toBeCloseTo(1.5);
    expect(use.others * use.cores).toBeCloseTo(0.5);
    expect(use.steal * use.cores).toBeCloseTo(0.1);
  });
});
