/** Members of etcd on loopback: where the managers of the nodes agree on who leads. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { askEtcd, type EtcdPlace, etcdArguments } from "../../cluster/etcd.ts";
import type { StoreMember } from "../../groups.ts";
import { type Child, type Part, startReady } from "../child.ts";
import type { Ports } from "../ports.ts";

export interface Etcd extends AsyncDisposable {
  readonly members: readonly StoreMember[];
  /** host:port of each member. */
  readonly addresses: readonly string[];
}

export async function startEtcd(options: {
  readonly part: Part;
  readonly count: number;
  readonly directory: string;
  logFile(name: string): string;
  readonly ports: Ports;
  readonly marker: string;
}): Promise<Etcd> {
  await using started = new AsyncDisposableStack();
  const takeAddress = async (): Promise<string> => `127.0.0.1:${await options.ports.take()}`;
  const addresses: string[] = [];
  const places: EtcdPlace[] = [];
  for (let n = 1; n <= options.count; n++) {
    const name = `etcd-${n}`;
    const directory = join(options.directory, name);
    await mkdir(directory, { mode: 0o700 });
    const address = await takeAddress();
    addresses.push(address);
    places.push({ name, directory, client: `http://${address}`, peer: `http://${await takeAddress()}` });
  }
  const members = places.map((place): StoreMember & AsyncDisposable => {
    let child: Child | undefined;
    const { isHealthy, leads } = askEtcd(place);
    const { name } = place;
    return {
      ...{ name, leads },
      pid: () => (child?.outcome() === undefined ? child?.pid : undefined),
      async start() {
        child = await startReady(
          {
            name,
            command: options.part.path,
            args: etcdArguments(place, places),
            env: options.part.env,
            cwd: place.directory,
            logFile: options.logFile(name),
            marker: options.marker,
          },
          { what: `${name} was expected to be in a healthy cluster on ${place.client}`, probe: isHealthy, withinMs: 15_000 },
        );
      },
      async kill() {
        await child?.stop("SIGKILL", 0);
      },
      [Symbol.asyncDispose]: async () => child?.[Symbol.asyncDispose](),
    };
  });
  for (const member of members) started.use(member);
  // None is healthy before most are there.
  const results = await Promise.allSettled(members.map((member) => member.start()));
  for (const result of results) if (result.status === "rejected") throw result.reason;
  const owned = started.move();
  return { members, addresses, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
