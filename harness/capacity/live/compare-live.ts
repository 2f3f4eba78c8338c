/** Two deployments in turn, A B and B A, after A in turn with a second A: what two equal deployments differ by is what no difference may be made of. */
import { seeded } from "../../core/random.ts";
import { type Comparison, comparePairs } from "../compare.ts";
import type { Pair, Point } from "../result.ts";
import type { Study, Variant } from "../study.ts";
import { closedWindow } from "./closed-window.ts";
import { type Deployment, openDeployment } from "./deployment.ts";
import type { Carrying } from "./run-capacity.ts";

export interface Compared {
  readonly comparison: Comparison;
  readonly noise: readonly Pair[];
  readonly pairs: readonly Pair[];
}

/** Of the places that a deployment has for work, this share is kept busy: enough to see what work costs, and nobody waits for a place. */
const busyShare = 0.6;
/** Many short windows tell more than a few long ones. */
const windowShare = 0.75;

/**
 * Both stay up all the time, so that neither is the warmer one, and only one is loaded at a time, by clients that wait for their own answers.
 *
 * @param pairs of A and B; half as many of A and A come first
 */
export async function compareLive(study: Study, against: Variant, pairs: number, carrying: Carrying): Promise<Compared> {
  const { options, measuring } = carrying;
  const open = (name: string, variant: Variant): Promise<Deployment> =>
    openDeployment({ ...carrying, target: options.target, study, variant, name: `${study.id}-${name}`, reports: carrying.directory });
  await using deployments = new AsyncDisposableStack();
  const a = deployments.use(await open("a", options.variant));
  const same = deployments.use(await open("a-again", options.variant));
  const b = deployments.use(await open("b", against));
  const clients = clientsOf(a);
  let windows = 0;
  const point = async (deployment: Deployment): Promise<Point> => {
    const asked = { name: `window-${++windows}`, clients, instances: deployment.stack.instances().length, settings: {}, paired: true };
    const { point } = await closedWindow(
      deployment,
      measuring,
      { load: study.load, window: { warmUpMs: 1000, measureMs: windowShare * study.window.measureMs } },
      asked,
    );
    carrying.note(`${study.id} ${deployment === b ? "b" : "a"}`, point);
    return point;
  };
  /** AB, BA, BA, AB, ...: a drift of the machine is not taken for a difference. */
  const inTurn = async (other: Deployment, count: number, told: string): Promise<readonly Pair[]> => {
    const measured: Pair[] = [];
    for (let i = 0; i < count; i++) {
      const order = i % 4 === 0 || i % 4 === 3 ? "AB" : "BA";
      const first = await point(order === "AB" ? a : other);
      const second = await point(order === "AB" ? other : a);
      const pair: Pair = order === "AB" ? { order, a: first, b: second } : { order, a: second, b: first };
      measured.push(pair);
      options.say(pairText(told, pair));
    }
    return measured;
  };
  // What a process does the first time is nobody's business: seen here, two windows later it still was slower by a tenth and more.
  for (const deployment of [a, same, b, a, same, b, a, same, b]) await point(deployment);
  const noise = await inTurn(same, Math.max(6, Math.ceil(pairs / 2)), "A against A");
  const own = await inTurn(b, pairs, "A against B");
  return { comparison: comparePairs(noise, own, seeded(options.seed, `${study.id} compared`)), noise, pairs: own };
}

function clientsOf({ limits, stack }: Deployment): number {
  const places = limits
    .filter(({ by }) => by === "instance limit")
    .map(({ role, perInstance }) => perInstance * stack.instances().filter((one) => one.role === role).length);
  return Math.max(1, Math.floor(busyShare * Math.min(...places)));
}

function pairText(told: string, { order, a, b }: Pair): string {
  const ratio = (b.achievedPerSecond / a.achievedPerSecond).toFixed(3);
  const unusable = [a, b].find(({ validity }) => validity.voidBecause !== "");
  const { steal, generatorCores } = b.validity;
  const valid = unusable ? `  void: ${unusable.validity.voidBecause}` : "";
  return `  ${told} ${order}  ${a.achievedPerSecond.toFixed(1)}/s and ${b.achievedPerSecond.toFixed(1)}/s: ${ratio} times; p50 ${a.p50Ms.toFixed(0)} and ${b.p50Ms.toFixed(0)} ms  [k6 ${generatorCores.toFixed(2)} cores, steal ${(steal * 100).toFixed(1)} %]${valid}`;
}
