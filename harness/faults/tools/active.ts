/** What faults of the instance that serves, while others of its role wait for their turn, share: whom they strike, and that somebody takes its place. */
import { until } from "../../base/clock.ts";
import type { Instance } from "../../drivers/stack.ts";
import type { FaultContext, Strike } from "../fault.ts";

/** After this nobody is waited for any more (ms). */
const takenWithinMs = 20_000;
const lookMs = 50;
const askMs = 500;

type Role = Pick<FaultContext, "stack" | "on">;

const instancesOf = ({ stack, on }: Role): readonly Instance[] => stack.instances().filter(({ role }) => role === on);

/** In words, that one instance of the role serves and every other one stands by: then one may be struck, or the last one was and all is well again. */
export async function oneServes(of: Role): Promise<string | undefined> {
  const all = instancesOf(of);
  const states = await Promise.all(
    all.map(async (one) => ({ one, serves: await one.isReady(askMs), standsBy: (await one.standsBy?.(askMs)) === true })),
  );
  const serving = states.filter(({ serves }) => serves);
  const others = states.filter(({ standsBy }) => standsBy);
  return serving.length === 1 && others.length === all.length - 1 ? `${serving[0]?.one.name} serves, and ${others.length} stand by` : undefined;
}

async function anyServes(instances: readonly Instance[]): Promise<Instance | undefined> {
  const ready = await Promise.all(instances.map((one) => one.isReady(askMs)));
  return instances.find((_, i) => ready[i]);
}

/** A strike at the instance of the role that is at work, as the judge's ledger knows. Injecting it waits until another one serves: a pause that is shorter proves nothing. */
export function activeStrike(
  context: FaultContext,
  fault: { inject(active: Instance): Promise<void>; bites(active: Instance): Promise<string | undefined>; heal(active: Instance): Promise<void> },
): Strike | undefined {
  const all = instancesOf(context);
  const active = all.find(({ name }) => context.ledger.working(name).length > 0);
  if (!active) return undefined;
  const others = all.filter((one) => one !== active);
  let successor: Instance | undefined;
  return {
    on: active.name,
    working: () => context.ledger.working(active.name),
    async inject() {
      await fault.inject(active);
      // That nobody takes its place is for the judge to say.
      successor = await until("Another instance was expected to serve", () => anyServes(others), {
        withinMs: takenWithinMs,
        everyMs: lookMs,
      }).catch(() => undefined);
    },
    async bites() {
      const sight = await fault.bites(active);
      return sight && `${sight}, and ${successor ? `${successor.name} serves` : "nobody took its place"}`;
    },
    heal: () => fault.heal(active),
    healed: () => oneServes(context),
  };
}
