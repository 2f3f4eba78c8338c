/** The headline numbers of a run as OpenMetrics text, for a push gateway or a textfile collector. */
import { combine, type SuiteVerdict } from "../core/verdict.ts";
import { meanTimeToRepairMs, recoveryOf, recoveryTimes, successRatioOf, throughputsOf } from "./headline.ts";
import { verdictOrder } from "./model.ts";
import { shorten } from "./text.ts";
import { countOf } from "./words.ts";

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Series of one family at most: claims and experiments are some hundreds, and whatever wrote more is not to fill a database. */
const seriesAtMost = 1000;

/**
 * Gauges only, so that every reader of Prometheus' text format takes it as well. Values without a label are of the whole run; times are in seconds, as OpenMetrics
 * asks (https://prometheus.io/docs/specs/om/open_metrics_spec).
 */
export function renderOpenMetrics(suite: SuiteVerdict): string {
  const { experiments, claims, sometimes } = suite;
  const one = (value: number | undefined): readonly Sample[] => (value === undefined ? [] : [{ labels: {}, value }]);
  const ms = (value: number | undefined): number | undefined => (value === undefined ? undefined : value / 1000);
  const startedAt = Date.parse(suite.startedAt);
  const tried = claims.filter(({ verdict }) => verdict !== "not tried" && verdict !== "out of reach");
  const about = { target: suite.target, driver: suite.driver, commit: suite.commit, seed: String(suite.seed), defect: suite.defect };
  const families = [
    family("runproof_run", "What was run, in labels.", [{ labels: about, value: 1 }]),
    family("runproof_run_start_time_seconds", "When the run began, since 1970.", one(Number.isNaN(startedAt) ? undefined : startedAt / 1000)),
    family("runproof_run_duration_seconds", "How long the run took.", one(suite.durationMs / 1000)),
    family("runproof_run_exit_status", "0 all hold, 1 violated, 2 inconclusive, 130 interrupted.", one(suite.exit)),
    family(
      "runproof_claims",
      "Claims by verdict.",
      verdictOrder.map((verdict) => ({ labels: { verdict }, value: countOf(claims, verdict) })),
    ),
    family(
      "runproof_claim_verdict",
      "The verdict of each claim that was tried; 1 is the one that stands.",
      tried.map(({ id, verdict }) => ({ labels: { claim: id, verdict }, value: 1 })),
    ),
    family("runproof_situations", "Situations that the run looked for.", one(sometimes.length)),
    family("runproof_situations_met", "Situations that the run met.", one(sometimes.filter(({ count }) => count > 0).length)),
    family(
      "runproof_time_to_repair_seconds",
      "Mean over experiments of the time from a first failure to the next success.",
      one(ms(meanTimeToRepairMs(suite))),
    ),
    family(
      "runproof_experiment_verdict",
      "The worst verdict of each experiment; 1 is the one that stands.",
      experiments.map(({ experiment, claims: of, failure }) => ({
        labels: { experiment, verdict: combine([...(failure === "" ? [] : (["inconclusive"] as const)), ...of.map(({ verdict }) => verdict)]) },
        value: 1,
      })),
    ),
    family(
      "runproof_experiment_duration_seconds",
      "How long each experiment took.",
      experiments.map(({ experiment, durationMs }) => ({ labels: { experiment }, value: durationMs / 1000 })),
    ),
    family(
      "runproof_experiment_success_ratio",
      "Share of operations that were served during faults.",
      experiments.flatMap((of) => one(successRatioOf(of)).map(({ value }) => ({ labels: { experiment: of.experiment }, value }))),
    ),
    ...recoveryTimes.map((name) =>
      family(
        `runproof_experiment_${name.replace(/Ms$/, "").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_seconds`,
        "The worst of the experiment's faults, as its clients saw it.",
        experiments.flatMap((of) => one(ms(recoveryOf(of)[name])).map(({ value }) => ({ labels: { experiment: of.experiment }, value }))),
      ),
    ),
    family(
      "runproof_throughput_per_second",
      "Throughput that was measured on a number of instances.",
      throughputsOf(suite).map(({ experiment, instances, perSecond }) => ({
        labels: { experiment, instances: String(instances) },
        value: perSecond,
      })),
    ),
  ];
  return `${families.join("")}# EOF\n`;
}

/** "" for a family without a sample. Of samples with equal labels the first stands: two would make the whole text invalid. */
function family(name: string, help: string, samples: readonly Sample[]): string {
  const lines = new Map<string, string>();
  for (const { labels, value } of samples) {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    const series = pairs.length > 0 ? `${name}{${pairs.join(",")}}` : name;
    if (!lines.has(series) && lines.size < seriesAtMost) lines.set(series, `${series} ${Number.isFinite(value) ? value : "NaN"}\n`);
  }
  if (lines.size === 0) return "";
  const unit = /_(seconds|ratio)$/.exec(name)?.[1];
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${unit ? `# UNIT ${name} ${unit}\n` : ""}${[...lines.values()].join("")}`;
}

/** A label's value, on one line and short. */
function escaped(text: string): string {
  return shorten(text, 120).replace(/\\/g, "\\\\").replace(/"/g, '\\"');
}
