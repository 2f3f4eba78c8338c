/** Postgres refuses to run as root, so what it is to write belongs to somebody else there; and it refuses to run as somebody without a name. */
import { chown, mkdir, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { exit, UserError } from "../../base/errors.ts";

/** Whose it is to be: numbers of the system; absent: whoever runs the suite. */
interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** Gives files or folders to the owner. */
export async function giveTo({ uid, gid = uid }: Owner, ...paths: readonly string[]): Promise<void> {
  if (uid !== undefined && gid !== undefined) for (const path of paths) await chown(path, uid, gid);
}

/** Makes a folder that only the owner may enter. */
export async function ownFolder(owner: Owner, path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  await giveTo(owner, path);
}

/** Writes a file that only the owner may read. */
export async function ownFile(owner: Owner, path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  await giveTo(owner, path);
}

/** @throws UserError when the system has no name for the owner, as in a container that was started with a bare number for its user */
export function demandName({ uid }: Owner, lookUp: () => unknown = userInfo): void {
  if (uid !== undefined) return;
  try {
    lookUp();
  } catch {
    throw new UserError(
      `A name was expected for user ${process.getuid?.()}, because Postgres runs only as a user that has one, and the system knows none. Add the user to /etc/passwd, or start as another one.`,
      exit.missing,
    );
  }
}
