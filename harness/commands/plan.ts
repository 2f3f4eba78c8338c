/** `runproof plan`: how many instances a load needs, calculated, from a capacity run, and with an autoscaler on a recorded load. */
import { Command, InvalidArgumentError } from "commander";
import { exit, UserError } from "../base/errors.ts";
import { atLeastZero, positiveInteger, positiveNumber } from "./arguments.ts";

interface PlanFlags {
  readonly rps: number;
  readonly serviceTime?: number;
  readonly workers?: number;
  readonly serviceCv: number;
  readonly arrivalCv: number;
  readonly utilisation: number;
  readonly p95?: number;
  readonly replaceTime: number;
  readonly instances?: number;
  readonly from?: string;
  readonly replay?: string;
  readonly step: number;
  readonly cpuPerRequest?: number;
  readonly cpuRequest: number;
  readonly startTime: number;
  readonly json?: boolean;
}

/** Erlang's formula is a sum over the workers. */
const mostBusyWorkers = 100_000;

function variation(text: string): number {
  const value = atLeastZero(text);
  if (value > 5) throw new InvalidArgumentError("Expected a coefficient of variation from 0 to 5.");
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError("Expected a share above 0 and below 1, such as 0.7.");
  return value;
}

export function planCommand(finish: (status: number) => void): Command {
  return new Command("plan")
    .description("how many instances a load needs: calculated, from a capacity run (--from), or with an autoscaler on a recorded load (--replay)")
    .requiredOption("--rps <n>", "requests per second", positiveNumber)
    .option("--service-time <s>", "mean time that a request keeps a worker busy", positiveNumber)
    .option("--workers <n>", "requests that an instance serves at a time", positiveInteger)
    .option("--service-cv <n>", "standard deviation of the service time over its mean: 0 always the same, 1 exponential", variation, 1)
    .option("--arrival-cv <n>", "the same of the time between arrivals: 1 independent users", variation, 1)
    .option("--utilisation <share>", "how busy workers may be", share, 0.7)
    .option("--p95 <s>", "within how long 95 % of requests have to be answered", positiveNumber)
    .option("--replace-time <s>", "how long a rolling update is without an instance that it replaces", positiveNumber, 60)
    .option("--instances <n>", "a number of instances to look at besides", positiveInteger)
    .option("--from <dir>", "plan from what this capacity run measured, instead of from --service-time and --workers")
    .option("--replay <file>", "replay Kubernetes' autoscaler (3 to 10 at 70 % CPU) on this load: requests/s, one number a line, or a history.jsonl")
    .option("--step <s>", "with --replay: the time from one number to the next", positiveNumber, 15)
    .option("--cpu-per-request <s>", "with --replay: CPU time of a request", positiveNumber)
    .option("--cpu-request <cores>", "with --replay: cores that a pod requests", positiveNumber, 1)
    .option("--start-time <s>", "with --replay: from a decision to a pod that serves", atLeastZero, 30)
    .option("--json", "print the plan as one JSON object on standard output")
    .addHelpText(
      "after",
      `
The guide's example:         runproof plan --rps 10 --service-time 5 --workers 2
With an objective:           runproof plan --rps 10 --service-time 5 --workers 2 --p95 12 --service-cv 0.5
From a capacity run:         runproof plan --rps 40 --from reports/latest
An autoscaler on a load:     runproof plan --rps 10 --service-time 5 --workers 2 --replay load.txt --cpu-per-request 0.4

Exit status 0; 2 when no number of instances can be named; 64 for a mistake in the command.`,
    )
    .action(async (flags: PlanFlags) => finish(await plan(flags)));
}

async function plan(flags: PlanFlags): Promise<number> {
  const out = (text: string, value: unknown): void => void process.stdout.write(`${flags.json ? JSON.stringify(value, infinite, 1) : text}\n`);
  if (flags.from !== undefined) {
    for (const name of ["serviceTime", "workers", "replay"] as const)
      if (flags[name] !== undefined) throw new UserError(`--from plans from what was measured: --${dashed(name)} was not expected beside it.`);
    const { readCapacity } = await import("./read-capacity.ts");
    const { planFromRun } = await import("../capacity/measured-plan.ts");
    const { seeded } = await import("../core/random.ts");
    const result = await readCapacity(flags.from);
    const { fit, ...measured } = planFromRun(result, flags.rps, flags.utilisation, seeded(result.seed, "plan"));
    const { laws: _, ...law } = fit ?? { laws: [] };
    const { oneLine } = await import("../report/text.ts");
    out(measured.sentences.map(oneLine).join("\n"), { ...measured, fit: law });
    return measured.needed === null ? exit.inconclusive : exit.holds;
  }
  const { serviceTime, workers } = flags;
  if (serviceTime === undefined || workers === undefined)
    throw new UserError("plan needs --service-time S and --workers N, or --from DIR with a capacity run to plan from.");
  if (flags.rps * serviceTime > mostBusyWorkers)
    throw new UserError(`--rps times --service-time was expected to be at most ${mostBusyWorkers} busy workers and is ${flags.rps * serviceTime}.`);
  if (flags.replay !== undefined && flags.cpuPerRequest === undefined)
    throw new UserError("--replay needs --cpu-per-request S: the autoscaler looks at the CPU that the load costs.");
  const { planFor } = await import("../capacity/plan.ts");
  const { planText, replayText } = await import("../capacity/plan-text.ts");
  const planned = planFor({
    ...{ perSecond: flags.rps, serviceSeconds: serviceTime, workers, serviceCv: flags.serviceCv, arrivalCv: flags.arrivalCv },
    ...{ utilisation: flags.utilisation, replaceSeconds: flags.replaceTime },
    ...(flags.p95 === undefined ? {} : { p95Seconds: flags.p95 }),
    ...(flags.instances === undefined ? {} : { instances: flags.instances }),
  });
  const replayed = flags.replay === undefined ? undefined : await replay(flags, flags.replay, workers / serviceTime);
  out(replayed ? `${planText(planned)}\n\n${replayText(replayed)}` : planText(planned), { ...planned, ...(replayed ? { replayed } : {}) });
  return planned.needed === null ? exit.inconclusive : exit.holds;
}

async function replay(flags: PlanFlags, file: string, perInstancePerSecond: number) {
  const { readLoad } = await import("./read-load.ts");
  const { perLook, replayLoad } = await import("../capacity/replay.ts");
  const { guideAutoscaling } = await import("../core/hpa.ts");
  const { loads, stepSeconds } = await readLoad(file, flags.step);
  return replayLoad({
    // Memory is no part of a recorded load; a metric that nobody reads would keep the autoscaler from shrinking.
    settings: { ...guideAutoscaling, targets: { cpu: guideAutoscaling.targets.cpu as number } },
    loads: perLook(loads, stepSeconds),
    perInstancePerSecond,
    cpuSecondsPerRequest: flags.cpuPerRequest as number,
    requestedCores: flags.cpuRequest,
    startMs: flags.startTime * 1000,
  });
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** JSON has no Infinity; it is written as text, so that nobody takes it for "unknown". */
function infinite(_name: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? "Infinity" : value;
}
