/** LG-4: throughput grows linearly with queue instances, and each keeps to its number of concurrent runs. */
import type { LedgerEntry } from "../core/records.ts";
import { type Checker, type Counterexample, conclude, type Evidence } from "../core/verdict.ts";
import { byInstance, meanOpen, overLimit } from "./concurrency.ts";
import { injectionsOf } from "./injections.ts";
import { at, outOfReach, toleranceMs } from "./judge.ts";
import { saturated } from "./saturation.ts";
import { sectionsOf } from "./sections.ts";
import { leastWaiting } from "./waiting.ts";

export interface ScalingOptions {
  /** How much less than linear is still linear: 0.1. */
  readonly tolerance?: number;
  /** Left out at the start of each window, while new instances fill up (ms). */
  readonly settleMs?: number;
}

interface Window {
  readonly from: number;
  readonly to: number;
  readonly instances: number;
  readonly perSecond: number;
  /** Mean number of open runs of an instance over the window. */
  readonly meanOpen: number;
  /** Fewest runs that waited for an instance at any time in the window; NaN: unknown. */
  readonly waiting: number;
  /** Why processors and not instances set the throughput; undefined: they did not. */
  readonly saturated: string | undefined;
}

/**
 * Windows lie between the changes of the topology (`scale`); throughput is exits at the ledger. Violated when an instance ever holds more runs than it may, when none ever holds as
 * many as it may although work was waiting, or when throughput falls short of linear although work was waiting or every instance was full. A shortfall without work waiting, or on
 * saturated processors, is inconclusive.
 */
export function scaling({ tolerance = 0.1, settleMs = 2000 }: ScalingOptions = {}): Checker {
  return (evidence) => {
    const property = "throughput grows linearly within the limit of each instance";
    const limit = evidence.constants.runsPerInstance;
    if (limit === undefined) return outOfReach(property, "runsPerInstance");
    const { all } = sectionsOf(evidence.ledger, "run");
    const instances = byInstance(all);
    const over = overLimit(instances, limit, toleranceMs(evidence));
    const windows = windowsOf(evidence, settleMs, tolerance);
    const base = windows[0];
    const single = base ? base.perSecond / base.instances : 0;
    const doubts: string[] = windows.length < 2 ? [`${windows.length} windows with work were seen; two sizes are needed to compare`] : [];
    const short: Counterexample[] = [];
    for (const window of windows) {
      const full = window.meanOpen >= 0.9 * limit;
      const wanted = (1 - tolerance) * window.instances * single;
      if (window.perSecond < wanted && (full || window.waiting > 0)) {
        const waited = window.waiting > 0 ? ` although at least ${window.waiting} runs were waiting all the time` : "";
        const text = `${window.instances} instances completed ${window.perSecond.toFixed(1)} runs/s from ${at(window.from)} to ${at(window.to)}${waited}; linear would be ${(window.instances * single).toFixed(1)}, and ${(tolerance * 100).toFixed(0)} % less is allowed.`;
        if (window.saturated === undefined) short.push({ time: window.from, text });
        else doubts.push(`${window.saturated}, so it decides nothing that ${text}`);
      } else if (!full) {
        doubts.push(
          `${window.instances} instances held ${window.meanOpen.toFixed(1)} of ${limit} runs each on average from ${at(window.from)} to ${at(window.to)}`,
        );
      }
    }
    // A connection that closed counts as open until that was noticed: nobody is accused for one that was.
    const { most } = overLimit(instances, limit, 0);
    if (most < limit && windows.length > 0 && windows.every((window) => window.waiting > 0 && window.saturated === undefined))
      for (const { from, to, waiting } of windows)
        short.push({
          time: from,
          text: `no instance ever had more than ${most} runs open, although ${limit} are allowed and at least ${waiting} were waiting all the time from ${at(from)} to ${at(to)}.`,
        });
    const found = [...over.found, ...short];
    const last = windows[windows.length - 1];
    const text = {
      holds: last
        ? `${last.instances} instances completed ${last.perSecond.toFixed(1)} runs/s, ${(last.perSecond / single).toFixed(2)} times what one does; no instance held more than ${over.most} of ${limit} runs.`
        : "",
      nothing: "The ledger saw no attempt of a run.",
    };
    const check = conclude(property, all.length, found, text, { mostOpenRuns: over.most, runsPerInstance: limit, ...numbersOf(windows, single) });
    if (check.verdict !== "holds" || doubts.length === 0) return check;
    return {
      ...check,
      verdict: "inconclusive",
      summary: `Nothing can be said of what the instances can do: ${doubts.join("; ").replace(/\.$/, "")}.`,
    };
  };
}

/** Whether the process of an instance that was seen before was seen no more from a time on. */
function isTakenAway({ samples }: Evidence, name: string, from: number): boolean {
  const seen = samples.filter(({ source, values }) => source === name && values.rssMb !== undefined);
  return seen.length > 0 && seen.every(({ time }) => time < from);
}

function windowsOf(evidence: Evidence, settleMs: number, tolerance: number): readonly Window[] {
  const { all } = sectionsOf(evidence.ledger, "run");
  const first = all[0];
  if (first === undefined) return [];
  const changes = injectionsOf(evidence.faults).filter((injection) => injection.fault === "scale");
  const lastSeen = lastWork(evidence.ledger);
  const bounds = [{ from: first.enteredAt, to: changes[0]?.requestedAt ?? lastSeen }];
  for (const [i, change] of changes.entries()) bounds.push({ from: change.bitingAt, to: changes[i + 1]?.requestedAt ?? lastSeen });
  const waiting = leastWaiting(evidence);
  const instances = byInstance(all);
  return bounds.flatMap(({ from: start, to }, i) => {
    const from = start + settleMs;
    if (!(to > from) || (evidence.cutOff && i === changes.length)) return [];
    // Whoever has worked and was not taken away is there to work: one that takes nothing any more is one of them.
    const there = [...instances].filter(([name, sections]) => sections.some(({ enteredAt }) => enteredAt < to) && !isTakenAway(evidence, name, from));
    if (!all.some(({ enteredAt }) => enteredAt >= from && enteredAt < to)) return [];
    const exits = all.reduce((count, { end, endAt }) => count + (end === "exit" && endAt >= from && endAt < to ? 1 : 0), 0);
    const open = there.reduce((total, [, sections]) => total + meanOpen(sections, from, to), 0) / there.length;
    const perSecond = (exits * 1000) / (to - from);
    // Little's law: what a run took on average. Timers that lag by the tolerated share of it explain a miss of the tolerance.
    const runMs = (1000 * open * there.length) / perSecond;
    const names = new Set(there.map(([name]) => name));
    const why = saturated({ samples: evidence.samples, from, to, instances: (source) => names.has(source), lagMs: tolerance * runMs });
    return [{ from, to, instances: there.length, perSecond, meanOpen: open, waiting: waiting(from, to), saturated: why }];
  });
}

/** The last enter (ms): after it the load has dried up, and what is counted would be the draining. */
function lastWork(ledger: readonly LedgerEntry[]): number {
  return sectionsOf(ledger, "run").all.reduce((last, { enteredAt }) => Math.max(last, enteredAt), 0);
}

function numbersOf(windows: readonly Window[], single: number): Record<string, number> {
  const numbers: Record<string, number> = {};
  for (const { instances, perSecond, meanOpen: open } of windows) {
    numbers[`throughputOn${instances}PerSecond`] = perSecond;
    numbers[`linearRatioOn${instances}`] = single > 0 ? perSecond / (instances * single) : 0;
    numbers[`meanOpenRunsOn${instances}`] = open;
  }
  return numbers;
}
