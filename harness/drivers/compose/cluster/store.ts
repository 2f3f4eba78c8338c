/** Members of etcd in containers, each with a fixed address and data of its own that outlive its end. */
import { askEtcd, type EtcdPlace, etcdArguments } from "../../cluster/etcd.ts";
import type { StoreMember } from "../../groups.ts";
import { untilReady } from "../container.ts";
import type { Deployment } from "../deployment.ts";
import { type ClusterImages, memberService } from "./images.ts";

const data = "/etcd-data";
const startWithinMs = 60_000;

export async function startStore(options: {
  readonly deployment: Deployment;
  readonly images: ClusterImages;
  readonly count: number;
  logFile(name: string): string;
}): Promise<{ readonly members: readonly StoreMember[]; readonly addresses: readonly string[] }> {
  const { deployment } = options;
  const places = Array.from({ length: options.count }, (_, i): EtcdPlace & { readonly address: string } => {
    const address = deployment.takeAddress("data");
    return { name: `etcd-${i + 1}`, directory: data, address, client: `http://${address}:2379`, peer: `http://${address}:2380` };
  });
  const members = places.map((place) => {
    const { name, address } = place;
    const { isHealthy, leads } = askEtcd(place);
    deployment.put(name, {
      ...memberService(options.images.ETCD_IMAGE, address),
      command: ["etcd", ...etcdArguments(place, places)],
      volumes: [data],
    });
    const container = deployment.container(name);
    const ready = (): Promise<void> =>
      untilReady(container, `${name} was expected to be in a healthy cluster on ${place.client}`, isHealthy, startWithinMs, options.logFile(name));
    return {
      ...{ name, leads, pid: container.pid },
      async started() {
        await container.adopt();
        await ready();
      },
      async start() {
        await container.start();
        await ready();
      },
      kill: async () => void (await container.stop("SIGKILL", 0)),
    };
  });
  await deployment.up(places.map(({ name }) => name));
  // None is healthy before most are there.
  const results = await Promise.allSettled(members.map((member) => member.started()));
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return { members, addresses: places.map(({ address }) => `${address}:2379`) };
}
