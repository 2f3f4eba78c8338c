/** The images that a deployment is made of: those that compose.yaml names where they are there or can be pulled, else stand-ins made on this machine. */
import { within } from "../../base/clock.ts";
import { exit, messageOf, UserError } from "../../base/errors.ts";
import type { ProvisionOptions } from "../../provision/containers/engine-parts.ts";
import { imagePrograms, patroniFiles } from "../../provision/containers/programs.ts";
import { serverPackages } from "../../provision/containers/server-packages.ts";
import { standInTar, tagOf } from "../../provision/containers/stand-in-tar.ts";
import { patroniStandIn, type StandIn, standIns } from "../../provision/containers/stand-ins.ts";
import { removeOldImages } from "./clean.ts";
import { type ClusterImages, clusterImages } from "./cluster/images.ts";
import { blamed, type ComposeProject, compose } from "./compose.ts";
import { type Engine, label } from "./engine.ts";

const pullMs = 10 * 60_000;
const standInPrefix = "runproof-stand-in/";

/** Variables of compose.yaml, and what an image of the target's own is built with. */
export interface Images {
  readonly env: Readonly<Record<string, string>>;
  /** Files in place of a build stage that a registry would be asked for. */
  readonly packages: string | undefined;
}

/**
 * Makes sure that the engine has every image of these services of the project, and builds the target's own. Silent and quick when it has.
 * @throws UserError (69) naming the image that cannot be had
 */
export async function provideImages(
  engine: Engine,
  project: ComposeProject & { readonly workspace: string },
  services: readonly string[],
  options: ProvisionOptions,
): Promise<Images> {
  const config = JSON.parse((await compose(engine, project, ["--profile", "*", "config", "--format", "json"], options.signal)).stdout) as {
    services: Record<string, { image: string; build?: { args?: Record<string, string> } }>;
  };
  const wanted = new Map<string, string>();
  const built: string[] = [];
  for (const [name, { image, build }] of Object.entries(config.services)) {
    if (!services.includes(name)) continue;
    if (build) {
      built.push(name);
      wanted.set("node", build.args?.NODE_IMAGE ?? "");
    } else wanted.set(name, image);
  }
  const env: Record<string, string> = {};
  for (const [name, image] of wanted) {
    const why = await whyNotThere(engine, image, options);
    if (why !== undefined) env[variableOf(name)] = await standIn(engine, name, image, why, options);
  }
  // A stand-in for Node has no npm, and a build on our own engine reaches no registry.
  const offline = engine.own || (env.NODE_IMAGE ?? wanted.get("node"))?.startsWith(standInPrefix);
  const packages = offline ? await serverPackages(project.directory, project.workspace, options) : undefined;
  const images = { env, packages };
  if (built[0] !== undefined) await build(engine, project, images, built, options);
  return images;
}

/**
 * The images of a Postgres that fails over, which stand in no Compose file, as variables.
 * @throws UserError (69) naming the image that cannot be had
 */
export async function provideClusterImages(engine: Engine, options: ProvisionOptions): Promise<ClusterImages> {
  const env: Record<string, string> = {};
  for (const [name, usual] of Object.entries(clusterImages)) {
    const image = process.env[variableOf(name)] || usual;
    const why = await whyNotThere(engine, image, options);
    env[variableOf(name)] = why === undefined ? image : await standIn(engine, name, image, why, options);
  }
  return env;
}

const variableOf = (name: string): string => `${name.toUpperCase()}_IMAGE`;

/** undefined when the engine has it or could pull it. */
async function whyNotThere({ docker, own }: Engine, image: string, { signal, say }: ProvisionOptions): Promise<string | undefined> {
  const there = await docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
  if (there) return undefined;
  if (own) return "our own engine reaches no registry";
  say(`image ${image}: pulling it`);
  const pulled = new Promise<void>((resolve, reject) => {
    docker.pull(image, { abortSignal: signal }, (error, stream) => {
      if (error) return reject(error);
      docker.modem.followProgress(stream as NodeJS.ReadableStream, (failed) => (failed ? reject(failed) : resolve()));
    });
  });
  return within(`The image ${image} was expected to be pulled`, pullMs, pulled).then(
    () => undefined,
    (error) => {
      signal.throwIfAborted();
      return messageOf(error);
    },
  );
}

async function standIn(engine: Engine, name: string, image: string, why: string, options: ProvisionOptions): Promise<string> {
  const { docker } = engine;
  const variable = variableOf(name);
  const refuse = (reason: string): UserError =>
    new UserError(
      `Expected the image ${image} and it cannot be had: ${why}; and ${reason}. Load it into the engine, or name another with ${variable}.`,
      exit.missing,
    );
  // The user's word is not overruled in silence.
  if (process.env[variable]) throw refuse(`${variable} asks for just this one`);
  const own = await standInOf(name, options).catch((error) => {
    options.signal.throwIfAborted();
    throw refuse(`no stand-in can be made here: ${messageOf(error)}`);
  });
  if (own === undefined) throw refuse("there is no stand-in for it");
  const reference = `${standInPrefix}${name}:${await tagOf(own)}`;
  const there = await docker.listImages({ filters: JSON.stringify({ reference: [reference] }) });
  if (there.length > 0) return reference;
  const tar = await standInTar(name, own, options).catch((error) => {
    options.signal.throwIfAborted();
    throw refuse(`no stand-in can be made here: ${messageOf(error)}`);
  });
  options.say(`image ${name}: importing the stand-in for ${image}`);
  const [repo, tag] = reference.split(":");
  const changes = [...own.configuration, `LABEL ${label}=stand-in`];
  await importTar(docker, tar, { repo, tag, changes }).catch((error) => {
    options.signal.throwIfAborted();
    throw blamed(`The engine was expected to import the image ${reference} and failed: ${messageOf(error).trim()}`);
  });
  return reference;
}

async function standInOf(name: string, options: ProvisionOptions): Promise<StandIn | undefined> {
  if (name === "patroni") return patroniStandIn(await patroniFiles(options));
  const all: Readonly<Record<string, StandIn>> = standIns(await imagePrograms(options));
  return all[name];
}

async function importTar(docker: Engine["docker"], tar: string, options: object): Promise<void> {
  const stream = await docker.importImage(tar, options);
  await new Promise<void>((resolve, reject) => docker.modem.followProgress(stream, (failed) => (failed ? reject(failed) : resolve())));
}

async function build(engine: Engine, project: ComposeProject, images: Images, built: readonly string[], { signal, say }: ProvisionOptions) {
  say("image of the server: building it (quick when nothing has changed)");
  const { packages } = images;
  const contexts = packages === undefined ? {} : { additional_contexts: { dependencies: packages } };
  const over = { services: Object.fromEntries(built.map((name) => [name, { build: contexts }])) };
  const own = { ...project, env: { ...project.env, ...images.env }, over };
  await compose(engine, own, ["build", "--quiet", ...built.slice(0, 1)], signal);
  await removeOldImages(engine.docker);
}
