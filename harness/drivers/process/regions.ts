/** Two regions: instances and a Redis in each, the primary in the first and its standby in the second, and a long way between them. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { RegionsModule, Target } from "../../core/target.ts";
import type { Region } from "../groups.ts";
import type { Pair } from "./postgres-pair.ts";
import type { Redis } from "./redis.ts";
import type { Toxiproxy } from "./toxiproxy.ts";

/** How long whatever goes from one region to the other is on its way (ms), each way. */
const wayMs = 25;
const host = "127.0.0.1";
const names = ["a", "b"] as const;
type Name = (typeof names)[number];

export interface Regions {
  readonly all: readonly Region[];
  /**
   * Where the n-th instance of a role is, and the ports at which it reaches what it depends on. Those of the front role are in each region in turn; all others are where the
   * primary is, because they share a queue, and tell each other by one Redis that they are alive.
   */
  place(instance: { readonly name: string; readonly role: string; readonly nth: number }): Promise<{
    readonly postgres: number;
    readonly redis: number;
    readonly replica?: number;
  }>;
  /** The setting of the balancer: the front role's instances of each region, among these addresses by name. */
  forBalancer(upstreams: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]>;
}

/** Delays replication from now on. `redis` are those of the first region and the second. */
export async function openRegions(options: {
  readonly target: Target;
  /** The copy of the target's tree. */
  readonly tree: string;
  readonly pair: Pair;
  readonly redis: readonly [Redis, Redis];
  readonly toxiproxy: Toxiproxy;
}): Promise<Regions> {
  const { target, tree, pair, toxiproxy } = options;
  if (target.regions === undefined) throw new Error(`${target.title} was expected to say how it is laid out in several regions, and does not.`);
  const { dependenciesOf } = (await import(pathToFileURL(join(tree, target.regions)).href)) as RegionsModule;
  const away = async (link: Pair["link"]): Promise<void> => {
    for (const stream of ["upstream", "downstream"] as const)
      await link.addToxic({ type: "latency", stream, attributes: { latency: wayMs, jitter: 0 } });
  };
  await away(pair.link);
  const [first, second] = options.redis;
  const dependencies = new Map([
    ["a", { redis: `${host}:${first.port}` }],
    ["b", { redis: `${host}:${second.port}`, replica: `${host}:${pair.standbyPort}` }],
  ]);
  const there: Record<Name, string[]> = { a: [], b: [] };
  const portOf = (address: string): number => Number(address.split(":")[1]);
  const postgresFor = async (region: Name, name: string): Promise<number> => {
    if (region === "a") return pair.port;
    const edge = await toxiproxy.addEdge(`${name}->primary`, `${host}:${pair.port}`);
    await away(edge);
    return edge.port;
  };
  return {
    all: [
      { name: "a", instances: () => there.a, redis: first },
      { name: "b", instances: () => there.b, redis: second, standby: pair.standby },
    ],
    async place({ name, role, nth }) {
      const region = role === target.frontRole && nth % 2 === 1 ? "b" : "a";
      there[region].push(name);
      const { redis, replica } = dependenciesOf(region, dependencies);
      return {
        postgres: await postgresFor(region, name),
        redis: portOf(redis),
        ...(replica === undefined ? {} : { replica: portOf(replica) }),
      };
    },
    forBalancer: (upstreams) => new Map(names.map((region) => [region, there[region].flatMap((name) => upstreams.get(name) ?? [])])),
  };
}
