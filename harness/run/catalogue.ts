/** What there is to run: every file of `chaos/` and `harness/faults/` is listed and imported here by its name, so nothing is registered anywhere. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf, UserError } from "../base/errors.ts";
import { type Choice, type Claim, type Defect, type Experiment, profiles } from "../core/experiment.ts";
import type { Model } from "../core/model.ts";
import type { Target } from "../core/target.ts";
import type { Situation } from "../core/verdict.ts";
import type { Fault } from "../faults/fault.ts";
import { type ClaimRow, claimMatrix } from "./claim-matrix.ts";

async function importDefault<T>(file: string): Promise<T> {
  const module = (await import(pathToFileURL(file).href)) as { default?: T };
  if (module.default === undefined) throw new UserError(`${file} was expected to have a default export and has none.`);
  return module.default;
}

const sources = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).sort();

async function all<T>(folder: string): Promise<T[]> {
  return Promise.all((await sources(folder)).map((name) => importDefault<T>(join(folder, name))));
}

export const listExperiments = (project: string): Promise<Experiment[]> => all<Experiment>(join(project, "chaos/experiments"));
/** In the order of their ids, AB-2 before AB-10. */
export const listClaims = async (project: string): Promise<Claim[]> =>
  (await all<Claim>(join(project, "chaos/claims"))).sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
export const listDefects = (project: string): Promise<Defect[]> => all<Defect>(join(project, "chaos/defects"));
export const loadTarget = (project: string, id: string): Promise<Target> => importDefault<Target>(join(project, "chaos/targets", id, "target.ts"));

/** The catalogue of claims as it is for a target. */
export async function claimRows(project: string, target: string): Promise<ClaimRow[]> {
  const [claims, experiments, defects, { constants }] = await Promise.all([
    listClaims(project),
    listExperiments(project),
    listDefects(project),
    loadTarget(project, target),
  ]);
  return claimMatrix({ claims, experiments, defects, constants });
}

export async function loadFault(project: string, name: string): Promise<Fault> {
  const file = join(project, "harness/faults", `${name}.ts`);
  if (!existsSync(file)) throw new UserError(`A schedule names the fault "${name}", and harness/faults/ has no such file.`, 70);
  return importDefault<Fault>(file);
}

export interface NamedSituation extends Situation {
  /** Its file's name. */
  readonly id: string;
}

export async function listSituations(project: string): Promise<NamedSituation[]> {
  const folder = join(project, "harness/checkers/sometimes");
  const load = async (file: string) => ({ id: basename(file, ".ts"), ...(await importDefault<Situation>(join(folder, file))) });
  return Promise.all((await sources(folder)).map(load));
}

const modelsFolder = (project: string): string => join(project, "harness/checkers/models");

/** A model's name is its file's. */
export async function modelNames(project: string): Promise<string[]> {
  return (await sources(modelsFolder(project))).map((file) => basename(file, ".ts"));
}

/**
 * A model by its name or one of its aliases.
 * @throws UserError when there is no such model
 */
export async function findModel(project: string, nameOrAlias: string): Promise<{ readonly name: string; readonly model: Model }> {
  const names = await modelNames(project);
  const load = async (name: string) => ({ name, model: await importDefault<Model>(join(modelsFolder(project), `${name}.ts`)) });
  if (names.includes(nameOrAlias)) return load(nameOrAlias);
  const found = (await Promise.all(names.map(load))).find(({ model }) => model.aliases.includes(nameOrAlias));
  if (!found) throw new UserError(`Unknown model "${nameOrAlias}". There are: ${names.join(", ")}.`);
  return found;
}

/** Where to look for what there is: there are too many of them for a message. */
export const listThem = "npm run chaos -- --list names those that there are";

/** Whether a name can only be meant as a file that exports a defect. */
export const isFileOfDefect = (named: string): boolean => /\.(ts|mts|js|mjs)$/.test(named);

/**
 * A planted defect by its id or from any file.
 * @throws UserError when there is no such defect or the file is none
 */
export async function findDefect(project: string, idOrFile: string): Promise<Defect> {
  const known = await listDefects(project);
  const named = known.find((defect) => defect.id === idOrFile);
  if (named) return named;
  const file = resolve(idOrFile);
  if (!isFileOfDefect(idOrFile))
    throw new UserError(`Unknown defect "${idOrFile}". ${listThem}; or name a file that exports one (.ts, .mts, .js or .mjs).`);
  if (!existsSync(file)) throw new UserError(`A file that exports a defect was expected in ${idOrFile}, and there is none. ${listThem}.`);
  const defect = await importDefault<Defect>(file).catch((error) => {
    throw new UserError(`${basename(file)} was expected to export a defect and could not be read: ${messageOf(error)}`);
  });
  const whole =
    typeof defect.id === "string" &&
    typeof defect.claim === "string" &&
    Array.isArray(defect.edits) &&
    defect.edits.length > 0 &&
    Array.isArray(defect.caughtBy);
  const edits = whole && defect.edits.every((edit) => [edit.file, edit.find, edit.replace].every((text) => typeof text === "string"));
  if (!edits)
    throw new UserError(`${basename(file)} was expected to export { id, claim, what, edits: [{ file, find, replace }], caughtBy } and does not.`);
  return { ...defect, from: idOrFile };
}

/** The experiments of the given ids, in the catalogue's order, whatever their profile; those of the profile and the smaller ones when none is given. */
export function choose(experiments: readonly Experiment[], only: readonly string[], profile: Choice): readonly Experiment[] {
  for (const id of only) {
    if (!experiments.some((experiment) => experiment.id === id)) {
      throw new UserError(`Unknown experiment "${id}". ${listThem}.`);
    }
  }
  if (only.length > 0) return experiments.filter((experiment) => only.includes(experiment.id));
  if (profile === "random") return experiments.filter(({ endless }) => endless);
  if (profile === "soak") return experiments.filter((experiment) => experiment.profile === "soak");
  const within: readonly string[] = profiles.slice(0, profiles.indexOf(profile) + 1);
  return experiments.filter((experiment) => within.includes(experiment.profile));
}
