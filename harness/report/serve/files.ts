/** Which file of a run's directory a request asks for. Nothing outside of it, whatever the path says and whatever links lie in it. */
import { realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";

const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/;
const depthAtMost = 3;

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  json: "application/json; charset=utf-8",
  xml: "application/xml; charset=utf-8",
};

export interface Served {
  readonly path: string;
  readonly type: string;
  readonly bytes: number;
}

/**
 * @param root the directory's real path
 * @param pathname as the request has it: not decoded, because no name in a run's directory needs an escape
 * @returns undefined for whatever is not a regular file below `root` with plain names all the way
 */
export async function fileFor(root: string, pathname: string): Promise<Served | undefined> {
  const names = pathname.slice(1).split("/");
  if (!pathname.startsWith("/") || names.length > depthAtMost || !names.every((one) => name.test(one))) return undefined;
  try {
    const path = await realpath(join(root, ...names));
    const found = await stat(path);
    if (!path.startsWith(root + sep) || !found.isFile()) return undefined;
    const type = types[/\.(\w+)$/.exec(path)?.[1] ?? ""] ?? "text/plain; charset=utf-8";
    return { path, type, bytes: found.size };
  } catch {
    return undefined;
  }
}
