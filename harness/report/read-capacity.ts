/** capacity.json of a run directory -> what the page draws of it; null where there is none, or none of the version that is known. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CapacityReport, Point } from "../capacity/result.ts";
import { fitUsl, peak, predict } from "../capacity/usl.ts";
import { seeded } from "../core/random.ts";
import type { SuiteVerdict } from "../core/verdict.ts";
import type { CapacityRun, FittedLaw } from "./model.ts";
import { clip, grouped, oneLine } from "./text.ts";

const windowsAtMost = 200;
const curvePoints = 24;

export async function readCapacity(directory: string): Promise<CapacityRun | null> {
  const result = await resultIn(directory);
  if (result === null) return null;
  const { sustainable, underFaults } = result;
  return {
    searched: result.searched.filter(isPoint).slice(0, windowsAtMost),
    scaling: result.scaling.filter(isPoint).slice(0, windowsAtMost),
    sustainable: sustainable && {
      ...sustainable,
      stoppedBecause: clip(sustainable.stoppedBecause, 300),
      limit: { by: sustainable.limit.by, evidence: clip(sustainable.limit.evidence, 300) },
    },
    ...{ maximumPerSecond: result.maximumPerSecond, kneePerSecond: result.kneePerSecond, targetPerSecond: result.targetPerSecond },
    ...{ objectives: result.objectives, settings: result.settings, rates: result.rates, against: result.against, underFaults },
    others: (result.searches ?? [])
      .slice(1)
      .map((one) => ({ title: clip(one.title, 200), sustainable: one.sustainable, maximumPerSecond: one.maximumPerSecond })),
    law: lawOf(result.scaling.filter(isPoint).filter(isValid), result.seed),
  };
}

/** The verdict of a run that measured capacity and carried out no experiment; null where there is none. */
export async function capacitySuite(directory: string): Promise<SuiteVerdict | null> {
  const result = await resultIn(directory);
  if (result === null) return null;
  const { startedAt, seed, commit, target, machine, exit } = result;
  return {
    ...{ version: 1, tool: "runproof", startedAt, seed, commit, target, exit, driver: "process", durationMs: 0, defect: "", defectWhat: "" },
    environment: Object.fromEntries(Object.entries(machine).map(([name, value]) => [name, String(value)])),
    claims: result.claims.map(({ id, study, verdict, summary }) => ({
      ...{ id, verdict, summary, statement: "", document: `study ${study}`, documented: "", corrected: "", untried: "", decidedBy: [study] },
    })),
    sometimes: [],
    experiments: [],
  };
}

export function isValid({ validity }: Point): boolean {
  return validity.voidBecause === "";
}

async function resultIn(directory: string): Promise<CapacityReport | null> {
  try {
    const result = JSON.parse(await readFile(join(directory, "capacity.json"), "utf8")) as CapacityReport | null;
    return result?.version === 1 && Array.isArray(result.searched) && Array.isArray(result.scaling) ? result : null;
  } catch {
    return null;
  }
}

function isPoint(point: Point): boolean {
  return [point.achievedPerSecond, point.p50Ms, point.p95Ms, point.p99Ms].every(Number.isFinite) && typeof point.validity?.voidBecause === "string";
}

/** Fitted to the valid windows only, and drawn no farther than it may be believed. */
function lawOf(points: readonly Point[], seed: number): FittedLaw | null {
  if (points.length === 0) return null;
  const fit = fitUsl(
    points.map(({ instances, achievedPerSecond }) => ({ instances, perSecond: achievedPerSecond })),
    seeded(seed, "report"),
  );
  if (typeof fit === "string") return { why: oneLine(fit) };
  const most = fit.largestInstances * 2;
  const curve = Array.from({ length: curvePoints }, (_, i) => 1 + ((most - 1) * i) / (curvePoints - 1)).flatMap((instances) => {
    const at = predict(fit, instances);
    return at ? [{ instances, value: at.value, low: at.low, high: at.high }] : [];
  });
  const top = peak(fit).instances;
  const told = (["lambda", "sigma", "kappa"] as const)
    .map((name) => `${name} ${short(fit[name].value)} (${short(fit[name].low)} to ${short(fit[name].high)})`)
    .join(", ");
  return {
    curve,
    told: `${told}; ${Number.isFinite(top.value) ? `peak at ${grouped(top.value)} instances` : "no peak in sight"}. Drawn up to twice the largest number that was measured.`,
  };
}

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "unbounded";
}
