/** The Compose command on a project: its file, what is laid over it, and its variables. What it cannot do becomes one sentence. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exit, UserError } from "../../base/errors.ts";
import { type Ran, run } from "../../provision/exec.ts";
import type { Engine } from "./engine.ts";

export interface ComposeProject {
  /** Its file lies here. */
  readonly directory: string;
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** A Compose file of further settings, as an object. */
  readonly over?: Readonly<Record<string, unknown>>;
}

const longestMs = 10 * 60_000;

/** @throws UserError (69) when the machine is to blame (a port, space, an image), else an Error with what Compose said */
export async function compose(
  engine: Pick<Engine, "compose" | "socket">,
  project: ComposeProject,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<Ran> {
  const [command, ...first] = engine.compose;
  const scratch = await mkdtemp(join(tmpdir(), "runproof-compose-"));
  try {
    const over = join(scratch, "over.json");
    await writeFile(over, JSON.stringify(project.over ?? {}), { mode: 0o600 });
    const files = ["--project-directory", project.directory, "-f", join(project.directory, "compose.yaml"), ...(project.over ? ["-f", over] : [])];
    const ran = await run(command, [...first, "--progress", "quiet", "-p", project.name, ...files, ...args], {
      deadlineMs: longestMs,
      signal,
      cwd: project.directory,
      env: { ...project.env, DOCKER_HOST: `unix://${engine.socket}`, COMPOSE_FILE: undefined, COMPOSE_PROFILES: undefined },
    });
    if (ran.status !== 0) throw failure(args, `${ran.stderr}\n${ran.stdout}`.trim());
    return ran;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const conditions: readonly (readonly [RegExp, string])[] = [
  [/port is already allocated|address already in use/i, "A port is taken: end what listens there, or choose another (HTTP_PORT)."],
  [/no space left on device/i, "No space is left for images or volumes: make room (docker system df), then repeat."],
  [
    /pull access denied|manifest unknown|failed to resolve|no such image/i,
    "An image cannot be had: load it into the engine, or name another (…_IMAGE).",
  ],
];

/** What Compose said, as one sentence; see `blamed`. */
export function failure(args: readonly string[], said: string): Error {
  const verb = args.find((argument) => /^[a-z]+$/.test(argument)) ?? "";
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  const known = conditions.find(([pattern]) => pattern.test(said));
  const last = lines.find((line) => known?.[0].test(line)) ?? lines.at(-1) ?? "";
  return blamed(`docker compose ${verb} was expected to succeed and failed: ${last.trim().slice(0, 400)}`);
}

/** The sentence as an error, with the next step and exit status 69 where it says that the machine is to blame. */
export function blamed(sentence: string): Error {
  const known = conditions.find(([pattern]) => pattern.test(sentence));
  return known ? new UserError(`${sentence.replace(/\.$/, "")}. ${known[1]}`, exit.missing) : new Error(sentence);
}
