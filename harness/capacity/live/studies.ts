/** What capacity can be asked of: every file of `chaos/capacity/studies/`, and variants of the deployment by name, by setting, by folder or by planted defect. */
import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../../base/errors.ts";
import { findDefect, isFileOfDefect, listDefects } from "../../run/catalogue.ts";
import type { Study, Variant } from "../study.ts";

async function all<T>(folder: string): Promise<readonly T[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).sort();
  return Promise.all(names.map(async (name) => ((await import(pathToFileURL(join(folder, name)).href)) as { readonly default: T }).default));
}

/** The usual ones first. */
export const listStudies = async (project: string): Promise<readonly Study[]> =>
  (await all<Study>(join(project, "chaos/capacity/studies"))).toSorted((a, b) => rank(a) - rank(b));
const rank = ({ kind, profile }: Study): number => (profile === "nightly" ? 2 : 0) + (kind === "search" ? 0 : 1);

export const listVariants = (project: string): Promise<readonly Variant[]> => all<Variant>(join(project, "chaos/capacity/variants"));

export const asItIs: Variant = { id: "", what: "" };

/**
 * A variant by its name, by settings (`POOL_SIZE=2,LOCK_LEASE_MS=2000`, for every instance), by the folder of another checkout, or a planted defect by its id or file:
 * so claims that only capacity decides (AB-5) are seen to turn, too.
 * @throws UserError when it is none of these
 */
export async function findVariant(project: string, named: string, tree: string): Promise<Variant> {
  const known = await listVariants(project);
  const found = known.find(({ id }) => id === named);
  if (found) return found;
  if (/^[A-Z][A-Z0-9_]*=/.test(named)) {
    const settings = named.split(",").map((each) => each.split(/=(.*)/s).slice(0, 2) as [string, string]);
    const wrong = settings.find(([name, value]) => !/^[A-Z][A-Z0-9_]*$/.test(name) || value === undefined);
    if (wrong) throw new UserError(`Settings were expected as NAME=VALUE,NAME=VALUE and "${wrong[0]}" is none.`);
    return { id: named, what: `Every instance is started with ${named}.`, environment: { "*": Object.fromEntries(settings) } };
  }
  const folder = resolve(named);
  if (existsSync(folder) && statSync(folder).isDirectory()) {
    if (!existsSync(join(folder, tree)))
      throw new UserError(`${named} was expected to be another checkout and has no folder ${tree}. Name the checkout's root.`);
    return { id: basename(folder), what: `The server of the checkout ${basename(folder)}.`, project: folder };
  }
  if (isFileOfDefect(named) || (await listDefects(project)).some(({ id }) => id === named)) {
    const { id, what, edits } = await findDefect(project, named);
    return { id, what, edits };
  }
  throw new UserError(
    `Unknown variant "${named}". There are: ${known.map(({ id }) => id).join(", ")}; or NAME=VALUE settings; or another checkout's folder; or a planted defect, by its id or file.`,
  );
}
