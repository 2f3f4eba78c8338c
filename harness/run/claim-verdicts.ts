/** What a run says of every claim of the catalogue: the verdict of the experiments that bear on it, or why none does. */
import { combine, type ExperimentVerdict, type SuiteVerdict } from "../core/verdict.ts";
import { type ClaimRow, untriedText } from "./claim-matrix.ts";

export function claimVerdicts(rows: readonly ClaimRow[], experiments: readonly ExperimentVerdict[]): SuiteVerdict["claims"] {
  return rows.map((row) => {
    const bearing = experiments.flatMap((one) =>
      one.claims.filter(({ claim }) => claim === row.id).map((verdict) => ({ ...verdict, experiment: one.experiment })),
    );
    const { id, statement, document, readings } = row;
    const about = { id, statement, document, documented: readings?.documented ?? "", corrected: readings?.corrected ?? "" };
    if (bearing.length === 0) return { ...about, ...withoutExperiment(row), decidedBy: [] };
    const verdict = combine(bearing.map((one) => one.verdict));
    const summary = bearing.find((one) => one.verdict === verdict)?.summary ?? "";
    return { ...about, verdict, summary, untried: "", decidedBy: bearing.map(({ experiment }) => experiment) };
  });
}

function withoutExperiment({ triedBy, untried }: ClaimRow): Pick<SuiteVerdict["claims"][number], "verdict" | "summary" | "untried"> {
  if (untried === null) {
    const elsewhere = triedBy.map(({ experiment, profile }) => `${experiment} (${profile})`).join(", ");
    return { verdict: "not tried", summary: `Tried by ${elsewhere}, which this run left out.`, untried: "left out of this run" };
  }
  const { kind } = untried;
  return { verdict: kind === "out of reach" ? kind : "not tried", summary: untriedText(untried), untried: kind };
}
