/** Operations and backlog readings -> the buckets of the joint timeline and the service windows around faults. Streaming: each operation is seen once and forgotten. */
import { bucketWidthMs, histograms } from "./buckets.ts";
import { bandEnd } from "./fault-bands.ts";
import type { FaultBand, Recorded, ServiceWindow, Timeline } from "./model.ts";
import type { Completed } from "./operations.ts";

export interface TimelineWriter {
  operation(done: Omit<Completed, "invokedAt" | "unknown">): void;
  backlog(time: number, oldestMs: number): void;
  /** An instance's reading of its own pool. */
  pool(time: number, instance: string, inUse: number, waiting: number): void;
  finish(): Pick<Recorded, "timeline" | "windows" | "longestGap" | "operations">;
}

const windowsAtMost = 24;
const poolsAtMost = 64;
const silenceMs = 2000;

/** @param operations how many timed operations to expect, which sets the width of the buckets */
export function startTimeline(lengthMs: number, operations: number, bands: readonly FaultBand[], bucketsAtMost: number): TimelineWriter {
  const bucketMs = bucketWidthMs(lengthMs, operations, bucketsAtMost);
  const buckets = Math.max(1, Math.ceil(lengthMs / bucketMs));
  const served = new Uint32Array(buckets);
  const shed = new Uint32Array(buckets);
  const errors = new Uint32Array(buckets);
  const latencies = histograms(buckets);
  const series = (): (number | null)[] => new Array(buckets).fill(null);
  const raise = (of: (number | null)[], bucket: number, value: number): void => {
    if (bucket >= 0) of[bucket] = Math.max(of[bucket] ?? 0, value);
  };
  const [oldest, inUse, waiting] = [series(), series(), series()];
  const pools = new Map<string, { readonly time: number; readonly inUse: number; readonly waiting: number }>();
  const windows = serviceWindows(lengthMs, bands).map((window) => ({
    ...window,
    operations: 0,
    served: 0,
    shed: 0,
    errors: 0,
    maxMs: null as number | null,
  }));
  const windowLatencies = histograms(windows.length);
  const bucketOf = (time: number): number => (time >= 0 && time <= lengthMs ? Math.min(buckets - 1, Math.floor(time / bucketMs)) : -1);
  let seen = 0;
  let lastServedAt: number | null = null;
  let longestGap: Recorded["longestGap"] = null;

  return {
    operation({ intendedAt, timed, answeredAt, served: how }) {
      seen += 1;
      const latencyMs = Math.max(0, answeredAt - intendedAt);
      const answered = bucketOf(answeredAt);
      if (answered >= 0) {
        const counts = how === "yes" ? served : how === "shed" ? shed : errors;
        counts[answered] = (counts[answered] ?? 0) + 1;
      }
      const intended = bucketOf(intendedAt);
      if (intended >= 0 && timed && how === "yes") latencies.add(intended, latencyMs);
      if (how === "yes" && (lastServedAt === null || answeredAt > lastServedAt)) {
        const gapMs = lastServedAt === null ? 0 : answeredAt - lastServedAt;
        if (lastServedAt !== null && gapMs > (longestGap ? longestGap.to - longestGap.from : 0)) longestGap = { from: lastServedAt, to: answeredAt };
        lastServedAt = answeredAt;
      }
      windows.forEach((window, row) => {
        if (intendedAt < window.from || intendedAt >= window.to) return;
        window.operations += 1;
        window[how === "yes" ? "served" : how === "shed" ? "shed" : "errors"] += 1;
        if (how !== "yes" || !timed) return;
        windowLatencies.add(row, latencyMs);
        window.maxMs = Math.max(window.maxMs ?? 0, latencyMs);
      });
    },
    backlog(time, oldestMs) {
      raise(oldest, bucketOf(time), oldestMs);
    },
    pool(time, instance, taken, queued) {
      if (pools.size < poolsAtMost || pools.has(instance)) pools.set(instance, { time, inUse: taken, waiting: queued });
      // An instance that has said nothing for a while is not there.
      const live = [...pools.values()].filter((one) => time - one.time <= silenceMs);
      const sum = (of: (one: (typeof live)[number]) => number): number => live.reduce((all, one) => all + of(one), 0);
      const bucket = bucketOf(time);
      raise(
        inUse,
        bucket,
        sum((one) => one.inUse),
      );
      raise(
        waiting,
        bucket,
        sum((one) => one.waiting),
      );
    },
    finish() {
      const timeline: Timeline = {
        bucketMs,
        buckets,
        servedPerSecond: Array.from(served, (count) => round((count * 1000) / bucketMs)),
        shedPerSecond: Array.from(shed, (count) => round((count * 1000) / bucketMs)),
        errorPercent: Array.from(errors, (count, i) => {
          const all = count + (served[i] ?? 0) + (shed[i] ?? 0);
          return all === 0 ? null : round((100 * count) / all);
        }),
        p50Ms: quantiles(0.5),
        p95Ms: quantiles(0.95),
        p99Ms: quantiles(0.99),
        backlogOldestMs: oldest.map(nullable),
        poolInUse: inUse,
        poolWaiting: waiting,
      };
      const empty = seen === 0 && oldest.every((ms) => ms === null) && bands.length === 0;
      return { timeline: empty ? null : timeline, windows: seen === 0 ? [] : windows.map(withQuantiles), longestGap, operations: seen };
    },
  };

  function quantiles(q: number): (number | null)[] {
    return Array.from({ length: buckets }, (_, row) => nullable(latencies.quantile(row, q)));
  }

  function withQuantiles(window: Omit<ServiceWindow, "p50Ms" | "p95Ms" | "p99Ms">, row: number): ServiceWindow {
    const most = window.maxMs ?? 0;
    const of = (q: number): number | null => {
      const value = windowLatencies.quantile(row, q);
      return value === null ? null : round(Math.min(value, most));
    };
    return { ...window, maxMs: nullable(window.maxMs), p50Ms: of(0.5), p95Ms: of(0.95), p99Ms: of(0.99) };
  }
}

/** Before the first fault, each fault from its request to its heal, after the last. Without faults: the whole experiment. */
function serviceWindows(lengthMs: number, bands: readonly FaultBand[]): { name: string; from: number; to: number }[] {
  const first = bands[0];
  if (!first) return [{ name: "Whole experiment", from: 0, to: lengthMs }];
  const shown = bands.slice(0, windowsAtMost);
  const healed = bands.reduce((latest, band) => Math.max(latest, bandEnd(band, lengthMs)), 0);
  const last = Math.min(lengthMs, healed);
  const during = shown.map((band) => ({
    name: `During ${band.id} on ${band.on}`,
    from: band.requestedAt,
    to: Math.min(lengthMs, bandEnd(band, lengthMs)),
  }));
  const all = [
    { name: "Before the first fault", from: 0, to: first.requestedAt },
    ...during,
    { name: "After the last fault", from: last, to: lengthMs },
  ];
  return all.filter((window) => window.to > window.from);
}

function round(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}

function nullable(value: number | null): number | null {
  return value === null ? null : round(value);
}
