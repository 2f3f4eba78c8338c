/** `runproof up | scale | status | logs`: the deployment of compose.yaml, kept for work by hand; `runproof down` ends it. */
import { join } from "node:path";
import { Command } from "commander";
import type Docker from "dockerode";
import { exit, UserError } from "../base/errors.ts";
import type { Target } from "../core/target.ts";
import type { ComposeProject } from "../drivers/compose/compose.ts";
import type { Engine } from "../drivers/compose/engine.ts";
import { positiveInteger } from "./arguments.ts";

/** Another than in compose.yaml: what somebody started with `docker compose` is theirs, and so is its data. */
const name = "runproof-kept";

interface Kept {
  readonly engine: Engine;
  readonly project: ComposeProject;
  compose(...args: readonly string[]): Promise<string>;
}

type Work = (kept: Kept) => Promise<void>;

export function deploymentCommands(project: string, signal: AbortSignal, finish: (status: number) => void): readonly Command[] {
  const run = async (images: boolean, work: Work): Promise<void> => finish(await withDeployment(project, signal, images, work));
  const up = new Command("up")
    .description("start the deployment of compose.yaml and keep it (runproof down ends it, with its data)")
    .option("--api <n>", "API instances", positiveInteger, 2)
    .option("--queue <n>", "queue instances", positiveInteger, 3)
    .action(({ api, queue }: { readonly api: number; readonly queue: number }) =>
      run(true, async (kept) => {
        await kept.compose("up", "--detach", "--wait", "--no-build", "--scale", `api=${api}`, "--scale", `queue=${queue}`);
        process.stdout.write(`${await kept.compose("ps")}\n${await whereTo(kept)}\n`);
      }),
    );
  const scale = new Command("scale")
    .description("change how many instances of a role the kept deployment has: api=4 queue=2")
    .argument("<role=n...>")
    .action((wanted: readonly string[]) =>
      run(true, async (kept) => {
        for (const one of wanted)
          if (!/^[a-z]+=\d+$/.test(one)) throw new UserError(`Expected a role and a number such as api=4 and found "${one}".`);
        const roles = wanted.map((one) => one.slice(0, one.indexOf("=")));
        // Only these: of any other service Compose would make what its file says.
        await kept.compose(
          ...["up", "--detach", "--wait", "--no-build", "--no-recreate", "--no-deps"],
          ...wanted.flatMap((one) => ["--scale", one]),
          ...roles,
        );
        process.stdout.write(await kept.compose("ps"));
      }),
    );
  const status = new Command("status")
    .description("what of the kept deployment runs, and how it is")
    .action(() => run(false, async (kept) => void process.stdout.write(`${await kept.compose("ps", "--all")}${await whereTo(kept)}\n`)));
  const logs = new Command("logs")
    .description("what the parts of the kept deployment have written")
    .argument("[services...]", "only these: api, queue, nginx, ...")
    .option("--tail <n>", "the last lines of each", positiveInteger, 50)
    .action((services: readonly string[], { tail }: { readonly tail: number }) =>
      run(false, async (kept) => void process.stdout.write(await kept.compose("logs", "--no-color", "--tail", String(tail), ...services))),
    );
  return [up, scale, status, logs];
}

/** Whether there is a kept deployment on the engine. */
export async function isKept(docker: Docker): Promise<boolean> {
  const filters = JSON.stringify({ label: [`com.docker.compose.project=${name}`] });
  return (await docker.listContainers({ all: true, filters })).length > 0;
}

/** Ends the kept deployment with its volumes. */
export async function endDeployment(project: string, engine: Engine): Promise<void> {
  const { compose } = await import("../drivers/compose/compose.ts");
  await compose(engine, { directory: project, name, env: {} }, ["--profile", "*", "down", "--volumes", "--remove-orphans"]);
}

async function withDeployment(project: string, signal: AbortSignal, needsImages: boolean, work: Work): Promise<number> {
  const { loadTarget } = await import("../run/catalogue.ts");
  const { openEngine } = await import("../drivers/compose/engine.ts");
  const { compose } = await import("../drivers/compose/compose.ts");
  const target = await loadTarget(project, "reference");
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  await using engine = await openEngine({ signal, say });
  const images = needsImages ? await imagesOf(engine, project, target, { signal, say }) : {};
  const kept: ComposeProject = { directory: join(project, target.containers?.directory ?? "."), name, env: images };
  await work({ engine, project: kept, compose: async (...args) => (await compose(engine, kept, args, signal)).stdout });
  return exit.holds;
}

async function imagesOf(engine: Engine, project: string, target: Target, options: { signal: AbortSignal; say: (line: string) => void }) {
  const { provideImages } = await import("../drivers/compose/images.ts");
  const { containersOf } = await import("../drivers/compose/stack.ts");
  const of = { directory: join(project, containersOf(target).directory), workspace: target.tree, name, env: {} };
  return (await provideImages(engine, of, ["postgres", "redis", "toxiproxy", "nginx", ...Object.keys(target.topology)], options)).env;
}

/** An engine of our own publishes inside its namespace. */
async function whereTo({ engine, compose }: Kept): Promise<string> {
  const at = (await compose("port", "nginx", "8080").catch(() => "")).trim();
  if (at === "") return "Nothing is published: the deployment is not up.";
  if (!engine.own) return `The balancer is at http://${at}.`;
  const { ownEnginePid } = await import("../drivers/compose/own-engine.ts");
  return `The balancer is at http://${at} inside the engine's own network: nsenter --net=/proc/${ownEnginePid()}/ns/net curl http://${at}/api/v1/monitoring/ready`;
}
