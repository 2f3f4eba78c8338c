/** Whether an experiment can be carried out at all on a layout of Postgres: known beforehand, and no verdict on the target. */
import type { Layout, ScheduledFault } from "../core/experiment.ts";
import type { Target } from "../core/target.ts";
import type { ProcessParts } from "../drivers/process/stack.ts";
import { loadFault } from "./catalogue.ts";

/** Why it cannot, a sentence; undefined when it can. */
export async function outOfReach(of: {
  readonly project: string;
  readonly target: Pick<Target, "title" | "cluster">;
  readonly layout: Layout;
  readonly schedule: readonly ScheduledFault[];
  readonly cluster: ProcessParts["cluster"];
}): Promise<string | undefined> {
  if (of.layout !== "single") {
    if (!of.target.cluster) return `${of.target.title} does not say how its Postgres fails over.`;
    if (typeof of.cluster !== "object") return of.cluster ?? "The parts of a Postgres that fails over were not provided.";
  }
  for (const name of new Set(of.schedule.map(({ fault }) => fault))) {
    const { layouts } = await loadFault(of.project, name);
    if (layouts && !layouts.includes(of.layout)) return `The fault ${name} strikes the topology ${layouts.join(" or ")}, and this is ${of.layout}.`;
  }
  return undefined;
}
