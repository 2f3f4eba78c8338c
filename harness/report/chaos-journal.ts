/** An experiment as the journal of a Chaos Toolkit run, for tools that read those (chaostoolkit.org, "Experiment Journal"). Pure. */
import { type Check, combine, type ExperimentVerdict, type Verdict } from "../core/verdict.ts";
import type { FaultBand } from "./model.ts";
import { clip, oneLine, shorten } from "./text.ts";

interface Activity {
  readonly type: "action" | "probe";
  readonly name: string;
  readonly provider: { readonly type: "process"; readonly path: string; readonly arguments: readonly string[] };
  /** Of probes of the hypothesis. */
  readonly tolerance?: "holds";
}

interface Result {
  readonly activity: Activity;
  readonly status: "succeeded" | "failed";
  readonly start: string;
  readonly end: string;
  readonly duration: number;
  readonly output: string | null;
  readonly tolerance_met?: boolean;
}

interface SteadyState {
  readonly steady_state_met: boolean;
  readonly probes: readonly Result[];
}

export interface Journal {
  /** The library whose journals look like this one. */
  readonly "chaoslib-version": string;
  readonly platform: string;
  readonly experiment: Readonly<Record<string, unknown>>;
  readonly start: string;
  readonly end: string;
  readonly duration: number;
  readonly status: "completed" | "failed" | "interrupted";
  readonly deviated: boolean;
  readonly steady_states: { readonly before: SteadyState | null; readonly after: SteadyState | null; readonly during: readonly never[] };
  readonly run: readonly Result[];
  readonly rollbacks: readonly Result[];
}

/**
 * Faults are the method, their heals the rollbacks, claims the probes of the steady state after it: a violated claim is a deviation, and an inconclusive one a
 * probe that failed, which is never a deviation. Times are RFC 3339 in UTC, durations seconds. Each activity names the one command that carries all of them out.
 * @param statements of the claims, by id
 */
export function journalOf(
  experiment: ExperimentVerdict,
  bands: readonly FaultBand[],
  about: { readonly platform: string; readonly statements: ReadonlyMap<string, string> },
): Journal {
  const began = Number.isNaN(Date.parse(experiment.startedAt)) ? 0 : Date.parse(experiment.startedAt);
  const iso = (ms: number): string => new Date(began + Math.min(Math.max(0, ms), 1e12)).toISOString();
  const result = (activity: Activity, done: boolean, fromMs: number, toMs: number, output: string): Result => ({
    ...{ activity, status: done ? ("succeeded" as const) : ("failed" as const), start: iso(fromMs), end: iso(toMs) },
    ...{ duration: Math.max(0, toMs - fromMs) / 1000, output: output === "" ? null : output },
  });
  const [command = "", ...args] = oneLine(clip(experiment.repeat, 1000)).split(" ");
  const activity = (type: Activity["type"], name: string): Activity => ({
    ...{ type, name: shorten(name, 300), provider: { type: "process", path: command, arguments: args } },
  });
  const probe = (name: string, verdict: Verdict, says: string, at: number): Result => ({
    ...result(
      { ...activity("probe", name), tolerance: "holds" },
      verdict === "holds" || verdict === "violated",
      at,
      at,
      clip(`${verdict}: ${says}`, 2000),
    ),
    tolerance_met: verdict === "holds",
  });
  const { durationMs, claims, assumptions, failure } = experiment;
  const steady = (probes: readonly Result[]): SteadyState | null =>
    probes.length === 0 ? null : { steady_state_met: probes.every(({ tolerance_met }) => tolerance_met === true), probes };
  const firstAt = bands.reduce((first, { requestedAt }) => Math.min(first, requestedAt), durationMs);
  const isBefore = ({ property }: Check): boolean => property.includes("before the first fault");
  const before = steady(assumptions.filter(isBefore).map(({ property, verdict, summary }) => probe(property, verdict, summary, firstAt)));
  const after = steady(
    claims.map(({ claim, verdict, summary }) => probe(`${claim} ${about.statements.get(claim) ?? ""}`, verdict, summary, durationMs)),
  );
  const run = bands.map((band) => {
    const bit = band.bitingAt !== null;
    return result(
      activity("action", `${band.fault} of ${band.on} (${band.id})`),
      bit,
      band.requestedAt,
      band.bitingAt ?? band.requestedAt,
      band.biteEvidence,
    );
  });
  const rollbacks = bands.map((band) => {
    const from = band.healingAt ?? band.requestedAt;
    return result(
      activity("action", `heal ${band.fault} of ${band.on} (${band.id})`),
      band.healedAt !== null,
      from,
      band.healedAt ?? from,
      band.healEvidence,
    );
  });
  const worst = combine([...claims.map(({ verdict }) => verdict), ...(failure === "" ? [] : (["inconclusive"] as const))]);
  const probes = [...(before?.probes ?? []), ...(after?.probes ?? [])].map((one) => one.activity);
  return {
    "chaoslib-version": "1.44.0",
    platform: shorten(about.platform, 200),
    experiment: {
      title: shorten(experiment.title, 300),
      description: `runproof's experiment ${shorten(experiment.experiment, 100)}, seed ${experiment.seed}. Every activity is carried out by the one command that its provider names.`,
      tags: claims.map(({ claim }) => shorten(claim, 60)),
      "steady-state-hypothesis": { title: "The claims hold", probes },
      method: run.map((one) => one.activity),
      rollbacks: rollbacks.map((one) => one.activity),
    },
    ...{ start: iso(0), end: iso(durationMs), duration: durationMs / 1000 },
    status: failure === "interrupted" ? "interrupted" : worst === "inconclusive" ? "failed" : "completed",
    deviated: worst === "violated",
    steady_states: { before, after, during: [] },
    ...{ run, rollbacks },
  };
}
