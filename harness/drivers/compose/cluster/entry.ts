/** HAProxy in a container before the nodes: the address that instances know. */
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accepts } from "../../balancer-configuration.ts";
import type { Place } from "../../edge-probe.ts";
import type { ClusterProcess } from "../../groups.ts";
import { untilReady } from "../container.ts";
import type { Deployment } from "../deployment.ts";
import { type ClusterImages, memberService } from "./images.ts";

const startWithinMs = 60_000;
const inside = "/usr/local/etc/haproxy/haproxy.cfg";

export async function startEntry(options: {
  readonly deployment: Deployment;
  readonly images: ClusterImages;
  /** Private to the run. */
  readonly directory: string;
  readonly logFile: string;
  readonly at: Place;
  /** haproxy.cfg, in which there is no secret. */
  readonly configuration: string;
}): Promise<ClusterProcess> {
  const { deployment, at } = options;
  const name = "haproxy";
  const file = join(options.directory, "haproxy.cfg");
  await writeFile(file, options.configuration);
  // Its container runs as somebody else.
  await chmod(file, 0o644);
  deployment.put(name, {
    ...memberService(options.images.HAPROXY_IMAGE, at.host),
    command: ["haproxy", "-f", inside, "-db"],
    volumes: [`${file}:${inside}:ro`],
  });
  const container = deployment.container(name);
  const ready = (): Promise<void> =>
    untilReady(container, `HAProxy was expected to listen on ${at.host}:${at.port}`, () => accepts(at.port, at.host), startWithinMs, options.logFile);
  await deployment.up([name]);
  await container.adopt();
  await ready();
  return {
    name,
    pid: container.pid,
    async start() {
      await container.start();
      await ready();
    },
    kill: async () => void (await container.stop("SIGKILL", 0)),
  };
}
