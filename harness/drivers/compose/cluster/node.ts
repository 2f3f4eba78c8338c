/** One node in a container of its own: a shell that starts Patroni, and starts it again when it is told to, and the server that Patroni starts. Its data outlive its end. */
import { readFileSync } from "node:fs";
import type { ClusterNode, NodePlan } from "../../cluster/cluster.ts";
import { askNode } from "../../cluster/manager.ts";
import { parentOf, stateOf } from "../../process/identity.ts";
import { type Container, untilReady } from "../container.ts";
import type { Deployment } from "../deployment.ts";
import { type ClusterImages, memberService } from "./images.ts";

/** Where the image has a folder that belongs to the server's user. */
export const nodeDirectory = "/var/lib/postgresql/node";
export const archiveDirectory = "/var/lib/postgresql/archive";
/** Loading Python alone takes its time on a busy machine. */
const startsWithinMs = 60_000;

/**
 * Patroni is not the container's first process, so that its server can outlive it. The number in the server's pid file is one of a container that is over, and
 * may be anybody's in this one.
 */
const keeper = `rm -f "$$1/data/postmaster.pid"
mkfifo /tmp/again
while :; do
  patroni
  read -r _ </tmp/again
done`;

export interface ContainerNode extends ClusterNode {
  /** Takes its container over, which is up, and waits until its manager answers. */
  started(): Promise<void>;
}

export function defineNode(
  plan: NodePlan,
  { deployment, images, logFile }: { readonly deployment: Deployment; readonly images: ClusterImages; readonly logFile: string },
): ContainerNode {
  const { name, server, api, link, directory } = plan;
  deployment.put(name, {
    ...memberService(images.PATRONI_IMAGE, server.host),
    init: true,
    command: ["sh", "-c", keeper, "sh", directory],
    // Compose reads a dollar as the beginning of a variable's name.
    environment: { PATRONI_CONFIGURATION: plan.configuration.replaceAll("$", "$$$$") },
    volumes: [directory, `archive:${archiveDirectory}`],
    tmpfs: ["/tmp"],
  });
  const container = deployment.container(name);
  const asked = askNode({ name, server, api, password: deployment.password });
  const ready = (): Promise<void> =>
    untilReady(
      container,
      `Patroni of ${name} was expected to answer on ${api.host}:${api.port}`,
      async () => (await asked.ask("/patroni", 1000)) !== 0,
      startsWithinMs,
      logFile,
    );
  const managerPid = (): number | undefined => childrenOf(container.pid()).find((pid) => textOf(pid, "comm") === "patroni\n");
  const serverPid = (): number | undefined => childrenOf(firstOf(container)).find(isMainProcess);
  const kill = async (pid: number | undefined): Promise<void> => {
    if (pid !== undefined) await container.exec(["sh", "-c", `kill -9 ${numberInside(pid)}`]);
  };
  return {
    ...asked,
    ...{ name, server, link, serverPid },
    async started() {
      await container.adopt();
      await ready();
    },
    manager: {
      name: `patroni of ${name}`,
      pid: managerPid,
      async start() {
        if (managerPid() !== undefined) return;
        if (container.pid() === undefined) await container.start();
        else await container.exec(["sh", "-c", "echo again >/tmp/again"]);
        await ready();
      },
      kill: () => kill(managerPid()),
    },
    // The kernel ends all that is in it together with its first process.
    kill: async () => void (await container.stop("SIGKILL", 0)),
    killServer: () => kill(serverPid()),
    killBackend: (pid) => container.exec(["sh", "-c", `kill -9 ${pid}`]),
    pause: container.pause,
    resume: container.resume,
    async states() {
      const state = await container.state();
      return [serverPid(), managerPid()].map((pid) => (pid === undefined ? undefined : state));
    },
  };
}

/** What looks after the container's program, on this machine. */
function firstOf(container: Container): number | undefined {
  const program = container.pid();
  return program === undefined ? undefined : parentOf(program);
}

function childrenOf(parent: number | undefined): readonly number[] {
  const told = parent === undefined ? "" : textOf(parent, `task/${parent}/children`);
  const children = told.trim().split(" ").filter(Boolean).map(Number);
  return children.filter((pid) => stateOf(pid) !== "Z");
}

/** What the main process has started itself calls itself otherwise, and may for a moment be without it. */
function isMainProcess(pid: number): boolean {
  const [program = "", ...given] = textOf(pid, "cmdline").split("\0");
  return program.endsWith("/postgres") && given.includes("-D");
}

/** The number of a process in its own container, whose processes see no others. */
function numberInside(pid: number): number {
  const numbers = /^NSpid:(.*)$/m.exec(textOf(pid, "status"))?.[1] ?? "";
  const own = Number(numbers.trim().split(/\s+/).at(-1));
  if (!own) throw new Error(`Process ${pid} was expected to be in a container and is gone.`);
  return own;
}

/** "" where the process is gone. */
function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
