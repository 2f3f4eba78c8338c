/** What the first screen says: violated claims told in full, and the capacity figures. Pure. */
import type { ClaimVerdict, SuiteVerdict } from "../core/verdict.ts";
import { during } from "./fault-bands.ts";
import type { Capacity, ExperimentReport, Finding } from "./model.ts";
import { clip } from "./text.ts";

/** One finding for each claim and experiment that violated it, in the order of the claims. */
export function findingsOf(claims: SuiteVerdict["claims"], experiments: readonly ExperimentReport[]): Finding[] {
  return claims
    .filter((claim) => claim.verdict === "violated")
    .flatMap((claim) => {
      const found = experiments.flatMap((experiment) =>
        experiment.verdict.claims.filter((one) => one.claim === claim.id && one.verdict === "violated").map((one) => finding(claim, one, experiment)),
      );
      return found.length > 0 ? found : [unexplained(claim)];
    });
}

function finding(claim: SuiteVerdict["claims"][number], verdict: ClaimVerdict, experiment: ExperimentReport): Finding {
  const violated = verdict.checks.filter((check) => check.verdict === "violated");
  const first = violated.flatMap((check) => check.counterexamples).reduce((a, b) => (a && a.time <= b.time ? a : b), violated[0]?.counterexamples[0]);
  const endsAt = (experiment.timeline?.buckets ?? 0) * (experiment.timeline?.bucketMs ?? 0) || experiment.verdict.durationMs;
  return {
    claim: claim.id,
    statement: claim.statement,
    document: claim.document,
    experiment: experiment.verdict.experiment,
    summary: clip(first?.text ?? verdict.summary, 600),
    time: first?.time ?? null,
    during: first ? during(experiment.bands, first.time, endsAt) : "",
    count: violated.reduce((sum, check) => sum + check.count, 0),
    repeat: experiment.verdict.repeat,
  };
}

/** The suite says violated and no experiment of it does: said, not hidden. */
function unexplained(claim: SuiteVerdict["claims"][number]): Finding {
  const { id, statement, document, summary } = claim;
  return { claim: id, statement, document, experiment: "", summary, time: null, during: "", count: 0, repeat: "" };
}

/** How the scaling checker names a figure of throughput on a number of instances. */
const throughputName = /^throughputOn(\d+)PerSecond$/;

/** Checks that measured throughput on growing numbers of instances. */
export function capacityOf(experiments: readonly Pick<ExperimentReport, "verdict">[]): Capacity[] {
  return experiments.flatMap(({ verdict }) =>
    verdict.claims.flatMap((claim) =>
      claim.checks.flatMap((check): Capacity[] => {
        const measured = Object.entries(check.numbers)
          .map(([name, perSecond]) => ({ instances: Number(throughputName.exec(name)?.[1] ?? 0), perSecond }))
          .filter((point) => point.instances > 0 && Number.isFinite(point.perSecond))
          .sort((a, b) => a.instances - b.instances);
        const base = measured[0];
        if (!base || measured.length < 2 || base.perSecond <= 0) return [];
        const points = measured
          .slice(0, 12)
          .map((point) => ({ ...point, ratio: (point.perSecond / base.perSecond) * (base.instances / point.instances) }));
        return [{ experiment: verdict.experiment, claim: claim.claim, points }];
      }),
    ),
  );
}
