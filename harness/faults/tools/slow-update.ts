/** A rolling update of a role whose instances take long to start, because an outsider holds what they lock when they do. */
import { until } from "../../base/clock.ts";
import type { Instance } from "../../drivers/stack.ts";
import { everybodysWork, type FaultContext, markDown, type Strike } from "../fault.ts";
import { asOutsider } from "./outsider.ts";

const graceMs = 30_000;
const lookMs = 50;

interface Replaced {
  readonly from: number | undefined;
  readonly instance: Instance;
  /** From its start to the moment it answered ready, as the driver saw it (ms); undefined: not yet, or never. */
  readyAfterMs: number | undefined;
}

/**
 * Each instance in turn gets nothing new, is stopped and started, and is back in rotation as soon as `mayGoOn` resolves; then the next one is. Options: `table`, which an instance
 * reads when it starts, and `slowMs`, for how long nobody may read it then (ms).
 */
export function slowUpdate({ stack, ledger, on, options }: FaultContext, mayGoOn: (replaced: Instance) => Promise<void>): Strike {
  const instances = stack.instances().filter(({ role }) => role === on);
  const slowMs = Number(options.slowMs);
  const replaced: Replaced[] = [];
  const starts: Promise<void>[] = [];
  const start = async (one: Replaced): Promise<void> => {
    const beganMs = performance.now();
    await one.instance.start();
    one.readyAfterMs = performance.now() - beganMs;
  };
  const replace = async (instance: Instance): Promise<void> => {
    const one: Replaced = { from: instance.pid(), instance, readyAfterMs: undefined };
    await markDown(stack.balancer, [instance.name]);
    await instance.terminate("SIGTERM", graceMs);
    const held = Promise.withResolvers<void>();
    const letGo = asOutsider(stack, async (client) => {
      await client.query("begin");
      await client.query(`lock table ${options.table} in access exclusive mode`);
      held.resolve();
      await client.query("select pg_sleep($1::float8 / 1000)", [slowMs]);
      await client.query("rollback");
    });
    letGo.catch(held.reject);
    await held.promise;
    starts.push(
      start(one).catch(() => {}),
      letGo,
    );
    replaced.push(one);
    await mayGoOn(instance);
  };
  const ready = async (): Promise<boolean> => (await Promise.all(instances.map((one) => one.isReady(500)))).every(Boolean);
  return {
    on,
    working: () => everybodysWork(stack, ledger),
    async inject() {
      for (const instance of instances) await replace(instance);
      await Promise.all(starts);
      await markDown(stack.balancer, []);
    },
    bites: async () =>
      replaced.length === instances.length && replaced.every(({ from, instance }) => instance.pid() !== from)
        ? `${instances.map(({ name }) => name).join(" and ")} were replaced in turn, each kept from starting for ${slowMs} ms`
        : undefined,
    // One that could not be started in time is started here.
    async heal() {
      for (const instance of instances) if (instance.pid() === undefined) await instance.start();
    },
    healed: async () => ((await ready()) ? "all answer ready" : undefined),
    numbers: () => ({ slowestStartMs: Math.max(0, ...replaced.map(({ readyAfterMs = 0 }) => readyAfterMs)) }),
  };
}

/** Until an instance that was started says that it is ready. */
export async function untilReady(instance: Instance, withinMs: number): Promise<void> {
  const probe = async (): Promise<true | undefined> => (await instance.isReady(500)) || undefined;
  await until(`${instance.name} was expected to answer ready`, probe, { withinMs, everyMs: lookMs });
}
