/** How the machine's processors have spent their time so far. Linux only (/proc); nothing elsewhere. */
import { readFileSync } from "node:fs";

/** Ticks of 10 ms since the machine started, over all processors. */
export interface ProcessorTime {
  /** At work for anybody, those that give way (nice) among them. */
  readonly busy: number;
  readonly nice: number;
  /** With nothing to do, or nothing to do until a disk answers. */
  readonly idle: number;
  /** Taken by the hypervisor for others. */
  readonly steal: number;
}

/** @returns undefined where the machine does not tell */
export function processorTime(): ProcessorTime | undefined {
  try {
    const [, ...times] = (readFileSync("/proc/stat", "utf8").split("\n")[0] ?? "").trim().split(/\s+/).map(Number);
    const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softirq = 0, steal = 0] = times;
    return { busy: user + nice + system + irq + softirq, nice, idle: idle + waiting, steal };
  } catch {
    return undefined;
  }
}
