/** argv -> command -> exit status. What a user did wrong is one sentence on standard error; only a fault of the harness itself shows a stack. */
import { randomInt } from "node:crypto";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { exit, firstOf, messageOf, UserError } from "./base/errors.ts";
import { checkCommand } from "./commands/check.ts";
import { type Profile, profiles } from "./core/experiment.ts";

const project = resolve(fileURLToPath(import.meta.url), "../..");

/** Signals of one Ctrl-C arrive more than once: the terminal signals everyone and npm passes its own on. */
const oneSignalMs = 500;

const interrupted = new AbortController();

function listenToSignals(): void {
  let first = 0;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      const now = performance.now();
      if (first === 0) {
        first = now;
        process.stderr.write(
          "\nInterrupted: healing every fault and taking everything down (again to stop waiting; then `runproof down` cleans up).\n",
        );
        interrupted.abort(new UserError("Interrupted.", exit.interrupted));
      } else if (now - first > oneSignalMs) {
        process.exit(exit.interrupted);
      }
    });
  }
  // A mistake of ours outside any awaited call: everything is taken down first, then it is told.
  for (const event of ["uncaughtException", "unhandledRejection"] as const) process.on(event, (error) => interrupted.abort(error));
  // A reader that went away (| head) must not end the run before everything is down.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Expected a whole number of at least 1.");
  return Number(text);
}

function seedNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) > 0xffffffff)
    throw new InvalidArgumentError("Expected a whole number from 0 to 4294967295, as a run prints it.");
  return Number(text);
}

interface ChaosFlags {
  readonly seed?: number;
  readonly only?: readonly string[];
  readonly profile: Profile;
  readonly defect?: string;
  readonly keep?: boolean;
  readonly list?: boolean;
  readonly api?: number;
  readonly queue?: number;
  readonly reports: string;
}

function commands(finish: (status: number) => void): Command {
  const program = new Command("runproof")
    .description("Proves, or disproves, what scaling guides claim of horizontally scaled agent servers.")
    .showHelpAfterError("(runproof --help lists the commands)")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });

  program
    .command("chaos")
    .description("run the experiments against the reference server on this machine")
    .option("--seed <n>", "replay the schedule of an earlier run", seedNumber)
    .option("--only <ids>", "only these experiments, separated by commas", (text: string, before: readonly string[] = []) => [
      ...before,
      ...text.split(",").filter((id) => id !== ""),
    ])
    .addOption(new Option("--profile <name>", "how much: smoke (2 minutes), default, nightly (everything once)").choices(profiles).default("default"))
    .option("--defect <id-or-file>", "plant a defect in a copy of the server; runs the experiments that should catch it")
    .option("--list", "list experiments, claims and defects, and run nothing")
    .option("--api <n>", "API instances, where the experiment does not fix them", positiveInteger)
    .option("--queue <n>", "queue instances, where the experiment does not fix them", positiveInteger)
    .option("--keep", "keep the run's private directory (databases, configuration, the copy of the server)")
    .option("--reports <dir>", "where evidence and reports go", join(project, "reports"))
    .action(async (flags: ChaosFlags) => finish(flags.list ? await list() : await chaos(flags)));

  program.addCommand(checkCommand(project, finish).copyInheritedSettings(program));

  program
    .command("report")
    .description("draw the report of an earlier run again")
    .argument("<dir>", "a run's directory (reports/latest)")
    .action(async (directory: string) => {
      const { writeReport } = await import("./report/write-report.ts");
      const { html } = await writeReport(resolve(directory)).catch((error) => {
        throw new UserError(messageOf(error));
      });
      process.stdout.write(`${html}\n`);
      finish(exit.holds);
    });

  program
    .command("doctor")
    .description("list every part that is needed: version, where it comes from, what to do if it is missing")
    .action(async () => {
      const { doctor } = await import("./provision/doctor.ts");
      const { text, ok } = await doctor();
      process.stdout.write(`${text}\n`);
      finish(ok ? exit.holds : exit.missing);
    });

  program
    .command("down")
    .description("end what a killed run left behind; a run that is alive is never touched")
    .action(async () => {
      const { cleanDeadRuns } = await import("./drivers/process/run-state.ts");
      const { ended, removed, alive } = await cleanDeadRuns();
      const line = (what: string, all: readonly string[]): string => (all.length > 0 ? `${what}: ${all.join(", ")}\n` : "");
      process.stdout.write(
        line("ended", ended) + line("removed", removed) + line("left alone, its run is alive", alive) || "Nothing was left behind.\n",
      );
      finish(exit.holds);
    });
  return program;
}

async function list(): Promise<number> {
  const { listClaims, listDefects, listExperiments } = await import("./run/catalogue.ts");
  const experiments = await listExperiments(project);
  const rows = [
    "Experiments (--only ID):",
    ...experiments.map(
      (experiment) => `  ${experiment.id.padEnd(26)} ${experiment.title} (${experiment.profile}) [${Object.keys(experiment.claims).join(", ")}]`,
    ),
    "Claims:",
    ...(await listClaims(project)).map((claim) => `  ${claim.id.padEnd(26)} ${claim.statement}`),
    "Planted defects (--defect ID):",
    ...(await listDefects(project)).map((defect) => `  ${defect.id.padEnd(26)} ${defect.what} [${defect.claim}]`),
  ];
  process.stdout.write(`${rows.join("\n")}\n`);
  return exit.holds;
}

async function chaos(flags: ChaosFlags): Promise<number> {
  const { choose, findDefect, listClaims, listExperiments, loadTarget } = await import("./run/catalogue.ts");
  const defect = flags.defect === undefined ? undefined : await findDefect(project, flags.defect);
  const experiments = choose(await listExperiments(project), flags.only ?? defect?.caughtBy ?? [], flags.profile);
  const target = await loadTarget(project, "reference");
  const { plannedEdits } = await import("./drivers/process/tree.ts");
  await plannedEdits(join(project, target.tree), defect);
  const claims = await listClaims(project);
  const { provision } = await import("./provision/provision.ts");
  const { signal } = interrupted;
  const parts = await provision({ signal, onProgress: (line) => process.stderr.write(`${line}\n`) });
  const { runSuite } = await import("./run/suite.ts");
  const topology = { ...(flags.api === undefined ? {} : { api: flags.api }), ...(flags.queue === undefined ? {} : { queue: flags.queue }) };
  const reports = resolve(flags.reports);
  const { directory, verdict } = await runSuite({
    ...{ project, parts, target, experiments, claims, defect, topology, signal, reports },
    seed: flags.seed ?? randomInt(0x100000000),
    keep: flags.keep ?? false,
    out: process.stdout,
  });
  const { finishRun } = await import("./run/finish.ts");
  await finishRun({ project, target, experiments, verdict, directory, reports, out: process.stdout });
  if (signal.aborted) throw signal.reason;
  return verdict.exit;
}

/** @returns the exit status; prints why when it is not the verdict's own */
async function main(): Promise<number> {
  listenToSignals();
  let status: number = exit.holds;
  try {
    await commands((result) => {
      status = result;
    }).parseAsync();
    return status;
  } catch (thrown) {
    const error = firstOf(thrown);
    // Commander has said what was wrong itself; asking for help is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.holds : exit.usage;
    const known = error instanceof UserError ? error.status : undefined;
    if (known === exit.interrupted) return known;
    const full = (error as NodeJS.ErrnoException)?.code === "ENOSPC";
    if (known !== undefined) process.stderr.write(`${messageOf(error)}\n`);
    else if (full)
      process.stderr.write(`No space is left for the evidence: ${messageOf(error)}. What was recorded is kept; make room or use --reports DIR.\n`);
    else process.stderr.write(`runproof itself failed; this says nothing of the server. ${error instanceof Error ? error.stack : String(error)}\n`);
    return known ?? exit.harness;
  }
}

process.exitCode = await main();
