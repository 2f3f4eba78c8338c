/** Reads gauges while an experiment runs: readiness, memory and CPU of every instance, the backlog, Postgres and Redis, the harness's own lag, the machine's processors. */
import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Clock } from "../base/clock.ts";
import type { Journal } from "../base/journal.ts";
import { type ProcessorTime, processorTime } from "../base/processor-time.ts";
import type { Sample } from "../core/records.ts";
import type { Target } from "../core/target.ts";
import type { Stack } from "../drivers/stack.ts";
import { openClusterGauges } from "./cluster-gauges.ts";
import { openPostgresGauges, readRedisGauges } from "./dependency-gauges.ts";
import { repeat } from "./repeat.ts";

const everyMs = 500;
/** Who takes writes at the same time as another is to be seen. */
const nodesEveryMs = 150;
const pageKb = 4;
const ticksPerSecond = 100;

export function startSampler(options: {
  readonly stack: Stack;
  readonly target: Target;
  readonly clock: Clock;
  readonly journal: Journal<Sample>;
}): AsyncDisposable {
  const { stack, clock } = options;
  const note = (source: string, values: Readonly<Record<string, number>>): void => {
    options.journal.write({ time: clock.now(), source, values });
  };
  const cpuOf = cpuMeter(clock);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const ofMachine = machineMeter();
  const postgres = openPostgresGauges(stack, options.target);
  const nodes = openClusterGauges(stack, options.target);

  const instances = async (): Promise<void> => {
    const asked = stack.instances().map(async (instance) => {
      const [ready, standsBy, live, gauges] = await Promise.all([
        instance.isReady(400),
        instance.standsBy?.(400),
        instance.isLive(400),
        instance.gauges(400),
      ]);
      const pid = instance.pid();
      note(instance.name, {
        // Whoever waits for its turn is not meant to be ready.
        ...(standsBy ? { standsBy: 1 } : { ready: ready ? 1 : 0 }),
        ...(live === undefined ? {} : { live: live ? 1 : 0 }),
        ...gauges,
        ...(pid === undefined ? {} : { rssMb: rssMb(pid), cpuPercent: cpuOf(instance.name, pid) }),
      });
    });
    await Promise.all(asked);
    // The histogram measures the intervals between its own 10 ms ticks, so a punctual loop reads 10.
    note("harness", {
      lagMs: Math.max(0, delay.max / 1e6 - 10),
      cpuPercent: cpuOf("harness", process.pid),
      rssMb: process.memoryUsage.rss() / 1024 / 1024,
    });
    delay.reset();
    const spent = ofMachine();
    if (spent) note("machine", spent);
  };

  // Each at its own pace: a dependency that hangs delays nobody else's samples.
  const rounds = [
    repeat(everyMs, instances),
    repeat(everyMs, async () => {
      for (const { source, values } of await postgres.read()) note(source, values);
    }),
    repeat(everyMs, async () => {
      for (const { source, values } of await readRedisGauges(stack)) note(source, values);
    }),
    ...(stack.cluster
      ? [
          repeat(nodesEveryMs, async () => {
            for (const { source, values } of await nodes.read()) note(source, values);
          }),
        ]
      : []),
  ];
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(rounds.map((round) => round[Symbol.asyncDispose]()));
      delay.disable();
      await postgres[Symbol.asyncDispose]();
      await nodes[Symbol.asyncDispose]();
    },
  };
}

function rssMb(pid: number): number {
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * pageKb) / 1024;
  } catch {
    return 0;
  }
}

/**
 * What the machine's processors did since the last reading (ticks of 10 ms over all of them): `busyTicks`, for anybody or taken by the hypervisor, of
 * `processorTicks`. Who gives way (nice) keeps nobody from a processor and counts as idle.
 */
function machineMeter(): () => Readonly<Record<string, number>> | undefined {
  let before = processorTime();
  return () => {
    const now = processorTime();
    const since = before;
    before = now;
    if (now === undefined || since === undefined) return undefined;
    const spent = (of: keyof ProcessorTime): number => now[of] - since[of];
    return { busyTicks: spent("busy") - spent("nice") + spent("steal"), processorTicks: spent("busy") + spent("idle") + spent("steal") };
  };
}

/** CPU share in percent of one core since the last reading of the same name. */
function cpuMeter(clock: Clock): (name: string, pid: number) => number {
  const last = new Map<string, { pid: number; ticks: number; time: number }>();
  return (name, pid) => {
    let ticks = 0;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      ticks = Number(fields[11]) + Number(fields[12]);
    } catch {
      return 0;
    }
    const time = clock.now();
    const before = last.get(name);
    last.set(name, { pid, ticks, time });
    return before?.pid === pid && time > before.time ? ((ticks - before.ticks) / ticksPerSecond / (time - before.time)) * 100_000 : 0;
  };
}
