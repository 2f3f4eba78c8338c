/** A document's own load test, stage for stage, and its own checks. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { sleep, until } from "../../base/clock.ts";
import type { HistoryLine } from "../../core/history.ts";
import { pairOperations } from "../../core/pair.ts";
import { largest, quantile } from "../../core/stats.ts";
import { startLoad } from "../../run/load.ts";
import type { DecidedClaim, Script } from "../result.ts";
import type { ScriptStudy } from "../study.ts";
import type { Deployment } from "./deployment.ts";
import type { Measuring } from "./window.ts";

/** @param times what the stages are multiplied by */
export async function runScript(
  { clock, stack, directory, folder }: Deployment,
  measuring: Measuring,
  study: ScriptStudy,
  times: number,
): Promise<{ readonly script: Script; readonly claim: DecidedClaim }> {
  const { k6, project, seed, marker, signal } = measuring;
  const stages = study.stages.map(({ seconds, target }) => ({ duration: `${Math.max(1, Math.round(seconds * times))}s`, target }));
  const totalMs = stages.reduce((sum, { duration }) => sum + Number.parseInt(duration, 10) * 1000, 0);
  const scratch = join(directory, "script");
  await mkdir(scratch, { recursive: true });
  await using load = await startLoad({
    ...{ k6, project, seed, marker, clock, url: stack.url, directory: scratch },
    load: { scenario: study.load.scenario, perSecond: 1, settings: { ...study.load.settings, STAGES: JSON.stringify(stages) } },
    historyFile: join(folder, "history.jsonl"),
    logFile: join(folder, "k6.log"),
  });
  const lines: HistoryLine[] = [];
  const begun = async (): Promise<true | undefined> => {
    load.assertRunning();
    lines.push(...(await load.follow()));
    return lines.some(({ type }) => type === "invoke") ? true : undefined;
  };
  await until("The script was expected to begin", begun, { withinMs: 20_000, signal });
  const began = clock.now();
  // The last users leave with the last stage; k6 goes on keeping time.
  while (clock.now() < began + totalMs) {
    await sleep(500, signal);
    load.assertRunning();
    lines.push(...(await load.follow()));
  }
  await sleep(study.withinMs, signal);
  const summary = await load.stop();
  lines.push(...(await load.follow()));
  const { operations, problems } = pairOperations(lines);
  const tookMs = operations.map(({ answeredAt, invokedAt }) => answeredAt - invokedAt);
  const script: Script = {
    ...{ study: study.id, times, requests: operations.length },
    not200: operations.filter(({ served }) => served !== "yes").length,
    tooLate: tookMs.filter((ms) => ms >= study.withinMs).length,
    p95Ms: quantile(tookMs, 0.95),
    maxMs: largest(tookMs),
  };
  const problem = problems[0] ?? (summary.scriptExceptions > 0 ? "the script itself failed" : operations.length === 0 ? "it sent no request" : "");
  const length = times === 1 ? "at full length" : `at ${(times * 100).toFixed(0)} % of its length`;
  const told = `${script.requests} requests ${length}, ${script.not200} not answered with 200, ${script.tooLate} not within ${study.withinMs / 1000} s, 95 % within ${script.p95Ms.toFixed(0)} ms`;
  const verdict = problem !== "" ? "inconclusive" : script.not200 + script.tooLate > 0 ? "violated" : "holds";
  return { script, claim: { id: study.claim, study: study.id, verdict, summary: problem === "" ? `${told}.` : `${problem}; ${told}.` } };
}
