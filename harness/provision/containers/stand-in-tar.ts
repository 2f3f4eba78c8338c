/** Makes the file system of a stand-in image: one tar, cached by what it is made of. */
import { createHash } from "node:crypto";
import { chmod, cp, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheDirectory, fillFolder } from "../cache.ts";
import { mustRun } from "../exec.ts";
import { openSuite, suite } from "./debian-suite.ts";
import type { ProvisionOptions } from "./engine-parts.ts";
import { leftOut, needed, type StandIn } from "./stand-ins.ts";

/** Changes when what is done below does. */
const recipe = 1;

/** What a stand-in is made of, as a tag: programs by their size and time, everything else by its text. */
export async function tagOf(image: StandIn): Promise<string> {
  const files = await Promise.all(
    Object.entries(image.files).map(async ([path, file]) => {
      const found = await stat(file);
      const { size, mtimeMs } = found;
      return found.isFile() && size < 100_000 ? [path, await readFile(file, "utf8")] : [path, size, mtimeMs];
    }),
  );
  const { packages, owned, user, configuration } = image;
  return createHash("sha256")
    .update(JSON.stringify([recipe, suite, process.arch, packages, files, owned, user, configuration]))
    .digest("hex")
    .slice(0, 12);
}

/** The path of the tar. Rejects with one sentence where packages cannot be had. */
export async function standInTar(name: string, image: StandIn, { signal, say }: ProvisionOptions): Promise<string> {
  const cache = cacheDirectory();
  const tag = await tagOf(image);
  const folder = join(cache, `image-${name}-${tag}`);
  const made = await fillFolder(
    folder,
    { signal, onWait: (pid) => say(`image ${name}: waiting for process ${pid}, which is making it`), usable: async () => true },
    async (into) => {
      const root = join(into, "root");
      await mkdir(root);
      const context = { cache, signal, doing: (what: string) => say(`image ${name}: ${what}`) };
      const packages = image.packages.length === 0 ? [] : await unpacked(image.packages, root, await openSuite(context));
      for (const path of leftOut) await rm(join(root, path), { recursive: true, force: true });
      await addFiles(image, root);
      const all = ["--numeric-owner", "--sort=name", "-C", root];
      const apart = image.owned.map((path) => `--exclude=./${path}`);
      const tar = join(into, "root.tar");
      await mustRun("tar", [...all, ...apart, "--owner=0", "--group=0", "-cf", tar, "."], { signal, deadlineMs: 5 * 60_000 });
      const { id } = image.user;
      const theirs = image.owned.map((path) => `./${path}`);
      if (theirs.length > 0) await mustRun("tar", [...all, `--owner=${id}`, `--group=${id}`, "-rf", tar, ...theirs], { signal, deadlineMs: 60_000 });
      await rm(root, { recursive: true });
      return { path: "root.tar", libraries: [], source: packages.join(", "), version: tag };
    },
  );
  return join(folder, made.path);
}

async function unpacked(packages: readonly string[], root: string, from: Awaited<ReturnType<typeof openSuite>>): Promise<readonly string[]> {
  const closure = await from.closure(packages);
  return from.unpack(
    closure.filter((name) => packages.includes(name) || needed(name)),
    root,
  );
}

async function addFiles({ files, owned, user }: StandIn, root: string): Promise<void> {
  for (const path of ["etc", "tmp", "run", "var"]) await mkdir(join(root, path), { recursive: true });
  await writeFile(join(root, "etc/passwd"), `root:x:0:0:root:/root:/bin/sh\n${user.name}:x:${user.id}:${user.id}::/:/bin/sh\n`);
  await writeFile(join(root, "etc/group"), `root:x:0:\n${user.name}:x:${user.id}:\n`);
  for (const [path, file] of Object.entries(files)) {
    const at = join(root, path);
    await mkdir(dirname(at), { recursive: true });
    await cp(file, at, { dereference: true, recursive: true });
    await chmod(at, 0o755);
  }
  for (const path of owned) {
    await mkdir(join(root, path), { recursive: true });
    await chmod(join(root, path), 0o700);
  }
  await chmod(join(root, "tmp"), 0o1777);
}
