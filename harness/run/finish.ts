/** After the last experiment: the report's files, the table of claims, the series of all runs. */
import { join, relative } from "node:path";
import type { Target } from "../core/target.ts";
import type { SuiteVerdict } from "../core/verdict.ts";
import { terminalSummary } from "../report/terminal.ts";
import { writeReport } from "../report/write-report.ts";
import { addToSeries, soFarText } from "./series.ts";

export async function finishRun(options: {
  readonly directory: string;
  readonly reports: string;
  readonly project: string;
  readonly target: Target;
  readonly verdict: SuiteVerdict;
  readonly out: NodeJS.WriteStream;
}): Promise<void> {
  const { out, verdict, directory } = options;
  const { html } = await writeReport(directory);
  const soFar = await addToSeries(options);
  const color = out.isTTY === true && process.env.NO_COLOR === undefined;
  out.write(`\n${terminalSummary(verdict, { columns: out.columns ?? 100, color })}\n`);
  if (verdict.defect === "") out.write(soFarText(soFar));
  out.write(`report   ${relative(process.cwd(), html)}\nverdict  ${relative(process.cwd(), join(directory, "verdict.json"))}\n`);
}
