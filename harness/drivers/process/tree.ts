/** The copy of the target's tree that actually runs: planted defects edit the copy, never the source. */
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { UserError } from "../../base/errors.ts";
import type { Defect } from "../../core/experiment.ts";

/**
 * Copies `tree` of the project into `directory` and applies the defect's edits. Throws a UserError (exit 64) when an edit does not match
 * exactly once: a defect that changes nothing, or more than it says, would make the run lie.
 */
export async function copyTree(options: {
  readonly project: string;
  readonly tree: string;
  readonly directory: string;
  readonly defect: Defect | undefined;
}): Promise<string> {
  const copy = join(options.directory, "target");
  await mkdir(copy);
  await cp(join(options.project, options.tree), copy, {
    recursive: true,
    filter: (path) => !path.endsWith(".test.ts") && !path.endsWith(`${sep}node_modules`),
  });
  await symlink(join(options.project, "node_modules"), join(options.directory, "node_modules"), "dir");
  for (const edit of options.defect?.edits ?? []) {
    const file = resolve(copy, edit.file);
    if (!file.startsWith(copy + sep))
      throw new UserError(
        `Defect "${options.defect?.id}" edits ${edit.file}, which lies outside the target's tree (${options.tree}). Name a file inside it.`,
      );
    const text = await readFile(file, "utf8").catch(() => {
      throw new UserError(`Defect "${options.defect?.id}" edits ${edit.file}, and ${options.tree} has no such file.`);
    });
    const matches = text.split(edit.find).length - 1;
    if (edit.find === "" || matches !== 1) {
      throw new UserError(
        `Defect "${options.defect?.id}" expected its text to match exactly once in ${edit.file} and found ${matches} matches. Adapt its "find": ${JSON.stringify(edit.find.slice(0, 100))}`,
      );
    }
    await writeFile(
      file,
      text.replace(edit.find, () => edit.replace),
    );
  }
  return copy;
}
