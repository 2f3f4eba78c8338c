/** A measured window as the result tells it. */
import type { Judged } from "../objectives.ts";
import type { Point, Searched } from "../result.ts";
import type { Measured } from "./window.ts";

/** JSON has neither NaN nor Infinity. */
const finite = (value: number): number => (Number.isFinite(value) ? Math.round(value * 1000) / 1000 : 0);

export function pointOf(measured: Measured, about: Pick<Point, "instances" | "offeredPerSecond" | "clients">, voidBecause: string): Point {
  const { figures, processors, seconds, droppedIterations } = measured;
  return {
    ...about,
    achievedPerSecond: finite(figures.achievedPerSecond),
    ...{ p50Ms: finite(figures.p50Ms), p95Ms: finite(figures.p95Ms), p99Ms: finite(figures.p99Ms) },
    ...{ operations: figures.operations, errors: figures.errors, seconds: finite(seconds) },
    counts: Object.fromEntries(Object.entries(measured.counts).map(([name, count]) => [name, finite(count)])),
    validity: {
      scheduleLagMs: finite(figures.scheduleLagMs),
      droppedIterations,
      generatorCores: finite(processors.byName.get("k6") ?? 0),
      steal: finite(processors.steal),
      voidBecause,
    },
  };
}

export function searchedOf(measured: Measured, offeredPerSecond: number, instances: number, judged: Judged, why: string): Searched {
  const { processors } = measured;
  return {
    ...pointOf(measured, { instances, offeredPerSecond, clients: null }, judged.voidBecause),
    ...{ why, outcome: judged.outcome, missed: judged.missed },
    queueAgeMs: finite(measured.queueAgeMs),
    firstEventMs: Number.isFinite(measured.firstEventMs) ? finite(measured.firstEventMs) : null,
    busyCores: finite(processors.busyCores),
    cores: {
      ...Object.fromEntries([...processors.byName].map(([name, cores]) => [name, finite(cores)])),
      others: finite(processors.others * processors.cores),
    },
  };
}
