/** What runs leave on an engine when their harness is killed, found by its label: containers, networks and volumes of runs that nobody conducts any more, and images that have been built anew since. */
import type Docker from "dockerode";
import { type Cleaned, isRunAlive } from "../process/run-state.ts";
import { label } from "./engine.ts";

const ofRuns = `${label}.run`;

interface Left {
  readonly marker: string;
  readonly what: string;
  remove(): Promise<unknown>;
}

/** Removes all of it. What belongs to a run whose harness lives is never touched. */
export async function cleanDeadContainers(docker: Docker): Promise<Cleaned> {
  const [ended, removed, alive]: string[][] = [[], [], []];
  // In this order: a network or a volume that a container uses stays.
  for (const [list, gone] of [
    [containers, ended],
    [networks, removed],
    [volumes, removed],
  ] as const) {
    for (const { marker, what, remove } of await list(docker)) {
      if (isRunAlive(marker)) alive?.push(what);
      else {
        // Somebody else may clean as well.
        await remove().catch((error: { readonly statusCode?: number }) => {
          if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
        });
        gone?.push(what);
      }
    }
  }
  removed?.push(...(await removeOldImages(docker)));
  return { ended: ended ?? [], removed: removed ?? [], alive: alive ?? [] };
}

/** Of ours those that have lost their name because they were built anew, and that no container uses. */
export async function removeOldImages(docker: Docker): Promise<readonly string[]> {
  const { ImagesDeleted: deleted } = await docker.pruneImages({ filters: { dangling: { true: true }, label: { [label]: true } } });
  return (deleted ?? []).flatMap(({ Deleted: id }) => (id ? [`image ${id.slice(0, 19)}`] : []));
}

const filters = { label: [ofRuns] };

async function containers(docker: Docker): Promise<Left[]> {
  const found = await docker.listContainers({ all: true, filters: JSON.stringify(filters) });
  return found.map(({ Id, Names, Labels }) => ({
    marker: Labels[ofRuns] ?? "",
    what: `container ${Names[0]?.slice(1) ?? Id}`,
    remove: () => docker.getContainer(Id).remove({ force: true, v: true }),
  }));
}

async function networks(docker: Docker): Promise<Left[]> {
  const found = await docker.listNetworks({ filters: JSON.stringify(filters) });
  return found.map(({ Id, Name, Labels }) => ({
    marker: Labels?.[ofRuns] ?? "",
    what: `network ${Name}`,
    remove: () => docker.getNetwork(Id).remove(),
  }));
}

async function volumes(docker: Docker): Promise<Left[]> {
  const { Volumes: found } = await docker.listVolumes({ filters: JSON.stringify(filters) });
  return (found ?? []).map(({ Name, Labels }) => ({
    marker: Labels?.[ofRuns] ?? "",
    what: `volume ${Name}`,
    remove: () => docker.getVolume(Name).remove({ force: true }),
  }));
}
