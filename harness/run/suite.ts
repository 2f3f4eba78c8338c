/** A whole run: several experiments one after another, each judged from its files as soon as it is over, then the suite's verdict and report. */
import { execFile } from "node:child_process";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { exit, firstOf, messageOf, UserError } from "../base/errors.ts";
import type { Choice, Defect, Experiment, Layout, Topology } from "../core/experiment.ts";
import { seeded } from "../core/random.ts";
import type { Target } from "../core/target.ts";
import { type ExperimentVerdict, exitStatus, type SuiteVerdict } from "../core/verdict.ts";
import type { Containers } from "../drivers/compose/inside.ts";
import { openRunState, type RunState } from "../drivers/process/run-state.ts";
import { type ProcessParts, prepareDriver } from "../drivers/process/stack.ts";
import type { Driver } from "../drivers/stack.ts";
import { listSituations, loadFault, type NamedSituation } from "./catalogue.ts";
import type { ClaimRow } from "./claim-matrix.ts";
import { claimVerdicts } from "./claim-verdicts.ts";
import { conduct } from "./conduct.ts";
import { couldNot, judge } from "./judge.ts";
import { inspectScenario } from "./load.ts";
import { outOfReach } from "./out-of-reach.ts";
import { openProgress, type Progress } from "./progress.ts";
import { situationsOf } from "./situations.ts";
import { type Trial, trialsOf } from "./trials.ts";

const execute = promisify(execFile);

export interface SuiteOptions {
  readonly project: string;
  readonly reports: string;
  readonly parts: ProcessParts & { readonly k6: { readonly path: string; readonly env: Readonly<Record<string, string>>; readonly version: string } };
  /** Where its instances are containers; absent: they are processes. */
  readonly containers: Containers | undefined;
  readonly target: Target;
  readonly experiments: readonly Experiment[];
  /** Every claim of the catalogue; those that no chosen experiment decides are "not tried" or "out of reach". */
  readonly claims: readonly ClaimRow[];
  readonly defect: Defect | undefined;
  /** Decides how many seeds those of safety are carried out with. */
  readonly profile: Choice;
  /** How Postgres is laid out for experiments that do not say. */
  readonly layout: Layout;
  /** Instances by role where the user asked for other numbers than usual. */
  readonly topology: Topology;
  readonly seed: number;
  /** The file by which the one experiment is carried out, which names its seed as well. */
  readonly plan: string | undefined;
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly out: NodeJS.WriteStream;
}

/**
 * Runs the experiments and leaves a directory with all evidence and `verdict.json`. An experiment that cannot be carried out is
 * inconclusive and the next one runs; an interruption ends the suite, which is then judged as far as it came.
 */
export async function runSuite(options: SuiteOptions): Promise<{ readonly directory: string; readonly verdict: SuiteVerdict }> {
  const { target, seed, signal, defect } = options;
  const startedAt = new Date();
  const began = performance.now();
  const directory = await makeDirectory(options.reports, startedAt, seed);
  const trials = trialsOf(options.experiments, options.profile, seed);
  const totalMs = trials.reduce((sum, { experiment }) => sum + estimateMs(experiment, target), 0);
  const progress = openProgress(options.out, totalMs, signal);
  progress.say(
    `runproof: ${trials.length} ${trials.length === 1 ? "experiment" : "experiments"}, about ${Math.ceil(totalMs / 60_000)} min, seed ${seed}${defect ? `, planted defect: ${defect.id}` : ""}`,
  );
  const situations = await listSituations(options.project);
  const verdicts: ExperimentVerdict[] = [];
  {
    await using state = await openRunState({ keep: options.keep });
    for (const scenario of new Set(options.experiments.map((experiment) => experiment.load.scenario)))
      await inspectScenario(options.parts.k6, options.project, scenario);
    const driver = await openDriver(options, state);
    for (const [i, trial] of trials.entries()) {
      if (signal.aborted) break;
      const { experiment } = trial;
      progress.experiment(experiment.title, i + 1, trials.length, estimateMs(experiment, target));
      const folder = join(directory, experiment.id);
      const repeat = repeatCommand(trial, options);
      const begun = new Date().toISOString();
      const facts = { seed: trial.seed, startedAt: begun, defect: defect?.id ?? "", repeat };
      let verdict: ExperimentVerdict;
      try {
        const topology = experiment.topology ?? { ...target.topology, ...options.topology };
        const layout = experiment.layout ?? options.layout;
        const load = (name: string) => loadFault(options.project, name);
        const schedule = experiment.schedule(seeded(trial.seed, experiment.id), topology);
        const beyond = await outOfReach({ project: options.project, driver, target, layout, schedule });
        if (beyond === undefined)
          await conduct(experiment, {
            ...{ driver, target, defect, topology, layout, signal, progress },
            k6: options.parts.k6,
            seed: trial.seed,
            directory: folder,
            loadFault: load,
          });
        progress.phase("judging");
        verdict =
          beyond === undefined
            ? await judge({ experiment, target, directory: folder, defect: defect?.id ?? "", repeat, situations })
            : couldNot(experiment, { ...facts, why: beyond }, "out of reach");
      } catch (thrown) {
        const error = firstOf(thrown);
        if (error instanceof UserError && !signal.aborted) throw error;
        const why = signal.aborted ? "interrupted" : messageOf(error);
        verdict = couldNot(experiment, { ...facts, why });
      }
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "verdict.json"), JSON.stringify(verdict, null, 1));
      verdicts.push(verdict);
      sayVerdict(progress, verdict);
    }
    if (options.keep) progress.say(`Kept: the private directory ${state.directory} (runproof down removes it).`);
  }
  const verdict = await suiteVerdict(options, situations, verdicts, startedAt, performance.now() - began);
  await writeFile(join(directory, "verdict.json"), JSON.stringify(verdict, null, 1));
  return { directory, verdict };
}

async function openDriver({ parts, project, containers }: SuiteOptions, { directory, id: marker }: RunState): Promise<Driver> {
  if (containers === undefined) return prepareDriver({ parts, project, directory, marker });
  const { composeDriver } = await import("../drivers/compose/stack.ts");
  return composeDriver({ ...containers, project, directory, marker });
}

/** A directory of its own for this run, and `latest` pointing to it. */
export async function makeDirectory(reports: string, startedAt: Date, seed: number): Promise<string> {
  const name = `${startedAt.toISOString().slice(0, 19).replaceAll(":", "-")}Z-${seed}`;
  try {
    await mkdir(reports, { recursive: true });
    let directory = join(reports, name);
    for (let n = 2; !(await made(directory)); n++) directory = join(reports, `${name}-${n}`);
    const latest = join(reports, "latest");
    await rm(latest, { force: true });
    await symlink(basename(directory), latest);
    return directory;
  } catch (error) {
    throw new UserError(
      `A directory for the evidence was expected to be made in ${reports} and could not: ${messageOf(error)}. Choose another place with --reports DIR.`,
      exit.harness,
    );
  }
}

async function made(directory: string): Promise<boolean> {
  try {
    await mkdir(directory);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Start, steady state, the timeline, settling, drain and judging on a machine like the one this was measured on. */
function estimateMs(experiment: Experiment, target: Target): number {
  const schedule = experiment.schedule(
    { next: () => 0.5, integer: (from, to) => Math.round((from + to) / 2), pick: (from) => from[0] as never, shuffle: (all) => [...all] },
    experiment.topology ?? target.topology,
  );
  const timeline = Math.max(0, ...schedule.map((item) => item.atMs + item.forMs));
  return (experiment.coverage.steady ? 15_000 : 5000) + timeline + (experiment.coverage.steady ? 11_500 : experiment.settleMs) + 8000;
}

/** The one command that repeats a trial, with whatever the user asked for beside it. */
export function repeatCommand({ of, seed }: Trial, options: SuiteOptions): string {
  const topology = Object.entries(options.topology).map(([role, count]) => ` --${role} ${count}`);
  const layout = options.layout === "single" ? "" : ` --topology ${options.layout}`;
  const defect = options.defect ? ` --defect ${options.defect.from ?? options.defect.id}` : "";
  const what = options.plan === undefined ? `--only ${of} --seed ${seed}` : `--plan ${options.plan}`;
  return `npm run chaos -- ${what}${layout}${topology.join("")}${options.containers ? " --driver compose" : ""}${defect}`;
}

function sayVerdict(progress: Progress, verdict: ExperimentVerdict): void {
  if (verdict.failure !== "") progress.say(`  not carried out: ${verdict.failure}`);
  else for (const claim of verdict.claims) progress.say(`  ${claim.claim} ${claim.verdict}${claim.verdict === "holds" ? "" : `: ${claim.summary}`}`);
}

async function suiteVerdict(
  options: SuiteOptions,
  situations: readonly NamedSituation[],
  verdicts: readonly ExperimentVerdict[],
  startedAt: Date,
  durationMs: number,
): Promise<SuiteVerdict> {
  const claims = claimVerdicts(options.claims, verdicts);
  const status = options.signal.aborted ? exit.interrupted : exitStatus(claims.map((claim) => claim.verdict));
  return {
    version: 1,
    tool: "runproof",
    seed: options.seed,
    startedAt: startedAt.toISOString(),
    durationMs,
    commit: await commitOf(options.project),
    target: options.target.id,
    driver: options.containers === undefined ? "process" : "compose",
    defect: options.defect?.id ?? "",
    defectWhat: options.defect?.what ?? "",
    environment: environment(options),
    exit: status,
    claims,
    sometimes: situationsOf(situations, verdicts),
    experiments: verdicts,
  };
}

function environment(options: SuiteOptions): Record<string, string> {
  const cores = cpus();
  return {
    node: process.version,
    k6: options.parts.k6.version,
    system: `${process.platform} ${release()}`,
    processor: `${cores.length} x ${cores[0]?.model ?? "unknown"}`,
    memoryGiB: (totalmem() / 2 ** 30).toFixed(1),
  };
}

/** The commit under test; with `+` when files differ from it, "unknown" outside a git checkout. */
export async function commitOf(project: string): Promise<string> {
  try {
    const { stdout: commit } = await execute("git", ["-C", project, "rev-parse", "--short=12", "HEAD"]);
    const { stdout: changed } = await execute("git", ["-C", project, "status", "--porcelain", "--untracked-files=no"]);
    return commit.trim() + (changed.trim() === "" ? "" : "+");
  } catch {
    return "unknown";
  }
}
