/** Carries a search out on a deployment: one window after another, as the search asks for them, until the interval is confirmed or the time is up. */
import { type Loaded, nameLimit } from "../limit.ts";
import { type Judged, judgeWindow, validityLimits } from "../objectives.ts";
import type { Searched, Sustainable } from "../result.ts";
import { nextStep, type Stop, type Tried } from "../search.ts";
import type { SearchStudy } from "../study.ts";
import { closedWindow } from "./closed-window.ts";
import type { Deployment } from "./deployment.ts";
import { searchedOf } from "./point.ts";
import { type Measured, type Measuring, measure } from "./window.ts";

export interface Found {
  readonly searched: readonly Searched[];
  readonly sustainable: Sustainable;
  /** Most successes per second that any window saw, whatever they cost in latency. */
  readonly maximumPerSecond: number;
  /** Where throughput per latency is highest; null: no window counted. */
  readonly kneePerSecond: number | null;
}

interface Window extends Tried {
  readonly measured: Measured;
  readonly judged: Judged;
}

/** No window is begun later than this (ms): with the last one a search takes four minutes at most. */
const searchMs = 220_000;

export async function findCapacity(
  deployment: Deployment,
  measuring: Measuring,
  study: SearchStudy,
  onWindow: (searched: Searched) => void,
): Promise<Found> {
  const began = performance.now();
  const windows: Window[] = [];
  const searched: Searched[] = [];
  const instances = deployment.stack.instances();
  const front = instances.filter(({ role }) => role === deployment.target.frontRole).length;
  // What a process does the first time says nothing of what it carries; then how long work takes with the place to itself.
  await offer(study.search.fromPerSecond, "warm-up");
  const { measured: quiet } = await closedWindow(deployment, measuring, study, {
    name: "alone",
    clients: 1,
    instances: instances.length,
    settings: {},
  });
  for (;;) {
    const late = performance.now() - began > searchMs;
    const step = nextStep(windows, late ? { ...study.search, windows: windows.length } : study.search);
    if (step.kind === "done")
      return conclude(step.stop === "windows used up" && late ? "time used up" : step.stop, step.low?.perSecond, step.high?.perSecond);
    const { perSecond } = step;
    const measured = await offer(perSecond, `window-${windows.length + 1}`);
    const named = nameLimit(loadedOf(measured), loadedOf(quiet), deployment.limits, front);
    const { steal, others } = measured.processors;
    const heldBack = ["pool", "instance limit", "serial section"].includes(named.by);
    const judged = judgeWindow(
      { ...measured.figures, ...measured, steal, others, heldBack, vus: virtualUsers(perSecond, study.objectives.p99Ms) },
      study.objectives,
    );
    windows.push({ perSecond, outcome: judged.outcome, measured, judged });
    const told = searchedOf(measured, perSecond, instances.length, judged, step.why);
    searched.push(told);
    onWindow(told);
  }

  function offer(perSecond: number, name: string): Promise<Measured> {
    return measure(deployment, measuring, {
      ...{ name, load: study.load, window: study.window, offer: { perSecond } },
      vus: virtualUsers(perSecond, study.objectives.p99Ms),
      patienceMs: 1.2 * study.objectives.p99Ms,
      ...(study.streamEveryNth > 0 ? { streams: { creates: study.creates, everyNth: study.streamEveryNth } } : {}),
    });
  }

  function conclude(stop: Stop | "time used up", low: number | undefined, high: number | undefined): Found {
    const counted = windows.filter(({ outcome }) => outcome !== "void");
    const power = counted.map(({ perSecond, measured: { figures } }) => ({ perSecond, power: figures.achievedPerSecond / figures.p95Ms }));
    return {
      searched,
      sustainable: {
        instances: instances.length,
        lowPerSecond: low ?? 0,
        highPerSecond: high ?? null,
        stoppedBecause: sentence(stop),
        limit: limitOf(),
      },
      // What was sustained was carried, even where the last answers fell behind the window's end.
      maximumPerSecond: Math.max(low ?? 0, ...counted.map(({ measured }) => measured.figures.achievedPerSecond)),
      // Kleinrock's power (1979), with the tail in place of the mean.
      kneePerSecond: power.toSorted((a, b) => b.power - a.power)[0]?.perSecond ?? null,
    };
  }

  /** The window that was asked for most shows best what gave in. */
  function limitOf(): Sustainable["limit"] {
    const missed = windows.filter(({ outcome }) => outcome === "missed").toSorted((a, b) => b.perSecond - a.perSecond)[0];
    if (missed) return nameLimit(loadedOf(missed.measured), loadedOf(quiet), deployment.limits, front);
    const last = windows.findLast(({ outcome }) => outcome === "void");
    if (last) return { by: last.measured.processors.others > validityLimits.others ? "unknown" : "generator", evidence: last.judged.voidBecause };
    return { by: "unknown", evidence: "no window missed an objective" };
  }
}

const loadedOf = ({ figures, usage }: Measured): Loaded => ({ achievedPerSecond: figures.achievedPerSecond, p50Ms: figures.p50Ms, usage });

/** Little's law with latencies twice the objective's: a deployment that is slower than that has missed it already. */
function virtualUsers(perSecond: number, p99Ms: number): number {
  return Math.min(1500, Math.ceil((perSecond * 2 * p99Ms) / 1000) + 5);
}

function sentence(stop: Stop | "time used up"): string {
  const why: Record<Stop | "time used up", string> = {
    found: "the interval is as narrow as asked for, and both of its ends are confirmed",
    "highest rate met": "the highest rate that may be offered was met",
    "lowest rate missed": "not even the lowest rate was met",
    generator: "window after window was void",
    "windows used up": "as many windows as allowed were measured",
    "time used up": `${searchMs / 1000} s were over`,
  };
  return why[stop];
}
