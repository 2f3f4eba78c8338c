/** Verdicts and how they combine. See SEMANTICS: violated outranks inconclusive; "not tried" and "out of reach" do not affect the exit status. */
import type { Json, Operation } from "./history.ts";
import type { FaultEvent, LedgerEntry, Notice, ResourceWrite, Sample, Transition } from "./records.ts";
import type { TargetConstants } from "./target.ts";

export type Verdict = "holds" | "violated" | "inconclusive" | "out of reach" | "not tried";

/** Everything recorded of one experiment, read back from its files. */
export interface Evidence {
  readonly operations: readonly Operation[];
  readonly ledger: readonly LedgerEntry[];
  readonly transitions: readonly Transition[];
  readonly writes: readonly ResourceWrite[];
  readonly faults: readonly FaultEvent[];
  readonly samples: readonly Sample[];
  /** Empty where nobody is told of anything. */
  readonly notices: readonly Notice[];
  readonly constants: TargetConstants;
  /** When recording ended: what is open then is unknown. */
  readonly endsAt: number;
  /** The recorder was killed there: nobody waited for anything, so only what can be judged without the rest is. */
  readonly cutOff: boolean;
  /** Events of different clocks are ordered only when further apart than this (ms). */
  readonly deltaMs: number;
  /** Largest timer lag of the harness and of undisturbed instances while recording (ms): a bound missed by less than it stays open. */
  readonly lagMs: number;
  /** The load's schedule, as far as it has one: operations per second by `f`. */
  readonly scheduledPerSecond: number;
  /** Every server had a container with an address of its own. */
  readonly inContainers?: boolean;
}

/** One thing that contradicts a property: a sentence a sceptic can check against the files, and where on the timeline it lies. */
export interface Counterexample {
  readonly time: number;
  /** Where it was seen over some time, the end of that. */
  readonly until?: number;
  readonly text: string;
}

/** A checker's answer. */
export interface Check {
  /** Name of the property: "one live attempt at a time". */
  readonly property: string;
  readonly verdict: Verdict;
  /** One sentence with the numbers that decided. */
  readonly summary: string;
  /** How many things were looked at; 0 is always inconclusive. */
  readonly examined: number;
  /** How many counterexamples there were in all. */
  readonly count: number;
  /** As long as it is judged, so many that what excuses some can be told from what excuses all; in a report the smallest evidence: first, worst, last. */
  readonly counterexamples: readonly Counterexample[];
  /** Figures for the report, unit last in the name: `requeueMaxMs`. */
  readonly numbers: Readonly<Record<string, number>>;
}

export type Checker = (evidence: Evidence) => Check;

/** A moment at which a situation was met: a sentence that can be looked up in the files, and where on the timeline it lies. */
interface Sighting {
  readonly time: number;
  readonly text: string;
}

/**
 * A situation that a good suite meets now and then ("sometimes assertions" in Antithesis's words). That it was met makes a claim that holds mean more; that it
 * never was is weak coverage, and accuses nobody.
 */
export interface Situation {
  /** In words: "an instance was killed while it held a lock". */
  readonly what: string;
  /** Only what certainly was so, within the uncertainty of the clocks. */
  sightings(evidence: Evidence): readonly Sighting[];
}

/** What one experiment saw of a situation. */
export interface SituationSeen {
  /** The situation's file. */
  readonly id: string;
  readonly what: string;
  readonly count: number;
  /** null: never. */
  readonly first: Sighting | null;
}

/** Operations by their outcome. */
export interface OutcomeCounts {
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
}

/** One fault and one kind of operation: what became of those that were wanted before it, during it and after it. */
export interface CoverageRow {
  /** `kill#1` */
  readonly injection: string;
  readonly fault: string;
  readonly on: string;
  /** The operation's name in the target's protocol. */
  readonly operation: string;
  readonly before: OutcomeCounts;
  readonly during: OutcomeCounts;
  readonly after: OutcomeCounts;
  /** Successes that each of the three needs for the experiment's verdicts to mean anything; 0: none. */
  readonly least: number;
}

export interface ClaimVerdict {
  readonly claim: string;
  readonly verdict: Verdict;
  /** Why, in one sentence. */
  readonly summary: string;
  readonly checks: readonly Check[];
}

const rank: Record<Verdict, number> = { "not tried": 0, "out of reach": 1, holds: 2, inconclusive: 3, violated: 4 };

/** The verdict that stands when several bear on one claim: the worst; "not tried" for none. */
export function combine(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>((worst, next) => (rank[next] > rank[worst] ? next : worst), "not tried");
}

/** Exit status of a suite: 0 all hold, 1 a claim violated, 2 something inconclusive. */
export function exitStatus(verdicts: readonly Verdict[]): 0 | 1 | 2 {
  const worst = combine(verdicts);
  return worst === "violated" ? 1 : worst === "inconclusive" ? 2 : 0;
}

/** A check from its counterexamples: violated when there is one, inconclusive when nothing was examined, else it holds. */
export function conclude(
  property: string,
  examined: number,
  counterexamples: readonly Counterexample[],
  text: { readonly holds: string; readonly nothing: string },
  numbers: Readonly<Record<string, number>> = {},
): Check {
  const count = counterexamples.length;
  const first = counterexamples[0];
  const verdict: Verdict = count > 0 ? "violated" : examined === 0 ? "inconclusive" : "holds";
  const more = count > 1 ? ` (${count - 1} more)` : "";
  const summary = first ? first.text + more : examined === 0 ? text.nothing : text.holds;
  return { property, verdict, summary, examined, count, counterexamples: spread(counterexamples, keptWhileJudging), numbers };
}

/** More of them tell nothing that these do not: each is held against all readings of the run. */
const keptWhileJudging = 1000;

/** The first with the worst verdict, of checks of one property that each have a bound of their own: what excuses one of them does not excuse the others. */
export function gravest(checks: readonly [Check, ...Check[]]): Check {
  const worst = combine(checks.map(({ verdict }) => verdict));
  return checks.find(({ verdict }) => verdict === worst) ?? checks[0];
}

/** The check with first, middle and last of its counterexamples, which checkers order by time or put the worst of in the middle: enough to see, never a flood. */
export function abridged(check: Check): Check {
  return { ...check, counterexamples: spread(check.counterexamples, 3) };
}

/** So many at most of a list, evenly, the first and the last among them. */
function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, i) => all[Math.ceil((i * (all.length - 1)) / (most - 1))] as T);
}

/** What `verdict.json` of an experiment holds. */
export interface ExperimentVerdict {
  readonly experiment: string;
  readonly title: string;
  readonly seed: number;
  readonly startedAt: string;
  readonly durationMs: number;
  /** The one command that repeats it. */
  readonly repeat: string;
  /** Id of the planted defect, or "". */
  readonly defect: string;
  readonly claims: readonly ClaimVerdict[];
  /** Checks of the experiment itself, not of the target: faults bit, enough operations, steady state, a valid history. */
  readonly assumptions: readonly Check[];
  /** Fault by operation by phase. */
  readonly coverage: readonly CoverageRow[];
  /** Situations that were looked for. */
  readonly sometimes: readonly SituationSeen[];
  /** Facts about the load: scheduled and achieved rate, dropped iterations, schedule lag. */
  readonly load: Readonly<Record<string, number>>;
  /** Set when the experiment could not be carried out: a sentence. All its claims are then inconclusive. */
  readonly failure: string;
  readonly details?: Json;
}

/** What the suite's `verdict.json` holds. */
export interface SuiteVerdict {
  readonly version: 1;
  readonly tool: string;
  readonly seed: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly commit: string;
  readonly target: string;
  readonly driver: string;
  readonly defect: string;
  readonly defectWhat: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly exit: number;
  readonly claims: readonly {
    readonly id: string;
    readonly statement: string;
    readonly document: string;
    /** Where the document is wrong: what it says, and what can hold; "" else. */
    readonly documented: string;
    readonly corrected: string;
    readonly verdict: Verdict;
    readonly summary: string;
    /** Why no experiment of this run tried it, in a word or two that group such claims; "" where one did. */
    readonly untried: string;
    readonly decidedBy: readonly string[];
  }[];
  /** Situations over all experiments of the run; one that was never met is weak coverage. */
  readonly sometimes: readonly { readonly id: string; readonly what: string; readonly count: number; readonly seenIn: readonly string[] }[];
  readonly experiments: readonly ExperimentVerdict[];
}
