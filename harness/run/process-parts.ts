/** What runs on this machine are brought up from: what every run needs, and the parts that only some of them do. */
import { messageOf } from "../base/errors.ts";
import type { Experiment, Layout } from "../core/experiment.ts";
import { seeded } from "../core/random.ts";
import type { Target } from "../core/target.ts";
import type { ProcessParts } from "../drivers/process/stack.ts";
import { MissingPartError, provision } from "../provision/provision.ts";
import { loadFault } from "./catalogue.ts";
import { provideCluster } from "./cluster-parts.ts";
import type { SuiteOptions } from "./suite.ts";

interface Wanted {
  readonly project: string;
  readonly experiments: readonly Experiment[];
  readonly target: Pick<Target, "topology">;
  /** The layout of those that fix none. */
  readonly layout: Layout;
  /** In containers most parts are images. */
  readonly inContainers: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** @throws MissingPartError when a part that every run needs, or one that was asked for, cannot be had */
export async function provideParts(wanted: Wanted): Promise<SuiteOptions["parts"]> {
  const { experiments, layout, inContainers, signal, onProgress } = wanted;
  const provided = await provision({ signal, onProgress });
  if (inContainers) return provided;
  const cluster = await provideCluster(experiments, layout, provided.postgres, { signal, onProgress });
  const prometheus = await provideAlerting(wanted);
  return { ...provided, ...(cluster === undefined ? {} : { cluster }), ...(prometheus === undefined ? {} : { prometheus }) };
}

/** What evaluates the target's alerts, or a sentence that says why it cannot be had here; undefined where none of the experiments needs it. */
async function provideAlerting({ project, experiments, target, signal, onProgress }: Wanted): Promise<ProcessParts["prometheus"]> {
  // Which faults there are does not depend on the seed.
  const schedules = experiments.map((one) => one.schedule(seeded(0, one.id), one.topology ?? target.topology));
  const faults = await Promise.all([...new Set(schedules.flat().map(({ fault }) => fault))].map((name) => loadFault(project, name)));
  if (!faults.some(({ needs = [] }) => needs.includes("alert rules"))) return undefined;
  try {
    return (await provision({ signal, onProgress, only: ["prometheus"] })).prometheus;
  } catch (error) {
    if (!(error instanceof MissingPartError)) throw error;
    return messageOf(error);
  }
}
