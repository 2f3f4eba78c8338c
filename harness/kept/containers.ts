/** The deployment of compose.yaml, kept: a Compose project of its own name. */
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type Docker from "dockerode";
import { UserError } from "../base/errors.ts";
import type { Target } from "../core/target.ts";
import { type ComposeProject, compose } from "../drivers/compose/compose.ts";
import { type Engine, openEngine } from "../drivers/compose/engine.ts";
import { provideImages } from "../drivers/compose/images.ts";
import { ownEnginePid } from "../drivers/compose/own-engine.ts";
import { containersOf } from "../drivers/compose/stack.ts";
import type { ProvisionOptions } from "../provision/containers/engine-parts.ts";
import type { Kept } from "./kept.ts";

/** Another than in compose.yaml: what somebody started with `docker compose` is theirs, and so is its data. */
const name = "runproof-kept";

type Compose = (...args: readonly string[]) => Promise<string>;
const takeDown = ["--profile", "*", "down", "--volumes", "--remove-orphans"];

export function keptContainers(project: string, target: Target, options: ProvisionOptions): Kept {
  const directory = join(project, containersOf(target).directory);
  // k6 for who brings load to it by hand: docker compose run k6.
  const services = ["postgres", "redis", "toxiproxy", "nginx", "k6", ...Object.keys(target.topology)];
  const within = async (needsImages: boolean, work: (run: Compose, engine: Engine) => Promise<string>): Promise<string> => {
    await using engine = await openEngine(options);
    const of = { directory, name, env: {} };
    const { env } = needsImages ? await provideImages(engine, { ...of, workspace: target.tree }, services, options) : of;
    const kept: ComposeProject = { ...of, env };
    return await work(async (...args) => (await compose(engine, kept, args, options.signal)).stdout, engine);
  };
  const scales = (counts: Readonly<Record<string, number>>): readonly string[] =>
    Object.entries(counts).flatMap(([role, count]) => ["--scale", `${role}=${count}`]);
  return {
    up: (counts, layout) => {
      if (layout !== "single")
        throw new UserError(`Of containers only the topology single is kept, and not ${layout}. Leave --topology out, or --driver compose.`);
      return within(true, async (run, engine) => {
        const there = await isThere(engine.docker);
        await run("up", "--detach", "--wait", "--no-build", ...scales({ ...target.topology, ...counts })).catch(async (error) => {
          // What was never up is not kept; why is in its logs.
          if (!there) {
            if (!options.signal.aborted) options.say(await logsOf(run, [], 10));
            await compose(engine, { directory, name, env: {} }, takeDown);
          }
          throw error;
        });
        return `${await run("ps")}${await whereTo(run, engine, target.readyPath)}`;
      });
    },
    scale: (counts) =>
      within(true, async (run) => {
        // Only these: of any other service Compose would make what its file says.
        await run("up", "--detach", "--wait", "--no-build", "--no-recreate", "--no-deps", ...scales(counts), ...Object.keys(counts));
        return run("ps");
      }),
    status: () => within(false, async (run, engine) => `${await run("ps", "--all")}${await whereTo(run, engine, target.readyPath)}`),
    logs: (names, tail) => within(false, (run) => logsOf(run, names, tail)),
  };
}

/** Without what Compose writes to erase lines of a terminal, which is not there. */
const logsOf = async (run: Compose, names: readonly string[], tail: number): Promise<string> =>
  stripVTControlCharacters(await run("logs", "--no-color", "--tail", String(tail), ...names));

/** An engine of our own publishes inside its namespace. */
async function whereTo(run: Compose, { own }: Engine, path: string): Promise<string> {
  const at = (await run("port", "nginx", "8080").catch(() => "")).trim();
  if (at === "") return "Nothing is published: the deployment is not up.";
  if (!own) return `The balancer is at http://${at}.`;
  return `The balancer is at http://${at} inside the engine's own network: nsenter --net=/proc/${ownEnginePid()}/ns/net curl http://${at}${path}`;
}

async function isThere(docker: Docker): Promise<boolean> {
  const filters = JSON.stringify({ label: [`com.docker.compose.project=${name}`] });
  return (await docker.listContainers({ all: true, filters })).length > 0;
}

/** Ends it with its volumes. Resolves to whether there was one on the engine. */
export async function endKeptContainers(project: string, docker: Docker): Promise<boolean> {
  if (!(await isThere(docker))) return false;
  await using engine = await openEngine({ signal: new AbortController().signal, say: () => {} });
  await compose(engine, { directory: project, name, env: {} }, takeDown);
  return true;
}
