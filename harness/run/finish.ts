/** After the last experiment: the report's files, the table of claims, one line in the series of all runs. */
import { appendFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { SuiteVerdict } from "../core/verdict.ts";
import { terminalSummary } from "../report/terminal.ts";
import { writeReport } from "../report/write-report.ts";

export async function finishRun(directory: string, verdict: SuiteVerdict, reports: string, out: NodeJS.WriteStream): Promise<void> {
  const { html } = await writeReport(directory);
  const line = {
    startedAt: verdict.startedAt,
    commit: verdict.commit,
    seed: verdict.seed,
    defect: verdict.defect,
    exit: verdict.exit,
    durationMs: Math.round(verdict.durationMs),
    experiments: Object.fromEntries(
      verdict.experiments.map((experiment) => [experiment.experiment, experiment.claims.map((claim) => `${claim.claim} ${claim.verdict}`)]),
    ),
  };
  await appendFile(join(reports, "series.jsonl"), `${JSON.stringify(line)}\n`);
  out.write(`\n${terminalSummary(verdict, { columns: out.columns ?? 100, color: out.isTTY === true && process.env.NO_COLOR === undefined })}\n`);
  out.write(`report   ${relative(process.cwd(), html)}\nverdict  ${relative(process.cwd(), join(directory, "verdict.json"))}\n`);
}
