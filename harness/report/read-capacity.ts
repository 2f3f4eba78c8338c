/** capacity.json of a run directory -> what the page draws of it; null where there is none, or none of the version that is known. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CapacityResult, Point } from "../capacity/result.ts";
import type { CapacityRun } from "./model.ts";
import { clip } from "./text.ts";

const windowsAtMost = 200;

export async function readCapacity(directory: string): Promise<CapacityRun | null> {
  const text = await readFile(join(directory, "capacity.json"), "utf8").catch(() => null);
  const result = text === null ? null : parsed(text);
  if (result?.version !== 1 || !Array.isArray(result.searched) || !Array.isArray(result.scaling)) return null;
  const { sustainable } = result;
  return {
    searched: result.searched.filter(isPoint).slice(0, windowsAtMost),
    scaling: result.scaling.filter(isPoint).slice(0, windowsAtMost),
    sustainable: sustainable && {
      ...sustainable,
      stoppedBecause: clip(sustainable.stoppedBecause, 300),
      limit: { by: sustainable.limit.by, evidence: clip(sustainable.limit.evidence, 300) },
    },
    objectives: result.objectives,
    settings: result.settings,
    law: null,
  };
}

function parsed(text: string): CapacityResult | null {
  try {
    return JSON.parse(text) as CapacityResult | null;
  } catch {
    return null;
  }
}

function isPoint(point: Point): boolean {
  return [point.achievedPerSecond, point.p50Ms, point.p95Ms, point.p99Ms].every(Number.isFinite) && typeof point.validity?.voidBecause === "string";
}
