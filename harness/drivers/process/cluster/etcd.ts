/** Members of etcd on loopback: where the managers of the nodes agree on who leads. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
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
  const places = await Promise.all(
    Array.from({ length: options.count }, async (_, i) => {
      const name = `etcd-${i + 1}`;
      const directory = join(options.directory, name);
      await mkdir(directory, { mode: 0o700 });
      return { name, directory, client: `127.0.0.1:${await options.ports.take()}`, peer: `http://127.0.0.1:${await options.ports.take()}` };
    }),
  );
  const members = places.map(({ name, directory, client, peer }): StoreMember & AsyncDisposable => {
    let child: Child | undefined;
    const url = `http://${client}`;
    const flags = {
      name,
      "data-dir": directory,
      "listen-client-urls": url,
      "advertise-client-urls": url,
      "listen-peer-urls": peer,
      "initial-advertise-peer-urls": peer,
      "initial-cluster": places.map((one) => `${one.name}=${one.peer}`).join(","),
      "initial-cluster-state": "new",
      "heartbeat-interval": "100",
      "election-timeout": "1000",
      logger: "zap",
      "log-level": "warn",
    };
    return {
      name,
      pid: () => (child?.outcome() === undefined ? child?.pid : undefined),
      async start() {
        child = await startReady(
          {
            name,
            command: options.part.path,
            args: Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
            env: options.part.env,
            cwd: directory,
            logFile: options.logFile(name),
            marker: options.marker,
          },
          { what: `${name} was expected to be in a healthy cluster on ${client}`, probe: () => isHealthy(url), withinMs: 15_000 },
        );
      },
      async kill() {
        await child?.stop("SIGKILL", 0);
      },
      async leads(withinMs) {
        const status = await fetch(`${url}/v3/maintenance/status`, { method: "POST", body: "{}", signal: AbortSignal.timeout(withinMs) })
          .then((answer) => answer.json() as Promise<{ readonly leader?: string; readonly header?: { readonly member_id?: string } }>)
          .catch(() => undefined);
        return status?.header && status.leader === status.header.member_id;
      },
      [Symbol.asyncDispose]: async () => child?.[Symbol.asyncDispose](),
    };
  });
  for (const member of members) started.use(member);
  // None is healthy before most are there.
  const results = await Promise.allSettled(members.map((member) => member.start()));
  for (const result of results) if (result.status === "rejected") throw result.reason;
  const owned = started.move();
  return { members, addresses: places.map(({ client }) => client), [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function isHealthy(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(1000) });
  return ((await answer.json()) as { readonly health?: string }).health === "true";
}
