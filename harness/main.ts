/** argv -> command -> exit status. What a user did wrong is one sentence on standard error; only a fault of the harness itself shows a stack. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, CommanderError } from "commander";
import { exit, firstOf, messageOf, UserError } from "./base/errors.ts";
import { baselineCommand } from "./commands/baseline.ts";
import { capacityCommand } from "./commands/capacity.ts";
import { chaosCommand } from "./commands/chaos.ts";
import { checkCommand } from "./commands/check.ts";
import { claimsCommand } from "./commands/claims.ts";
import { compareCommand } from "./commands/compare.ts";
import { defectsCommand } from "./commands/defects.ts";
import { deploymentCommands } from "./commands/deployment.ts";
import { nightlyCommand } from "./commands/nightly.ts";
import { planCommand } from "./commands/plan.ts";
import { reportCommand } from "./commands/report.ts";
import { trendCommand } from "./commands/trend.ts";

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

function commands(finish: (status: number) => void): Command {
  const program = new Command("runproof")
    .description("Proves, or disproves, what scaling guides claim of horizontally scaled agent servers.")
    .showHelpAfterError("(runproof --help lists the commands)")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });

  program.addCommand(chaosCommand(project, interrupted.signal, finish).copyInheritedSettings(program));
  program.addCommand(capacityCommand(project, interrupted.signal, finish).copyInheritedSettings(program));
  program.addCommand(defectsCommand(project, interrupted.signal, finish).copyInheritedSettings(program));
  program.addCommand(checkCommand(project, finish).copyInheritedSettings(program));
  program.addCommand(claimsCommand(project, finish).copyInheritedSettings(program));
  program.addCommand(planCommand(finish).copyInheritedSettings(program));
  program.addCommand(compareCommand(finish).copyInheritedSettings(program));
  program.addCommand(baselineCommand(finish).copyInheritedSettings(program));
  program.addCommand(reportCommand(interrupted.signal, finish).copyInheritedSettings(program));
  program.addCommand(trendCommand(finish).copyInheritedSettings(program));
  program.addCommand(nightlyCommand(project, interrupted.signal, finish).copyInheritedSettings(program));

  for (const command of deploymentCommands(project, interrupted.signal, finish)) program.addCommand(command.copyInheritedSettings(program));

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
    .description("end what a killed run left behind and what `up` has kept; a run that is alive is never touched")
    .action(async () => {
      const { down } = await import("./commands/down.ts");
      finish(await down(project, process.stdout));
    });
  return program;
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
