/** A window of a closed loop: so many clients, each of which begins anew as soon as it has its answer. */
import { validityLimits } from "../objectives.ts";
import type { Point } from "../result.ts";
import type { Study } from "../study.ts";
import type { Deployment } from "./deployment.ts";
import { pointOf } from "./point.ts";
import { type Measured, type Measuring, measure } from "./window.ts";

interface Asked {
  readonly name: string;
  readonly clients: number;
  readonly instances: number;
  /** Of the scenario, beside the study's own. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** The window has a twin to be held against, which the machine was as busy for. */
  readonly paired?: boolean;
}

export async function closedWindow(
  deployment: Deployment,
  measuring: Measuring,
  study: Pick<Study, "load" | "window">,
  asked: Asked,
): Promise<{ readonly measured: Measured; readonly point: Point }> {
  const { name, clients, instances, settings, paired = false } = asked;
  const load = { ...study.load, settings: { ...study.load.settings, ...settings } };
  const measured = await measure(deployment, measuring, { name, load, window: study.window, offer: { clients }, vus: clients, patienceMs: 0 });
  return { measured, point: pointOf(measured, { instances, offeredPerSecond: null, clients }, voidBecause(measured, paired)) };
}

/** A loop without a schedule has no lag: what may be to blame is the record and the machine. */
function voidBecause({ problems, processors, figures }: Measured, paired: boolean): string {
  const { steal, others } = processors;
  if (problems[0] !== undefined) return problems[0];
  if (figures.operations === 0) return "nothing ended in the window";
  if (steal > validityLimits.steal) return `the hypervisor took ${(steal * 100).toFixed(0)} % of the machine's time`;
  return others > validityLimits.others && !paired ? `other programs took ${(others * 100).toFixed(0)} % of the machine's processors` : "";
}
