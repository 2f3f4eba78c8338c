/** The npm packages of a workspace as `npm ci --workspace --omit=dev` would install them, copied from those that are installed: for an image that is built without a registry. */
import { createHash } from "node:crypto";
import { cp, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheDirectory, fillFolder } from "../cache.ts";
import type { ProvisionOptions } from "./engine-parts.ts";

interface Locked {
  readonly packages: Readonly<
    Record<string, { readonly dependencies?: Record<string, string>; readonly peerDependencies?: Record<string, string> } | undefined>
  >;
}

/** Where a package of this name is found from `from` ("" is the root): the nearest node_modules above it. */
function resolve(lock: Locked, from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const path = `${at === "" ? "" : `${at}/`}node_modules/${name}`;
    if (lock.packages[path]) return path;
    if (!at.includes("/node_modules/")) return at === "" ? undefined : resolve(lock, "", name);
  }
}

/** The paths of all packages that the workspace's dependencies lead to. */
export function closureOf(lock: Locked, workspace: string): readonly string[] {
  const found = new Set<string>();
  const visit = (from: string): void => {
    const { dependencies, peerDependencies } = lock.packages[from] ?? {};
    for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
      const path = resolve(lock, from, name);
      if (path === undefined || found.has(path)) continue;
      found.add(path);
      visit(path);
    }
  };
  visit(workspace);
  return [...found].sort();
}

/** A folder of the cache with app/node_modules, as the stage of the Dockerfile would make it; made anew when the lock has changed. */
export async function serverPackages(project: string, workspace: string, { signal, say }: ProvisionOptions): Promise<string> {
  const text = await readFile(join(project, "package-lock.json"), "utf8");
  const folder = join(cacheDirectory(), `image-packages-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`);
  await fillFolder(folder, { signal, onWait: () => undefined, usable: async () => true }, async (into) => {
    say("image of the server: copying its npm packages");
    for (const path of closureOf(JSON.parse(text) as Locked, workspace)) {
      const [from, to] = [join(project, path), join(into, "app", path)];
      await mkdir(dirname(to), { recursive: true });
      await cp(from, to, { recursive: true, filter: (file) => file === from || !file.endsWith("/node_modules") });
    }
    return { path: "app", libraries: [], source: "the installed npm packages", version: workspace };
  });
  return folder;
}
