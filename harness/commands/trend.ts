/** `runproof trend`: a run's line in the trend of its reports, and the page of all runs. */
import { resolve } from "node:path";
import { Command } from "commander";
import { exit, messageOf, UserError } from "../base/errors.ts";

export function trendCommand(finish: (status: number) => void): Command {
  return new Command("trend")
    .description("put a run into the trend (trend/ beside it) and draw the page of all runs")
    .argument("<dir>", "a run's directory (reports/latest)")
    .action(async (directory: string) => {
      await trend(resolve(directory));
      finish(exit.holds);
    });
}

export async function trend(directory: string): Promise<void> {
  const { addToTrend } = await import("../report/trend/record.ts");
  const page = await addToTrend(directory, process.env).catch((error) => {
    throw new UserError(messageOf(error));
  });
  process.stdout.write(`trend    ${page}\n`);
}
