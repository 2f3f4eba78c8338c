/** Finding a part that is already on the machine or in the cache, without installing anything. */
import { createHash } from "node:crypto";
import { access, constants, mkdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf } from "../base/errors.ts";
import { cacheDirectory, readFolder } from "./cache.ts";
import { run } from "./exec.ts";
import { type Made, MissingPartError, type Part, type PartSpec, type Way } from "./part.ts";

/** The environment that something unpacked into a folder needs: where its libraries are, and what else it names. */
export function environmentOf(folder: string, made: Pick<Made, "libraries" | "variables">): Record<string, string> {
  const named = Object.fromEntries(Object.entries(made.variables ?? {}).map(([name, path]) => [name, join(folder, path)]));
  if (made.libraries.length === 0) return named;
  const inherited = process.env.LD_LIBRARY_PATH;
  return { ...named, LD_LIBRARY_PATH: [...made.libraries.map((path) => join(folder, path)), ...(inherited ? [inherited] : [])].join(":") };
}

/** Runs the program for its version. Throws one sentence when it does not run, or its version will not do. */
async function ask(spec: PartSpec, path: string, env: Readonly<Record<string, string>>): Promise<string> {
  const program = spec.program === undefined ? path : join(path, spec.program);
  const as = spec.runAs?.();
  const ran = await run(program, spec.versionArguments, { deadlineMs: 20_000, env, cwd: "/", uid: as?.uid, gid: as?.gid });
  const version = spec.parse(ran.stdout + ran.stderr);
  if (version === undefined)
    throw new Error(
      `${program} ${spec.versionArguments.join(" ")} told no version${as ? ` as uid ${as.uid}, who has to reach and run it` : ""}: ${ran.why}`,
    );
  return version;
}

/**
 * Version of the program at `path`, remembered by path, time, size and user: a second look executes nothing. Throws one sentence when it does not
 * run or its version will not do.
 */
export async function versionOf(spec: PartSpec, path: string, env: Readonly<Record<string, string>>): Promise<string> {
  const named = spec.program === undefined ? path : join(path, spec.program);
  for (const file of [named, ...(spec.companions ?? []).map((companion) => join(path, companion))]) {
    if (!(await executable(file))) throw new Error(`there is no program ${file}`);
  }
  const program = await realpath(named);
  const { mtimeMs, size } = await stat(program);
  const identity = JSON.stringify([spec.name, program, mtimeMs, size, env, spec.runAs?.()?.uid ?? null]);
  const directory = join(cacheDirectory(), "versions");
  const memory = join(directory, createHash("sha256").update(identity).digest("hex").slice(0, 24));
  const known = await readFile(memory, "utf8").catch(() => "");
  const version = known === "" ? await ask(spec, path, env) : known;
  if (!spec.accepts(version)) throw new Error(`${program} is version ${version}, and ${spec.wanted} is needed`);
  if (known === "") {
    // Only a shortcut: a cache that cannot be written (doctor run by somebody else) is no reason to fail.
    await mkdir(directory, { recursive: true })
      .then(() => writeFile(`${memory}.${process.pid}`, version))
      .then(() => rename(`${memory}.${process.pid}`, memory))
      .catch(() => undefined);
  }
  return version;
}

function part(spec: PartSpec, version: string, path: string, env: Readonly<Record<string, string>>, source: string): Part {
  return { name: spec.name, version, path, env, source, ...spec.runAs?.() };
}

const executable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK)
    .then(() => stat(path))
    .then((found) => found.isFile())
    .catch(() => false);

/** A folder of the cache as a part; its program is asked again when it changed. */
export async function partInFolder(spec: PartSpec, folder: string, made: Made): Promise<Part> {
  const env = environmentOf(folder, made);
  const path = join(folder, made.path);
  return part(spec, await versionOf(spec, path, env), path, env, made.source);
}

export interface Located {
  readonly found?: Part;
  /** It would do but lacks what the spec prefers, and a preferred way has not been tried yet. */
  readonly second?: Part;
  /** The candidates that would not do, with the reason. */
  readonly passed: readonly string[];
}

/** Where it is noted for a day that a preferred way was closed, so that not every start tries it again. */
export const closedNote = (way: Way): string => join(cacheDirectory(), `${way.folder}.closed`);
const closedMs = 24 * 60 * 60_000;

const openWays = async (spec: PartSpec): Promise<boolean> => {
  const since = await Promise.all(
    spec.ways
      .filter((way) => way.preferred)
      .map((way) =>
        stat(closedNote(way)).then(
          (note) => note.mtimeMs,
          () => 0,
        ),
      ),
  );
  return since.some((time) => Date.now() - time > closedMs);
};

/**
 * Looks in the order of the design: explicit variable, PATH and usual directories, cache. Throws MissingPartError when the explicit variable names something unusable: the user's word is not overruled in silence.
 */
export async function locate(spec: PartSpec): Promise<Located> {
  const explicit = process.env[spec.variable];
  if (explicit !== undefined && explicit !== "") {
    try {
      return { found: part(spec, await versionOf(spec, explicit, {}), explicit, {}, `named by ${spec.variable}`), passed: [] };
    } catch (error) {
      const what = spec.program === undefined ? "a program" : `a directory with ${spec.program}`;
      const why = messageOf(error);
      throw new MissingPartError(
        spec.name,
        `Expected ${spec.variable} to name ${what} of ${spec.name} (${spec.wanted}) and found ${explicit}: ${why}. Correct or unset it.`,
      );
    }
  }
  const passed: string[] = [];
  let second: Part | undefined;
  const better = async (candidate: Part): Promise<boolean> => {
    if (spec.prefers === undefined || (await spec.prefers.has(candidate.path))) return true;
    second ??= { ...candidate, source: `${candidate.source}, without ${spec.prefers.what}` };
    return false;
  };
  const onPath = (process.env.PATH ?? "").split(":").filter((directory) => directory.startsWith("/"));
  for (const directory of new Set([...onPath, ...spec.folders()])) {
    for (const command of spec.commands) {
      const file = join(directory, command);
      if (!(await executable(file))) continue;
      // A link to one program of a directory (/usr/local/bin/postgres) stands for the directory where its companions are.
      const path = spec.program === undefined ? file : dirname(await realpath(file));
      try {
        const version = await versionOf(spec, path, {});
        const found = part(spec, version, path, {}, onPath.includes(directory) ? "found on PATH" : "installed system-wide");
        if (await better(found)) return { found, passed };
      } catch (error) {
        passed.push(messageOf(error));
      }
    }
  }
  for (const way of spec.ways) {
    const folder = join(cacheDirectory(), way.folder);
    const made = await readFolder(folder);
    if (made === undefined) continue;
    try {
      const found = await partInFolder(spec, folder, made);
      if (await better(found)) return { found, passed };
    } catch (error) {
      passed.push(messageOf(error));
    }
  }
  if (second === undefined) return { passed };
  return (await openWays(spec)) ? { second, passed } : { found: second, passed };
}
