/** Which machine a figure was measured on, as far as it decides the figure; neither host nor user. */
import type { Machine } from "./result.ts";

/** Equal for machines whose figures may stand in one series. Memory in whole GiB: what the kernel keeps for itself differs from start to start. */
export function machineKey({ cpu, cores, memoryMb, kernel, node }: Machine): string {
  return [cpu, `${cores} cores`, `${Math.round(memoryMb / 1024)} GiB`, kernel, node].join(" | ");
}
