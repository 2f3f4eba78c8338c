/** Whether planted defects are seen: each is tried with up to three seeds until the claim that it breaks is violated. */
import { inEffect } from "../checkers/carried-out.ts";
import type { Defect } from "../core/experiment.ts";
import type { Check, SuiteVerdict } from "../core/verdict.ts";
import { writeReport } from "../report/write-report.ts";
import { choose } from "./catalogue.ts";
import { runSuite, type SuiteOptions } from "./suite.ts";

/** "Within three seeds": the interleaving decides the rest. */
const seeds = [1, 2, 3] as const;

export interface Detection {
  readonly defect: Defect;
  /** The seed with which the right claim was violated; undefined: with none. */
  readonly seed: number | undefined;
  /** From the start of the load's record to the first counterexample (ms). */
  readonly firstSeenMs: number | undefined;
  /** Other claims that were violated beside it. */
  readonly others: readonly string[];
  /** What became of the right claim where it was not violated. */
  readonly instead: string;
  /** Its experiments cannot be carried out here, as containers by the process driver: it has neither been caught nor survived. */
  readonly outOfReach: boolean;
}

export type DetectionOptions = Omit<SuiteOptions, "defect" | "seed" | "profile" | "plan" | "topology" | "layout" | "keep">;

export async function detectAll(defects: readonly Defect[], options: DetectionOptions): Promise<readonly Detection[]> {
  const found: Detection[] = [];
  for (const defect of defects) {
    if (options.signal.aborted) break;
    const detection = await detect(defect, options);
    // One that was interrupted has neither been caught nor survived.
    if (options.signal.aborted && detection.seed === undefined) break;
    found.push(detection);
  }
  return found;
}

async function detect(defect: Defect, options: DetectionOptions): Promise<Detection> {
  const experiments = choose(options.experiments, defect.caughtBy, "nightly");
  let instead = "";
  for (const seed of seeds) {
    const { verdict, directory } = await runSuite({
      ...options,
      experiments,
      defect,
      seed,
      profile: "default",
      plan: undefined,
      topology: {},
      layout: "single",
      keep: false,
    });
    await writeReport(directory);
    const idle = notInEffect(verdict);
    // Whatever was violated then was not violated by it.
    if (idle !== undefined) return unseen(defect, idle.summary);
    const claim = verdict.claims.find(({ id }) => id === defect.claim);
    if (claim?.verdict === "violated")
      return { defect, seed, firstSeenMs: firstSeen(verdict, defect.claim), others: others(verdict, defect), instead: "", outOfReach: false };
    if (claim?.verdict === "out of reach") return unseen(defect, claim.summary, true);
    instead = `${claim?.verdict ?? "not tried"}: ${claim?.summary ?? ""}`;
    if (options.signal.aborted) break;
  }
  return unseen(defect, instead);
}

function unseen(defect: Defect, instead: string, outOfReach = false): Detection {
  return { defect, seed: undefined, firstSeenMs: undefined, others: [], instead, outOfReach };
}

function notInEffect({ experiments }: Pick<SuiteVerdict, "experiments">): Check | undefined {
  return experiments.flatMap(({ assumptions }) => assumptions).find(({ property, count }) => property === inEffect && count > 0);
}

function firstSeen(verdict: SuiteVerdict, claim: string): number | undefined {
  const times = verdict.experiments.flatMap((one) =>
    one.claims.filter((it) => it.claim === claim).flatMap((it) => it.checks.flatMap((check) => check.counterexamples.map(({ time }) => time))),
  );
  return times.length > 0 ? Math.min(...times) : undefined;
}

function others(verdict: SuiteVerdict, defect: Defect): readonly string[] {
  return verdict.claims.filter(({ id, verdict: how }) => how === "violated" && id !== defect.claim).map(({ id }) => id);
}

/** One line a defect, and the rate. */
export function detectionTable(found: readonly Detection[]): string {
  const width = Math.max(0, ...found.map(({ defect }) => defect.id.length));
  const rows = found.map(({ defect, seed, firstSeenMs, others: more, instead, outOfReach }) => {
    const name = `${defect.id.padEnd(width)}  ${defect.claim.padEnd(6)}`;
    if (outOfReach) return `not tried ${name}  ${instead}`;
    if (seed === undefined) return `SURVIVED  ${name}  ${instead}`;
    const when = firstSeenMs === undefined ? "" : `, first seen at ${(firstSeenMs / 1000).toFixed(1)} s`;
    return `caught    ${name}  seed ${seed}${when}${more.length > 0 ? `; also ${more.join(", ")}` : ""}`;
  });
  const planted = found.filter(({ outOfReach }) => !outOfReach);
  const caught = planted.filter(({ seed }) => seed !== undefined).length;
  const beyond = found.length - planted.length;
  const rate = `${caught} of ${planted.length} planted defects were caught${beyond > 0 ? `; ${beyond} more could not be tried here` : ""}.`;
  return [...rows, rate].join("\n");
}
