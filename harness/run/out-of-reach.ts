/** Whether an experiment can be carried out at all by a driver on a layout: known beforehand, and no verdict on the target. */
import { hasStandby, isCluster, type Layout, type ScheduledFault } from "../core/experiment.ts";
import type { Target } from "../core/target.ts";
import type { Driver } from "../drivers/stack.ts";
import { loadFault } from "./catalogue.ts";

/** Why it cannot, a sentence; undefined when it can. */
export async function outOfReach(of: {
  readonly project: string;
  readonly driver: Pick<Driver, "id" | "lacks" | "beyond">;
  readonly target: Pick<Target, "title" | "cluster" | "standby" | "regions" | "passive">;
  readonly layout: Layout;
  readonly schedule: readonly ScheduledFault[];
}): Promise<string | undefined> {
  const { id, lacks, beyond } = of.driver;
  if (beyond[of.layout] !== undefined) return beyond[of.layout];
  if (isCluster(of.layout) && !of.target.cluster) return `${of.target.title} does not say how its Postgres fails over.`;
  if (hasStandby(of.layout) && !of.target.standby) return `${of.target.title} does not say how a standby follows its Postgres.`;
  if (of.layout === "regions" && !of.target.regions) return `${of.target.title} does not say how it is laid out in several regions.`;
  if (of.layout === "passive" && !of.target.passive) return `Of the instances of ${of.target.title} all serve.`;
  for (const name of new Set(of.schedule.map(({ fault }) => fault))) {
    const { layouts, needs = [] } = await loadFault(of.project, name);
    if (layouts && !layouts.includes(of.layout)) return `The fault ${name} strikes the topology ${layouts.join(" or ")}, and this is ${of.layout}.`;
    for (const ability of needs) {
      const reason = lacks[ability];
      if (reason !== undefined) return `The fault ${name} is beyond the ${id} driver: ${reason}.`;
    }
  }
  return undefined;
}
