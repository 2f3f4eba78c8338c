/**
 * Everything that is done with an engine: it is found or brought along, has its images, and is left as it was found. An engine of our own has its networks in
 * a namespace without uplink, so the command goes on in there, as a child with the same arguments.
 */
import { spawn } from "node:child_process";
import { readlinkSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { messageOf, UserError } from "../../base/errors.ts";
import type { Target } from "../../core/target.ts";
import type { ProvisionOptions } from "../../provision/containers/engine-parts.ts";
import { type Engine, openEngine } from "./engine.ts";
import { provideClusterImages, provideImages } from "./images.ts";
import { ownEnginePid } from "./own-engine.ts";
import { containersOf } from "./stack.ts";

export interface Containers {
  readonly engine: Engine;
  /** Variables of the target's Compose file. */
  readonly images: Readonly<Record<string, string>>;
  /** Why no Postgres that fails over can be brought up, a sentence; absent where it can. */
  readonly noCluster?: string;
}

/** What the command outside has provided, for the one inside. */
const handedOver = "RUNPROOF_IMAGES";
type Provided = Omit<Containers, "engine">;

/**
 * Does the work where containers can be reached. Resolves to its exit status.
 * @throws UserError (69) when there is no engine or an image cannot be had
 */
export async function withContainers(
  project: string,
  target: Target,
  services: readonly string[],
  options: ProvisionOptions & {
    /** Whether a Postgres that fails over is to be brought up as well. */
    readonly clustered: boolean;
  },
  work: (containers: Containers) => Promise<number>,
): Promise<number> {
  await using engine = await openEngine(options);
  const given = process.env[handedOver];
  const place = { directory: join(project, containersOf(target).directory), workspace: target.tree, name: "runproof", env: {} };
  const provided = given === undefined ? await provide(engine, place, services, options) : (JSON.parse(given) as Provided);
  const pid = engine.own ? ownEnginePid() : undefined;
  // Awaited here: what is returned as a promise would outlive the engine.
  if (pid === undefined || namespaceOf("self") === namespaceOf(pid)) return await work({ engine, ...provided });
  if (given !== undefined) throw new Error("The command was expected to be inside the namespace of our own Docker engine and is not.");
  return await goOnInside(pid, provided, options.signal);
}

/** What only a Postgres that fails over needs may be missing: then it is out of reach, and everything else is not. */
async function provide(
  engine: Engine,
  project: Parameters<typeof provideImages>[1],
  services: readonly string[],
  options: Parameters<typeof withContainers>[3],
): Promise<Provided> {
  const { env } = await provideImages(engine, project, services, options);
  if (!options.clustered) return { images: env, noCluster: "The images of a Postgres that fails over were not provided." };
  try {
    return { images: { ...env, ...(await provideClusterImages(engine, options)) } };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { images: env, noCluster: messageOf(error) };
  }
}

const namespaceOf = (pid: number | "self"): string => readlinkSync(`/proc/${pid}/ns/net`);

function goOnInside(pid: number, provided: Provided, signal: AbortSignal): Promise<number> {
  const child = spawn("nsenter", [`--net=/proc/${pid}/ns/net`, process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, [handedOver]: JSON.stringify(provided) },
  });
  // It heals and takes down by itself, and is waited for.
  const pass = (): void => void child.kill("SIGINT");
  signal.addEventListener("abort", pass);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, name) => {
      signal.removeEventListener("abort", pass);
      resolve(code ?? 128 + constants.signals[name as NodeJS.Signals]);
    });
  });
}
