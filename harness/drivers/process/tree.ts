/** The copy of the target's tree that actually runs: planted defects edit the copy, never the source. */
import { cp, mkdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { UserError } from "../../base/errors.ts";
import type { Defect } from "../../core/experiment.ts";

/**
 * What the files that a defect edits become. Throws a UserError (exit 64) when an edit does not match exactly once: a defect that changes
 * nothing, or more than it says, would make the run lie.
 * @returns new text by file, relative to the tree
 */
export async function plannedEdits(root: string, defect: Defect | undefined): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const edit of defect?.edits ?? []) {
    const name = `Defect "${defect?.id}"`;
    const file = resolve(root, edit.file);
    if (!file.startsWith(resolve(root) + sep))
      throw new UserError(`${name} edits ${edit.file}, which lies outside the target's tree. Name a file inside it.`);
    const text =
      texts.get(edit.file) ??
      (await readFile(file, "utf8").catch(() => {
        throw new UserError(`${name} edits ${edit.file}, and the target's tree has no such file.`);
      }));
    const matches = edit.find === "" ? 0 : text.split(edit.find).length - 1;
    if (matches !== 1) {
      const find = JSON.stringify(edit.find.slice(0, 100));
      throw new UserError(`${name} expected its text to match exactly once in ${edit.file} and found ${matches} matches. Adapt its "find": ${find}`);
    }
    texts.set(
      edit.file,
      text.replace(edit.find, () => edit.replace),
    );
  }
  return texts;
}

export interface TreeCopy {
  readonly directory: string;
  /** The text of a file of it. */
  text(file: string): Promise<string>;
  /** Edited files that nobody has read since: what they change was never in effect. */
  unread(): Promise<readonly string[]>;
}

/** Copies `tree` of the project into `directory` and applies the defect's edits to the copy. */
export async function copyTree(options: {
  readonly project: string;
  readonly tree: string;
  readonly directory: string;
  readonly defect: Defect | undefined;
}): Promise<TreeCopy> {
  const source = join(options.project, options.tree);
  const copy = join(options.directory, "target");
  const edits = await plannedEdits(source, options.defect);
  await mkdir(copy);
  await cp(source, copy, { recursive: true, filter: (path) => !path.endsWith(".test.ts") && !path.endsWith(`${sep}node_modules`) });
  await symlink(join(options.project, "node_modules"), join(options.directory, "node_modules"), "dir");
  for (const [file, text] of edits) await writeUnread(join(copy, file), text);
  return {
    directory: copy,
    text: (file) => readFile(join(copy, file), "utf8"),
    async unread() {
      if (edits.size === 0 || !(await notesReads(options.directory))) return [];
      const looked = await Promise.all([...edits.keys()].map(async (file) => ({ file, read: await wasRead(join(copy, file)) })));
      return looked.filter(({ read }) => !read).map(({ file }) => file);
    },
  };
}

/** A file system notes the time of the first read after a change; from an access time of 0 on, that is any read at all. */
async function writeUnread(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await utimes(path, 0, new Date());
}

const wasRead = async (path: string): Promise<boolean> => (await stat(path)).atimeMs > 0;

/** Whether this file system notes reads (mounted noatime it does not, and then nothing can be said). */
async function notesReads(directory: string): Promise<boolean> {
  const probe = join(directory, "read-probe");
  await writeUnread(probe, "?");
  await readFile(probe);
  return wasRead(probe);
}
