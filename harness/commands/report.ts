/** `runproof report`: draws the report of a run again, opens it, or serves it while the run goes on. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { Command } from "commander";
import { exit, messageOf, UserError } from "../base/errors.ts";

interface ReportFlags {
  readonly open?: boolean;
  readonly serve?: boolean;
}

export function reportCommand(signal: AbortSignal, finish: (status: number) => void): Command {
  return new Command("report")
    .description("draw the report of an earlier run again, or follow a run that is going on")
    .argument("<dir>", "a run's directory (reports/latest)")
    .option("--open", "show it in the browser")
    .option("--serve", "serve it on loopback until Ctrl-C; of a run without a verdict, a page that follows it")
    .action(async (directory: string, flags: ReportFlags) => finish(await report(resolve(directory), flags, signal)));
}

async function report(directory: string, flags: ReportFlags, signal: AbortSignal): Promise<number> {
  if (flags.serve) return serve(directory, flags, signal);
  const { writeReport } = await import("../report/write-report.ts");
  const { html } = await writeReport(directory).catch((error) => {
    throw new UserError(messageOf(error));
  });
  process.stdout.write(`${html}\n`);
  if (flags.open) await show(html);
  return exit.holds;
}

async function serve(directory: string, flags: ReportFlags, signal: AbortSignal): Promise<number> {
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory())
    throw new UserError(`A run's directory was expected in ${directory}, and there is none. reports/latest is the last run's.`);
  const { serveRun } = await import("../report/serve/serve.ts");
  await using serving = await serveRun(directory);
  process.stdout.write(`${serving.url} shows ${directory} until Ctrl-C.\n`);
  if (flags.open) await show(serving.url);
  await new Promise((resolve) => {
    // Nothing is to be healed or taken down but this, so Ctrl-C is the way to end it and no interruption.
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.removeAllListeners(name).once(name, resolve);
    signal.addEventListener("abort", resolve, { once: true });
  });
  signal.throwIfAborted();
  return exit.holds;
}

async function show(address: string): Promise<void> {
  const { openInBrowser } = await import("../report/open.ts");
  if (!(await openInBrowser(address))) process.stderr.write(`No program that opens pages was found (xdg-open): open ${address} yourself.\n`);
}
