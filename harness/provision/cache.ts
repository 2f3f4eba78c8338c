/** The cache of provided parts: one folder a part and version, made aside, verified, then renamed into place. */
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { lock } from "./lock.mjs";
import type { Made } from "./part.ts";

/**
 * Where parts are kept: RUNPROOF_CACHE; for root a directory every user can read (Postgres runs as somebody else); else the user's own cache.
 */
export function cacheDirectory(): string {
  const chosen = process.env.RUNPROOF_CACHE;
  if (chosen !== undefined && chosen !== "") return chosen;
  if (process.getuid?.() === 0) return "/var/cache/runproof";
  const base = process.env.XDG_CACHE_HOME;
  return join(base?.startsWith("/") ? base : join(homedir(), ".cache"), "runproof");
}

/** Makes the directory, readable by all whatever the umask. */
export async function openDirectory(path: string): Promise<string> {
  if ((await mkdir(path, { recursive: true })) !== undefined) await chmod(path, 0o755);
  return path;
}

const manifest = "part.json";

/** What an earlier run put there, if it is whole. */
export async function readFolder(folder: string): Promise<(Made & { readonly version: string }) | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, manifest), "utf8")) as Made & { version: string };
  } catch {
    return undefined;
  }
}

/**
 * Fills a folder of the cache so that it appears whole or not at all: `fill` works in a directory beside it and returns what it made and verified.
 * One process at a time; whoever waited finds the folder there and does not fill it again.
 */
export async function fillFolder(
  folder: string,
  options: {
    readonly signal: AbortSignal;
    readonly onWait: (pid: number) => void;
    /** Whether what is there still runs; otherwise it is made anew. */
    readonly usable: (made: Made) => Promise<boolean>;
  },
  fill: (into: string) => Promise<Made & { readonly version: string }>,
): Promise<Made & { readonly version: string }> {
  const parent = await openDirectory(join(folder, ".."));
  const release = await lock(`${folder}.lock`, { deadlineMs: 20 * 60_000, onWait: options.onWait, signal: options.signal });
  try {
    const already = await readFolder(folder);
    if (already !== undefined && (await options.usable(already))) return already;
    const name = `${folder.slice(parent.length + 1)}.tmp-`;
    // We hold the lock: what lies beside the folder was left by somebody who was killed.
    for (const entry of await readdir(parent)) if (entry.startsWith(name)) await rm(join(parent, entry), { recursive: true, force: true });
    const into = `${folder}.tmp-${process.pid}`;
    await openDirectory(into);
    try {
      const made = await fill(into);
      await writeFile(join(into, manifest), JSON.stringify(made, null, 2));
      await chmod(into, 0o755);
      await rm(folder, { recursive: true, force: true });
      await rename(into, folder);
      return made;
    } finally {
      await rm(into, { recursive: true, force: true });
    }
  } finally {
    release();
  }
}
