/** The Docker engine that containers run on: one that is there, or our own; and what has to be true of it. */
import { access, constants } from "node:fs/promises";
import Docker from "dockerode";
import { within } from "../../base/clock.ts";
import { exit, messageOf, UserError } from "../../base/errors.ts";
import { engineParts, type ProvisionOptions } from "../../provision/containers/engine-parts.ts";
import { run } from "../../provision/exec.ts";
import { compareVersions } from "../../provision/part.ts";
import { leaveOwnEngine, ownEngineLeft, ownEnginePid, ownSocket, useOwnEngine } from "./own-engine.ts";

/** Engine 20.10, of 2020: what is needed is there since. */
const oldestApi = "1.41";
/** `extends` together with `depends_on`, and further build contexts. */
const oldestCompose = "2.20";
const usualSocket = "/var/run/docker.sock";
/** Of every container, network, volume and image of ours. */
export const label = "dev.runproof";

export interface Engine extends AsyncDisposable {
  readonly docker: Docker;
  readonly socket: string;
  /** Our own: it reaches no registry, and its networks are in a namespace of their own. */
  readonly own: boolean;
  readonly version: string;
  /** The Compose command. */
  readonly compose: readonly [string, ...string[]];
}

const dockerAt = (socketPath: string): Docker => new Docker({ socketPath });

const answers = (socket: string): Promise<boolean> =>
  within("The engine was expected to answer", 5000, dockerAt(socket).ping()).then(
    () => true,
    () => false,
  );

const missing = (sentence: string): UserError => new UserError(sentence, exit.missing);

/**
 * Disposing ends an engine of our own that nobody uses any more.
 * @throws UserError (69): docker missing, engine not reachable, not on this machine, or too old
 */
export async function openEngine(options: ProvisionOptions): Promise<Engine> {
  const { socket, own } = await findSocket(options);
  const docker = dockerAt(socket);
  const { Version: version, ApiVersion: api } = await docker.version();
  if (compareVersions(api, oldestApi) < 0)
    throw missing(`Expected a Docker engine with API ${oldestApi} or later and found ${version} with API ${api}. Install Docker 20.10 or later.`);
  const compose = await findCompose(own, options);
  return {
    ...{ docker, socket, own, version, compose },
    [Symbol.asyncDispose]: async () => void (own && (await leaveOwnEngine(() => isIdle(docker)))),
  };
}

/** The engine that is there now, without starting any; undefined when there is none. */
export async function openRunningEngine(): Promise<Pick<Engine, "docker" | "own"> | undefined> {
  for (const [socket, own] of [
    [ownEnginePid() === undefined ? "" : ownSocket(), true],
    [chosenSocket() ?? usualSocket, false],
  ] as const)
    if (socket !== "" && (await answers(socket))) return { docker: dockerAt(socket), own };
  return undefined;
}

/** Our own, started again because it ended before its containers did; undefined when it left none. */
export async function reviveOwnEngine(options: ProvisionOptions): Promise<Pick<Engine, "docker" | "own"> | undefined> {
  if (!ownEngineLeft()) return undefined;
  await useOwnEngine(await engineParts(options), () => answers(ownSocket()));
  return { docker: dockerAt(ownSocket()), own: true };
}

/** Whether no container of ours is left on it. */
export async function isIdle(docker: Docker): Promise<boolean> {
  return (await docker.listContainers({ all: true })).length === 0;
}

/** @throws UserError (69) when DOCKER_HOST names an engine elsewhere */
function chosenSocket(): string | undefined {
  const chosen = process.env.DOCKER_HOST;
  if (chosen === undefined || chosen === "") return undefined;
  if (chosen.startsWith("unix://")) return chosen.slice("unix://".length);
  throw missing(
    `Expected DOCKER_HOST to name a socket of this machine (unix://...) and found ${chosen}. The harness shares files and addresses with its containers: use an engine on this machine.`,
  );
}

async function findSocket(options: ProvisionOptions): Promise<{ readonly socket: string; readonly own: boolean }> {
  const chosen = chosenSocket();
  if (chosen !== undefined) {
    if (await answers(chosen)) return { socket: chosen, own: chosen === ownSocket() };
    throw missing(`Expected a Docker engine at ${chosen}, as DOCKER_HOST says, and it does not answer. Start it, or unset DOCKER_HOST.`);
  }
  const wantOwn = process.env.RUNPROOF_ENGINE === "own";
  if (!wantOwn && (await answers(usualSocket))) return { socket: usualSocket, own: false };
  if (process.platform !== "linux" || process.getuid?.() !== 0) throw missing(await whyUnreachable());
  const parts = await engineParts(options);
  await useOwnEngine(parts, () => answers(ownSocket()));
  return { socket: ownSocket(), own: true };
}

async function whyUnreachable(): Promise<string> {
  if (process.platform !== "linux")
    return `Expected a Docker engine on Linux, where addresses of containers can be reached, and this is ${process.platform}. Use --driver process.`;
  const there = await access(usualSocket).then(
    () => true,
    () => false,
  );
  if (!there)
    return `Expected a Docker engine and found no ${usualSocket}. Install Docker and start it, run as root (an engine of our own is brought along then), or use --driver process.`;
  const mayUse = await access(usualSocket, constants.R_OK | constants.W_OK).then(
    () => "it does not answer. Start the engine",
    () => "this user may not use it. Join the group docker",
  );
  return `Expected a Docker engine at ${usualSocket} and ${mayUse}, or use --driver process.`;
}

async function findCompose(own: boolean, options: ProvisionOptions): Promise<Engine["compose"]> {
  const found: string[] = [];
  for (const command of own ? [] : ([["docker", "compose"], ["docker-compose"]] as const)) {
    const ran = await run(command[0], [...command.slice(1), "version", "--short"], { deadlineMs: 20_000, signal: options.signal });
    const version = /\d+(\.\d+)+/.exec(ran.stdout)?.[0];
    if (ran.status !== 0 || version === undefined) continue;
    if (compareVersions(version, oldestCompose) >= 0) return command;
    found.push(`${command.join(" ")} ${version}`);
  }
  return engineParts(options).then(
    ({ compose }) => [compose] as const,
    (error) => {
      throw missing(
        `Expected Docker Compose ${oldestCompose} or later and found ${found.join(", ") || "none"}, and it cannot be provided here: ${messageOf(error)}`,
      );
    },
  );
}
