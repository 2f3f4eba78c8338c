/** What is done by hand to a deployment of processes: it is looked at, its roles grow and shrink, and what of it has ended is started again. */
import { until } from "../base/clock.ts";
import { UserError } from "../base/errors.ts";
import type { Topology } from "../core/experiment.ts";
import type { Instance, Stack } from "../drivers/stack.ts";

/** A little more than what the server gives itself to drain. */
const graceMs = 20_000;
const switchMs = 10_000;
const lookMs = 1000;

const runs = (one: { pid(): number | undefined }): boolean => one.pid() !== undefined;

/**
 * Makes the named roles have so many instances. What is to go is first taken from the balancer and then told to stop.
 * @throws UserError when there is no such role
 */
export async function scaleTo(stack: Stack, roles: readonly string[], counts: Topology): Promise<void> {
  for (const role of Object.keys(counts))
    if (!roles.includes(role)) throw new UserError(`There is no role "${role}". There are: ${roles.join(", ")}.`);
  const of = (role: string): readonly Instance[] => stack.instances().filter((instance) => instance.role === role);
  for (const [role, count] of Object.entries(counts)) {
    for (const instance of of(role).slice(0, count)) if (!runs(instance)) await instance.start();
    while (of(role).length < count) await stack.addInstance(role);
  }
  const leaving = Object.entries(counts).flatMap(([role, count]) => of(role).slice(count).filter(runs));
  const down = stack.instances().filter((instance) => !runs(instance) || leaving.includes(instance));
  const version = await stack.balancer.reload({ down: down.map(({ name }) => name) });
  const switched = async (): Promise<true | undefined> => (await stack.balancer.version(lookMs)) === version || undefined;
  await until("The balancer was expected to take up its new configuration", switched, { withinMs: switchMs });
  await Promise.all(leaving.map((instance) => instance.terminate("SIGTERM", graceMs)));
}

/** Starts the dependencies and the balancer that have ended. */
export async function reviveDependencies(stack: Stack): Promise<void> {
  const { postgres, redis, balancer } = stack;
  if (!postgres.isRunning()) await postgres.start();
  if (!runs(redis)) await redis.start();
  if (!runs(balancer)) await balancer.start();
}

/** A line for each part with its process, and the addresses to reach it by. */
export async function statusOf(stack: Stack, directory: string): Promise<string> {
  const rows: (readonly string[])[] = [];
  const instances = await Promise.all(
    stack.instances().map(async (instance) => {
      const state = runs(instance) ? await stateOf(instance) : "ended";
      return [instance.name, state, String(instance.pid() ?? "-"), `127.0.0.1:${instance.port}`];
    }),
  );
  rows.push(...instances, ["nginx", runs(stack.balancer) ? "runs" : "ended", String(stack.balancer.pid() ?? "-"), stack.url.slice("http://".length)]);
  for (const node of stack.cluster?.nodes ?? [])
    rows.push([node.name, (await node.role(lookMs)) ?? "silent", String(node.serverPid() ?? "-"), `manager ${node.manager.pid() ?? "-"}`]);
  rows.push(["postgres", ...(await postgresRow(stack))], ["redis", ...(await redisRow(stack))]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [...table, `The balancer is at ${stack.url}. Configurations, databases and logs: ${directory}`].join("\n");
}

async function stateOf(instance: Instance): Promise<string> {
  if (await instance.isReady(lookMs)) return "ready";
  return (await instance.standsBy?.(lookMs)) ? "stands by" : "not ready";
}

async function postgresRow(stack: Stack): Promise<readonly string[]> {
  try {
    const client = await stack.postgres.connect();
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid").finally(() => client.end());
    const user = encodeURIComponent(String(client.user));
    return [
      rows.length > 0 ? "answers" : "silent",
      "-",
      `postgres://${user}:${encodeURIComponent(String(client.password))}@127.0.0.1:${client.port}/postgres`,
    ];
  } catch {
    return [stack.postgres.isRunning() ? "silent" : "ended", "-", "-"];
  }
}

async function redisRow({ redis }: Stack): Promise<readonly string[]> {
  const read = async (name: string): Promise<string> => String(((await redis.command("CONFIG", "GET", name)) as readonly unknown[])[1]);
  try {
    return ["answers", String(redis.pid() ?? "-"), `redis://:${await read("requirepass")}@127.0.0.1:${await read("port")}`];
  } catch {
    return [runs(redis) ? "silent" : "ended", String(redis.pid() ?? "-"), "-"];
  }
}
