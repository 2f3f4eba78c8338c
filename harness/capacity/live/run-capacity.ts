/** A whole capacity run: the studies one after another, each on a deployment of its own, everything measured in files, and the result in `capacity.json`. */
import { appendFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { type Clock, startClock } from "../../base/clock.ts";
import type { Target } from "../../core/target.ts";
import { openRunState } from "../../drivers/process/run-state.ts";
import { type ProcessDriver, type ProcessParts, prepareDriver } from "../../drivers/process/stack.ts";
import { inspectScenario } from "../../run/load.ts";
import { commitOf, makeDirectory } from "../../run/suite.ts";
import type { CapacityReport, Point } from "../result.ts";
import type { Study, Variant } from "../study.ts";
import { summarise } from "../summary.ts";
import { carryOut } from "./carry-out.ts";
import type { Measuring } from "./window.ts";

export interface CapacityOptions {
  readonly project: string;
  readonly reports: string;
  readonly parts: ProcessParts & { readonly k6: Measuring["k6"] };
  readonly target: Target;
  readonly studies: readonly Study[];
  readonly variant: Variant;
  /** The other side of a comparison; undefined: there is none. */
  readonly against: Variant | undefined;
  readonly targetPerSecond: number | null;
  /** Everything at its full length. */
  readonly whole: boolean;
  /** Whether instances are killed at the end of a search that provides for it. */
  readonly faults: boolean;
  readonly pairs: number;
  readonly seed: number;
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** What a study is carried out with. */
export interface Carrying {
  readonly options: CapacityOptions;
  readonly driver: ProcessDriver;
  readonly measuring: Measuring;
  readonly clock: Clock;
  readonly directory: string;
  /** Appends a point to `points.jsonl`, so that a run that is cut short leaves what it has measured. */
  note(study: string, point: Point): void;
}

/** @returns the run's directory and the result, which is also in its `capacity.json` */
export async function runCapacity(options: CapacityOptions): Promise<{ readonly directory: string; readonly report: CapacityReport }> {
  const { project, target, seed, signal, studies } = options;
  const startedAt = new Date();
  const directory = await makeDirectory(options.reports, startedAt, seed);
  await using state = await openRunState({ keep: options.keep });
  for (const scenario of new Set(studies.map(({ load }) => load.scenario))) await inspectScenario(options.parts.k6, project, scenario);
  const driver = await prepareDriver({ parts: options.parts, project, directory: state.directory, marker: state.id });
  const carrying: Carrying = {
    ...{ options, driver, directory, clock: startClock() },
    measuring: { k6: options.parts.k6, project, marker: state.id, seed, signal },
    note: (study, point) => appendFileSync(join(directory, "points.jsonl"), `${JSON.stringify({ study, ...point })}\n`),
  };
  const parts: Partial<CapacityReport>[] = [];
  for (const study of studies) {
    signal.throwIfAborted();
    options.say(`${study.title}`);
    parts.push(await carryOut(study, carrying));
  }
  const report = summarise(parts, {
    ...{ version: 1, startedAt: startedAt.toISOString(), seed, commit: await commitOf(project), target: target.id },
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryMb: Math.round(totalmem() / 2 ** 20),
      kernel: release(),
      node: process.version,
    },
    targetPerSecond: options.targetPerSecond,
    variant: options.variant.what,
  });
  await writeFile(join(directory, "capacity.json"), JSON.stringify(report, null, 1));
  return { directory, report };
}
