/** Throughput of a closed loop on several numbers of instances of one deployment, up and down again, so that what changes with time is not taken for growth. */
import { until } from "../../base/clock.ts";
import type { Instance } from "../../drivers/stack.ts";
import type { Point } from "../result.ts";
import type { ScalingStudy } from "../study.ts";
import { closedWindow } from "./closed-window.ts";
import type { Deployment } from "./deployment.ts";
import type { Measuring } from "./window.ts";

/** What else could explain that more instances did not do more, as far as it was seen. */
export interface Growing {
  readonly points: readonly Point[];
  readonly excuses: readonly string[];
}

/** From this share of all processors on, they and not the instances are what is measured. */
const saturated = 0.9;

export async function measureGrowth(
  deployment: Deployment,
  measuring: Measuring,
  study: ScalingStudy,
  note: (point: Point) => void,
): Promise<Growing> {
  const points: Point[] = [];
  const excuses = new Set<string>();
  await using serving = servingOnly(deployment, study.role);
  for (const [i, size] of orderOf(study).entries()) {
    await serving.set(size);
    const clients = study.clientsPerInstance * size;
    const name = `growth-${i + 1}-of-${size}`;
    const { measured, point } = await closedWindow(deployment, measuring, study, { name, clients, instances: size, settings: {} });
    const { busyCores, cores } = measured.processors;
    if (busyCores >= saturated * cores)
      excuses.add(`with ${size} instances the ${cores} processors were ${((100 * busyCores) / cores).toFixed(0)} % busy`);
    points.push(point);
    note(point);
  }
  return { points, excuses: [...excuses] };
}

/** 1, 2, 4, 8, 8, 4, 2, 1, ... */
function orderOf({ sizes, rounds }: Pick<ScalingStudy, "sizes" | "rounds">): readonly number[] {
  return Array.from({ length: rounds }, (_, round) => (round % 2 === 0 ? sizes : sizes.toReversed())).flat();
}

/** Lets only some of the instances serve: of the role behind the balancer the others are marked as down there, of another role they sleep. Disposing wakes all. */
function servingOnly({ stack, target }: Deployment, role: string): AsyncDisposable & { set(count: number): Promise<void> } {
  const instances = stack.instances().filter((instance) => instance.role === role);
  const set = role === target.frontRole ? (count: number) => markDown(stack, instances.slice(count)) : (count: number) => sleepAll(instances, count);
  return { set, [Symbol.asyncDispose]: () => set(instances.length) };
}

async function markDown({ balancer }: Deployment["stack"], down: readonly Instance[]): Promise<void> {
  const version = await balancer.reload({ down: down.map(({ name }) => name) });
  await until("The balancer was expected to use its new configuration", async () => ((await balancer.version(1000)) === version ? true : undefined), {
    withinMs: 10_000,
  });
}

/** The deployment has nothing to do then, so nobody sleeps on anything. */
async function sleepAll(instances: readonly Instance[], awake: number): Promise<void> {
  for (const [i, instance] of instances.entries()) {
    if (i < awake) await instance.resume();
    else await instance.pause();
  }
  for (const instance of instances.slice(0, awake))
    await until(`${instance.name} was expected to be ready again`, async () => ((await instance.isReady(1000)) ? true : undefined), {
      withinMs: 20_000,
    });
}
