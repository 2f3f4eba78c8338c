/** Whether a window kept the objectives, missed them, or says nothing. Noise only ever makes a window worse, so one that kept them needs no excuse and gets none. */
import type { Figures } from "./iterations.ts";
import type { Outcome } from "./search.ts";

/** What a deployment has to keep. Latencies are from the intended start. */
export interface Objectives {
  /** Least share of iterations that succeed. */
  readonly successRatio: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** The oldest work that waits for somebody to take it, at most (95th percentile of the readings, ms). */
  readonly queueAgeMs?: number;
  /** From the moment a run is known to its client to its first event (95th percentile, ms). */
  readonly firstEventMs?: number;
}

/** What a run may not exceed to say anything; beyond it a window is void. */
export const validityLimits = {
  /** Of the arrivals that were asked for. */
  droppedShare: 0.01,
  /** Schedule lag as a share of the p95 objective (SEMANTICS, "History and time"). */
  lagShare: 0.2,
  /** Of the machine's time. */
  steal: 0.05,
  /** Cores that programs other than this run kept busy, as a share of all. */
  others: 0.25,
} as const;

export interface Seen extends Figures {
  readonly arrivals: { readonly wanted: number; readonly began: number };
  /** Virtual users there were. */
  readonly vus: number;
  readonly queueAgeMs: number;
  /** NaN: nobody followed a stream. */
  readonly firstEventMs: number;
  /** Share of the machine's time the hypervisor gave to others, and share that other programs took. */
  readonly steal: number;
  readonly others: number;
  /** A limit other than the processor was seen to be reached: then a busy machine is no excuse. */
  readonly heldBack: boolean;
  /** What is wrong with the record itself. */
  readonly problems: readonly string[];
}

export interface Judged {
  readonly outcome: Outcome;
  /** Which objectives were missed, a sentence each. */
  readonly missed: readonly string[];
  /** Why the window says nothing; "" unless it is void. */
  readonly voidBecause: string;
}

export function judgeWindow(seen: Seen, objectives: Objectives): Judged {
  const all = misses(seen, objectives, seen.p95Ms, seen.p99Ms);
  const certain = misses(seen, objectives, seen.p95FromSentMs, seen.p99FromSentMs);
  const wrong = seen.problems[0] ?? generatorWrong(seen, objectives, certain.length > 0);
  const because = wrong !== "" ? wrong : all.length > 0 && !seen.heldBack ? machineBusy(seen) : "";
  if (because !== "") return { outcome: "void", missed: all, voidBecause: because };
  return { outcome: all.length > 0 ? "missed" : "met", missed: all, voidBecause: "" };
}

function misses(seen: Seen, objectives: Objectives, p95Ms: number, p99Ms: number): readonly string[] {
  const ratio = seen.operations === 0 ? 0 : 1 - seen.errors / seen.operations;
  const limits: readonly (readonly [string, number, number | undefined])[] = [
    ["p95", p95Ms, objectives.p95Ms],
    ["p99", p99Ms, objectives.p99Ms],
    ["queue age", seen.queueAgeMs, objectives.queueAgeMs],
    ["first event", seen.firstEventMs, objectives.firstEventMs],
  ];
  return [
    ...(ratio < objectives.successRatio ? [`${seen.errors} of ${seen.operations} did not succeed`] : []),
    ...limits.flatMap(([what, found, most]) => (most !== undefined && found > most ? [`${what} ${found.toFixed(0)} ms instead of ${most}`] : [])),
  ];
}

/** Why the generator did not offer what it was to offer; "" if it did, or if it was the deployment's slowness that kept it from it. */
function generatorWrong(seen: Seen, { p95Ms }: Objectives, certainlyMissed: boolean): string {
  const { wanted, began } = seen.arrivals;
  const short = 1 - began / wanted;
  // Clients that all wait for their answers cannot begin anything new.
  const kept = seen.openAtMost >= 0.9 * seen.vus;
  if (short > validityLimits.droppedShare && !kept) return `the generator began ${began} of ${wanted} iterations`;
  if (short > validityLimits.droppedShare && !certainlyMissed)
    return `all ${seen.vus} virtual users were busy, and ${began} of ${wanted} iterations began`;
  if (seen.scheduleLagMs > validityLimits.lagShare * p95Ms && !certainlyMissed)
    return `the generator began up to ${seen.scheduleLagMs.toFixed(0)} ms late (99th percentile)`;
  return "";
}

/** Why the machine may be to blame for what was missed; "" if it was quiet enough. */
function machineBusy({ steal, others }: Seen): string {
  if (steal > validityLimits.steal) return `the hypervisor took ${(steal * 100).toFixed(0)} % of the machine's time`;
  if (others > validityLimits.others) return `other programs took ${(others * 100).toFixed(0)} % of the machine's processors`;
  return "";
}
