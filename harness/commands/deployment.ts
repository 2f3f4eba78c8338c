/** `runproof up | scale | status | logs`: a deployment that is kept for work by hand; `runproof down` ends it. */
import { Command, Option } from "commander";
import { exit, UserError } from "../base/errors.ts";
import { type Layout, layouts, type Topology } from "../core/experiment.ts";
import type { Kept } from "../kept/kept.ts";
import { type DriverName, driverOption, positiveInteger } from "./arguments.ts";

interface UpFlags {
  readonly driver: DriverName;
  readonly topology: Layout;
  readonly api?: number;
  readonly queue?: number;
}

export function deploymentCommands(project: string, signal: AbortSignal, finish: (status: number) => void): readonly Command[] {
  const run = async ({ driver }: { readonly driver: DriverName }, work: (kept: Kept) => Promise<string>): Promise<void> => {
    const told = await work(await keptBy(driver, project, signal));
    signal.throwIfAborted();
    process.stdout.write(`${told.trimEnd()}\n`);
    finish(exit.holds);
  };
  const up = new Command("up")
    .description("start the reference deployment and keep it, or start what of it has ended (runproof down ends it, with its data)")
    .addOption(driverOption())
    .option("--api <n>", "API instances", positiveInteger)
    .option("--queue <n>", "queue instances", positiveInteger)
    .addOption(new Option("--topology <name>", "how it is laid out, as in chaos").choices(layouts).default("single"))
    .action(({ api, queue, ...flags }: UpFlags) =>
      run(flags, (kept) => kept.up({ ...(api === undefined ? {} : { api }), ...(queue === undefined ? {} : { queue }) }, flags.topology)),
    );
  const scale = new Command("scale")
    .description("change how many instances of a role the kept deployment has: api=4 queue=2")
    .argument("<role=n...>")
    .addOption(driverOption())
    .action((wanted: readonly string[], flags: { readonly driver: DriverName }) => run(flags, (kept) => kept.scale(countsOf(wanted))));
  const status = new Command("status")
    .description("what of the kept deployment runs, and how it is")
    .addOption(driverOption())
    .action((flags: { readonly driver: DriverName }) => run(flags, (kept) => kept.status()));
  const logs = new Command("logs")
    .description("what the parts of the kept deployment have written")
    .argument("[parts...]", "only these: api, queue, nginx, ...")
    .addOption(driverOption())
    .option("--tail <n>", "the last lines of each", positiveInteger, 50)
    .action((parts: readonly string[], flags: { readonly driver: DriverName; readonly tail: number }) =>
      run(flags, (kept) => kept.logs(parts, flags.tail)),
    );
  return [up, scale, status, logs];
}

async function keptBy(driver: DriverName, project: string, signal: AbortSignal): Promise<Kept> {
  const { loadTarget } = await import("../run/catalogue.ts");
  const target = await loadTarget(project, "reference");
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  if (driver === "compose") return (await import("../kept/containers.ts")).keptContainers(project, target, { signal, say });
  return (await import("../kept/processes.ts")).keptProcesses(project, target, { signal, say });
}

function countsOf(wanted: readonly string[]): Topology {
  for (const one of wanted) if (!/^[a-z]+=\d{1,3}$/.test(one)) throw new UserError(`Expected a role and a number such as api=4 and found "${one}".`);
  return Object.fromEntries(wanted.map((one) => one.split("=")).map(([role = "", count]) => [role, Number(count)]));
}
