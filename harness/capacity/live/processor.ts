/** Who kept the processors busy: the run's own programs by name, everybody else, and the hypervisor. Linux only (/proc). */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { cpus } from "node:os";
import { sep } from "node:path";
import { processorTime } from "../../base/processor-time.ts";
import type { Stack } from "../../drivers/stack.ts";

const ticksPerSecond = 100;

/** Ticks used so far. */
interface Reading {
  readonly timeMs: number;
  readonly machine: { readonly busy: number; readonly nice: number; readonly steal: number };
  /** By process of the run: its name and its ticks. */
  readonly processes: ReadonlyMap<number, { readonly name: string; readonly ticks: number }>;
}

export interface ProcessorUse {
  readonly cores: number;
  readonly busyCores: number;
  /** Share of the machine's time. */
  readonly steal: number;
  /** Cores that programs outside of the run kept busy, as a share of all; those that were started to give way (nice) are not among them. */
  readonly others: number;
  /** Cores by instance, and by program for the rest of the run: `k6`, `postgres`, `redis-server`, `nginx`. */
  readonly byName: ReadonlyMap<string, number>;
}

/** @param directories the run's private directories: its programs work below them */
export function readProcessors(stack: Pick<Stack, "instances">, directories: readonly string[]): Reading {
  const instances = new Map(stack.instances().map((instance) => [instance.pid(), instance.name]));
  const processes = new Map<number, { name: string; ticks: number }>();
  for (const entry of readdirSync("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    try {
      const own = pid === process.pid;
      const cwd = own ? "" : readlinkSync(`/proc/${pid}/cwd`);
      if (!own && !directories.some((directory) => `${cwd}${sep}`.startsWith(`${directory}${sep}`))) continue;
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const end = stat.lastIndexOf(")");
      const fields = stat.slice(end + 2).split(" ");
      // Workers of an instance are in its process group; sessions of Postgres make groups of their own.
      const name = own ? "harness" : (instances.get(Number(fields[2])) ?? stat.slice(stat.indexOf("(") + 1, end));
      processes.set(pid, { name, ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // It ended while we looked, or belongs to somebody else.
    }
  }
  const { busy, nice, steal } = processorTime() ?? { busy: 0, nice: 0, steal: 0 };
  return { timeMs: performance.now(), machine: { busy, nice, steal }, processes };
}

/** What happened between two readings. What a process used that ended in between is counted as others'. */
export function processorUse(before: Reading, after: Reading): ProcessorUse {
  const cores = cpus().length;
  const seconds = (after.timeMs - before.timeMs) / 1000;
  const inCores = (ticks: number): number => ticks / ticksPerSecond / seconds;
  const byName = new Map<string, number>();
  for (const [pid, { name, ticks }] of after.processes)
    byName.set(name, (byName.get(name) ?? 0) + inCores(ticks - (before.processes.get(pid)?.ticks ?? 0)));
  const own = [...byName.values()].reduce((sum, each) => sum + each, 0);
  const busyCores = inCores(after.machine.busy - before.machine.busy);
  const steal = inCores(after.machine.steal - before.machine.steal) / cores;
  const givingWay = inCores(after.machine.nice - before.machine.nice);
  return { cores, busyCores, steal, others: Math.max(0, busyCores - givingWay - own) / cores, byName };
}
