/** What evaluates the target's alerts: provided for the runs that look at them, and for no others. */
import { messageOf } from "../base/errors.ts";
import type { Experiment } from "../core/experiment.ts";
import { seeded } from "../core/random.ts";
import type { Target } from "../core/target.ts";
import type { ProcessParts } from "../drivers/process/stack.ts";
import { MissingPartError, provision } from "../provision/provision.ts";
import { loadFault } from "./catalogue.ts";

/** Prometheus, or a sentence that says why it cannot be had here; undefined where none of the experiments needs it. */
export async function provideAlerting(
  project: string,
  experiments: readonly Experiment[],
  target: Pick<Target, "topology">,
  options: { readonly signal: AbortSignal; readonly onProgress: (line: string) => void },
): Promise<ProcessParts["prometheus"]> {
  // Which faults there are does not depend on the seed.
  const schedules = experiments.map((one) => one.schedule(seeded(0, one.id), one.topology ?? target.topology));
  const faults = await Promise.all([...new Set(schedules.flat().map(({ fault }) => fault))].map((name) => loadFault(project, name)));
  if (!faults.some(({ needs = [] }) => needs.includes("alert rules"))) return undefined;
  try {
    return (await provision({ ...options, only: ["prometheus"] })).prometheus;
  } catch (error) {
    if (!(error instanceof MissingPartError)) throw error;
    return messageOf(error);
  }
}
