/** Lines for the terminal, each figure with what tells whether it can be believed. */
import type { GrowthJudged } from "../growth.ts";
import type { CapacityReport, DecidedClaim, Point, Searched } from "../result.ts";
import { peak } from "../usl.ts";

/** How the generator and the machine did: printed with every figure. */
function validityText({ validity: { scheduleLagMs, droppedIterations, generatorCores, steal } }: Point): string {
  return `lag ${scheduleLagMs.toFixed(0)} ms, dropped ${droppedIterations}, k6 ${generatorCores.toFixed(2)} cores, steal ${(steal * 100).toFixed(1)} %`;
}

const figure = (value: number, width: number, digits = 0): string => value.toFixed(digits).padStart(width);

function measuredText({ achievedPerSecond, p50Ms, p95Ms, p99Ms }: Point): string {
  return `${figure(achievedPerSecond, 7, 1)}/s  p50 ${figure(p50Ms, 5)}  p95 ${figure(p95Ms, 5)}  p99 ${figure(p99Ms, 5)} ms`;
}

export function searchedText(window: Searched): string {
  const because = window.outcome === "void" ? window.validity.voidBecause : window.missed.join("; ");
  const offered = `${window.why.padEnd(8)} ${figure(window.offeredPerSecond ?? 0, 6, 1)}/s`;
  const others = `others ${(window.cores.others ?? 0).toFixed(2)}`;
  return `  ${offered} ${measuredText(window)}  ${window.outcome.padEnd(6)}  [${validityText(window)}, ${others}]${because === "" ? "" : `  ${because}`}`;
}

export function pointText(point: Point): string {
  const offered = point.clients === null ? `${figure(point.offeredPerSecond ?? 0, 6, 1)}/s` : `${figure(point.clients, 4)} clients`;
  const because = point.validity.voidBecause === "" ? "" : `  void: ${point.validity.voidBecause}`;
  return `  ${figure(point.instances, 2)} instances ${offered} ${measuredText(point)}  [${validityText(point)}]${because}`;
}

export function claimText({ id, verdict, summary }: DecidedClaim): string {
  return `  ${id} ${verdict}: ${summary}`;
}

type Found = Pick<CapacityReport, "sustainable" | "maximumPerSecond" | "kneePerSecond">;

export function sustainableLines({ sustainable, maximumPerSecond, kneePerSecond }: Found, targetPerSecond: number | null): readonly string[] {
  if (sustainable === null) return [];
  const { lowPerSecond, highPerSecond, stoppedBecause, limit } = sustainable;
  const between = highPerSecond === null ? "nothing above it was seen to fail" : `${highPerSecond}/s failed`;
  const reached =
    targetPerSecond === null ? [] : [`  target       ${targetPerSecond}/s: ${targetText(targetPerSecond, lowPerSecond, highPerSecond)}`];
  return [
    lowPerSecond === 0 ? "  sustainable  unknown: no window kept the objectives" : `  sustainable  ${lowPerSecond}/s (${between})`,
    `  maximum      ${maximumPerSecond?.toFixed(1) ?? "unknown"}/s, whatever the latency; knee at ${kneePerSecond ?? "unknown"}/s`,
    ...reached,
    `  limit        ${limit.by}: ${limit.evidence}`,
    `  stopped      ${stoppedBecause}`,
  ];
}

function targetText(target: number, low: number, high: number | null): string {
  if (target <= low) return "within what is sustainable";
  return high !== null && target >= high ? "more than this deployment sustains" : "between what was met and what failed: unknown";
}

export function fitText({ fit }: GrowthJudged): string {
  if (!fit) return "The scalability law could not be fitted.";
  const { lambda, sigma, kappa } = fit;
  const at = peak(fit);
  const told = [lambda, sigma, kappa].map(({ value, low, high }) => `${value.toPrecision(3)} (${low.toPrecision(3)} to ${high.toPrecision(3)})`);
  const top = Number.isFinite(at.instances.value) ? `throughput peaks at ${at.instances.value.toFixed(1)} instances` : "throughput has no peak";
  const beyond = at.perSecond === null ? ", which lies beyond what may be predicted" : ` with ${at.perSecond.value.toFixed(1)}/s`;
  return `lambda ${told[0]}/s, sigma ${told[1]}, kappa ${told[2]}: ${top}${Number.isFinite(at.instances.value) ? beyond : ""}`;
}
