/** What an experiment's verdict depends on, in a few letters: it changes with the code that can change the verdict, and with no other. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { Experiment } from "../core/experiment.ts";
import { seeded } from "../core/random.ts";
import type { Target } from "../core/target.ts";

/** Carries out and judges every experiment. */
const machinery = ["harness/run/conduct.ts", "harness/run/judge.ts"];
/** A schedule may choose among faults; so many of its timelines show all that it chooses from. */
const timelines = 50;

/**
 * A digest for each experiment, of the files from which its verdict follows: what carries it out and judges it, its own file, its load, its faults, the
 * target's declaration, each with everything that it imports other than types; and the target itself.
 */
export async function codesOf(project: string, target: Target, experiments: readonly Experiment[]): Promise<ReadonlyMap<string, string>> {
  // Nearly every experiment depends on the same hundreds of files: each is read once.
  const sources = new Map<string, Promise<Buffer>>();
  const read = (file: string): Promise<Buffer> => {
    const source = sources.get(file) ?? readFile(join(project, file));
    sources.set(file, source);
    return source;
  };
  const common = await filesOf(project, read, [...machinery, join("chaos/targets", target.id, "target.ts")], ["scenarios/lib", target.tree]);
  const codes = experiments.map(async (experiment) => {
    const { id, load } = experiment;
    const faults = faultsOf(experiment, target).map((fault) => `harness/faults/${fault}.ts`);
    const own = await filesOf(project, read, [`chaos/experiments/${id}.ts`, `scenarios/${load.scenario}.ts`, ...faults], []);
    const hash = createHash("sha256");
    for (const file of [...new Set([...common, ...own])].sort()) hash.update(`${file}\n`).update(await read(file));
    return [id, hash.digest("hex").slice(0, 12)] as const;
  });
  return new Map(await Promise.all(codes));
}

function faultsOf({ id, schedule, topology }: Experiment, target: Target): readonly string[] {
  const seeds = Array.from({ length: timelines }, (_, seed) => seed);
  return [...new Set(seeds.flatMap((seed) => schedule(seeded(seed, id), topology ?? target.topology).map(({ fault }) => fault)))];
}

/** `entries` and every file of `folders`, with what they import; paths within the project. */
async function filesOf(
  project: string,
  read: (file: string) => Promise<Buffer>,
  entries: readonly string[],
  folders: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (found.has(file)) return;
    found.add(file);
    if (!file.endsWith(".ts")) return;
    const source = await read(file);
    for (const path of importsOf(source.toString("utf8"))) await visit(relative(project, resolve(project, dirname(file), path)));
  };
  for (const entry of entries) await visit(entry);
  for (const folder of folders) for (const file of await filesBelow(join(project, folder))) await visit(relative(project, file));
  return found;
}

/** The files of its own project that a source imports; what it imports only as a type is gone when it runs. */
export function importsOf(source: string): readonly string[] {
  return [...source.matchAll(/^(?:import|export) (?!type )(?:[^;"]*? from )?"(\.[^"]+)";/gm)].map(([, path]) => path ?? "");
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts")).map((entry) => join(entry.parentPath, entry.name));
}
