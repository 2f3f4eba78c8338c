/** One run as one line of the trend: what is worth comparing from night to night, a few KB whatever the run's size. */
import { combine, type SuiteVerdict, type Verdict } from "../../core/verdict.ts";
import { meanTimeToRepairMs, type Throughput, throughputsOf } from "../headline.ts";
import { clip } from "../text.ts";

/** How many planted defects were seen. */
export interface DetectionRate {
  readonly caught: number;
  readonly planted: number;
  /** Ids of those that nothing saw. */
  readonly survived: readonly string[];
}

export interface TrendLine {
  readonly version: 1;
  /** The run's directory. */
  readonly run: string;
  /** Where its report is: a path from the trend's own page, or an address. */
  readonly link: string;
  readonly startedAt: string;
  readonly commit: string;
  readonly seed: number;
  /** Id of the planted defect: what such a run finds says nothing of the code as it is. */
  readonly defect: string;
  readonly exit: number;
  readonly durationMs: number;
  /** Of claims that were tried. */
  readonly claims: Readonly<Record<string, Verdict>>;
  /** By the trial's folder: a digest of the code it depends on ("" where nobody knows it) and its verdicts. */
  readonly experiments: Readonly<Record<string, { readonly code: string; readonly claims: Readonly<Record<string, Verdict>> }>>;
  /** null: clients saw no failure. */
  readonly mttrMs: number | null;
  readonly throughputs: readonly Throughput[];
  /** null: no defects were planted with this commit. */
  readonly detection: DetectionRate | null;
  /** Highest rates within the objectives that a capacity run of this commit confirmed (per second), by what was measured. Lines of earlier versions have none. */
  readonly capacity?: Readonly<Record<string, number>>;
}

/** @param codes the digest of the code that each trial depends on, by its folder; absent where nobody noted it */
export function trendLine(
  suite: SuiteVerdict,
  about: {
    readonly run: string;
    readonly link: string;
    readonly codes: ReadonlyMap<string, string>;
    readonly detection: DetectionRate | null;
    readonly capacity: Readonly<Record<string, number>>;
  },
): TrendLine {
  const tried = suite.claims.filter(({ verdict }) => verdict !== "not tried" && verdict !== "out of reach");
  const { startedAt, commit, seed, defect, exit, durationMs } = suite;
  return {
    version: 1,
    ...{ run: about.run, link: about.link, startedAt, commit, seed, defect, exit, durationMs: Math.round(durationMs) },
    claims: Object.fromEntries(tried.map(({ id, verdict }) => [clip(id, 60), verdict])),
    experiments: Object.fromEntries(
      suite.experiments.map(({ experiment, claims }) => {
        const ids = [...new Set(claims.map(({ claim }) => claim))];
        const verdicts = ids.map((id) => [clip(id, 60), combine(claims.filter(({ claim }) => claim === id).map(({ verdict }) => verdict))] as const);
        return [clip(experiment, 100), { code: about.codes.get(experiment) ?? "", claims: Object.fromEntries(verdicts) }];
      }),
    ),
    mttrMs: meanTimeToRepairMs(suite) ?? null,
    throughputs: throughputsOf(suite),
    detection: about.detection,
    capacity: about.capacity,
  };
}
