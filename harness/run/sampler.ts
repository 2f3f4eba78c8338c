/** Reads gauges while an experiment runs: readiness, memory and CPU of every instance, the backlog in the database, the harness's own lag. */
import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { type Clock, sleep } from "../base/clock.ts";
import type { Journal } from "../base/journal.ts";
import type { Sample } from "../core/records.ts";
import type { Target } from "../core/target.ts";
import type { Stack } from "../drivers/stack.ts";

const everyMs = 500;
const pageKb = 4;
const ticksPerSecond = 100;

export function startSampler(options: {
  readonly stack: Stack;
  readonly target: Target;
  readonly clock: Clock;
  readonly journal: Journal<Sample>;
}): AsyncDisposable {
  const { stack, clock } = options;
  const stopped = new AbortController();
  const note = (source: string, values: Record<string, number>): void => {
    options.journal.write({ time: clock.now(), source, values });
  };
  const cpuOf = cpuMeter(clock);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();

  const round = async (): Promise<void> => {
    const instances = stack.instances().map(async (instance) => {
      const [ready, gauges] = await Promise.all([instance.isReady(400), instance.gauges(400)]);
      const pid = instance.pid();
      note(instance.name, {
        ready: ready ? 1 : 0,
        ...gauges,
        ...(pid === undefined ? {} : { rssMb: rssMb(pid), cpuPercent: cpuOf(instance.name, pid) }),
      });
    });
    await Promise.all([...instances, backlog()]);
    // The histogram measures the intervals between its own 10 ms ticks, so a punctual loop reads 10.
    note("harness", {
      lagMs: Math.max(0, delay.max / 1e6 - 10),
      cpuPercent: cpuOf("harness", process.pid),
      rssMb: process.memoryUsage.rss() / 1024 / 1024,
    });
    delay.reset();
  };

  const backlog = async (): Promise<void> => {
    if (!stack.postgres.isRunning()) return;
    const client = await connection();
    if (!client) return;
    try {
      const { rows } = await client.query(options.target.observe.backlog);
      note("backlog", { open: Number(rows[0].open), oldestMs: Number(rows[0].oldest_ms) });
    } catch {
      // Postgres went away under the query: the fault record says why. A new connection is made next time.
      session = undefined;
      await client.end().catch(() => {});
    }
  };
  let session: Awaited<ReturnType<Stack["postgres"]["connect"]>> | undefined;
  const connection = async () => {
    session ??= await stack.postgres.connect().catch(() => undefined);
    return session;
  };

  const loop = (async () => {
    while (!stopped.signal.aborted) {
      await round();
      await sleep(everyMs, stopped.signal).catch(() => {});
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await loop;
      delay.disable();
      await session?.end().catch(() => {});
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
