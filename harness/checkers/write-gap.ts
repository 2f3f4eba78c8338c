/** HA-4, LG-12: how long nothing is acknowledged when the database fails over, over all trials of a run. */
import { ascending, firstNotBelow, quantile } from "../core/stats.ts";
import { type Checker, type Counterexample, conclude } from "../core/verdict.ts";
import { type Injection, injectionsOf } from "./injections.ts";
import { at, concludeBound, ms, toleranceMs } from "./judge.ts";
import { loadEndsAt } from "./load-rate.ts";

export interface WriteGapOptions {
  /** Names of faults. */
  readonly faults: readonly string[];
  /** The operation whose acknowledgement shows that the database takes writes. */
  readonly f: string;
  /** The longest time without one that is allowed (ms) where servers are processes; in containers it is 30 s. */
  readonly withinMs: number;
}

/**
 * In containers the address of a server dies with it. Nobody refuses what is asked there, so its manager's followers wait 2 s for an answer before they promote one of
 * theirs, and whoever connects waits for his own time-out; and a machine with so many containers keeps the managers waiting for their store.
 */
const inContainersMs = 30_000;

/**
 * The longest time without an acknowledged write that begins at each injection, up to the next one. Its distribution over the injections is told; a gap above the bound,
 * or one that never ended, violates.
 */
export function writeGap({ faults, f, withinMs: besideProcessesMs }: WriteGapOptions): Checker {
  return (evidence) => {
    const withinMs = evidence.inContainers ? Math.max(besideProcessesMs, inContainersMs) : besideProcessesMs;
    const acknowledged = ascending(
      evidence.operations.filter((operation) => operation.f === f && operation.outcome === "ok").map(({ completedAt }) => completedAt),
    );
    const all = injectionsOf(evidence.faults);
    // A load that never got a write through had nothing to lose.
    const tried = acknowledged.length === 0 ? [] : all.filter((one) => faults.includes(one.fault) && Number.isFinite(one.bitingAt));
    const asked = loadEndsAt(evidence.operations.filter((operation) => operation.f === f));
    const gaps = tried.map((injection) => gapOf(injection, acknowledged, all, asked));
    const tolerance = toleranceMs(evidence, withinMs);
    const found = gaps.filter(({ lengthMs }) => lengthMs > withinMs + tolerance).map((gap) => counterexample(gap, f, withinMs));
    const lengths = gaps.map(({ lengthMs }) => lengthMs);
    const resolutionMs = quantile(
      acknowledged.slice(1).map((time, i) => time - (acknowledged[i] ?? time)),
      0.5,
    );
    const text = {
      holds: `${gaps.length} failovers: no ${f} was acknowledged for ${ms(quantile(lengths, 0.5))} (median), ${ms(quantile(lengths, 1))} at most (resolution ${ms(resolutionMs)}); ${ms(withinMs)} are allowed.`,
      nothing: "No fault was seen biting after which a write was to be acknowledged again.",
    };
    const numbers =
      gaps.length === 0 || !lengths.every(Number.isFinite)
        ? { failovers: gaps.length }
        : { failovers: gaps.length, gapP50Ms: quantile(lengths, 0.5), gapMaxMs: quantile(lengths, 1), resolutionMs };
    return concludeBound(evidence, withinMs, conclude(`${f} is acknowledged again after a failover`, gaps.length, found, text, numbers));
  };
}

interface Gap {
  readonly injection: Injection;
  readonly from: number;
  readonly lengthMs: number;
}

/** @param asked when a write was asked for last (ms) */
function gapOf(injection: Injection, acknowledged: readonly number[], all: readonly Injection[], asked: number): Gap {
  const next = all.find(({ requestedAt }) => requestedAt > injection.healedAt)?.requestedAt ?? Number.POSITIVE_INFINITY;
  const first = firstNotBelow(acknowledged, injection.requestedAt);
  let longest: Gap = { injection, from: acknowledged[first - 1] ?? injection.requestedAt, lengthMs: 0 };
  for (let i = first; i <= acknowledged.length; i++) {
    const from = acknowledged[i - 1] ?? injection.requestedAt;
    if (from > next) break;
    // The end of the record ends no gap, unless a write was acknowledged since the fault bit: then it goes on for as long as somebody asked.
    const to = acknowledged[i] ?? (from > injection.bitingAt ? Math.max(from, asked) : Number.POSITIVE_INFINITY);
    if (to - from > longest.lengthMs) longest = { injection, from, lengthMs: to - from };
  }
  return longest;
}

function counterexample({ injection, from, lengthMs }: Gap, f: string, withinMs: number): Counterexample {
  const long = Number.isFinite(lengthMs) ? `for ${ms(lengthMs)}` : "any more";
  return {
    time: from,
    text: `No ${f} was acknowledged ${long} from ${at(from)} on, after ${injection.id} at ${at(injection.requestedAt)}; ${ms(withinMs)} are allowed.`,
  };
}
