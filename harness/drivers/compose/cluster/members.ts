/** The members of a Postgres that fails over, as containers of a deployment with fixed addresses in its network `data`. */
import type { Members } from "../../cluster/cluster.ts";
import type { Toxiproxy } from "../dependencies.ts";
import type { Deployment } from "../deployment.ts";
import { startEntry } from "./entry.ts";
import type { ClusterImages } from "./images.ts";
import { archiveDirectory, type ContainerNode, defineNode, nodeDirectory } from "./node.ts";
import { startStore } from "./store.ts";

const postgresPort = 5432;
const apiPort = 8008;

export function composeMembers(options: {
  readonly deployment: Deployment;
  readonly images: ClusterImages;
  readonly toxiproxy: Toxiproxy;
  /** Private to the run. */
  readonly directory: string;
  logFile(name: string): string;
}): Members<ContainerNode> {
  const { deployment, images, toxiproxy, directory, logFile } = options;
  return {
    seen: { archive: archiveDirectory, programs: "/usr/lib/postgresql/17/bin", clients: deployment.dataNetwork },
    startStore: (count) => startStore({ deployment, images, count, logFile }),
    async placeNode() {
      const host = deployment.takeAddress("data");
      return { server: { host, port: postgresPort }, api: { host, port: apiPort }, directory: nodeDirectory };
    },
    addLink: async (name, upstream) => ({ host: toxiproxy.host(), ...(await toxiproxy.addEdge(name, upstream)) }),
    prepareNode: async (plan) => defineNode(plan, { deployment, images, logFile: logFile(plan.name) }),
    async startNodes(nodes) {
      await deployment.up(nodes.map(({ name }) => name));
      await Promise.all(nodes.map((node) => node.started()));
    },
    placeEntry: async () => ({ host: deployment.takeAddress("data"), port: postgresPort }),
    startEntry: (at, configuration) => startEntry({ deployment, images, directory, logFile: logFile("haproxy"), at, configuration }),
  };
}
